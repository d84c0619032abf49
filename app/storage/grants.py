"""What a role of PostgreSQL is granted to serve: nothing with which the past can be changed."""

from sqlalchemy import Table, text

from app.domain.errors import SettingsError
from app.storage.engine import Database, storage_errors
from app.storage.tables import (
    AMOUNTS,
    AUDIT,
    AUDIT_HEADS,
    DECISIONS,
    JOBS,
    KEYS,
    METADATA,
    POLICIES,
    RECORD_BLOCKS,
    REVIEWS,
    RUNS,
)

READ_AND_ADD = "SELECT, INSERT"

LESS: dict[Table, tuple[str, ...]] = {
    # Only that a rescreening came to something else.
    AMOUNTS: (READ_AND_ADD, "UPDATE (replaced_in)"),
    AUDIT: (READ_AND_ADD,),
    AUDIT_HEADS: (READ_AND_ADD, "UPDATE"),
    # Only what is erased; of reviews too.
    DECISIONS: (READ_AND_ADD, "UPDATE (document, reason, record_id)"),
    JOBS: (READ_AND_ADD, "UPDATE"),
    # That there was a key once is why strangers are refused.
    KEYS: (READ_AND_ADD, "UPDATE (revoked_at, last_used)"),
    POLICIES: (READ_AND_ADD,),
    RECORD_BLOCKS: (READ_AND_ADD, "UPDATE"),
    REVIEWS: (READ_AND_ADD, "UPDATE (reason)"),
    # Only what is written when a run ends.
    RUNS: (
        READ_AND_ADD,
        "UPDATE (finished_at, records, controlled, conditional, review, undetermined, not_listed)",
    ),
}
"""Tables of which less is granted than reading, adding, changing and deleting rows."""


def grant_use(database: Database, role: str) -> None:
    """Grant a role what the service needs, and take from it what it was granted before.

    Args:
        database: reached as the owner of the tables, which are there.
        role: it is there, and owns nothing.

    Raises:
        SettingsError: the database is not PostgreSQL.
        StorageError: no such role, or whoever asks does not own the tables.
    """
    if database.engine.dialect.name != "postgresql":
        raise SettingsError(
            "PW_DATABASE_URL: only PostgreSQL has roles; who can write an SQLite file can change it all"
        )
    quoted = database.engine.dialect.identifier_preparer.quote_identifier
    with storage_errors(), database.begin() as connection:
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        connection.execute(text(f"GRANT USAGE ON SCHEMA {quoted(schema)} TO {quoted(role)}"))
        connection.execute(text(f"GRANT SELECT ON alembic_version TO {quoted(role)}"))
        for table in METADATA.sorted_tables:
            connection.execute(text(f"REVOKE ALL ON {quoted(table.name)} FROM {quoted(role)}"))
            granted = ", ".join(LESS.get(table, (READ_AND_ADD, "UPDATE", "DELETE")))
            connection.execute(text(f"GRANT {granted} ON {quoted(table.name)} TO {quoted(role)}"))
