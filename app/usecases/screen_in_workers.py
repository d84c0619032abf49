"""Screen a shipment file in several processes, with the rows and order of one."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path

import pyarrow as pa

from app.domain.decisions import Decision, Decisions
from app.domain.errors import PrecursorWatchError
from app.domain.garbage import looked_for_later
from app.domain.records import RECORD_SCHEMA, UNREADABLE
from app.records.answers import answer_table, with_answers
from app.records.source import Batch, Source
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.usecases.active_release import read_active
from app.usecases.findings import findings_lines, with_findings
from app.usecases.open_screener import open_screener
from app.usecases.screen_file import BLOCK_ROWS

IN_FLIGHT_PER_WORKER = 3
"""Blocks handed out beyond the one being written, so that no worker waits and memory stays bounded."""


Book = Callable[[Totals, Sequence[tuple[int, Decision]]], None]
"""Told, before they are added, of the rows that add to totals, with their numbers."""


class WorkerDiedError(PrecursorWatchError):
    """A worker process ended in mid-work (often: out of memory); its rows are not answered, so nothing is published."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every block of one file is screened with; travels to the workers."""

    index_folder: Path
    watchlists: Path
    scope: Scope
    with_findings: bool
    release: str | None = None
    """The digest of the release; the active one where none is given."""


@dataclass(frozen=True, slots=True)
class AnsweredBlock:
    """Some consecutive rows with their answers, and the findings as NDJSON lines when they were asked for."""

    first_row: int
    rows: pa.Table
    records: pa.Table
    """What was read from them, in `RECORD_SCHEMA`."""
    answers: pa.Table
    unreadable: int
    """Rows that could not be read; they are answered `undetermined` with the reason."""
    findings: bytes


@dataclass(frozen=True, slots=True)
class _Screened:
    """What comes back from a worker: the answers, and the few decisions that other rows may still raise."""

    answers: pa.Table
    findings: bytes
    counted: tuple[tuple[int, Decision], ...]
    """Rows that add to a total over the file, with their numbers."""


def answer_file(
    task: Task,
    source: Source,
    workers: int,
    totals: Totals,
    block_rows: int = BLOCK_ROWS,
    *,
    book: Book | None = None,
) -> Iterator[AnsweredBlock]:
    """Screen an opened file in this process or in several.

    Args:
        task: where the index is, the law and whether findings are wanted.
        source: an opened shipment file; only this process reads it.
        workers: 1 screens here; more are started as fresh processes, and each opens the index.
        totals: added to in the order of the file, by this process alone.
        block_rows: rows handed out at a time, at least 1.
        book: told of every block before it is handed out; None where nothing is kept.

    Yields:
        The blocks in the order of the file, the same for any number of workers.

    Raises:
        WorkerDiedError: a worker process ended in mid-work.
        StaleIndexError: the index must be compiled again.
        UnknownNameError: the scope names an instrument that is not in the watchlist.
    """
    task = _pinned(task)
    if workers == 1:
        screener = screener_of(task)
        screener.screen(RECORD_SCHEMA.empty_table(), task.scope)  # an unknown instrument is refused before any work
        for batch in source.batches(block_rows):
            yield _answered(batch, _answer(screener, task, batch.records, batch.first_row), totals, book)
        return
    with _pool(workers) as pool:
        # Only workers open the index; an unknown instrument is refused before any answer.
        asked = pool.submit(_answer_in_worker, task, RECORD_SCHEMA.empty_table(), 0)
        waiting: deque[tuple[Batch, Future[_Screened]]] = deque()
        try:
            for batch in source.batches(block_rows):
                waiting.append((batch, pool.submit(_answer_in_worker, task, batch.records, batch.first_row)))
                if len(waiting) > workers * IN_FLIGHT_PER_WORKER:
                    asked.result()
                    yield _first(waiting, totals, book)
            asked.result()
            while waiting:
                yield _first(waiting, totals, book)
        except BrokenProcessPool as error:
            raise WorkerDiedError(
                "a worker process ended in mid-work (often: out of memory); nothing was published"
            ) from error


def _pinned(task: Task) -> Task:
    """Return the task with the release that is active: one file, one release, whatever is activated meanwhile."""
    active = read_active(task.index_folder) if task.release is None else None
    return task if active is None else replace(task, release=active.release)


def screener_of(task: Task) -> Screener:
    """Return the core that this process screens a task with."""
    return _screener(task.index_folder, task.watchlists, task.release)


def _first(waiting: deque[tuple[Batch, Future[_Screened]]], totals: Totals, book: Book | None) -> AnsweredBlock:
    batch, future = waiting.popleft()
    return _answered(batch, future.result(), totals, book)


def _answered(batch: Batch, screened: _Screened, totals: Totals, book: Book | None) -> AnsweredBlock:
    if book is not None:
        book(totals, screened.counted)
    unreadable = batch.records.num_rows - batch.records.column(UNREADABLE).null_count
    raised = {row: decision for row, alone in screened.counted if (decision := totals.add(row, alone)) is not alone}
    answers, findings = screened.answers, screened.findings
    if raised:
        answers = with_answers(answers, {row - batch.first_row: decision for row, decision in raised.items()})
        findings = with_findings(findings, raised) if findings else findings
    return AnsweredBlock(batch.first_row, batch.rows, batch.records, answers, unreadable, findings)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    others = set(active_children())
    # Fresh processes: a fork of a process with threads (Arrow has them) can hang.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin_worker)
    try:
        yield pool
    except BaseException:
        # Nobody waits for blocks that nobody will write.
        for worker in set(active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin_worker() -> None:
    """Leave Ctrl-C to the first process, and end when that one is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _screener(index_folder: Path, watchlists: Path, release: str | None) -> Screener:
    with looked_for_later():
        return open_screener(index_folder, watchlists, release)


def _answer_in_worker(task: Task, records: pa.Table, first_row: int) -> _Screened:
    return _answer(_screener(task.index_folder, task.watchlists, task.release), task, records, first_row)


def _answer(screener: Screener, task: Task, records: pa.Table, first_row: int) -> _Screened:
    decisions: Decisions = screener.screen(records, task.scope)
    return _Screened(
        answer_table(decisions),
        findings_lines(decisions, first_row) if task.with_findings else b"",
        tuple((first_row + place, decisions[place]) for place in decisions.places(lambda each: bool(each.tallies))),
    )
