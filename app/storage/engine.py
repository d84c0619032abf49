"""The connection to the database: SQLite by default, PostgreSQL by URL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError, SQLAlchemyError

from app.domain.callers import LOCAL, Caller
from app.domain.errors import StorageError


@dataclass(frozen=True, slots=True)
class Database:
    """The database as one caller sees it: whoever holds it reads and writes what is the caller's tenant's.

    The rooms above hand it on without speaking SQL, and cannot forget whose records they ask for.
    """

    engine: Engine
    caller: Caller = LOCAL

    @property
    def tenant(self) -> str:
        """Whose records are seen."""
        return self.caller.tenant

    def seen_by(self, caller: Caller) -> "Database":
        """Return the same database as another caller sees it."""
        return replace(self, caller=caller)

    def connect(self) -> Connection:
        """Return a connection that commits nothing."""
        return self.engine.connect()

    def begin(self) -> AbstractContextManager[Connection]:
        """Return a transaction: it is committed where nothing was raised within."""
        return self.engine.begin()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Return a connection that sees the database as it is now, as long as it takes, whatever others write."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            else:
                connection.exec_driver_sql("BEGIN")
            yield connection

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


SILENCE = {"keepalives_idle": "5", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "10000"}
"""How soon PostgreSQL is given up where its machine or the way to it says nothing any more: after some 15 s, whether an
answer is waited for or a question is on its way. The system alone would wait a quarter of an hour, or two; the server's
own time limits need a server."""

ROOM_BYTES = 1 << 20
"""What the disk under an SQLite file must have left; with less the next runs would not be kept."""

POOL_SECONDS = 10
"""How long a request waits for a connection to PostgreSQL that others hold."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a process reaches the database; a request must not hang for ever on what someone else does."""

    connections: int = 10
    """Kept to PostgreSQL; SQLite has one for each thread that works."""
    lock_seconds: float = 5.0
    """How long a statement waits for a lock."""
    statement_seconds: float = 30.0
    """How long a statement may take on PostgreSQL; 0 for as long as it needs."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn the driver's errors into `StorageError`.

    The driver's message is left out of ours: it quotes the statement's values, which are the shipper's.

    Raises:
        StorageError: the database refused or could not be reached.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(f"the database did not do its part ({type(error).__name__})") from error


def read_url(text: str) -> URL:
    """Read a database URL.

    Args:
        text: such as `sqlite:///var/precursor-watch.db` or `postgresql://user:password@host/name`.

    Returns:
        The URL; for PostgreSQL with the psycopg 3 driver named, and with `SILENCE` where it says nothing else.

    Raises:
        ValueError: not a URL, or of a database that is not supported.
    """
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ValueError("not a database URL such as sqlite:///file.db or postgresql://host/name") from error
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg", query={**SILENCE, **url.query})
    if url.drivername != "sqlite":
        raise ValueError(f"{url.drivername} is not supported; use sqlite or postgresql")
    return url


def was_made(database_url: str) -> bool:
    """Return whether there is a database: for SQLite, its file; PostgreSQL's is somebody else's to make."""
    url = read_url(database_url)
    return url.get_backend_name() != "sqlite" or (url.database is not None and Path(url.database).is_file())


def open_engine(database_url: str, access: Access | None = None) -> Database:
    """Open the database, without yet connecting to it.

    Args:
        database_url: see `read_url`. The folder of an SQLite file is created.
        access: connections and how long they wait; the usual ones where none are given.

    Returns:
        The database as this machine's own user sees it. SQLite connections use WAL, check foreign keys and wait for
        locks; PostgreSQL connections are tested before use and give up on locks and statements that last too long.
    """
    url = read_url(database_url)
    access = access or Access()
    json_text: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        # Without this a driver's error would carry descriptions and consignees into the logs.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "postgresql":
        lock, statement = round(access.lock_seconds * 1000), round(access.statement_seconds * 1000)
        options = f"-c lock_timeout={lock} -c statement_timeout={statement} -c timezone=UTC"
        pool = {"pool_size": access.connections, "max_overflow": 0, "pool_timeout": POOL_SECONDS, "pool_pre_ping": True}
        connect_args = {"options": options, "connect_timeout": 5}
        return Database(create_engine(url, connect_args=connect_args, **pool, **json_text))
    if _is_file(url):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **json_text)
    event.listen(engine, "connect", partial(_prepare_sqlite, round(access.lock_seconds * 1000)))
    if _is_file(url):
        event.listen(engine, "connect", partial(_note_file, str(url.database)))
        event.listen(engine, "checkout", partial(_check_file, str(url.database)))
    return Database(engine)


def check_writable(database: Database) -> None:
    """Check that what is to be kept can be written: no standby of PostgreSQL, no file that is read-only or has no room.

    Raises:
        StorageError: it cannot, or the database does not answer.
    """
    with storage_errors(), database.connect() as connection:
        if connection.dialect.name == "postgresql":
            query = "SELECT current_setting('transaction_read_only')"
            is_writable = connection.exec_driver_sql(query).scalar_one() == "off"
        else:
            file = str(database.engine.url.database)
            is_writable = not _is_file(database.engine.url) or os.access(file, os.W_OK)
            if is_writable and _is_file(database.engine.url) and shutil.disk_usage(file).free < ROOM_BYTES:
                raise StorageError("the disk of the database has no room")
    if not is_writable:
        raise StorageError("the database can be read and not written")


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:" and not str(url.database).startswith("file:")


def _note_file(path: str, _connection: Any, record: Any) -> None:
    record.info["file"] = _number_of(path)


def _number_of(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError as error:
        raise StorageError("the database's file is gone") from error


def _check_file(path: str, _connection: Any, record: Any, _: Any) -> None:
    """Refuse to go on in a file that was moved or deleted: what is written there would be lost with it."""
    if _number_of(path) != record.info["file"]:
        raise DisconnectionError("the database's file is another one")  # SQLAlchemy opens it then


def know_lost_connections() -> None:
    """Have every connection of this process that cannot be made be told as lost, however the driver words it.

    Where a server's socket is not there, psycopg says that the connection is bad, and the durable engine would not wait
    for it as it does for one that failed.
    """
    if not event.contains(Engine, "handle_error", _tell_lost):
        event.listen(Engine, "handle_error", _tell_lost)


def _tell_lost(context: ExceptionContext) -> None:
    if context.connection is None:
        context.is_disconnect = True


def _prepare_sqlite(busy_milliseconds: int, connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {busy_milliseconds}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # An answer rests on a committed run; FULL also survives a power cut, NORMAL with WAL might not.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is erased is written over, and does not lie about in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
