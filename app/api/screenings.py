"""`/v1/screenings`: records as JSON, answered at once."""

import hashlib
from collections import Counter
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from app.api.answers import ScreeningAnswer
from app.api.asked import ScreeningAsked, record_rows
from app.api.blocks import SMALL_BYTES
from app.api.bodies import read_json
from app.api.desk import Desk, TheDesk, today
from app.api.idempotency import refuse_key
from app.api.paperwork import json_body, refusals
from app.api.parameters import check_instruments
from app.api.refusals import body_problem
from app.api.replies import JsonReply
from app.domain.words import Verdict
from app.screening.scope import Scope
from app.storage.runs import WholeRun
from app.usecases.deadline import deadline_in
from app.usecases.screen_records import ScreenedRun, judge_records

ROUTER = APIRouter(tags=["Screening"])


@ROUTER.post(
    "/v1/screenings",
    operation_id="screenRecords",
    summary="Screen up to 1,000 records",
    response_model=ScreeningAnswer,
    dependencies=[Depends(refuse_key)],
    responses=refusals(
        "malformed-request",
        "unsupported-media-type",
        "too-large",
        "took-too-long",
        "unknown-field",
        "invalid-request",
        "quota-exceeded",
        "overloaded",
        "storage-unavailable",
    ),
    openapi_extra=json_body(ScreeningAsked),
)
async def screen(request: Request, desk: TheDesk) -> JsonReply:
    """Screen up to 1,000 records and answer with one decision for each, in order.

    `controlled`, `conditional` and `review` are alarms; `undetermined` says that it cannot be told; `not_listed` says
    that nothing was found in the lists that were checked, and no more than that. The run and its alarms are committed
    before the answer leaves. Fields that are not known are refused by name. For more records use
    `POST /v1/screenings/file`.
    """
    body = await read_json(request, desk.limits.max_json_bytes, desk.limits.in_memory)
    judge = partial(judge_request, desk, body)
    counts, answer = await desk.blocks.ask(desk.database, judge, is_small=len(body) <= SMALL_BYTES)
    desk.metrics.count_records("http-json", counts)
    return answer


def judge_request(desk: Desk, body: bytes) -> tuple[WholeRun, tuple[Counter[Verdict], JsonReply]]:
    """Return the run of a request's body, and what is to be counted and answered when that is kept.

    Raises:
        ProblemError: the body was refused, or the day's records are used up.
        TookTooLongError: the records take too long to screen.
        StorageError: what came before could not be read.
    """
    asked = read_asked(body)
    instruments = check_instruments(desk, asked.instruments, "#/instruments/{}")
    scope = Scope(today=today(), as_of=asked.as_of, instruments=instruments)
    digest = hashlib.sha256(body).hexdigest()
    desk.allowance.take(desk.database, len(asked.records))
    screened, whole = judge_records(
        desk.screener,
        desk.database,
        record_rows(asked.records),
        scope,
        digest,
        deadline=deadline_in(desk.limits.json_seconds),
        only_alarms=desk.only_alarms,
        history=asked.history,
    )
    return whole, (screened.counts, JsonReply(show_run(screened)))


def read_asked(body: bytes) -> ScreeningAsked:
    """Return a request's body, checked.

    Raises:
        ProblemError: `malformed-request`, `unknown-field` or `invalid-request`.
    """
    try:
        return ScreeningAsked.model_validate_json(body)
    except ValidationError as error:
        raise body_problem(error) from error


def show_run(screened: ScreenedRun) -> dict[str, Any]:
    """Return a run as it is answered."""
    run = screened.run
    return {
        "run_id": run.id,
        "release": run.release,
        "index": run.index_digest,
        "policy": run.policy,
        "version": run.version,
        "counts": {verdict.value: screened.counts[verdict] for verdict in Verdict},
        "decisions": screened.documents,
        "totals": screened.totals,
    }
