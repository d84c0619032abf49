"""Screen a shipment file in several processes, with the rows and order of one."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.domain.decisions import Decision, Decisions
from app.domain.records import RECORD_SCHEMA, UNREADABLE
from app.records.answers import with_answers
from app.records.octets import marks_of, whole
from app.records.source import Batch, Source
from app.screening.totals import Totals
from app.usecases.findings import findings_lines
from app.usecases.screening_task import ScreenedRows
from app.usecases.worker_processes import Staff

ROWS_AT_ONCE = 12_288
"""Rows that a worker gets together: what is done once for all of them weighs less than in the blocks of a service,
whose callers wait for each."""

IN_FLIGHT = 3
"""Blocks handed out beyond the one being written, so that no worker waits and memory stays bounded."""


Book = Callable[[Totals, Sequence[tuple[int, Decision]]], None]
"""Told, before they are added, of the rows that add to totals, with their numbers."""


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
class _HandedOut:
    """A block in the hands of the workers."""

    batch: Batch
    shares: list[npt.NDArray[np.int64]]
    """The places within the block that each worker has."""
    screened: list[Future[ScreenedRows]]


def answer_file(
    staff: Staff, source: Source, totals: Totals, block_rows: int = ROWS_AT_ONCE, *, book: Book | None = None
) -> Iterator[AnsweredBlock]:
    """Screen an opened file in this process or in several.

    Args:
        staff: who screens it, and with what; it screens no other file.
        source: an opened shipment file; only this process reads it.
        totals: added to in the order of the file, by this process alone.
        block_rows: rows handed to each worker at a time, at least 1.
        book: told of every block before it is handed out; None where nothing is kept.

    Yields:
        The blocks in the order of the file; their rows are answered alike by any number of workers.

    Raises:
        WorkerDiedError: a worker process ended in mid-work.
        StaleIndexError: the index must be compiled again.
        UnknownNameError: the scope names an instrument that is not in the watchlist.
    """
    if not staff.workers:
        from app.usecases.screen_rows import screen_rows  # no other process that has workers needs it

        screen_rows(staff.task, RECORD_SCHEMA.empty_table(), ())  # as the others are asked first
        for batch in source.batches(block_rows):
            rows = range(batch.first_row, batch.first_row + batch.records.num_rows)
            yield _answered(batch, screen_rows(staff.task, batch.records, rows), totals, book)
        return
    waiting: deque[_HandedOut] = deque()
    for batch in source.batches(block_rows * len(staff.workers)):
        waiting.append(_hand_out(batch, staff))
        if len(waiting) > IN_FLIGHT:
            _wait(staff.asked)
            yield _first(waiting, totals, book)
    _wait(staff.asked)
    while waiting:
        yield _first(waiting, totals, book)


def _wait(asked: Sequence[Future[ScreenedRows]]) -> None:
    for each in asked:
        each.result()


def _hand_out(batch: Batch, staff: Staff) -> _HandedOut:
    """Give each worker its share of a block: the same text goes to the same one, which then knows it already."""
    marks = marks_of(whole(batch.records.column("description")))
    whose = np.where(marks, marks, np.arange(len(marks))) % len(staff.workers)
    shares = [np.flatnonzero(whose == number) for number in range(len(staff.workers))]
    screened = [
        worker.screen(batch.records.take(pa.array(share)), (share + batch.first_row).tolist())
        for worker, share in zip(staff.workers, shares, strict=True)
    ]
    return _HandedOut(batch, shares, screened)


def _first(waiting: deque[_HandedOut], totals: Totals, book: Book | None) -> AnsweredBlock:
    block = waiting.popleft()
    parts = [each.result() for each in block.screened]
    order = np.argsort(np.concatenate(block.shares))
    together = ScreenedRows(
        pa.concat_tables([part.answers for part in parts]).take(pa.array(order)),
        {row: lines for part in parts for row, lines in part.findings.items()},
        tuple(sorted((row_and_decision for part in parts for row_and_decision in part.counted), key=itemgetter(0))),
    )
    return _answered(block.batch, together, totals, book)


def _answered(batch: Batch, screened: ScreenedRows, totals: Totals, book: Book | None) -> AnsweredBlock:
    if book is not None:
        book(totals, screened.counted)
    unreadable = batch.records.num_rows - batch.records.column(UNREADABLE).null_count
    raised = {row: decision for row, alone in screened.counted if (decision := totals.add(row, alone)) is not alone}
    answers, findings = screened.answers, screened.findings
    if raised:
        answers = with_answers(answers, {row - batch.first_row: decision for row, decision in raised.items()})
        if findings:
            findings = findings | findings_lines(Decisions.each(list(raised.values())), list(raised))
    lines = b"".join(findings[row] for row in sorted(findings))
    return AnsweredBlock(batch.first_row, batch.rows, batch.records, answers, unreadable, lines)
