"""Screen a shipment file into an answer file that appears under its name only when it is whole."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import orjson
import pyarrow as pa

from app.chemistry.opsin import find_name_reader
from app.domain.errors import InputError
from app.domain.words import Verdict
from app.records.answers import Format, answer_headers, open_writer, published
from app.records.source import Recognised, Source, open_records
from app.screening.totals import Totals
from app.usecases.active_release import open_active
from app.usecases.describe_totals import totals_table
from app.usecases.screen_in_workers import AnsweredBlock, answer_file
from app.usecases.screening_task import Task
from app.usecases.worker_processes import Staff

if TYPE_CHECKING:
    from app.usecases.draw_evidence import Easel
    from app.usecases.ledger import Ledger

# What only pictures or a history of amounts need is imported for them: a file waits for each import.

STANDARD = "-"
"""Standard input, as a file's name."""

POSITION_TELLS = frozenset({"csv", "ndjson"})
"""Formats that are read from front to back, so that the position in the file says how far it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a terminal asks for."""

    source: str
    """A file's path, or `-`."""
    out: Path | None
    """None for standard output."""
    format: Format
    findings: Path | None
    mapping: Mapping[str, str]
    """field -> header, where the user knows better."""
    totals: Path | None = None
    """Where the table of totals goes; None for nowhere."""
    evidence: Path | None = None
    """The folder for the pictures of what findings by structure rest on."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a screening has come."""

    rows: int
    read: float | None
    """Share of the input that was read, 0 to 1; None where that cannot be known."""
    verdicts: Counter[Verdict]
    unreadable: int


Progress = Callable[[Tally], None]
"""Called after each block."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What was done, for the summary."""

    recognised: Recognised
    tally: Tally
    notes: tuple[str, ...]
    """What else the user should know: notes on the file, columns that were renamed."""


def screen_to_file(
    order: Order,
    staff: Staff,
    streams: tuple[BinaryIO, BinaryIO],
    progress: Progress,
    explain: Callable[[bytes], None] | None = None,
    ledger: "Ledger | None" = None,
) -> Screened:
    """Screen a file and publish its answers, all of them or none.

    Args:
        order: what to read and write.
        staff: who screens it, and with what.
        streams: standard input and output, as bytes.
        progress: told after each block.
        explain: given each block's findings as NDJSON, where its task is with findings.
        ledger: where amounts of earlier runs are and those of this one go; None adds up this file alone.

    Returns:
        What was recognised and how many rows had which verdict; by then the answers are under their name.

    Raises:
        InputError: two of the files are one and the same.
        UnreadableFileError: the input cannot be read at all; nothing is under the final name.
        MappingError: a field or header of the mapping is not there.
        WorkerDiedError: a worker ended in mid-work; nothing is under the final name.
    """
    _refuse_overwriting(order)
    with ExitStack() as stack:
        file, size = _open(order, streams[0], stack)
        source = open_records(file, name=_name(order), mapping=order.mapping)
        sink = streams[1] if order.out is None else stack.enter_context(published(order.out))
        findings = None if order.findings is None else stack.enter_context(published(order.findings))
        headers = source.recognised.headers
        writer = open_writer(sink, order.format, headers)
        easel = None if order.evidence is None else _easel(staff.task)
        tally = Tally(0, None, Counter(), 0)
        totals = Totals()
        table = None if order.totals is None else stack.enter_context(published(order.totals))
        book = None if ledger is None else ledger.open(staff.task)
        for block in answer_file(staff, source, totals, book=book):
            writer.write(block.rows, block.answers)
            if findings is not None:
                findings.write(block.findings)
            if explain is not None:
                explain(block.findings)
            if order.evidence is not None and easel is not None:
                _draw(order.evidence, block, easel)
            tally = Tally(
                tally.rows + block.rows.num_rows,
                _share_read(source, file, size),
                tally.verdicts + _verdicts(block.answers),
                tally.unreadable + block.unreadable,
            )
            progress(tally)
        writer.close()
        sink.flush()
        if table is not None:
            table.write(totals_table(totals))
        if ledger is not None:
            ledger.close(tally.verdicts)
    renamed = answer_headers(headers)[1]
    return Screened(source.recognised, tally, (*source.recognised.notes, *renamed, *_told(totals)))


def _told(totals: Totals) -> tuple[str, ...]:
    """Return what the summary says of the totals, where there is something to say."""
    reached = sum(total.reached_at is not None for total in totals.shown())
    notes = []
    if reached:
        notes.append(
            f"{reached:,} total(s) of several rows reach a threshold: --totals FILE lists them with their rows"
        )
    if totals.left_out:
        notes.append(f"{totals.left_out:,} amounts were not added up: there are more totals than are kept at once")
    return tuple(notes)


def _verdicts(answers: pa.Table) -> Counter[Verdict]:
    counted = answers.column("verdict").value_counts().to_pylist()
    return Counter({Verdict(each["values"]): each["counts"] for each in counted})


def _easel(task: Task) -> "Easel":
    from app.usecases.draw_evidence import Easel

    reader = find_name_reader()
    return Easel(open_active(task.index_folder, task.watchlists).watchlist, reader.read if reader else None)


def _draw(folder: Path, block: AnsweredBlock, easel: "Easel") -> None:
    from app.usecases.draw_evidence import draw_findings
    from app.usecases.kept_records import fields_of

    for line in block.findings.splitlines():
        finding = orjson.loads(line)
        record = fields_of(block.records.slice(finding["row"] - block.first_row, 1))
        draw_findings(folder, f"row-{finding['row']}", [finding], record, easel)


def _name(order: Order) -> str:
    return "standard input" if order.source == STANDARD else order.source


def _open(order: Order, standard_input: BinaryIO, stack: ExitStack) -> tuple[Path | BinaryIO, int]:
    """Return the input and its size in bytes; a file is opened here, because a stream knows its position."""
    if order.source == STANDARD:
        return standard_input, 0
    path = Path(order.source)
    if not path.is_file():
        return path, 0  # a folder, a pipe, or nothing: the reader says what is wrong with it
    return stack.enter_context(path.open("rb")), path.stat().st_size


def _share_read(source: Source, file: Path | BinaryIO, size: int) -> float | None:
    if isinstance(file, Path) or size == 0 or source.recognised.format not in POSITION_TELLS:
        return None
    return file.tell() / size


def _refuse_overwriting(order: Order) -> None:
    """Refuse to put the answers over the input, or one answer over the other."""
    named = {
        "IN": None if order.source == STANDARD else Path(order.source),
        "--out": order.out,
        "--findings": order.findings,
        "--totals": order.totals,
    }
    places: dict[Path, str] = {}
    for option, path in named.items():
        if path is not None:
            first = places.setdefault(path.resolve(), option)
            if first != option:
                raise InputError(f"{first} and {option} are the same file: {path}")
