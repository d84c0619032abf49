"""Requests that wait at the same moment: one thread judges them one after another and keeps their runs together."""

import asyncio
import time
from asyncio import Future, Task
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from app.api.gate import Gate
from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.runs import WholeRun
from app.storage.together import keep_together

T = TypeVar("T")

SMALL_BYTES = 2_048
"""A body up to here is judged in milliseconds; the worst ones known take 0.2 s."""
MOST_TOGETHER = 32
"""Requests of one block."""
BLOCK_SECONDS = 0.02
"""A block takes no more requests after so long: those judged first wait for the last to be kept."""
PATIENCE_SECONDS = 0.05
"""How long a block waits for the one before it to be judged. Two threads that judge at once take turns at every step of
the interpreter and get no more done; but nobody waits for ever behind a record that is slow."""


class _Carried:
    """Catches an error, to be raised again where somebody waits for it."""

    error: BaseException | None = None

    def __enter__(self) -> "_Carried":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        self.error = error
        return isinstance(error, Exception)


@dataclass(slots=True, eq=False)
class _Waiting:
    database: Database
    judge: Callable[[], tuple[WholeRun, Any]]
    is_small: bool
    told: Future[Any]
    context: Context = field(default_factory=copy_context)
    """Of the request: what is logged while it is judged has its id."""
    judged: tuple[WholeRun, Any] | None = None
    error: BaseException | None = field(default_factory=lambda: StorageError("the run was not kept"))
    """Until it is."""

    def tell(self) -> None:
        """Answer whoever waits; in the thread of the event loop."""
        if self.told.done():  # cancelled
            return
        if self.judged is None or self.error is not None:
            self.told.set_exception(self.error or StorageError("the run was not kept"))
        else:
            self.told.set_result(self.judged[1])


class Blocks:
    """Judges requests and keeps their runs, in blocks of as many as are waiting: each by itself, with its own error."""

    def __init__(self, gate: Gate, max_waiting: int, max_wait_seconds: float) -> None:
        """Prepare.

        Args:
            gate: whose turns are taken, one for each block.
            max_waiting: requests that may wait for their block.
            max_wait_seconds: and how long.
        """
        self._gate = gate
        self._max_waiting = max(1, max_waiting)
        self._max_wait_seconds = max_wait_seconds
        self._waiting: deque[_Waiting] = deque()
        self._taking, self._judging, self._keeping = Lock(), Lock(), Lock()
        self._turns: set[Task[None]] = set()

    async def ask(self, database: Database, judge: Callable[[], tuple[WholeRun, T]], *, is_small: bool) -> T:
        """Judge a request when its turn comes and keep its run; when this returns it is on disk.

        Args:
            database: as the one sees it whose run it is.
            judge: returns the run and what is to be answered; called in a thread.
            is_small: whether it takes so little time that others may wait for it.

        Raises:
            ProblemError: `overloaded`: too many wait already, or the turn did not come in time.
            StorageError: the run could not be kept.
            Exception: what `judge` raised.
        """
        if len(self._waiting) >= self._max_waiting:
            raise self._gate.overloaded()
        loop = asyncio.get_running_loop()
        own = _Waiting(database, judge, is_small, loop.create_future())
        self._waiting.append(own)
        self._gate.count_waiting(1)
        if len(self._turns) < self._gate.workers:
            turns = loop.create_task(self._take_turns())
            self._turns.add(turns)
            turns.add_done_callback(self._turns.discard)
        giving_up = loop.call_later(self._max_wait_seconds, self._give_up, own)
        try:
            answer: T = await own.told
            return answer
        finally:
            giving_up.cancel()

    async def end(self) -> None:
        """Wait until nothing is judged or kept any more."""
        while self._turns:
            await asyncio.wait(self._turns)

    async def _take_turns(self) -> None:
        while self._waiting:
            await self._take_turn()

    async def _take_turn(self) -> None:
        block: list[_Waiting] = []
        try:
            with _Carried() as carried:
                await self._gate.run_when_free(partial(self._work, block))
            for each in block:
                each.error = carried.error or each.error
        finally:
            for each in block:
                each.tell()

    def _give_up(self, own: _Waiting) -> None:
        with self._taking:
            if own not in self._waiting:
                return  # it is being judged
            self._waiting.remove(own)
        self._gate.count_waiting(-1)
        own.error = self._gate.overloaded()
        own.tell()

    def _work(self, block: list[_Waiting]) -> None:
        """Judge some requests that wait, put them into the block and keep their runs; in a thread."""
        if not self._judge_next(block, small=False):
            in_turn = self._judging.acquire(timeout=PATIENCE_SECONDS)
            try:
                until = time.monotonic() + BLOCK_SECONDS
                while len(block) < MOST_TOGETHER and time.monotonic() < until:
                    if not self._judge_next(block, small=True):
                        break
            finally:
                if in_turn:
                    self._judging.release()
        waits = [each for each in block if not each.told.done()]  # nothing is kept that nobody will be answered
        judged = [(each, (each.database, each.judged[0])) for each in waits if each.judged is not None]
        if judged:
            with self._keeping:
                outcomes = keep_together([run for _, run in judged])
            for (each, _), failed in zip(judged, outcomes, strict=True):
                each.error = failed

    def _judge_next(self, block: list[_Waiting], *, small: bool) -> bool:
        """Judge the request that has waited longest, where it is of this size."""
        with self._taking:
            if not self._waiting or self._waiting[0].is_small is not small:
                return False
            own = self._waiting.popleft()
        self._gate.count_waiting(-1)
        block.append(own)
        if not own.told.done():  # nobody waits for what was cancelled
            with _Carried() as carried:
                own.judged = own.context.run(own.judge)
            own.error = carried.error or own.error
        return True
