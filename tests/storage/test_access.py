"""How the database is reached: nobody waits for ever on what someone else does, on either of the two."""

import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from app.domain.errors import StorageError
from app.storage.engine import Access, open_engine, storage_errors
from app.storage.migrate import migrate
from app.storage.runs import RunStart, begin_run

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
