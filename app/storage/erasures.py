"""Erasing words: the fields of records, and what decisions and reviews quote; all else stays, and is verified."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Text, and_, cast, exists, func, or_, select, update

from app.domain.audit import Action
from app.domain.errors import StorageError, UnknownNameError
from app.storage.audit import append, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.tables import DECISIONS, RECORD_BLOCKS, REVIEWS, RUNS

POSITIONS_AT_ONCE = 20_000
"""Records whose words are erased in one transaction: while it lasts, nobody else adds to the chain."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    runs: int = 0
    blocks: int = 0
    """Of kept records."""
    decisions: int = 0
    reviews: int = 0
    """Whose reasons went."""

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(*(ours + theirs for ours, theirs in zip(astuple(self), astuple(other), strict=True)))


def erase_run(database: Database, run_id: str, why: str) -> Erased:
    """Erase the words of a run's records, and of every decision on them and its reviews, the rescreenings' included.

    Args:
        database: as the one sees it who asks for it.
        run_id: the run the records came with.
        why: for the audit trail.

    Returns:
        What was there to erase; nothing the second time.

    Raises:
        UnknownNameError: the tenant has no such run.
        StorageError: not everything was erased; ask again.
    """
    with storage_errors(), database.connect() as connection:
        mine = select(RUNS.c.id).where(RUNS.c.id == run_id, RUNS.c.tenant == database.tenant)
        if connection.execute(mine).first() is None:
            raise UnknownNameError("run", run_id)
        last = max(
            connection.execute(select(func.coalesce(func.max(column), 0)).where(of_run)).scalar_one()
            for column, of_run in (
                (RECORD_BLOCKS.c.first_position, RECORD_BLOCKS.c.run_id == run_id),
                (DECISIONS.c.position, DECISIONS.c.run_id == run_id),
            )
        )
    erased = Erased()
    for first in range(0, last + 1, POSITIONS_AT_ONCE):
        erased += _erase(database, run_id, first, first + POSITIONS_AT_ONCE, why)
    return replace(erased, runs=int(erased != Erased()))


def runs_with_words(database: Database, before: datetime, limit: int, after: str = "") -> Sequence[str]:
    """Return runs that began before a moment and have words yet, in the order of their ids.

    Args:
        database: the database.
        before: the moment.
        limit: at most so many.
        after: the last one already seen.
    """
    content = exists().where(RECORD_BLOCKS.c.run_id == RUNS.c.id, RECORD_BLOCKS.c.content.is_not(None))
    words = exists().where(
        DECISIONS.c.run_id == RUNS.c.id, DECISIONS.c.origin_run_id.is_(None), DECISIONS.c.reason != ""
    )
    of_run = or_(
        and_(DECISIONS.c.run_id == RUNS.c.id, DECISIONS.c.origin_run_id.is_(None)),
        DECISIONS.c.origin_run_id == RUNS.c.id,
    )
    reasons = exists().where(REVIEWS.c.decision_id == DECISIONS.c.id, REVIEWS.c.reason != "", of_run)
    query = select(RUNS.c.id).where(
        RUNS.c.tenant == database.tenant, RUNS.c.created_at < before, RUNS.c.id > after, or_(content, words, reasons)
    )
    with storage_errors(), database.connect() as connection:
        return connection.execute(query.order_by(RUNS.c.id).limit(limit)).scalars().all()


def scrub(database: Database) -> None:
    """Take what was erased out of SQLite's log; the file itself is written over as rows are erased.

    PostgreSQL's VACUUM does the like by itself.

    Raises:
        StorageError: somebody has been reading the database all the while; ask again.
    """
    if database.engine.dialect.name != "sqlite":
        return
    with storage_errors(), database.connect() as connection:
        is_busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if is_busy:
        raise StorageError("the words are erased, but the database's log could not be emptied while others read it")


def _erase(database: Database, run_id: str, first: int, until: int, why: str) -> Erased:
    table = RECORD_BLOCKS.c
    blocks = update(RECORD_BLOCKS).where(
        table.run_id == run_id, _within(table.first_position, first, until), table.content.is_not(None)
    )
    came_with_it = and_(
        DECISIONS.c.run_id == run_id, DECISIONS.c.origin_run_id.is_(None), _within(DECISIONS.c.position, first, until)
    )
    later = and_(DECISIONS.c.origin_run_id == run_id, _within(DECISIONS.c.origin_position, first, until))
    of_tenant = and_(DECISIONS.c.tenant == database.tenant, or_(came_with_it, later))
    decisions = update(DECISIONS).where(of_tenant, cast(DECISIONS.c.document, Text) != "null")
    # An officer's reason may name a party. One that is said later goes with the next erasure.
    reviews = update(REVIEWS).where(
        REVIEWS.c.decision_id.in_(select(DECISIONS.c.id).where(of_tenant)), REVIEWS.c.reason != ""
    )
    with storage_errors(), database.begin() as connection:
        # First of all: what is kept from now on is entered behind the erasure, and is not touched by it.
        lock_head(connection, database)
        erased = Erased(
            blocks=connection.execute(blocks.values(content=None)).rowcount,
            decisions=connection.execute(decisions.values(document=JSON.NULL, record_id=None, reason="")).rowcount,
            reviews=connection.execute(reviews.values(reason="")).rowcount,
        )
        if erased != Erased():
            counts = {"blocks": erased.blocks, "decisions": erased.decisions, "reviews": erased.reviews}
            facts = {"first": first, "until": until, "why": why, "erased": counts}
            append(connection, database, Action.ERASED, run_id, facts)
    return erased


def _within(column: ColumnElement[int], first: int, until: int) -> ColumnElement[bool]:
    return and_(column >= first, column < until)
