"""Open the database and bring it to this version's shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.errors import StorageError
from app.storage import grants
from app.storage.engine import Access, Database, check_writable, open_engine, was_made
from app.storage.revision import REVISION, check_migrated, revision_of


def open_database(database_url: str, access: Access | None = None) -> Database:
    """Return the database, without yet connecting to it; `dispose()` closes it."""
    return open_engine(database_url, access)


def open_current_database(database_url: str) -> Database:
    """Return the database, which has this version's tables already; `dispose()` closes it.

    Raises:
        StorageError: it does not answer, or has another shape.
    """
    database = open_engine(database_url)
    try:
        check_migrated(database)
    except StorageError:
        database.dispose()
        raise
    return database


@contextmanager
def opened_if_made(database_url: str) -> Iterator[Database | None]:
    """Open the database for what is done on the terminal beside it; None where nothing was ever kept.

    Raises:
        StorageError: it does not answer, or has another shape: better nothing is done than something untold.
    """
    if not was_made(database_url):
        yield None
        return
    database = open_current_database(database_url)
    try:
        yield database
    finally:
        database.dispose()


def prepare_database(database_url: str) -> str:
    """Create or migrate the tables.

    Args:
        database_url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

    Returns:
        The revision the database is at.

    Raises:
        StorageError: the database could not be reached or changed; it is as it was.
    """
    database = open_engine(database_url, Access(connections=1, statement_seconds=0))
    try:
        if revision_of(database) == REVISION:
            return REVISION
        from app.storage.migrate import migrate  # Alembic is slow to import, and seldom needed

        return migrate(database)
    finally:
        database.dispose()


def check_database(database: Database) -> str:
    """Check that the database answers, can be written, and has this version's tables.

    Returns:
        The revision it is at.

    Raises:
        StorageError: it does not answer, cannot be written, or has another shape.
    """
    check_writable(database)
    return check_migrated(database)


def grant_use(database_url: str, role: str) -> None:
    """Grant a role of PostgreSQL what the service needs; the tables are there.

    Raises:
        SettingsError: the database is not PostgreSQL.
        StorageError: no such role, or whoever asks does not own the tables.
    """
    database = open_current_database(database_url)
    try:
        grants.grant_use(database, role)
    finally:
        database.dispose()
