"""The command line: the same core as the service, for a terminal; needs no server and no database."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import app.domain.garbage  # noqa: F401  # first, so that the imports behind it are sooner done
from app.commands.audit import audit
from app.commands.database import database as database_commands
from app.commands.erase import erase
from app.commands.keys import keys
from app.commands.watchlist import watchlist
from app.domain.errors import InputError, PrecursorWatchError, SettingsError, UnreadableFileError
from app.domain.version import VERSION
from app.screening.scope import Scope
from app.settings import ROOT, Settings, read_settings
from app.terminal import advance_bar, console, progress_bar, read_day, show, tell, today, told

if TYPE_CHECKING:
    from app.usecases.ledger import Ledger

# What only one command needs is imported in it: of a quick question, most of the time would go into imports.

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
cli.add_typer(watchlist)
cli.add_typer(keys)
cli.add_typer(audit)
cli.add_typer(database_commands)
cli.command(name="erase")(erase)
DEVELOPMENT = ROOT.parent / "shared" / "eval"
"""Where the development sets lie, unless EVAL_DIR says otherwise."""


SHOWN_CHANGES = 50
"""Changed decisions that are listed; the others are in the database."""

EVIDENCE = typer.Option(metavar="DIR", help="Draw what each finding by structure rests on, into this folder.")
AS_JSON = typer.Option("--json", help="Write JSON.")


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


@contextmanager
def _ledger(settings: Settings, source: str, history: bool) -> Iterator["Ledger | None"]:
    """Open the database for the amounts of a file, where they are to be added to those of earlier runs."""
    if not history:
        yield None
        return
    from app.usecases.ledger import Ledger
    from app.usecases.prepare_database import open_database, prepare_database
    from app.usecases.screen_to_file import STANDARD

    prepare_database(settings.database_url)
    database = open_database(settings.database_url)
    try:
        yield Ledger(database, None if source == STANDARD else Path(source))
    finally:
        database.dispose()


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


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


def _explain(findings: bytes) -> None:
    from app.usecases.explain import explain_findings

    for lines in explain_findings(findings):
        tell(told, lines)


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
    evidence: Annotated[Path | None, EVIDENCE] = None,
    history: Annotated[
        bool,
        typer.Option("--history", help="Add amounts to those of earlier runs in the database, and keep them there."),
    ] = False,
) -> None:
    """Screen a shipment file: its rows come back, in order, with a verdict and a reason each."""
    from app.usecases.screening_task import Task
    from app.usecases.worker_processes import employed

    settings = read_settings()
    scope = Scope(today=today(), as_of=read_day(as_of), instruments=tuple(instrument) if instrument else None)
    mapping = _mapping(map or [])
    out = None if str(out) == "-" else out
    task = Task(settings.index, settings.watchlists, scope, findings is not None or explain or evidence is not None)
    with employed(task, workers) as staff:  # before the imports: they and the rest of this process begin side by side
        from app.usecases.screen_to_file import Order, Tally, screen_to_file
        from app.usecases.screening_sheets import recognised_sheet, verdicts_sheet

        order = Order(source, out, format.value, findings, mapping, totals, evidence)
        with _until_the_reader_leaves(), _ledger(settings, source, history) as ledger, progress_bar(1.0, "rows") as bar:

            def advance(tally: Tally) -> None:
                advance_bar(bar, tally.rows, tally.read)

            streams = (sys.stdin.buffer, sys.stdout.buffer)
            screened = screen_to_file(order, staff, streams, advance, _explain if explain else None, ledger)
    show(told, recognised_sheet(screened))
    show(told, verdicts_sheet(screened))
    raise typer.Exit(SOME_UNREADABLE if screened.tally.unreadable else DONE)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 lets the system choose.")] = None,
    processes: Annotated[int | None, typer.Option(help="Server processes that share the port and the index.")] = None,
) -> None:
    """Serve the HTTP interface; the settings are the PW_ variables."""
    from app.main import serve as serve_settings

    given = {"host": host, "port": port, "processes": processes}
    serve_settings(read_settings(**{name: value for name, value in given.items() if value is not None}))


@cli.command()
def work() -> None:
    """Work on jobs that the HTTP interface takes, beside those workers that `serve` starts."""
    from app.work import work_on_jobs

    work_on_jobs(read_settings())


@cli.command()
def resolve(
    text: Annotated[str, typer.Argument(help="A name, or a line of goods.")],
    as_json: Annotated[bool, AS_JSON] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what every law here says of it today, as a record of its own.")
    ] = False,
    evidence: Annotated[Path | None, EVIDENCE] = None,
) -> None:
    """Say what substance a name means, and why, and which look-alikes were rejected."""
    from app.usecases.releases import open_shelf
    from app.usecases.resolution_sheets import resolution_json, resolution_sheets

    settings = read_settings()
    shelf = open_shelf(settings.index, settings.watchlists)
    resolution = shelf.loaded.resolve(text)
    if evidence is not None:
        from app.usecases.draw_evidence import draw_text

        drawn = draw_text(evidence, text, shelf, Scope(today=today()))
        told.print("\n".join(map(str, drawn)) or "no picture: no finding rests on a structure", soft_wrap=True)
    if as_json:
        print(json.dumps(resolution_json(resolution), ensure_ascii=False, indent=2))
        return
    for sheet in resolution_sheets(resolution):
        show(console(), sheet)
    if explain:
        from app.usecases.describe_decision import describe_decision
        from app.usecases.explain import explain_decision

        decision = shelf.loaded.decide({"description": text}, Scope(today=today()))
        tell(console(), explain_decision(describe_decision(decision)))


@cli.command(name="rescreen")
def rescreen_() -> None:
    """Judge kept records again with this release; every changed outcome becomes a new decision."""
    from app.usecases.prepare_database import open_database, prepare_database
    from app.usecases.read_decisions import list_decisions
    from app.usecases.releases import open_shelf
    from app.usecases.rescreen import rescreen
    from app.usecases.rescreening_sheets import rescreening_sheets

    settings = read_settings()
    shelf = open_shelf(settings.index, settings.watchlists)
    prepare_database(settings.database_url)
    database = open_database(settings.database_url)
    try:
        with progress_bar(None, "records") as bar:
            done = rescreen(shelf, database, today(), progress=lambda passed: advance_bar(bar, passed, None))
        changed = list_decisions(database, SHOWN_CHANGES, run_id=done.run.id).items
    finally:
        database.dispose()
    for sheet in rescreening_sheets(done, changed):
        show(console(), sheet)


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
    from app.usecases.evaluate import choose_sets, evaluate
    from app.usecases.evaluation_sheets import (
        calibration_sheets,
        error_sheets,
        evaluation_json,
        figures_sheet,
        read_goals,
    )
    from app.usecases.open_screener import open_screener
    from app.usecases.quality_sets import read_quality_sets

    settings = read_settings()
    sets = read_quality_sets(eval_dir, quality)
    for note in sets.notes:
        told.print(note, soft_wrap=True, markup=False, highlight=False)
    rows = choose_sets(sets.rows, set_names or [])
    screener = open_screener(settings.index, settings.watchlists)
    scope = Scope(today=today(), as_of=read_day(as_of))
    with progress_bar(len(rows), "rows") as bar:

        def advance(batch: int) -> None:
            done = bar.tasks[0].fields["rows"] + batch
            advance_bar(bar, done, done)

        evaluation = evaluate(screener, rows, scope, advance)
    goals = read_goals(quality / "goals.toml")
    shown = console()
    for sheet in (*error_sheets(evaluation, errors), *calibration_sheets(evaluation), figures_sheet(evaluation, goals)):
        show(shown, sheet)
    if json_file is not None:
        json_file.write_text(json.dumps(evaluation_json(evaluation, goals), ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
