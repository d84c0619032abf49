"""How many requests may work at once, and how long the others wait."""

from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import CapacityLimiter

from app.api.metrics import Metrics
from app.api.problems import ProblemError
from app.api.threads import in_thread

T = TypeVar("T")


class Gate:
    """Lets a fixed number of screenings work in threads, off the event loop; refuses when too many wait."""

    def __init__(self, workers: int, max_waiting: int, max_wait_seconds: float, metrics: Metrics) -> None:
        self.workers = workers
        """How many may work at once."""
        self._workers = CapacityLimiter(workers)
        self._threads = CapacityLimiter(workers)
        self._max_waiting = max_waiting
        self._max_wait_seconds = max_wait_seconds
        self._metrics = metrics

    async def work(self, task: Callable[[], T]) -> T:
        """Run a task in a thread when its turn comes.

        Args:
            task: CPU work; it is waited for even when the caller has gone.

        Raises:
            ProblemError: `overloaded`: too many wait already, or the turn did not come in time.
        """
        if self._workers.statistics().tasks_waiting >= self._max_waiting:
            raise self.overloaded()
        holder = object()
        try:
            self._workers.acquire_on_behalf_of_nowait(holder)
        except anyio.WouldBlock:
            await self._wait_for(holder)
        return await self._run(task, holder)

    async def go_on(self, task: Callable[[], T]) -> T:
        """Run the next part of work that has begun, waiting for a turn as long as it takes."""
        self.count_waiting(1)
        holder = object()
        try:
            await self._workers.acquire_on_behalf_of(holder)
        finally:
            self.count_waiting(-1)
        return await self._run(task, holder)

    async def run_when_free(self, task: Callable[[], T]) -> T:
        """Run a task for requests that are counted as waiting by whoever calls this, however long they wait."""
        holder = object()
        await self._workers.acquire_on_behalf_of(holder)
        return await self._run(task, holder)

    async def end(self) -> None:
        """Wait until nobody works any more, and let nobody begin."""
        for _ in range(self.workers):
            await self._workers.acquire_on_behalf_of(object())

    def count_waiting(self, more: int) -> None:
        """Say that more requests wait for a turn, or fewer; from any thread."""
        self._metrics.count_waiting(more)

    async def _wait_for(self, holder: object) -> None:
        self.count_waiting(1)
        try:
            with anyio.fail_after(self._max_wait_seconds):
                await self._workers.acquire_on_behalf_of(holder)
        except TimeoutError:
            raise self.overloaded() from None
        finally:
            self.count_waiting(-1)

    async def _run(self, task: Callable[[], T], holder: object) -> T:
        # The turn is taken already, and there are as many threads as turns: nothing is waited for here.
        try:
            return await in_thread(task, self._threads)
        finally:
            self._workers.release_on_behalf_of(holder)

    def overloaded(self) -> ProblemError:
        """Count a request that is refused, and return its refusal."""
        self._metrics.count_shed()
        wait = str(max(1, round(self._max_wait_seconds)))
        return ProblemError("overloaded", "All workers are busy; nothing was screened", headers={"Retry-After": wait})
