"""How the database is reached: nobody waits for ever on what someone else does, on either of the two."""

import os
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import create_engine, text

from app.domain.errors import StorageError
from app.storage.engine import Access, open_engine, storage_errors
from app.storage.migrate import migrate
from app.storage.runs import RunStart, begin_run
from app.usecases.prepare_database import check_database, open_database, prepare_database
from app.workshop.engine import engine_url
from tests.conftest import SmallDisk

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
RUN = RunStart("one", NOON, "cli", "r" * 64, "i" * 64, "default-1", "0.1.0", date(2026, 1, 1), None, None)


def test_a_lock_that_another_one_holds_is_waited_for_no_longer_than_it_is_said(database_url: str) -> None:
    holder = open_engine(database_url)
    waiter = open_engine(database_url, Access(lock_seconds=0.3))
    migrate(holder)
    with holder.connect() as connection:
        locks = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "LOCK TABLE runs IN EXCLUSIVE MODE"}
        connection.exec_driver_sql(locks[holder.engine.dialect.name])
        begun = time.monotonic()
        with pytest.raises(StorageError):
            begin_run(waiter, RUN)
        assert 0.2 < time.monotonic() - begun < 4
        connection.rollback()
    begin_run(waiter, RUN)
    holder.dispose()
    waiter.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_statement_that_takes_too_long_is_ended_on_postgresql(database_url: str) -> None:
    engine = open_engine(database_url, Access(connections=2, statement_seconds=0.2))
    with pytest.raises(StorageError), storage_errors(), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert engine.engine.pool.size() == 2
    patient = open_engine(database_url, Access(statement_seconds=0))
    with patient.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "5s"
    engine.dispose()
    patient.dispose()


@contextmanager
def by_network(server: Any) -> Iterator[int]:
    """A port of this machine behind which a server is that itself has a socket only."""

    def pass_on(source: socket.socket, sink: socket.socket) -> None:
        while some := source.recv(65_536):
            sink.sendall(some)
        sink.shutdown(socket.SHUT_WR)

    def let_in() -> None:
        caller, _ = door.accept()
        with caller, socket.socket(socket.AF_UNIX) as within:
            within.connect(f"{server.sockets}/.s.PGSQL.5432")
            asking = threading.Thread(target=pass_on, args=(caller, within))
            asking.start()
            pass_on(within, caller)
            asking.join()

    with socket.create_server(("127.0.0.1", 0)) as door:
        letting = threading.Thread(target=let_in)
        letting.start()
        yield door.getsockname()[1]
        letting.join()


@pytest.mark.parametrize(("asked", "patience"), [("", 10_000), ("&tcp_user_timeout=4321", 4_321)])
@pytest.mark.parametrize("url_of", [str, engine_url])
def test_a_server_that_says_nothing_any_more_is_given_up_within_seconds(
    postgres_server: Any, url_of: Callable[[str], str], asked: str, patience: int
) -> None:
    name = postgres_server.create()
    with by_network(postgres_server) as port:
        url = url_of(f"postgresql://postgres@127.0.0.1:{port}/{name}?sslmode=disable{asked}")
        with (create_engine(url) if url_of is engine_url else open_engine(url)).connect() as connection:
            number = os.dup(connection.connection.dbapi_connection.fileno())  # type: ignore[union-attr]
            with socket.socket(fileno=number) as line:
                assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == patience
                assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                kept_alive = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
                assert [line.getsockopt(socket.IPPROTO_TCP, each) for each in kept_alive] == [5, 3, 3]
            connection.invalidate()
    postgres_server.drop(name)


def test_a_file_that_was_moved_away_is_not_written_to_any_more(tmp_path: Path) -> None:
    path, away = tmp_path / "a.db", tmp_path / "away.db"
    prepare_database(f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    assert check_database(database)
    path.rename(away)
    with pytest.raises(StorageError, match="is gone"):
        check_database(database)
    assert not path.exists(), "and no empty one is put in its place"
    away.rename(path)
    assert check_database(database)
    shutil.copy(path, away)
    away.rename(path)  # a copy in its place is opened
    assert check_database(database)
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE mark (a int)"))
    database.dispose()
    with sqlite3.connect(path) as seen:
        assert seen.execute("SELECT count(*) FROM mark").fetchone() == (0,)
    seen.close()


def test_a_database_whose_disk_is_full_is_not_ready_until_there_is_room(small_disk: SmallDisk) -> None:
    folder = small_disk("8m")
    prepare_database(f"sqlite:///{folder / 'a.db'}")
    database = open_database(f"sqlite:///{folder / 'a.db'}")
    assert check_database(database)
    filling = folder / "filling"
    with pytest.raises(OSError, match="No space"):
        filling.write_bytes(bytes(9 << 20))
    with pytest.raises(StorageError, match="no room"):
        check_database(database)
    filling.unlink()
    assert check_database(database)
    database.dispose()


def test_a_database_that_can_only_be_read_is_not_ready(postgres_server: Any) -> None:
    name = postgres_server.create()
    url = postgres_server.url(name)
    prepare_database(url)
    with postgres_server.admin() as connection:
        read_only = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on")
        connection.execute(read_only.format(sql.Identifier(name)))
    database = open_database(url)
    with pytest.raises(StorageError, match="not written"):
        check_database(database)
    database.dispose()
    postgres_server.drop(name)
