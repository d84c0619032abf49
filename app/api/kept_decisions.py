"""`/v1/decisions`: the record of what was decided."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.answers import DecisionPage, KeptDecisionAnswer
from app.api.cursors import foreign_cursor, read_cursor
from app.api.desk import TheDesk
from app.api.paperwork import refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.api.shown import show_decision, show_decision_line
from app.domain.errors import UnknownNameError
from app.domain.words import Verdict
from app.usecases.read_decisions import list_decisions, read_decision

ROUTER = APIRouter(tags=["Decisions"])

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DECISION_ID = re.compile(f"{UUID}-[0-9]{{1,9}}")


@ROUTER.get(
    "/v1/decisions",
    operation_id="listDecisions",
    summary="Alarms that were kept",
    response_model=DecisionPage,
    responses=refusals("invalid-request", "storage-unavailable"),
)
def get_decisions(
    desk: TheDesk,
    verdict: Annotated[
        Literal["controlled", "conditional", "review"] | None, Query(description="Only alarms of this verdict.")
    ] = None,
    run_id: Annotated[str | None, Query(pattern=f"^{UUID}$", description="Only alarms of this run.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> JsonReply:
    """Alarms, newest run first and within a run in the order of its records, page by page.

    Every `controlled`, `conditional` and `review` decision is kept; `not_listed` and `undetermined` ones are counted
    in their run only. Alarms of a file that broke off are kept too.
    """
    key = read_cursor("decisions", cursor, (str, int))
    after = None if key is None else _place(str(key[0]), int(key[1]))
    wanted = None if verdict is None else Verdict(verdict)
    page = list_decisions(desk.database, limit, after=after, verdict=wanted, run_id=run_id)
    last = page.items[-1] if page.more else None
    items = [show_decision_line(each) for each in page.items]
    return JsonReply(page_of(items, "decisions", None if last is None else (last.run_id, last.position)))


@ROUTER.get(
    "/v1/decisions/{decision_id}",
    operation_id="getDecision",
    summary="One alarm, as it was answered",
    response_model=KeptDecisionAnswer,
    responses=refusals("not-found", "storage-unavailable"),
)
def get_decision(desk: TheDesk, decision_id: str) -> JsonReply:
    """One kept alarm with its findings, and the release, policy and software version it was decided with."""
    if not DECISION_ID.fullmatch(decision_id):
        raise UnknownNameError("decision", decision_id)
    return JsonReply(show_decision(read_decision(desk.database, decision_id)))


def _place(run_id: str, position: int) -> tuple[str, int]:
    # Cursors can be forged, and databases choke on odd text and huge numbers.
    if not DECISION_ID.fullmatch(f"{run_id}-{position}"):
        raise foreign_cursor()
    return run_id, position
