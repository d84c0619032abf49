"""Keep what an officer made of a decision."""

from collections.abc import Set
from datetime import UTC, datetime

from app.domain.words import Disposition, Verdict
from app.storage.decisions import KeptDecision
from app.storage.engine import Database
from app.storage.reviews import Review, keep_review
from app.usecases.read_decisions import read_decision


def review_decision(
    database: Database,
    decision_id: str,
    disposition: Disposition,
    reason: str,
    reviewer: str,
    *,
    second_for: Set[Verdict] = frozenset(),
) -> tuple[KeptDecision, tuple[Review, ...]]:
    """Keep a review behind those the decision has; the last one holds, unless it awaits a second person.

    Args:
        database: where decisions are kept, as the reviewer sees it.
        decision_id: of the decision.
        disposition: what the officer made of it.
        reason: why, in the officer's words.
        reviewer: who it is.
        second_for: verdicts whose clearance holds only when another person has given it too.

    Returns:
        The decision as it stands now, and all its reviews; by then the new one is committed.

    Raises:
        UnknownNameError: no decision is kept under this id.
        ReplacedError: a rescreening came to another outcome, which is the one to review.
        SamePersonError: the clearance that would be confirmed is the same person's.
        StorageError: it was not kept.
    """
    said = Review(disposition, reason, reviewer, datetime.now(UTC))
    reviews = keep_review(database, decision_id, said, second_for)
    return read_decision(database, decision_id), reviews
