"""What workers keep of jobs; they work for every tenant, and each job is kept as its own tenant's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from app.domain.errors import StorageError
from app.domain.words import JobFailure, JobState, Verdict
from app.storage.engine import Database, storage_errors
from app.storage.jobs import OPEN_STATES, Job, read_row, select_jobs
from app.storage.runs import ScreenedRows, write_end, write_rows
from app.storage.tables import JOBS


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a job is with a block."""

    block: int
    """Its number, from 0."""
    rows: int
    """Rows of all blocks so far, this one included; so with the others."""
    unreadable: int
    verdicts: Counter[Verdict]
    share: float | None
    seconds: float
    """Worked on this block."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job came to nothing."""

    kind: JobFailure
    why: str


def open_job(database: Database, job_id: str) -> Job | None:
    """Return a job that is to be worked on, whosever it is, None where it is not or not any more."""
    query = select_jobs().where(JOBS.c.id == job_id, JOBS.c.state.in_(OPEN_STATES))
    with storage_errors(), database.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else read_row(row)


def open_job_ids(database: Database) -> list[str]:
    """Return the jobs of every tenant that are to be worked on, the oldest first."""
    query = select(JOBS.c.id).where(JOBS.c.state.in_(OPEN_STATES)).order_by(JOBS.c.id)
    with storage_errors(), database.connect() as connection:
        return list(connection.execute(query).scalars())


def count_jobs(database: Database) -> dict[JobState, int]:
    """Return how many jobs of every tenant are in each state, and none left out."""
    query = select(JOBS.c.state, func.count()).group_by(JOBS.c.state)
    with storage_errors(), database.connect() as connection:
        found = {JobState(state): count for state, count in connection.execute(query)}
    return {state: found.get(state, 0) for state in JobState}


def begin_attempt(database: Database, job_id: str, at: datetime, recognised: dict[str, Any]) -> int | None:
    """Note that a worker begins where a job is, or begins again.

    Args:
        database: the database, seen by anybody.
        job_id: the job.
        at: when.
        recognised: what was recognised in the file, as it is shown.

    Returns:
        How often that happened since the last block was kept, this time included; None where the job is no longer to
        be worked on.
    """
    with storage_errors(), database.begin() as connection:
        statement = _open(job_id).values(state=JobState.RUNNING.value, attempts=JOBS.c.attempts + 1)
        if connection.execute(statement).rowcount == 0:
            return None
        first = update(JOBS).where(JOBS.c.id == job_id, JOBS.c.started_at.is_(None))
        connection.execute(first.values(started_at=at, recognised=recognised))
        return int(connection.execute(select(JOBS.c.attempts).where(JOBS.c.id == job_id)).scalar_one())


def keep_job_block(database: Database, job: Job, kept: Kept, rows: ScreenedRows, at: datetime) -> bool:
    """Keep one block of a job and how far it is, in one transaction, once: a block that is kept already stays.

    Args:
        database: the database, seen by anybody.
        job: as it was made.
        kept: the block, and the counts with it.
        rows: the block's records and what was decided on them.
        at: when.

    Returns:
        False where the job is no longer to be worked on: nothing was kept.
    """
    with storage_errors(), database.begin() as connection:
        statement = _open(job.id).where(JOBS.c.blocks == kept.block)
        done = connection.execute(
            statement.values(
                attempts=1,  # who has kept this block has begun the next one
                blocks=kept.block + 1,
                rows=kept.rows,
                unreadable=kept.unreadable,
                verdicts={verdict.value: count for verdict, count in kept.verdicts.items()},
                share=kept.share,
                seconds=JOBS.c.seconds + kept.seconds,
            )
        )
        if done.rowcount == 1:
            write_rows(connection, database.seen_by(job.caller), job.start, at, rows)
            return True
        return _is_past(connection, job.id, kept.block)


def finish_job(database: Database, job: Job, *, at: datetime, expires_at: datetime, result: tuple[int, str]) -> bool:
    """Keep that a job is done, and the counts of its run, in one transaction.

    Args:
        database: the database, seen by anybody.
        job: as it was made.
        at: when.
        expires_at: when its result goes.
        result: bytes and sha256 of the finished file.

    Returns:
        False where the job is no longer to be worked on: nothing was kept.
    """
    size, digest = result
    with storage_errors(), database.begin() as connection:
        ended = {"state": JobState.DONE.value, "finished_at": at, "expires_at": expires_at, "share": 1.0, "attempts": 0}
        told = {"result_bytes": size, "result_sha256": digest}
        if connection.execute(_open(job.id).values(**ended, **told)).rowcount == 1:
            names = connection.execute(select(JOBS.c.verdicts).where(JOBS.c.id == job.id)).scalar_one()
            counts = {Verdict(name): count for name, count in names.items()}
            write_end(connection, database.seen_by(job.caller), job.id, at, counts)
            return True
        state = connection.execute(select(JOBS.c.state).where(JOBS.c.id == job.id)).scalar_one()
        return bool(state == JobState.DONE.value)


def fail_job(database: Database, job_id: str, failure: Failure, at: datetime) -> None:
    """Keep that a job came to nothing, and why; one that has ended stays as it is."""
    with storage_errors(), database.begin() as connection:
        statement = _open(job_id)
        connection.execute(
            statement.values(state=JobState.FAILED.value, failure=failure.kind.value, why=failure.why, finished_at=at)
        )


def expire_jobs(database: Database, now: datetime) -> list[str]:
    """Keep of the jobs whose time has come that they have expired; return which."""
    due = (JOBS.c.state == JobState.DONE.value, JOBS.c.expires_at <= now)
    with storage_errors(), database.begin() as connection:
        ids = list(connection.execute(select(JOBS.c.id).where(*due)).scalars())
        connection.execute(update(JOBS).where(*due).values(state=JobState.EXPIRED.value))
    return ids


def states_of(database: Database, ids: Sequence[str]) -> dict[str, JobState]:
    """Return how jobs stand, those that exist."""
    query = select(JOBS.c.id, JOBS.c.state).where(JOBS.c.id.in_(ids))
    with storage_errors(), database.connect() as connection:
        return {row.id: JobState(row.state) for row in connection.execute(query)}


def _open(job_id: str) -> Any:
    return update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state.in_(OPEN_STATES))


def _is_past(connection: Connection, job_id: str, block: int) -> bool:
    row = connection.execute(select(JOBS.c.state, JOBS.c.blocks).where(JOBS.c.id == job_id)).one()
    if row.state in OPEN_STATES and row.blocks < block:
        raise StorageError(f"block {block} of job {job_id} came before block {row.blocks}")
    return row.state in OPEN_STATES
