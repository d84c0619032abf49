"""Add up amounts over the rows of a file or request, and raise what passes a threshold."""

from app.domain.decisions import Decision, Decisions
from app.screening.totals import Totals
from app.usecases.describe_decision import Document, describe_decision
from app.usecases.history import History


def add_up(decisions: Decisions, totals: Totals, first_row: int, history: History | None = None) -> Decisions:
    """Add consecutive rows to the totals.

    Args:
        decisions: on rows that follow those added before.
        totals: of the file or request so far; changed.
        first_row: number of the first of them, counted from 1.
        history: what the totals are begun with; None for nothing.

    Returns:
        The decisions: same length, same order; those are raised whose total has reached a threshold.
    """
    raised: dict[int, Decision] = {}
    places = adding(decisions)
    if history is not None:
        history.recall(totals, (decisions[place] for place in places))
    for place in places:
        alone = decisions[place]
        added = totals.add(first_row + place, alone)
        if added is not alone:
            raised[place] = added
    return decisions.replaced(raised)


def adding(decisions: Decisions) -> list[int]:
    """Return the places of the decisions that add to a total."""
    return decisions.places(lambda decision: bool(decision.tallies))


def with_raised(documents: list[Document], alone: Decisions, decisions: Decisions) -> list[Document]:
    """Return the decisions as they are answered, when those of single records are described already.

    Args:
        documents: of the records judged by themselves.
        alone: the same decisions.
        decisions: what `add_up` made of them.
    """
    pairs = zip(alone.which, decisions.which, strict=True)
    return [
        documents[place] if before == after else describe_decision(decisions[place])
        for place, (before, after) in enumerate(pairs)
    ]
