"""Screen a shipment file block by block: memory does not grow with the file, and the order is the file's."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from app.domain.decisions import Decisions
from app.records.answers import answer_table
from app.records.source import BLOCK_ROWS, Batch, Source
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals
from app.usecases.add_up import add_up
from app.usecases.history import History


@dataclass(frozen=True, slots=True)
class ScreenedBlock:
    """Some consecutive rows of the file with their decisions: same length, same order, in all five."""

    first_row: int
    """Number of the first row, counted from 1 under the header."""
    rows: pa.Table
    """The input's columns, unchanged."""
    records: pa.Table
    """What was read from them, in `RECORD_SCHEMA`."""
    alone: Decisions
    """What each row is by itself."""
    decisions: Decisions
    """What it is with the amounts of the rows before it."""
    answers: pa.Table
    """The answer's columns, as they are appended to the rows."""


def screen_file(
    screener: Screener, source: Source, scope: Scope, block_rows: int = BLOCK_ROWS
) -> Iterator[ScreenedBlock]:
    """Screen an opened file; each door writes and keeps the blocks as it needs.

    Args:
        screener: the core with its index.
        source: an opened shipment file.
        scope: the day and instruments of law.
        block_rows: rows screened at a time, at least 1.

    Yields:
        The blocks in the order of the file; together they hold every row once.

    Raises:
        UnreadableFileError: the file breaks off in a way that leaves no rows to read.
    """
    totals = Totals()
    for batch in source.batches(block_rows):
        yield screen_batch(screener, batch, scope, totals)


def screen_batch(
    screener: Screener, batch: Batch, scope: Scope, totals: Totals, history: History | None = None
) -> ScreenedBlock:
    """Screen the next rows of a file.

    Args:
        screener: the core with its index.
        batch: the rows that follow those screened before.
        scope: the day and instruments of law.
        totals: of the rows screened before; changed.
        history: what totals are begun with; None for nothing.
    """
    alone = screener.screen(batch.records, scope)
    decisions = add_up(alone, totals, batch.first_row, history)
    return ScreenedBlock(batch.first_row, batch.rows, batch.records, alone, decisions, answer_table(decisions))
