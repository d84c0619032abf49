"""Runs kept before they are answered: those that end while others are being committed are committed together."""

from dataclasses import dataclass
from functools import partial

import anyio
from anyio import CapacityLimiter, to_thread

from app.api.problems import ProblemError
from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.runs import WholeRun
from app.storage.together import ToKeep, keep_together

MOST_TOGETHER = 64
"""Runs of one transaction."""


@dataclass(slots=True, eq=False)
class _Waiting:
    run: ToKeep
    tried: bool = False
    failed: StorageError | None = None


class Keeping:
    """Commits runs, one transaction at a time: whoever comes to it takes those along that wait."""

    def __init__(self, max_waiting: int) -> None:
        """Prepare the keeping.

        Args:
            max_waiting: runs that may wait for their transaction.
        """
        self._max_waiting = max(1, max_waiting)
        self._waiting: list[_Waiting] = []
        self._turn = anyio.Lock()
        self._thread = CapacityLimiter(1)

    async def keep(self, database: Database, run: WholeRun) -> None:
        """Keep a run; when this returns it is on disk.

        Args:
            database: as the one sees it whose run it is.
            run: whole.

        Raises:
            ProblemError: `overloaded`: too many wait already; it is not kept.
            StorageError: it could not be kept.
        """
        if len(self._waiting) >= self._max_waiting:
            raise ProblemError("overloaded", "Too many runs wait to be kept", headers={"Retry-After": "5"})
        own = _Waiting((database, run))
        self._waiting.append(own)
        async with self._turn:
            while not own.tried:
                await self._keep_some()
        if own.failed is not None:
            raise own.failed

    async def _keep_some(self) -> None:
        some, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        for each in some:
            each.tried, each.failed = True, StorageError("the run was not kept")  # until it is
        task = partial(keep_together, [each.run for each in some])
        for each, failed in zip(some, await to_thread.run_sync(task, limiter=self._thread), strict=True):
            each.failed = failed
