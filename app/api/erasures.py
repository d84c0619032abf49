"""`/v1/runs/…/content`: the words of records and decisions, erased."""

import re
from functools import partial

from fastapi import APIRouter

from app.api.desk import TheDesk
from app.api.history_answers import ErasedAnswer
from app.api.kept_decisions import UUID
from app.api.paperwork import refusals
from app.api.replies import JsonReply
from app.domain.errors import UnknownNameError
from app.usecases.erase import erase_run
from app.usecases.read_jobs import withdraw_job_of_run

ROUTER = APIRouter(tags=["Decisions"])

RUN_ID = re.compile(UUID)


@ROUTER.delete(
    "/v1/runs/{run_id}/content",
    operation_id="eraseContent",
    summary="Erase the words of a run",
    response_model=ErasedAnswer,
    responses=refusals("not-found", "overloaded", "storage-unavailable"),
)
async def erase_content(desk: TheDesk, run_id: str) -> JsonReply:
    """Erase the fields of a run's records, and the document, reason and record id of every decision on them.

    The decisions of later rescreenings are erased too, and the reasons of reviews, which may quote a record. Verdicts,
    scores, substances, dispositions and digests stay, and the audit trail, which tells of the erasure, stays as it can
    be verified. A replay answers 410 from then on. Erasing twice erases nothing more. Where the run is a job's, that is
    withdrawn: what was sent and the result go too.
    """
    if not RUN_ID.fullmatch(run_id):
        raise UnknownNameError("run", run_id)
    # A job first, so that it keeps nothing more behind the erasure.
    await desk.gate.work(partial(withdraw_job_of_run, desk.database, desk.spool, run_id))
    erased = await desk.gate.work(partial(erase_run, desk.database, run_id, "asked for over HTTP"))
    return JsonReply(
        {"run_id": run_id, "blocks": erased.blocks, "decisions": erased.decisions, "reviews": erased.reviews}
    )
