"""`/v1/jobs/…/result` and `…/events`: the finished file, and the progress to it."""

from base64 import b64encode
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

import anyio
import orjson
from anyio import to_thread
from fastapi import APIRouter, Header, Request
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.responses import FileResponse, MalformedRangeHeader, RangeNotSatisfiable, Response, StreamingResponse

from app.api.desk import Desk, TheDesk
from app.api.job_answers import show_job
from app.api.jobs import known_job
from app.api.paperwork import described, refusals
from app.api.problems import ProblemError
from app.api.replies import OPTIONS
from app.domain.words import JobState
from app.storage.jobs import Job
from app.usecases.read_jobs import result_of

ROUTER = APIRouter(tags=["Jobs"])

LOOK_SECONDS = 0.5
"""How often a job is looked at for those who watch it."""
HEARTBEAT_SECONDS = 15.0
"""After so long without news a comment is sent, so that nobody between takes the stream for dead."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}

EVENT = {
    "type": "object",
    "required": ["event", "id", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["progress", "end"]},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
"""One event of the stream, as the description has it."""

RESULT_HEADERS = {
    "ETag": "sha256 of the finished file; `If-Range` and `If-None-Match` compare with it.",
    "Accept-Ranges": "`bytes`.",
    "Repr-Digest": "sha256 of the finished file (RFC 9530).",
}


@ROUTER.head("/v1/jobs/{job_id}/result", operation_id="getJobResult", include_in_schema=False)
@ROUTER.get(
    "/v1/jobs/{job_id}/result",
    operation_id="getJobResult",
    summary="The finished file",
    response_class=FileResponse,
    responses={
        200: described(
            "The file's rows with the appended columns.",
            {
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in MEDIA_TYPES.values()
            },
            RESULT_HEADERS,
        ),
        206: {"description": "The part that `Range` asks for."},
        304: {"description": "It is still what `If-None-Match` names."},
        **refusals(
            "malformed-request", "not-found", "job-not-done", "result-gone", "no-such-range", "storage-unavailable"
        ),
    },
)
def get_result(
    request: Request,
    desk: TheDesk,
    job_id: str,
    if_none_match: Annotated[str | None, Header(description="ETags that the caller has.")] = None,
) -> Response:
    """The finished file, whole or the part that `Range` asks for, so that a transfer that broke off goes on.

    `HEAD` answers the same without the file. 409 as long as the job is not done, 410 when its result has expired.
    """
    job = known_job(desk, job_id)
    path = result_of(job, desk.spool)
    digest = job.result_sha256 or ""
    etag = f'"{digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:",
    }
    if if_none_match is not None and ("*" in if_none_match or etag in if_none_match):
        return Response(status_code=304, headers=headers)
    file = FileResponse(
        path,
        headers=headers,
        media_type=MEDIA_TYPES[job.asked.format],
        filename=f"screened-{job.id}.{job.asked.format}",
        stat_result=path.stat(),
    )
    _check_range(request, file, etag)
    return file


@ROUTER.get(
    "/v1/jobs/{job_id}/events",
    operation_id="watchJob",
    summary="A job's progress as server-sent events",
    response_class=StreamingResponse,  # of EventSourceResponse FastAPI would make a generator
    responses={
        200: described(
            "`progress` each time something is kept, and `end` once; each with the job as `getJob` answers it.",
            {"text/event-stream": {"schema": EVENT}},
        ),
        204: {"description": "The caller has seen the end already: `EventSource` stops asking."},
        **refusals("not-found", "storage-unavailable"),
    },
)
async def watch_job(
    desk: TheDesk,
    job_id: str,
    last_event_id: Annotated[str | None, Header(description="Of the last event already seen.")] = None,
) -> Response:
    """A job's progress as it goes on; the stream ends with the job.

    The first event tells how the job stands, unless `Last-Event-ID` names that event. Between the events a comment is
    sent every 15 seconds.
    """
    job = await to_thread.run_sync(known_job, desk, job_id)
    if is_over(job) and last_event_id == event_id(job):
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_events(desk, job, last_event_id), headers=headers)


async def _events(desk: Desk, job: Job, seen: str | None) -> AsyncIterator[bytes]:
    quiet = 0.0
    while True:
        if event_id(job) != seen:
            seen, quiet = event_id(job), 0.0
            yield event_of(job)
        if is_over(job) or desk.closing.is_set():
            return
        await anyio.sleep(LOOK_SECONDS)
        quiet += LOOK_SECONDS
        if quiet >= HEARTBEAT_SECONDS:
            quiet = 0.0
            yield KEEPALIVE_COMMENT
        job = await to_thread.run_sync(partial(known_job, desk, job.id))


def event_of(job: Job) -> bytes:
    """Return the event that tells how a job stands."""
    text = orjson.dumps(show_job(job), option=OPTIONS).decode()
    return format_sse_event(data_str=text, event="end" if is_over(job) else "progress", id=event_id(job))


def event_id(job: Job) -> str:
    """Return the name of a job's last event: the same as long as nothing is kept."""
    return f"{job.state.value}-{job.blocks}"


def is_over(job: Job) -> bool:
    """Return whether nothing more will come of a job."""
    return job.state not in (JobState.QUEUED, JobState.RUNNING)


def _check_range(request: Request, file: FileResponse, etag: str) -> None:
    """Refuse a range that the file does not have; the framework would do so in plain text."""
    asked, condition = request.headers.get("range"), request.headers.get("if-range")
    if asked is None or (condition is not None and condition not in (etag, file.headers["last-modified"])):
        return
    size = int(file.headers["content-length"])
    try:
        file._parse_range_header(asked, size)
    except MalformedRangeHeader as error:
        raise ProblemError("malformed-request", f"The header Range cannot be read: {error.content}") from error
    except RangeNotSatisfiable as error:
        there = {"Content-Range": f"bytes */{size}"}
        raise ProblemError("no-such-range", f"The file has {size} bytes", headers=there) from error
