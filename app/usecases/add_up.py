"""Add up amounts over the rows of a file or request, and raise what passes a threshold."""

from app.domain.decisions import Decision, Decisions
from app.screening.totals import Totals
from app.usecases.describe_decision import Document, describe_decision


def add_up(decisions: Decisions, totals: Totals, first_row: int) -> Decisions:
    """Add consecutive rows to the totals.

    Args:
        decisions: on rows that follow those added before.
        totals: of the file or request so far; changed.
        first_row: number of the first of them, counted from 1.

    Returns:
        The decisions: same length, same order; those are raised whose total has reached a threshold.
    """
    raised: dict[int, Decision] = {}
    for place in decisions.places(lambda decision: bool(decision.tallies)):
        alone = decisions[place]
        added = totals.add(first_row + place, alone)
        if added is not alone:
            raised[place] = added
    return decisions.replaced(raised)


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
