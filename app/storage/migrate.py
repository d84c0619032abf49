"""Bringing the database's tables to the shape this version expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from app.storage.engine import Database, storage_errors
from app.storage.revision import read_revision

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

ADVISORY_LOCK = 0x7072_6563_7572_736F
"""Two servers that start together must not migrate together; the number only has to be ours ("precurso")."""

TURN_SECONDS = 600
"""How long another one may take to migrate; it is waited for as long, whatever other locks are waited for."""


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
        _take_turn(connection)
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
        _take_turn(connection)
        command.downgrade(alembic_config(connection), revision)
        return read_revision(connection)


def _take_turn(connection: Connection) -> None:
    """Wait until nobody else migrates, and let nobody begin before this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{TURN_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    else:
        # The driver begins no transaction for what changes tables; without one a half of it could stay.
        usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {TURN_SECONDS * 1000}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
