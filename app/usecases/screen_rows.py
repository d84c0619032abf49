"""Screen some rows of a file: what a process does that screens a file alone or together with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from app.domain.decisions import Decision, Decisions
from app.domain.garbage import looked_for_later
from app.records.answers import answer_table
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.usecases.findings import findings_lines
from app.usecases.open_screener import open_screener

# Every process that screens begins with these imports: nothing of the database or the terminal is among them.


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
class ScreenedRows:
    """What is said of some rows, each by itself."""

    answers: pa.Table
    findings: dict[int, bytes]
    """By the number of the row, for rows with findings, where they were asked for."""
    counted: tuple[tuple[int, Decision], ...]
    """Rows that add to a total over the file, with their numbers: other rows may still raise them."""


def screen_rows(task: Task, records: pa.Table, rows: Sequence[int]) -> ScreenedRows:
    """Screen some rows of a file in this process, which opens the index with the first of them and keeps it.

    Args:
        task: what they are screened with.
        records: a table of `RECORD_SCHEMA`.
        rows: the number of each in the file, counted from 1 under the header.

    Raises:
        StaleIndexError: the index must be compiled again.
        UnknownNameError: the scope names an instrument that is not in the watchlist.
    """
    decisions: Decisions = screener_of(task).screen(records, task.scope)
    return ScreenedRows(
        answer_table(decisions),
        findings_lines(decisions, rows) if task.with_findings else {},
        tuple((rows[place], decisions[place]) for place in decisions.places(lambda each: bool(each.tallies))),
    )


def screener_of(task: Task) -> Screener:
    """Return the core that this process screens a task with."""
    return _screener(task.index_folder, task.watchlists, task.release)


@cache
def _screener(index_folder: Path, watchlists: Path, release: str | None) -> Screener:
    with looked_for_later():
        return open_screener(index_folder, watchlists, release)
