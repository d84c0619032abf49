"""Add up amounts over the rows of a file or request, and raise what passes a threshold."""

from app.domain.decisions import Decision, Decisions
from app.screening.totals import Totals


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
