"""The time a request may take: looked at between stretches of records, none of which can take long."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.domain.decisions import Decisions
from app.domain.errors import TookTooLongError
from app.domain.records import MAX_DESCRIPTION
from app.records.source import Batch
from app.screening.scope import Scope
from app.screening.screener import Screener

_READ = ("description", "cas", "smiles", "inchi")
"""The fields whose length decides how long a record takes."""
FEW = 4
"""So many records are one stretch without being measured: the worst ones known take 0.3 s each."""

STRETCH, PART = 100_000, 400_000
"""Characters of a stretch of JSON records, and of a part of a file.

Lines of trade have some 80: a thousand records, or a block of a file, are not cut, for each stretch costs some
milliseconds. The worst texts known, slips in listed names one after the other, take 0.15 s for 4,000 characters: four
seconds a stretch, and 15 s a part.
"""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request's work is to be given up."""

    seconds: float
    """How long it may take; finite."""
    until: float
    """The end, by `clock`."""
    clock: Callable[[], float]
    """Runs evenly, whatever is done to the time of day."""

    @property
    def is_past(self) -> bool:
        """Whether the time is over."""
        return self.clock() > self.until

    def check(self) -> None:
        """Go on as long as there is time.

        Raises:
            TookTooLongError: it is over.
        """
        if self.is_past:
            raise TookTooLongError(self.seconds)


def deadline_in(seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
    """Return the deadline of work that begins now."""
    return Deadline(seconds, clock() + seconds, clock)


def screen_by(deadline: Deadline, screener: Screener, records: pa.Table, scope: Scope) -> Decisions:
    """Judge records as `Screener.screen` does, as long as there is time.

    Args:
        deadline: looked at before each stretch. One that has begun is worked to its end.
        screener: the core with its index.
        records: one row each, in `RECORD_SCHEMA`.
        scope: the day and instruments of law.

    Raises:
        TookTooLongError: the time is over; there are no decisions.
    """
    judged = []
    for first, rows in stretches(records, STRETCH):
        deadline.check()
        judged.append(screener.screen(records.slice(first, rows), scope))
    return Decisions.joined(judged)


def parts_of(batch: Batch) -> Iterator[Batch]:
    """Yield the rows of a batch in parts that do not take long; they are decided on as if they were not cut."""
    for first, rows in stretches(batch.records, PART):
        yield Batch(batch.rows.slice(first, rows), batch.records.slice(first, rows), batch.first_row + first)


def stretches(records: pa.Table, most: int) -> list[tuple[int, int]]:
    """Cut records into stretches by what of them is read.

    Args:
        records: n rows in `RECORD_SCHEMA`.
        most: characters of a stretch; the record with which they are reached is its last.

    Returns:
        The first row of each stretch and how many it has: together each row once, in order; one stretch for no rows.
    """
    if records.num_rows <= FEW:
        return [(0, records.num_rows)]
    characters = np.zeros(records.num_rows, dtype=np.int64)
    for name in _READ:
        column = records.column(name)
        if column.null_count < len(column):
            characters += pc.fill_null(pc.min_element_wise(pc.utf8_length(column), MAX_DESCRIPTION), 0).to_numpy()
    full = np.flatnonzero(np.diff(np.cumsum(characters) // most, prepend=0)) + 1
    ends = dict.fromkeys([*full.tolist(), records.num_rows])
    return [(first, end - first) for first, end in pairwise([0, *ends])]
