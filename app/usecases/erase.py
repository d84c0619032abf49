"""Erase the words of records and decisions: when somebody asks, and when they have been kept long enough."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.callers import Caller
from app.storage import erasures
from app.storage.audited import list_tenants
from app.storage.engine import Database
from app.storage.erasures import Erased, runs_with_words, scrub

RETENTION = "retention"
"""Stands for the key of whoever asks, where nobody does."""

RUNS_AT_ONCE = 500


def erase_run(database: Database, run_id: str, why: str) -> Erased:
    """Erase the words of one run's records, and of every decision on them and its reviews.

    Verdicts, scores, substances, dispositions, counts and digests stay, and with them the audit trail, which tells of
    the erasure.

    Args:
        database: as the one sees it who asks for it.
        run_id: the run the records came with.
        why: for the audit trail.

    Raises:
        UnknownNameError: the tenant has no such run.
        StorageError: not everything was erased; ask again.
    """
    erased = erasures.erase_run(database, run_id, why)
    scrub(database)
    return erased


def erase_before(
    database: Database,
    before: datetime,
    why: str,
    progress: Callable[[Erased], None] = lambda erased: None,
) -> Erased:
    """Erase the words of every run of a tenant that began before a moment.

    Args:
        database: as the one sees it who asks for it.
        before: the moment.
        why: for the audit trail.
        progress: told after each run.

    Raises:
        StorageError: not everything was erased; ask again.
    """
    erased = Erased()
    after = ""
    while runs := runs_with_words(database, before, RUNS_AT_ONCE, after):
        for run_id in runs:
            erased += erasures.erase_run(database, run_id, why)
            progress(erased)
        after = runs[-1]
    scrub(database)
    return erased


def erase_expired(database: Database, days: int, now: datetime) -> Erased:
    """Erase every tenant's words that have been kept for longer than some days.

    Args:
        database: as anybody sees it.
        days: how long words are kept, at least 1.
        now: the moment that is counted back from.

    Raises:
        StorageError: not everything was erased; it is tried again another time.
    """
    erased = Erased()
    for tenant in list_tenants(database):
        theirs = database.seen_by(Caller(tenant, RETENTION, frozenset()))
        erased += erase_before(theirs, now - timedelta(days=days), f"kept for {days} days")
    return erased
