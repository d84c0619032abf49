"""Jobs: made, read and cancelled, each tenant's its own; what workers do with them is in `job_progress`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, insert, select, update

from app.domain.callers import Caller
from app.domain.words import JobFailure, JobState, Verdict
from app.storage.engine import Database, storage_errors
from app.storage.idempotency import KeyedAnswer, write_keyed
from app.storage.runs import RunStart, write_beginning
from app.storage.tables import JOBS, POLICIES, RUNS

OPEN_STATES = (JobState.QUEUED.value, JobState.RUNNING.value)
"""Of jobs that are still worked on."""

Format = Literal["csv", "ndjson", "parquet"]


@dataclass(frozen=True, slots=True)
class JobAsked:
    """What is asked of a job, beside what its run says."""

    format: Format
    mapping: dict[str, str]
    """field -> header, where the user knows better."""
    recognised: dict[str, Any] | None
    """What was recognised in the file, as it is shown; None as long as nobody has looked."""
    only_alarms: bool
    """Keep the fields of records with an alarm only."""
    block_rows: int
    input_bytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; its id is its run's."""

    start: RunStart
    caller: Caller
    """Whose it is: the tenant and the key it was asked with; the rights are not kept."""
    asked: JobAsked
    state: JobState = JobState.QUEUED
    attempts: int = 0
    blocks: int = 0
    rows: int = 0
    unreadable: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    share: float | None = None
    """Share of the file that is screened and kept, 0 to 1; None where that cannot be known."""
    seconds: float = 0.0
    """Worked on it so far."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    failure: JobFailure | None = None
    why: str | None = None
    result_bytes: int | None = None
    result_sha256: str | None = None

    @property
    def id(self) -> str:
        """The job's name, and its run's."""
        return self.start.id


def keep_job(database: Database, job: Job, keyed: KeyedAnswer | None = None) -> KeyedAnswer | None:
    """Keep a new job and the beginning of its run, with the answer to give again, in one transaction.

    Args:
        database: as the caller sees it.
        job: one that is not kept yet.
        keyed: what is answered, where the request has a key.

    Returns:
        None where the job was kept; where a request with the same key came first, what that was answered.
    """
    with storage_errors(), database.begin() as connection:
        if keyed is not None:
            before = write_keyed(connection, database.tenant, keyed, job.start.created_at)
            if before is not None:
                return before
        write_beginning(connection, database.caller, job.start)
        connection.execute(insert(JOBS).values(**_new_row(job)))
    return None


def read_job(database: Database, job_id: str) -> Job | None:
    """Return a job of the tenant, None when there is none of that name."""
    query = select_jobs().where(JOBS.c.id == job_id, JOBS.c.tenant == database.tenant)
    with storage_errors(), database.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else read_row(row)


def list_jobs(database: Database, limit: int, after: str | None = None) -> list[Job]:
    """Return jobs of the tenant, the newest first.

    Args:
        database: the database.
        limit: at most so many.
        after: id of the last one already seen.
    """
    query = select_jobs().where(JOBS.c.tenant == database.tenant).order_by(JOBS.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(JOBS.c.id < after)
    with storage_errors(), database.connect() as connection:
        return [read_row(row) for row in connection.execute(query)]


def withdraw_job(database: Database, job_id: str, at: datetime) -> None:
    """Cancel a job of the tenant that is worked on, and expire one that is done; others stay as they are."""
    mine = (JOBS.c.id == job_id, JOBS.c.tenant == database.tenant)
    cancelled = update(JOBS).where(*mine, JOBS.c.state.in_(OPEN_STATES))
    expired = update(JOBS).where(*mine, JOBS.c.state == JobState.DONE.value)
    with storage_errors(), database.begin() as connection:
        connection.execute(cancelled.values(state=JobState.CANCELLED.value, finished_at=at))
        connection.execute(expired.values(state=JobState.EXPIRED.value, expires_at=at))


def _new_row(job: Job) -> dict[str, Any]:
    asked = {name: getattr(job.asked, name) for name in JobAsked.__dataclass_fields__}
    counts = {name: getattr(job, name) for name in ("attempts", "blocks", "rows", "unreadable", "seconds")}
    return {"id": job.id, "tenant": job.caller.tenant, "state": job.state.value, "verdicts": {}, **asked, **counts}


def select_jobs() -> Select[Any]:
    """Return the query for jobs of every tenant."""
    run: Any = [column for column in RUNS.c if column.name not in JOBS.c]
    return (
        select(JOBS, *run, POLICIES.c.knobs)
        .join_from(JOBS, RUNS, JOBS.c.id == RUNS.c.id)
        .outerjoin(POLICIES, POLICIES.c.id == RUNS.c.policy)
    )


def read_row(row: Row[Any]) -> Job:
    """Return the job in a row of a query for jobs."""
    verdicts = Counter({Verdict(name): count for name, count in row.verdicts.items()})
    return Job(
        start=RunStart(
            id=row.id,
            created_at=row.created_at,
            door=row.door,
            release=row.release,
            index_digest=row.index_digest,
            policy=row.policy,
            version=row.version,
            as_of=row.as_of,
            instruments=None if row.instruments is None else tuple(row.instruments),
            input_sha256=row.input_sha256,
            today=row.today,
            knobs=row.knobs,
        ),
        caller=Caller(row.tenant, row.key_id, frozenset()),
        asked=JobAsked(row.format, row.mapping, row.recognised, row.only_alarms, row.block_rows, row.input_bytes),
        state=JobState(row.state),
        attempts=row.attempts,
        blocks=row.blocks,
        rows=row.rows,
        unreadable=row.unreadable,
        verdicts=verdicts,
        share=row.share,
        seconds=row.seconds,
        started_at=row.started_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        failure=None if row.failure is None else JobFailure(row.failure),
        why=row.why,
        result_bytes=row.result_bytes,
        result_sha256=row.result_sha256,
    )
