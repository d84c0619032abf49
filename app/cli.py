"""The command line: the same core as the service, for a terminal; needs no server and no database."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.domain.errors import InputError, PrecursorWatchError, SettingsError, UnreadableFileError
from app.domain.version import VERSION
from app.screening.scope import Scope
from app.settings import ROOT, read_settings
from app.usecases.compile_watchlist import check_watchlist, compile_watchlist, list_watchlist
from app.usecases.describe_decision import describe_decision
from app.usecases.evaluate import choose_sets, evaluate
from app.usecases.evaluation_sheets import calibration_sheets, error_sheets, evaluation_json, figures_sheet, read_goals
from app.usecases.explain import explain_decision, explain_findings
from app.usecases.open_screener import open_screener
from app.usecases.quality_sets import read_quality_sets
from app.usecases.resolution_sheets import resolution_json, resolution_sheets
from app.usecases.screen_in_workers import Task
from app.usecases.screen_to_file import Order, Tally, screen_to_file
from app.usecases.screening_sheets import recognised_sheet, verdicts_sheet
from app.usecases.sheets import Sheet

DONE, SOME_UNREADABLE, WRONG_USAGE, UNREADABLE = 0, 1, 2, 3
"""Exit statuses, as the contract has them; `watchlist check` ends with 1 when there are faults."""
INTERRUPTED, BROKEN_PIPE, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGPIPE, 128 + signal.SIGTERM

cli = typer.Typer(
    name="precursor-watch",
    help="Screen shipment and export records for controlled drug precursors.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
watchlist = typer.Typer(name="watchlist", help="Check, compile and list the watchlist.", no_args_is_help=True)
cli.add_typer(watchlist)
DEVELOPMENT = ROOT.parent / "shared" / "eval"
"""Where the development sets lie, unless EVAL_DIR says otherwise."""

WIDE = 180
"""Columns of a table that goes to a file or pipe, where no terminal says how wide it is."""


def _console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() or "COLUMNS" in os.environ else WIDE)


told = _console(stderr=True)
"""Everything that is not the answer goes to standard error."""


class Format(StrEnum):
    """How answers are written."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


def main() -> NoReturn:
    """Run the command line and end with its exit status."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        cli(standalone_mode=True)
        status = DONE
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else DONE
    except KeyboardInterrupt:
        status = INTERRUPTED
    except (PrecursorWatchError, OSError) as error:
        told.print(f"precursor-watch: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        wrong = isinstance(error, InputError | SettingsError) and not isinstance(error, UnreadableFileError)
        status = WRONG_USAGE if wrong else UNREADABLE
    sys.exit(status)


@contextmanager
def _until_the_reader_leaves() -> Iterator[None]:
    """End quietly where whoever reads the answers has seen enough, as `head` has."""
    try:
        yield
    except BrokenPipeError as error:
        # What is still in the buffer must not be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from error


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date; write it as 2025-03-01") from error


def _mapping(pairs: list[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, sign, header = pair.partition("=")
        if not sign or not name or not header:
            raise typer.BadParameter(f"{pair!r} is not field=HEADER", param_hint="--map")
        if name in chosen:
            raise typer.BadParameter(f"{name} is mapped twice", param_hint="--map")
        chosen[name] = header
    return chosen


def _today() -> date:
    return datetime.now(UTC).date()


def _show(console: Console, sheet: Sheet) -> None:
    table = Table(title=_plain(sheet.title), title_justify="left", title_style="bold")
    for heading in sheet.headings:
        table.add_column(heading, justify="right" if heading in sheet.numbers else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(_plain(cell) for cell in row))
    if sheet.rows:
        console.print(table)
    if sheet.note:
        console.print(sheet.note, markup=False, highlight=False, soft_wrap=True)


def _plain(text: str) -> str:
    """Return text of a file without what a terminal would obey, and without rich's own markup."""
    return "".join(c if c.isprintable() else " " for c in text).replace("[", "\\[")


@contextmanager
def _bar(total: float | None, unit: str) -> Iterator[Progress]:
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


def _explain(findings: bytes) -> None:
    for lines in explain_findings(findings):
        _tell(told, lines)


def _tell(console: Console, lines: list[str]) -> None:
    for line in lines:
        console.print(
            "".join(c if c.isprintable() else " " for c in line), markup=False, highlight=False, soft_wrap=True
        )
    console.print()


def _advance(bar: Progress, rows: int, completed: float | None) -> None:
    task = bar.tasks[0]
    rate = rows / task.elapsed if task.elapsed else 0.0
    bar.update(task.id, rows=rows, rate=rate, completed=completed)


@cli.callback(invoke_without_command=True)
def _begin(version: Annotated[bool, typer.Option("--version", help="Say the version and end.")] = False) -> None:
    if version:
        print(f"precursor-watch {VERSION}")
        raise typer.Exit


@cli.command()
def screen(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="csv, tsv, csv.gz, xlsx, ndjson or parquet; - is standard input.")
    ],
    out: Annotated[Path | None, typer.Option(help="Where the answers go; standard output if not given.")] = None,
    findings: Annotated[Path | None, typer.Option(help="One line of JSON for each finding.")] = None,
    format: Annotated[Format, typer.Option(help="How the answers are written.")] = Format.CSV,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Judge by the law of this day.")] = None,
    instrument: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this instrument; may be repeated.")
    ] = None,
    map: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=HEADER", help="Read this field from that column.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that screen.")] = 1,
    totals: Annotated[Path | None, typer.Option(help="Amounts added up over a month or year, as CSV.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell each decision with a finding in full, on standard error.")
    ] = False,
) -> None:
    """Screen a shipment file: its rows come back, in order, with a verdict and a reason each."""
    settings = read_settings()
    scope = Scope(today=_today(), as_of=_day(as_of), instruments=tuple(instrument) if instrument else None)
    out = None if str(out) == "-" else out
    order = Order(source, out, format.value, findings, _mapping(map or []), workers, totals)
    task = Task(settings.index, settings.watchlists, scope, findings is not None or explain)
    with _until_the_reader_leaves(), _bar(1.0, "rows") as bar:

        def advance(tally: Tally) -> None:
            _advance(bar, tally.rows, tally.read)

        streams = (sys.stdin.buffer, sys.stdout.buffer)
        screened = screen_to_file(order, task, streams, advance, _explain if explain else None)
    _show(told, recognised_sheet(screened))
    _show(told, verdicts_sheet(screened))
    raise typer.Exit(SOME_UNREADABLE if screened.tally.unreadable else DONE)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 lets the system choose.")] = None,
) -> None:
    """Serve the HTTP interface; the settings are the PW_ variables."""
    from app.main import serve as serve_settings  # the web stack is slow to import and only needed here

    given: dict[str, Any] = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serve_settings(read_settings(**given))


@cli.command()
def resolve(
    text: Annotated[str, typer.Argument(help="A name, or a line of goods.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what every law here says of it today, as a record of its own.")
    ] = False,
) -> None:
    """Say what substance a name means, and why, and which look-alikes were rejected."""
    settings = read_settings()
    screener = open_screener(settings.index, settings.watchlists)
    resolution = screener.resolve(text)
    if as_json:
        print(json.dumps(resolution_json(resolution), ensure_ascii=False, indent=2))
        return
    for sheet in resolution_sheets(resolution):
        _show(_console(), sheet)
    if explain:
        decision = screener.decide({"description": text}, Scope(today=_today()))
        _tell(_console(), explain_decision(describe_decision(decision)))


@watchlist.command()
def check() -> None:
    """Show every fault of the watchlist's files."""
    settings = read_settings()
    faults = check_watchlist(settings.watchlists)
    for fault in faults:
        print(fault)
    if faults:
        told.print(f"{len(faults)} faults in {settings.watchlists}", style="red", soft_wrap=True)
        raise typer.Exit(1)
    told.print(f"no faults in {settings.watchlists}", soft_wrap=True)


@watchlist.command(name="compile")
def compile_(
    force: Annotated[bool, typer.Option(help="Compile even where the index is there.")] = False,
) -> None:
    """Compile the watchlist into the index that screening reads."""
    settings = read_settings()
    compiled = compile_watchlist(settings.watchlists, settings.index, force=force)
    print(compiled.place)
    told.print(f"{compiled.size / 1e6:.1f} MB in {compiled.seconds:.1f} s")


@watchlist.command(name="list")
def list_() -> None:
    """List the instruments, with their entries by evidence."""
    _show(_console(), list_watchlist(read_settings().watchlists))


@cli.command(name="evaluate")
def evaluate_(
    set_names: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME", help="Only this set; NAME* for all that begin so.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="How many of the worst errors of each kind are shown.")] = 10,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Everything measured, with every error.")
    ] = None,
    eval_dir: Annotated[Path, typer.Option(envvar="EVAL_DIR", help="Folder of the development sets.")] = DEVELOPMENT,
    quality: Annotated[Path, typer.Option(help="Folder of the public set and the goals.")] = ROOT / "quality",
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Judge by the law of this day.")] = None,
) -> None:
    """Measure recall, alarm rate and calibration on the frozen sets."""
    settings = read_settings()
    sets = read_quality_sets(eval_dir, quality)
    for note in sets.notes:
        told.print(note, soft_wrap=True, markup=False, highlight=False)
    rows = choose_sets(sets.rows, set_names or [])
    screener = open_screener(settings.index, settings.watchlists)
    scope = Scope(today=_today(), as_of=_day(as_of))
    with _bar(len(rows), "rows") as bar:

        def advance(batch: int) -> None:
            done = bar.tasks[0].fields["rows"] + batch
            _advance(bar, done, done)

        evaluation = evaluate(screener, rows, scope, advance)
    goals = read_goals(quality / "goals.toml")
    shown = _console()
    for sheet in (*error_sheets(evaluation, errors), *calibration_sheets(evaluation), figures_sheet(evaluation, goals)):
        _show(shown, sheet)
    if json_file is not None:
        json_file.write_text(json.dumps(evaluation_json(evaluation, goals), ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
