"""What officers said of decisions: written once, read in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from app.domain.errors import UnknownNameError
from app.domain.words import Disposition
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


def keep_review(database: Database, decision_id: str, review: Review) -> int:
    """Keep a review behind those the decision has.

    Returns:
        Its number among the decision's reviews, from 1.

    Raises:
        UnknownNameError: the tenant has no such decision.
        StorageError: it was not kept; another one of the same decision may have come in between.
    """
    with storage_errors(), database.begin() as connection:
        if connection.execute(select(DECISIONS.c.id).where(*_of(database, decision_id))).first() is None:
            raise UnknownNameError("decision", decision_id)
        query = select(func.coalesce(func.max(REVIEWS.c.number), 0)).where(REVIEWS.c.decision_id == decision_id)
        number = int(connection.execute(query).scalar_one()) + 1
        insert_review(connection, decision_id, number, review)
    return number


def insert_review(connection: Connection, decision_id: str, number: int, review: Review) -> None:
    """Write a review as part of a transaction."""
    row: dict[str, Any] = {
        "decision_id": decision_id,
        "number": number,
        "disposition": review.disposition.value,
        "reason": review.reason,
        "reviewer": review.reviewer,
        "created_at": review.created_at,
        "carried_from": review.carried_from,
    }
    connection.execute(insert(REVIEWS).values(row))


def read_reviews(database: Database, decision_id: str) -> tuple[Review, ...]:
    """Return the reviews of a decision in the order in which they were said."""
    query = select(REVIEWS).join(DECISIONS).where(*_of(database, decision_id)).order_by(REVIEWS.c.number)
    with storage_errors(), database.connect() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Review(Disposition(row.disposition), row.reason, row.reviewer, row.created_at, row.carried_from) for row in rows
    )


def _of(database: Database, decision_id: str) -> tuple[ColumnElement[bool], ...]:
    return DECISIONS.c.tenant == database.tenant, DECISIONS.c.id == decision_id
