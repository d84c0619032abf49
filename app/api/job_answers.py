"""What is answered of jobs."""

from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import Field

from app.api.answers import Answer
from app.domain.words import JobFailure, JobState, Verdict
from app.storage.jobs import Job
from app.usecases.read_jobs import rows_per_second, seconds_left


class SentFileAnswer(Answer):
    """The file as it was sent."""

    bytes: int
    sha256: str = Field(description="Of the file, in hex.")


class RecognisedAnswer(Answer):
    """What was recognised in the file."""

    format: str = Field(description="csv, xlsx, ndjson or parquet.")
    encoding: str | None
    delimiter: str | None
    header_row: int | None = Field(description="Line or row of the headers, from 1.")
    fields: dict[str, str] = Field(description="Field to column; `map` overrides it.")
    notes: list[str]


class FailureAnswer(Answer):
    """Why a job came to nothing."""

    kind: JobFailure
    why: str


class ResultAnswer(Answer):
    """The finished file."""

    href: str
    bytes: int
    sha256: str = Field(description="Of the finished file, in hex; its ETag.")


class JobAnswer(Answer):
    """A job as it stands."""

    id: str
    state: JobState
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None = Field(description="When the result goes, or went.")
    format: Literal["csv", "ndjson", "parquet"]
    as_of: date | None
    instruments: list[str] | None
    map: dict[str, str] = Field(description="Field to header, as it was asked.")
    input: SentFileAnswer
    recognised: RecognisedAnswer | None = Field(description="Null as long as nobody has looked.")
    run_id: str = Field(description="Its alarms are at `GET /v1/decisions?run_id=`, from the first block on.")
    release: str = Field(description="Fixed when the job was made, like the policy and the version.")
    policy: str
    version: str
    rows: int = Field(description="Screened and kept so far.")
    unreadable: int = Field(description="Rows of them that could not be read; they are `undetermined`.")
    verdicts: dict[Verdict, int]
    share: float | None = Field(description="Of the file, 0 to 1; null where its format does not tell.")
    rows_per_second: float | None
    seconds_left: float | None
    failure: FailureAnswer | None
    result: ResultAnswer | None


class JobPage(Answer):
    """Some jobs, the newest first."""

    items: list[JobAnswer]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def show_job(job: Job) -> dict[str, Any]:
    """Return a job as it is answered."""
    start, asked = job.start, job.asked
    pace, left = rows_per_second(job), seconds_left(job)
    result = None
    if job.state is JobState.DONE:
        result = {"href": f"/v1/jobs/{job.id}/result", "bytes": job.result_bytes, "sha256": job.result_sha256}
    return {
        "id": job.id,
        "state": job.state,
        "created_at": _second(start.created_at),
        "started_at": _second(job.started_at),
        "finished_at": _second(job.finished_at),
        "expires_at": _second(job.expires_at),
        "format": asked.format,
        "as_of": start.as_of,
        "instruments": start.instruments,
        "map": asked.mapping,
        "input": {"bytes": asked.input_bytes, "sha256": start.input_sha256},
        "recognised": asked.recognised,
        "run_id": job.id,
        "release": start.release,
        "policy": start.policy,
        "version": start.version,
        "rows": job.rows,
        "unreadable": job.unreadable,
        "verdicts": {verdict.value: job.verdicts.get(verdict, 0) for verdict in Verdict},
        "share": None if job.share is None else round(job.share, 4),
        "rows_per_second": None if pace is None else round(pace, 1),
        "seconds_left": None if left is None else round(left, 1),
        "failure": None if job.failure is None else {"kind": job.failure, "why": job.why},
        "result": result,
    }


def _second(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(microsecond=0)
