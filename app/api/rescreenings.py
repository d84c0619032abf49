"""`/v1/rescreenings`: kept records judged again after a change."""

from functools import partial

from fastapi import APIRouter

from app.api.desk import TheDesk, today
from app.api.history_answers import RescreeningAnswer
from app.api.paperwork import refusals
from app.api.replies import JsonReply
from app.api.shown import show_rescreened
from app.usecases.deadline import deadline_in
from app.usecases.rescreen import rescreen

ROUTER = APIRouter(tags=["Decisions"])

MOST_RECORDS = 20_000
"""Records that one request judges again, if they do not take too long; `precursor-watch rescreen` has no such limit."""


@ROUTER.post(
    "/v1/rescreenings",
    operation_id="rescreen",
    summary="Judge kept records again with the release that is loaded",
    response_model=RescreeningAnswer,
    responses=refusals("overloaded", "storage-unavailable"),
)
async def rescreen_records(desk: TheDesk) -> JsonReply:
    """Judge again the records that were judged with another release, policy or version of the software last.

    Only records that the change can reach are judged: where nothing but lines of law differ, those in which a substance
    was seen whose lines differ; otherwise all. Each is judged by the day and the instruments its run was asked for, so
    that the calendar makes no difference. Every changed outcome is kept as a new decision that names the one it
    replaces (`GET /v1/decisions?run_id=`), whatever its verdict. About 20,000 records are judged in one request, or as
    many as there is time for: send it again until `left` is 0. One that broke off goes on where it was.
    """
    work = partial(
        rescreen, desk.shelf, desk.database, today(), most=MOST_RECORDS, deadline=deadline_in(desk.limits.json_seconds)
    )
    return JsonReply(show_rescreened(await desk.gate.work(work)))
