"""What every command of the terminal does alike: where it writes, and how tables and progress are shown."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.usecases.sheets import Sheet

WIDE = 180
"""Columns of a table that goes to a file or pipe, where no terminal says how wide it is."""


def console(*, stderr: bool = False) -> Console:
    """Return a console on standard output or standard error."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() or "COLUMNS" in os.environ else WIDE)


told = console(stderr=True)
"""Everything that is not the answer goes to standard error."""


def read_day(text: str | None) -> date | None:
    """Return the day an option names, None for none.

    Raises:
        BadParameter: it is not a day in ISO 8601.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date; write it as 2025-03-01") from error


def today() -> date:
    """Return the day of a screening that names none: today in UTC."""
    return datetime.now(UTC).date()


def show(console: Console, sheet: Sheet) -> None:
    """Show a table, and its note under it."""
    table = Table(title=_plain(sheet.title), title_justify="left", title_style="bold")
    for heading in sheet.headings:
        table.add_column(heading, justify="right" if heading in sheet.numbers else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(_plain(cell) for cell in row))
    if sheet.rows:
        console.print(table)
    if sheet.note:
        console.print(sheet.note, markup=False, highlight=False, soft_wrap=True)


def tell(console: Console, lines: list[str]) -> None:
    """Show some lines as they are, a blank one after them."""
    for line in lines:
        console.print(_printable(line), markup=False, highlight=False, soft_wrap=True)
    console.print()


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _plain(text: str) -> str:
    """Return text of a file without what a terminal would obey, and without rich's own markup."""
    return _printable(text).replace("[", "\\[")


@contextmanager
def progress_bar(total: float | None, unit: str) -> Iterator[Progress]:
    """Show how far a long piece of work is, where standard error is a terminal."""
    columns = (
        SpinnerColumn(),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} " + unit),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=told, transient=True, disable=not told.is_terminal) as bar:
        bar.add_task("", total=total, rows=0, rate=0.0)
        yield bar


def advance_bar(bar: Progress, rows: int, completed: float | None) -> None:
    """Show how many rows are done, and how much of the whole."""
    task = bar.tasks[0]
    rate = rows / task.elapsed if task.elapsed else 0.0
    bar.update(task.id, rows=rows, rate=rate, completed=completed)
