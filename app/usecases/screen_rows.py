"""Screen some rows of a file: what a process does that screens a file alone or together with others."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyarrow as pa

from app.chemistry.opsin import NameReader, find_name_reader
from app.domain.decisions import Decisions
from app.domain.garbage import looked_for_later
from app.domain.records import RECORD_SCHEMA
from app.records.answers import answer_table
from app.screening.screener import Screener
from app.usecases.active_release import read_active
from app.usecases.findings import findings_lines
from app.usecases.open_screener import open_screener
from app.usecases.screening_task import ScreenedRows, Task

# Every process that screens begins with these imports: nothing of the database or the terminal is among them.


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


def lines_of(descriptions: Sequence[str]) -> pa.Table:
    """Return records of which nothing but their descriptions is known."""
    columns = {field.name: pa.nulls(len(descriptions), field.type) for field in RECORD_SCHEMA}
    return pa.table(columns | {"description": pa.array(descriptions, pa.string())}, RECORD_SCHEMA)


def pinned(task: Task) -> Task:
    """Return the task with the release that is active: one file, one release, whatever is activated meanwhile.

    Raises:
        StaleIndexError: what says which release is active is damaged.
    """
    active = read_active(task.index_folder) if task.release is None else None
    return task if active is None else replace(task, release=active.release)


def screener_of(task: Task) -> Screener:
    """Return the core that this process screens a task with."""
    return _screener(task.index_folder, task.watchlists, task.release)


@cache
def name_reader() -> NameReader | None:
    """Return what reads names in this process, and in those forked from it; None where there is no OPSIN."""
    return find_name_reader()


@cache
def _screener(index_folder: Path, watchlists: Path, release: str | None) -> Screener:
    reader = name_reader()
    with looked_for_later():
        return open_screener(index_folder, watchlists, release, reader.read if reader else None)
