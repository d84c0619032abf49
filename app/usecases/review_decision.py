"""Keep what an officer made of a decision."""

from datetime import UTC, datetime

from app.domain.errors import ReplacedError
from app.domain.words import Disposition
from app.storage.decisions import KeptDecision
from app.storage.engine import Database
from app.storage.reviews import Review, keep_review, read_reviews
from app.usecases.read_decisions import read_decision


def review_decision(
    database: Database, decision_id: str, disposition: Disposition, reason: str, reviewer: str
) -> tuple[KeptDecision, tuple[Review, ...]]:
    """Keep a review behind those the decision has; the last one holds.

    Args:
        database: where decisions are kept.
        decision_id: of the decision.
        disposition: what the officer made of it.
        reason: why, in the officer's words.
        reviewer: who it is.

    Returns:
        The decision as it stands now, and all its reviews; by then the new one is committed.

    Raises:
        UnknownNameError: no decision is kept under this id.
        ReplacedError: a rescreening came to another outcome, which is the one to review.
        StorageError: it was not kept.
    """
    kept = read_decision(database, decision_id)
    if kept.replaced_by is not None:
        raise ReplacedError(kept.id, kept.replaced_by)
    keep_review(database, decision_id, Review(disposition, reason, reviewer, datetime.now(UTC)))
    return read_decision(database, decision_id), read_reviews(database, decision_id)
