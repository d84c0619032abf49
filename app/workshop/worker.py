"""A worker: takes jobs one by one, and leaves everything so that another one can go on."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import structlog

from app.domain.errors import StorageError
from app.storage.engine import Database, open_engine
from app.storage.job_progress import open_job_ids
from app.storage.spool import WORKERS, Spool
from app.usecases.tidy_jobs import settle_job, tidy_jobs
from app.workshop.places import taken_place

if TYPE_CHECKING:
    from app.workshop.engine import Engine

LOG = structlog.get_logger("precursor-watch")

TICK_SECONDS = 0.5
TIDY_SECONDS = 60.0
TAKE_OVER_SECONDS = 2.0
BEHIND_THE_SERVICE = 10
"""How much lower a worker's priority is than that of the service on its machine, whose callers wait for answers."""
DRAIN_SECONDS = 25.0
"""How long the block in hand may take to the end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Trade:
    """What a worker is told."""

    database_url: str
    index: Path
    watchlists: Path
    spool: Path
    keep_hours: float


class _LeavingError(BaseException):
    """The worker was asked to leave; raised wherever its own thread is, which holds nothing that could break."""


def work(trade: Trade, *, attached: bool) -> None:
    """Work until SIGTERM or SIGINT; ends the process, for whoever works on a block does so in a thread.

    Args:
        trade: what the worker is told.
        attached: also leave when standard input ends: the process that started this one is gone.
    """
    worker = _Worker(trade)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    if attached:
        os.nice(BEHIND_THE_SERVICE)
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        worker.run()
    except _LeavingError:
        finished = worker.leave()
        LOG.info("worker_left", block_finished=finished)
    sys.stderr.flush()
    os._exit(0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _LeavingError


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


class _Worker:
    def __init__(self, trade: Trade) -> None:
        self._trade = trade
        self._spool = Spool(trade.spool)
        self._database: Database = open_engine(trade.database_url)
        self._engine: Engine | None = None
        self._due: dict[str, float] = {}

    def run(self) -> None:
        """Look for work again and again; what needs the index is imported and opened when there is some."""
        with taken_place(self._trade.spool / WORKERS) as place:
            LOG.info("worker_started", place=place)
            while True:
                try:
                    self._turn(place)
                except StorageError as error:
                    LOG.error("worker_waits_for_database", why=str(error))
                time.sleep(TICK_SECONDS)

    def leave(self) -> bool:
        """Finish the block in hand."""
        return self._engine is None or self._engine.leave(DRAIN_SECONDS)

    def _turn(self, place: str) -> None:
        self._now_and_then("tidy", TIDY_SECONDS, self._tidy)
        waiting = open_job_ids(self._database)
        if self._engine is None:
            if not waiting:
                return
            self._engine = self._start_engine(place)
        self._engine.hand_over(waiting)
        for job_id, failure in list(self._engine.ended()):
            settle_job(self._database, self._spool, job_id, failure)
            self._engine.forget(job_id)
            LOG.info("job_settled", job=job_id, failure=None if failure is None else failure.kind.value)
        self._now_and_then("take over", TAKE_OVER_SECONDS, self._take_over)

    def _start_engine(self, place: str) -> "Engine":
        # The engine, the index and what reads files are slow to import: an idle worker has none of them.
        from app.usecases.releases import open_shelf
        from app.usecases.work_on_job import Workshop
        from app.workshop.engine import Engine, engine_url

        shelf = open_shelf(self._trade.index, self._trade.watchlists)
        shop = Workshop(self._database, shelf, self._spool, self._trade.keep_hours)
        return Engine(shop, engine_url(self._trade.database_url), place, self._trade.spool / WORKERS)

    def _tidy(self) -> None:
        if expired := tidy_jobs(self._database, self._spool):
            LOG.info("jobs_expired", jobs=expired)

    def _take_over(self) -> None:
        assert self._engine is not None
        if taken := self._engine.take_over():
            LOG.warning("jobs_taken_over", jobs=taken)

    def _now_and_then(self, what: str, seconds: float, task: Callable[[], None]) -> None:
        now = time.monotonic()
        if now >= self._due.get(what, 0.0):
            self._due[what] = now + seconds
            task()
