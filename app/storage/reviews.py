"""What officers said of decisions: written once, read in order."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from app.domain.audit import Action
from app.domain.callers import LOCAL
from app.domain.errors import ReplacedError, SamePersonError, UnknownNameError
from app.domain.words import Disposition, Verdict
from app.storage.accounts import tell_review
from app.storage.audit import append, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.tables import DECISIONS, REVIEWS


@dataclass(frozen=True, slots=True)
class Review:
    """What one officer said of one decision."""

    disposition: Disposition
    reason: str
    reviewer: str
    created_at: datetime
    carried_from: str | None = None
    """The decision on which it was said, where a rescreening left the cleared findings as they were."""
    key_id: str = LOCAL.key_id
    """The key it was said with."""
    awaits_second: bool = False
    """A clearance that does not hold before another person has said the same."""

    def is_of_the_same_person(self, other: "Review") -> bool:
        """Return whether two reviews may be one person's: of one name, or of one key where keys are in use."""
        same_name = _plain(self.reviewer) == _plain(other.reviewer)
        return same_name or (self.key_id == other.key_id and self.key_id != LOCAL.key_id)


def keep_review(
    database: Database, decision_id: str, review: Review, second_for: Set[Verdict] = frozenset()
) -> tuple[Review, ...]:
    """Keep a review behind those the decision has.

    Args:
        database: as the reviewer sees it, whose key is kept with the review.
        decision_id: of the decision.
        review: what is said; whether it awaits a second person is found here.
        second_for: verdicts whose clearance does not hold before a second person has given it too.

    Returns:
        All reviews of the decision in order, the new one last.

    Raises:
        UnknownNameError: the tenant has no such decision.
        ReplacedError: a rescreening came to another outcome, which is the one to review.
        SamePersonError: the clearance that would be confirmed is the same person's.
        StorageError: it was not kept.
    """
    with storage_errors(), database.begin() as connection:
        # Before anything is read: two reviews of one decision must not both be the first, or each other's second.
        lock_head(connection, database)
        verdict = _verdict_to_review(connection, database, decision_id)
        before = _reviews(connection, database, decision_id)
        said = replace(review, key_id=database.caller.key_id)
        if said.disposition is Disposition.CLEARED:
            if before and before[-1].awaits_second:
                if said.is_of_the_same_person(before[-1]):
                    raise SamePersonError(decision_id)
            else:
                said = replace(said, awaits_second=verdict in second_for)
        insert_review(connection, database, decision_id, len(before) + 1, said)
    return (*before, said)


def insert_review(connection: Connection, database: Database, decision_id: str, number: int, review: Review) -> None:
    """Write a review and its entry in the audit trail as part of a transaction."""
    row: dict[str, Any] = {
        "decision_id": decision_id,
        "number": number,
        "disposition": review.disposition.value,
        "reason": review.reason,
        "reviewer": review.reviewer,
        "created_at": review.created_at,
        "carried_from": review.carried_from,
        "key_id": review.key_id,
        "awaits_second": review.awaits_second,
    }
    connection.execute(insert(REVIEWS).values(row))
    append(connection, database, Action.REVIEWED, decision_id, tell_review(row), at=review.created_at)


def read_reviews(database: Database, decision_id: str) -> tuple[Review, ...]:
    """Return the reviews of a decision in the order in which they were said."""
    with storage_errors(), database.connect() as connection:
        return _reviews(connection, database, decision_id)


def _reviews(connection: Connection, database: Database, decision_id: str) -> tuple[Review, ...]:
    query = select(REVIEWS).join(DECISIONS).where(*_of(database, decision_id)).order_by(REVIEWS.c.number)
    rows = [row._asdict() for row in connection.execute(query)]
    named = ("decision_id", "number", "disposition")
    return tuple(
        Review(Disposition(row["disposition"]), **{name: row[name] for name in row if name not in named})
        for row in rows
    )


def _verdict_to_review(connection: Connection, database: Database, decision_id: str) -> Verdict:
    verdict = connection.execute(select(DECISIONS.c.verdict).where(*_of(database, decision_id))).scalar_one_or_none()
    if verdict is None:
        raise UnknownNameError("decision", decision_id)
    newer = connection.execute(select(func.max(DECISIONS.c.id)).where(DECISIONS.c.replaces == decision_id)).scalar_one()
    if newer is not None:
        raise ReplacedError(decision_id, newer)
    return Verdict(verdict)


def _of(database: Database, decision_id: str) -> tuple[ColumnElement[bool], ...]:
    return DECISIONS.c.tenant == database.tenant, DECISIONS.c.id == decision_id


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
