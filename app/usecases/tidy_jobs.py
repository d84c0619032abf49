"""Put away what jobs leave: results whose time has come, files of jobs that came to nothing, old answers."""

import re
from datetime import UTC, datetime

from app.domain.words import JobFailure, JobState
from app.storage.engine import Database
from app.storage.idempotency import forget_keyed
from app.storage.job_progress import Failure, expire_jobs, fail_job, states_of
from app.storage.spool import INCOMING, Spool

IDLE_SECONDS = 3_600
"""A folder that nobody wrote to for so long is left behind, unless a job needs it."""

WITH_FILES = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.DONE})

_OURS = re.compile(rf"{re.escape(INCOMING)}[0-9a-f]{{16}}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")

LOST = Failure(JobFailure.INTERNAL, "the service failed; its log has this job's id")


def settle_job(database: Database, spool: Spool, job_id: str, failure: Failure | None) -> None:
    """Keep how the work on a job has ended, and remove the files of one that came to nothing.

    Args:
        database: the database, seen by anybody.
        spool: where the files of jobs are.
        job_id: the job.
        failure: why it came to nothing; None where it is done, or was cancelled.
    """
    # The files first: where the disk is full, the database may need the room.
    if states_of(database, [job_id]).get(job_id) is not JobState.DONE:
        spool.files(job_id).remove()
    if failure is not None:
        fail_job(database, job_id, failure, datetime.now(UTC))


def tidy_jobs(database: Database, spool: Spool) -> int:
    """Expire results and answers, and remove what is left behind.

    Args:
        database: the database, seen by anybody.
        spool: where the files of jobs are; folders with other names than ours are never touched.

    Returns:
        How many results expired.
    """
    now = datetime.now(UTC)
    expired = expire_jobs(database, now)
    forget_keyed(database, now)
    left = [name for name in spool.left_behind(IDLE_SECONDS) if _OURS.fullmatch(name)]
    states = states_of(database, left)
    for name in {*expired, *(name for name in left if states.get(name) not in WITH_FILES)}:
        spool.files(name).remove()
    return len(expired)
