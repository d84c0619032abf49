"""`/v1/jobs`: large files, screened behind the answer."""

import re
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api.bodies import FILE_TYPES, NO_ROOM, no_room, spool_upload
from app.api.cursors import foreign_cursor, read_cursor
from app.api.days import Day
from app.api.desk import Desk, TheDesk, today
from app.api.idempotency import IdempotencyKey, read_key
from app.api.job_answers import JobAnswer, JobPage, show_job
from app.api.paperwork import file_body, refusals
from app.api.parameters import Cursor, PageSize, check_instruments
from app.api.replies import JsonReply, page_of
from app.api.uploads import read_mapping
from app.domain.errors import UnknownNameError
from app.domain.records import FIELDS
from app.screening.scope import Scope
from app.storage.jobs import Job
from app.usecases.make_job import JobOrder, SentFile, Told, make_job
from app.usecases.read_jobs import find_job, page_of_jobs, withdraw_job

ROUTER = APIRouter(tags=["Jobs"])

JOB_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@ROUTER.post(
    "/v1/jobs",
    operation_id="makeJob",
    summary="Screen a large file behind the answer",
    status_code=202,
    response_model=JobAnswer,
    responses={
        202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}},
        **refusals(
            "malformed-request",
            "unsupported-media-type",
            "too-large",
            "unknown-field",
            "unreadable-file",
            "invalid-request",
            "key-reused",
            "quota-exceeded",
            "no-room",
            "overloaded",
            "storage-unavailable",
        ),
    },
    openapi_extra=file_body(FILE_TYPES),
)
async def post_job(
    request: Request,
    desk: TheDesk,
    as_of: Annotated[Day | None, Query(description="Judge every record by the law of this day, YYYY-MM-DD.")] = None,
    instrument: Annotated[
        list[str] | None, Query(max_length=50, description="Only this instrument; may be repeated.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        Query(alias="map", max_length=len(FIELDS), description="`field=HEADER`, over what is recognised; repeatable."),
    ] = None,
    format: Annotated[
        Literal["csv", "ndjson", "parquet"], Query(description="How the finished file is written.")
    ] = "csv",
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take a file of up to gigabytes and screen it behind the answer: csv, tsv, csv.gz, xlsx, ndjson or parquet.

    Send it as the body or as the part `file` of a multipart body. It is answered 202 with `Location` when the file is
    on disk and the job is kept: from then on it is screened whatever happens to this connection, this process or this
    machine. It is screened with the release, policy and version that are loaded now, and by today's law where a record
    has no day of its own. What cannot be read at all is refused at once, unless it is very large: then the job says so.

    The finished file is the one that `precursor-watch screen` writes of the same file, to the byte; the alarms are
    kept block by block and are at `GET /v1/decisions?run_id=` while the job goes on.
    """
    law = Scope(today=today(), as_of=as_of, instruments=check_instruments(desk, instrument, "?instrument"))
    order = JobOrder(law, read_mapping(mapping or []), format, desk.only_alarms)
    await desk.gate.work(partial(desk.allowance.take, desk.database, 0))
    try:
        with desk.spool.incoming() as files:
            spooled = await spool_upload(
                request, desk.limits.max_job_bytes, desk.limits.of_jobs, files.input, durable=True
            )
            key = read_key(desk, request, idempotency_key, spooled.sha256)
            sent = SentFile(files, spooled.bytes, spooled.sha256)
            make = partial(make_job, desk.screener, desk.database, desk.spool, sent, order, tell=_tell, key=key)
            told = await desk.gate.work(make)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise no_room() from error
        raise
    return Response(told.body, told.status, told.headers, JsonReply.media_type)


@ROUTER.get(
    "/v1/jobs",
    operation_id="listJobs",
    summary="Jobs, the newest first",
    response_model=JobPage,
    responses=refusals("invalid-request", "storage-unavailable"),
)
def get_jobs(desk: TheDesk, cursor: Cursor = None, limit: PageSize = 50) -> JsonReply:
    """Jobs with how far they are, page by page. Those whose result has expired stay in the list."""
    key = read_cursor("jobs", cursor, (str,))
    if key is not None and not JOB_ID.fullmatch(str(key[0])):
        raise foreign_cursor()
    page = page_of_jobs(desk.database, limit, None if key is None else str(key[0]))
    return JsonReply(
        page_of([show_job(each) for each in page.items], "jobs", [page.items[-1].id] if page.more else None)
    )


@ROUTER.get(
    "/v1/jobs/{job_id}",
    operation_id="getJob",
    summary="How far a job is",
    response_model=JobAnswer,
    responses=refusals("not-found", "storage-unavailable"),
)
def get_job(desk: TheDesk, job_id: str) -> JsonReply:
    """A job as it stands: `queued`, `running`, `done`, `failed`, `cancelled` or `expired`.

    Of one that is running: rows screened and kept, verdicts so far, its pace, the time left. Of one that failed: why.
    """
    return JsonReply(show_job(known_job(desk, job_id)))


@ROUTER.delete(
    "/v1/jobs/{job_id}",
    operation_id="withdrawJob",
    summary="Cancel a job, or remove its result",
    response_model=JobAnswer,
    responses=refusals("not-found", "storage-unavailable"),
)
def delete_job(desk: TheDesk, job_id: str) -> JsonReply:
    """Cancel a job that is queued or running; a running one stops within a block of rows, and then its files go.

    The result of a job that is done is removed, and the job becomes `expired`. Decisions that were kept stay: what was
    decided cannot be undone. Sent again, it changes nothing more.
    """
    known_job(desk, job_id)
    return JsonReply(show_job(withdraw_job(desk.database, desk.spool, job_id)))


def known_job(desk: Desk, job_id: str) -> Job:
    """Return a job of the caller's tenant.

    Raises:
        UnknownNameError: there is none of this name.
    """
    if not JOB_ID.fullmatch(job_id):
        raise UnknownNameError("job", job_id)
    return find_job(desk.database, job_id)


def _tell(job: Job) -> Told:
    return Told(202, {"Location": f"/v1/jobs/{job.id}"}, bytes(JsonReply(show_job(job)).body))
