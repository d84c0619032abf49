"""Read the decisions that were kept."""

from app.domain.errors import UnknownNameError
from app.domain.words import Status, Verdict
from app.storage import decisions
from app.storage.decisions import KeptDecision
from app.storage.engine import Database
from app.usecases.pages import Page


def list_decisions(
    database: Database,
    limit: int,
    *,
    after: tuple[str, int] | None = None,
    verdict: Verdict | None = None,
    run_id: str | None = None,
    status: Status | None = None,
) -> Page[KeptDecision]:
    """Return kept decisions: newest run first, and within a run in the order of its records.

    Args:
        database: where runs are kept.
        limit: at most so many.
        after: run and position of the last one already seen.
        verdict: only these.
        run_id: only of this run.
        status: only those that stand so.
    """
    rows = decisions.list_decisions(database, limit + 1, after=after, verdict=verdict, run_id=run_id, status=status)
    return Page(tuple(rows[:limit]), len(rows) > limit)


def list_queue(
    database: Database,
    limit: int,
    *,
    after: tuple[float, str] | None = None,
    verdict: Verdict | None = None,
    run_id: str | None = None,
) -> Page[KeptDecision]:
    """Return the alarms that are to be reviewed, the surest first; of the same score, the newest first.

    Args:
        database: where runs are kept.
        limit: at most so many.
        after: score and id of the last one already seen.
        verdict: only these.
        run_id: only of this run.
    """
    rows = decisions.list_queue(database, limit + 1, after=after, verdict=verdict, run_id=run_id)
    return Page(tuple(rows[:limit]), len(rows) > limit)


def read_decision(database: Database, decision_id: str) -> KeptDecision:
    """Return one kept decision as it was answered.

    Raises:
        UnknownNameError: no decision is kept under this id.
    """
    kept = decisions.read_decision(database, decision_id)
    if kept is None:
        raise UnknownNameError("decision", decision_id)
    return kept
