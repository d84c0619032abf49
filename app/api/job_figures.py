"""How many jobs wait and are worked on, for Prometheus: workers tell it to the database only."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from anyio import to_thread

from app.api.metrics import Metrics
from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.job_progress import count_jobs

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
            metrics.count_jobs(await to_thread.run_sync(count_jobs, database))
            failing = False
        except StorageError as error:
            if not failing:
                LOG.error("jobs_not_counted", why=str(error))
            failing = True
        await wait(LOOK_SECONDS)
