"""Which shape the database's tables have; told without Alembic, which only a database in another shape needs."""

from sqlalchemy import Connection, inspect, text

from app.domain.errors import StorageError
from app.storage.engine import Database, storage_errors

REVISION = "0007"
"""The newest of the migrations: the shape this version works with."""

_TABLE = "alembic_version"
_REVISION = text(f"SELECT version_num FROM {_TABLE}")


def check_migrated(database: Database) -> str:
    """Check that the database answers and has this version's tables.

    Returns:
        The revision.

    Raises:
        StorageError: it does not answer, or it is at another revision; `precursor-watch serve` migrates it.
    """
    found = revision_of(database)
    if found != REVISION:
        raise StorageError(f"the database is at revision {found or 'none'}, this version needs {REVISION}")
    return found


def revision_of(database: Database) -> str:
    """Return the revision a database is at, "" for none.

    Raises:
        StorageError: it does not answer.
    """
    with storage_errors(), database.connect() as connection:
        return read_revision(connection)


def read_revision(connection: Connection) -> str:
    """Return the revision a database is at, as a transaction sees it; "" for none."""
    if not inspect(connection).has_table(_TABLE):
        return ""
    return connection.execute(_REVISION).scalar_one_or_none() or ""
