"""Read jobs, withdraw them, and find their results."""

from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import JobNotDoneError, ResultGoneError, UnknownNameError
from app.domain.words import JobState
from app.storage import jobs
from app.storage.engine import Database
from app.storage.jobs import Job
from app.storage.spool import Spool
from app.usecases.pages import Page


def find_job(database: Database, job_id: str) -> Job:
    """Return a job of the tenant.

    Raises:
        UnknownNameError: the tenant has no such job.
    """
    job = jobs.read_job(database, job_id)
    if job is None:
        raise UnknownNameError("job", job_id)
    return job


def page_of_jobs(database: Database, limit: int, after: str | None = None) -> Page[Job]:
    """Return jobs of the tenant, the newest first, after the last one already seen."""
    found = jobs.list_jobs(database, limit + 1, after)
    return Page(tuple(found[:limit]), len(found) > limit)


def withdraw_job(database: Database, spool: Spool, job_id: str) -> Job:
    """Cancel a job that is worked on, or expire the result of one that is done.

    The files of one that a worker has in hand go when that has seen it, which is within a block.

    Raises:
        UnknownNameError: the tenant has no such job.
    """
    before = find_job(database, job_id)
    jobs.withdraw_job(database, job_id, datetime.now(UTC))
    if before.state is not JobState.RUNNING:
        spool.files(job_id).remove()
    return find_job(database, job_id)


def withdraw_job_of_run(database: Database, spool: Spool, run_id: str) -> None:
    """Withdraw the job that a run is, where it is one: its files hold the words of the run's records."""
    if jobs.read_job(database, run_id) is not None:
        withdraw_job(database, spool, run_id)


def result_of(job: Job, spool: Spool) -> Path:
    """Return the finished file of a job.

    Raises:
        JobNotDoneError: there is none yet, or there never will be.
        ResultGoneError: it is no longer kept.
    """
    if job.state is JobState.EXPIRED:
        raise ResultGoneError(f"the result of job {job.id} has expired; send the file again")
    if job.state is not JobState.DONE:
        raise JobNotDoneError(f"job {job.id} is {job.state.value}; only a job that is done has a result")
    path = spool.files(job.id).result
    if not path.is_file():
        raise ResultGoneError(f"the result of job {job.id} is no longer on disk; send the file again")
    return path


def seconds_left(job: Job) -> float | None:
    """Return how long a job will still be worked on at its pace so far, None where that cannot be told."""
    if job.state is not JobState.RUNNING or not job.share or not job.seconds:
        return None
    return job.seconds * (1 - job.share) / job.share


def rows_per_second(job: Job) -> float | None:
    """Return how fast a job was worked on, waiting not counted; None before the first rows."""
    return job.rows / job.seconds if job.rows and job.seconds else None
