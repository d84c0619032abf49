"""Read the audit trail."""

from app.domain.audit import AuditEntry, Head
from app.storage import audit
from app.storage.engine import Database
from app.usecases.pages import Page


def list_entries(database: Database, limit: int, after: int = 0) -> Page[AuditEntry]:
    """Return entries of the caller's chain in their order.

    Args:
        database: where it is kept.
        limit: at most so many.
        after: the number of the last one already seen.
    """
    rows = audit.list_entries(database, limit + 1, after)
    return Page(tuple(rows[:limit]), len(rows) > limit)


def read_head(database: Database) -> Head:
    """Return the end of the caller's chain; number 0 where it has no entry."""
    return audit.read_head(database)
