"""`/v1/decisions`: the record of what was decided."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.answers import DecisionPage, KeptDecisionAnswer
from app.api.cursors import foreign_cursor, read_cursor
from app.api.desk import Desk, TheDesk
from app.api.paperwork import refusals
from app.api.parameters import Cursor, PageSize
from app.api.replies import JsonReply, page_of
from app.api.shown import show_decision, show_decision_line
from app.domain.errors import UnknownNameError
from app.domain.words import Status, Verdict
from app.storage.decisions import queue_place
from app.storage.reviews import read_reviews
from app.usecases.read_decisions import list_decisions, list_queue, read_decision

ROUTER = APIRouter(tags=["Decisions"])

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DECISION_ID = re.compile(f"{UUID}-[0-9]{{1,9}}")


@ROUTER.get(
    "/v1/decisions",
    operation_id="listDecisions",
    summary="Decisions that were kept, and the queue of those to review",
    response_model=DecisionPage,
    responses=refusals("invalid-request", "storage-unavailable"),
)
def get_decisions(
    desk: TheDesk,
    status: Annotated[
        Literal["open", "awaiting_second", "escalated", "cleared", "confirmed", "replaced", "no_alarm"] | None,
        Query(
            description="Only decisions that stand so; `open` is the queue, the surest first, with those that await."
        ),
    ] = None,
    verdict: Annotated[
        Literal["controlled", "conditional", "review"] | None, Query(description="Only alarms of this verdict.")
    ] = None,
    run_id: Annotated[str | None, Query(pattern=f"^{UUID}$", description="Only decisions of this run.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> JsonReply:
    """Decisions, newest run first and within a run in the order of its records, page by page.

    Every `controlled`, `conditional` and `review` decision is kept; `not_listed` and `undetermined` ones are counted
    in their run only, unless a rescreening came to them. Alarms of a file that broke off are kept too. With
    `status=open`: the alarms that nobody has reviewed and nothing has replaced, and those whose clearance awaits a
    second person, by score, of the same score the newest first.
    """
    wanted = None if verdict is None else Verdict(verdict)
    if status == "open":
        return _queue(desk, wanted, run_id, cursor, limit)
    key = read_cursor("decisions", cursor, (str, int))
    after = None if key is None else _place(str(key[0]), int(key[1]))
    stands = None if status is None else Status(status)
    page = list_decisions(desk.database, limit, after=after, verdict=wanted, run_id=run_id, status=stands)
    last = page.items[-1] if page.more else None
    items = [show_decision_line(each) for each in page.items]
    return JsonReply(page_of(items, "decisions", None if last is None else (last.run_id, last.position)))


@ROUTER.get(
    "/v1/decisions/{decision_id}",
    operation_id="getDecision",
    summary="One decision, as it was answered",
    response_model=KeptDecisionAnswer,
    responses=refusals("not-found", "storage-unavailable"),
)
def get_decision(desk: TheDesk, decision_id: str) -> JsonReply:
    """One kept decision with its findings, and the release, policy and software version it was decided with.

    With it comes what followed: its reviews, and the decision a rescreening replaced it by. `decision` is null once its
    words were erased; what is beside it stays.
    """
    kept = read_decision(desk.database, known_form(decision_id))
    return JsonReply(show_decision(kept, read_reviews(desk.database, kept.id)))


def known_form(decision_id: str) -> str:
    """Return the name of a decision, where it can be one.

    Raises:
        UnknownNameError: no decision can be called so.
    """
    if not DECISION_ID.fullmatch(decision_id):
        raise UnknownNameError("decision", decision_id)
    return decision_id


def _queue(desk: Desk, verdict: Verdict | None, run_id: str | None, cursor: str | None, limit: int) -> JsonReply:
    key = read_cursor("queue", cursor, (float, str))
    if key is not None and not DECISION_ID.fullmatch(str(key[1])):
        raise foreign_cursor()
    after = None if key is None else (float(key[0]), str(key[1]))
    page = list_queue(desk.database, limit, after=after, verdict=verdict, run_id=run_id)
    items = [show_decision_line(each) for each in page.items]
    return JsonReply(page_of(items, "queue", queue_place(page.items[-1]) if page.more else None))


def _place(run_id: str, position: int) -> tuple[str, int]:
    # Cursors can be forged, and databases choke on odd text and huge numbers.
    if not DECISION_ID.fullmatch(f"{run_id}-{position}"):
        raise foreign_cursor()
    return run_id, position
