"""Bringing the database's tables to the shape this version expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.domain.errors import StorageError
from app.storage.engine import Database, storage_errors

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

ADVISORY_LOCK = 0x7072_6563_7572_736F
"""Two servers that start together must not migrate together; the number only has to be ours ("precurso")."""


def migrate(database: Database, revision: str = "head") -> str:
    """Bring the tables to a revision, in one transaction.

    Args:
        database: the database.
        revision: an Alembic revision, `head` for this version's.

    Returns:
        The revision the database is at afterwards, "" for none.

    Raises:
        StorageError: the database could not be reached or changed; it is as it was.
    """
    with storage_errors(), database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        command.upgrade(alembic_config(connection), revision)
        return read_revision(connection)


def migrate_down(database: Database, revision: str) -> str:
    """Take the tables back to an earlier revision; what only later ones hold is lost.

    Args:
        database: the database.
        revision: an Alembic revision, `base` for none.

    Returns:
        The revision the database is at afterwards, "" for none.

    Raises:
        StorageError: the database could not be reached or changed; it is as it was.
    """
    with storage_errors(), database.begin() as connection:
        command.downgrade(alembic_config(connection), revision)
        return read_revision(connection)


def check_migrated(database: Database) -> str:
    """Check that the database answers and has this version's tables.

    Returns:
        The revision.

    Raises:
        StorageError: it does not answer, or it is at another revision; `precursor-watch serve` migrates it.
    """
    with storage_errors(), database.connect() as connection:
        found = read_revision(connection)
    expected = expected_revision()
    if found != expected:
        raise StorageError(f"the database is at revision {found or 'none'}, this version needs {expected}")
    return found


def expected_revision() -> str:
    """Return the newest revision among the migrations of this version."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def read_revision(connection: Connection) -> str:
    """Return the revision a database is at, "" for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
