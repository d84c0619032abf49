"""Read the audit trail."""

from pathlib import Path

import orjson

from app.domain.audit import AuditEntry, Head
from app.domain.errors import InputError
from app.storage import audit, audited
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


def list_tenants(database: Database) -> list[str]:
    """Return every tenant of whom anything is kept or told."""
    return audited.list_tenants(database)


def read_exported_head(path: Path) -> Head:
    """Read a head that was exported.

    Raises:
        InputError: the file is none.
    """
    try:
        found = Head(**orjson.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path}: not a head as `precursor-watch audit head` writes it") from error
    if not isinstance(found.number, int) or not isinstance(found.hash, str) or not isinstance(found.tenant, str):
        raise InputError(f"{path}: not a head as `precursor-watch audit head` writes it")
    return found
