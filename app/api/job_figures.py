"""How many jobs wait and are worked on, and what they screened, for Prometheus: workers tell only the database."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from app.api.metrics import Metrics
from app.api.threads import in_thread
from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.job_progress import count_job_records, count_jobs

LOOK_SECONDS = 5.0

LOG = structlog.get_logger("precursor-watch")


async def keep_counting_jobs(
    database: Database, metrics: Metrics, wait: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Count jobs until cancelled; while the database is away, what was counted last stands.

    Args:
        database: as anybody sees it.
        metrics: told the counts.
        wait: how the time until the next count is waited for.
    """
    failing = False
    while True:
        try:
            metrics.count_jobs(await in_thread(partial(count_jobs, database)))
            metrics.count_job_records(await in_thread(partial(count_job_records, database)))
            failing = False
        except StorageError as error:
            if not failing:
                LOG.error("jobs_not_counted", why=str(error))
            failing = True
        await wait(LOOK_SECONDS)
