"""Answers back to the user: the appended columns, the writers, and files that appear only when they are complete."""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from app.domain.decisions import Decision, Decisions
from app.records.headers import unique_headers
from app.records.rendering import csv_rows, ndjson_rows

ANSWER_COLUMNS: tuple[str, ...] = (
    "verdict",
    "score",
    "substance_id",
    "substance",
    "substance_cas",
    "entries",
    "duties",
    "channels",
    "reason",
)
"""The appended columns, in order (contract, section 4)."""

NOTHING_DECIDED = Decisions.each(())
"""The decisions on no records."""

_ANSWER_SCHEMA = pa.schema([(name, pa.string()) for name in ANSWER_COLUMNS])

Format = Literal["csv", "ndjson", "parquet"]


def _distinct(texts: Iterator[str]) -> str:
    return "|".join(dict.fromkeys(texts))


def _answer(decision: Decision) -> tuple[str, ...]:
    score = "" if decision.score is None else f"{decision.score:.3f}"
    found = decision.findings
    if not found:
        return (decision.verdict.value, score, "", "", "", "", "", "", decision.reason)
    if len(found) > 1:
        found = tuple(sorted(found, key=lambda finding: -finding.score))
    return (
        decision.verdict.value,
        score,
        "|".join(finding.substance_id for finding in found),
        "|".join(finding.substance for finding in found),
        "|".join(finding.cas[0] if finding.cas else "" for finding in found),
        _distinct(entry.id for finding in found for entry in finding.entries),
        _distinct(duty for finding in found for entry in finding.entries for duty in entry.duties),
        _distinct(str(channel) for finding in found for channel in finding.channels),
        decision.reason,
    )


def answer_table(decisions: Decisions) -> pa.Table:
    """Make the appended columns of some decisions.

    Args:
        decisions: one for each row, in order.

    Returns:
        ANSWER_COLUMNS as text, one row for each decision. Substances stand strongest first, those of equal score as the
        decision has them; `score` is 0.000 to 1.000, or empty.
    """
    columns = zip(*map(_answer, decisions.kinds), strict=True) if decisions.kinds else [()] * len(ANSWER_COLUMNS)
    which = pa.array(decisions.which, pa.int64())
    return pa.Table.from_arrays(
        [pa.array(column, pa.string()).take(which) for column in columns], schema=_ANSWER_SCHEMA
    )


def with_answers(answers: pa.Table, decisions: Mapping[int, Decision]) -> pa.Table:
    """Put other decisions in the place of some.

    Args:
        answers: as `answer_table` makes them.
        decisions: by the position of their row, from 0.
    """
    columns = [column.to_pylist() for column in answers.columns]
    for position, decision in decisions.items():
        for column, cell in zip(columns, _answer(decision), strict=True):
            column[position] = cell
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=_ANSWER_SCHEMA)


def answer_headers(columns: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the appended columns so that none bears an input column's name.

    Args:
        columns: the input's columns.

    Returns:
        The names, in the order of ANSWER_COLUMNS, and a note for each that had to be prefixed with `pw_`.
    """
    taken, names, notes = set(columns), [], []
    for column in ANSWER_COLUMNS:
        name = column
        while name in taken:
            name = f"pw_{name}"
        if name != column:
            notes.append(f"the file has a column {column!r}; the answer stands in {name!r}")
        taken.add(name)
        names.append(name)
    return tuple(names), tuple(notes)


class CsvWriter:
    """Writes RFC 4180: UTF-8, commas, CRLF, quotes where needed; formulas neutralised (see `app.records.formulas`)."""

    def __init__(self, sink: BinaryIO, columns: Sequence[str]) -> None:
        """Begin a file.

        Args:
            sink: takes the bytes; stays open.
            columns: the input's headers as they are to be written, duplicates and all.
        """
        self._sink = sink
        names = (*columns, *answer_headers(columns)[0])
        sink.write(csv_rows([pa.chunked_array([[name]], pa.string()) for name in names]))

    def write(self, batch_rows: pa.Table, answers: pa.Table) -> None:
        """Write some rows with their answers; the tables have as many rows."""
        self._sink.write(csv_rows([*batch_rows.columns, *answers.columns]))

    def close(self) -> None:
        """End the file."""


class NdjsonWriter:
    """Writes one JSON object to a line, UTF-8; `score` is a number or null."""

    def __init__(self, sink: BinaryIO, columns: Sequence[str]) -> None:
        """Begin a file; duplicate headers are made unique, since an object's keys are."""
        self._sink = sink
        unique = unique_headers(columns)
        self._names = (*unique, *answer_headers(unique)[0])

    def write(self, batch_rows: pa.Table, answers: pa.Table) -> None:
        """Write some rows with their answers; the tables have as many rows."""
        self._sink.write(ndjson_rows(self._names, [*batch_rows.columns, *_scored(answers).columns]))

    def close(self) -> None:
        """End the file."""


class ParquetWriter:
    """Writes Parquet (zstd): the input's columns with their types, the answers as text, `score` as a double or null."""

    def __init__(self, sink: BinaryIO, columns: Sequence[str]) -> None:
        """Begin a file; duplicate headers are made unique."""
        self._sink = sink
        unique = unique_headers(columns)
        self._names = [*unique, *answer_headers(unique)[0]]
        self._writer: pq.ParquetWriter | None = None

    def write(self, batch_rows: pa.Table, answers: pa.Table) -> None:
        """Write some rows with their answers; the tables have as many rows."""
        table = pa.Table.from_arrays([*batch_rows.columns, *_scored(answers).columns], names=self._names)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._sink, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        """End the file; one without rows still has its columns."""
        if self._writer is None:
            inputs = len(self._names) - len(ANSWER_COLUMNS)
            self.write(
                pa.table({name: pa.array([], pa.string()) for name in self._names[:inputs]}),
                answer_table(NOTHING_DECIDED),
            )
        assert self._writer is not None
        self._writer.close()


Writer = CsvWriter | NdjsonWriter | ParquetWriter
_WRITERS: dict[str, type[CsvWriter] | type[NdjsonWriter] | type[ParquetWriter]] = {
    "csv": CsvWriter,
    "ndjson": NdjsonWriter,
    "parquet": ParquetWriter,
}


def _scored(answers: pa.Table) -> pa.Table:
    """The answers with `score` as a number, null where there is none."""
    text = answers.column("score")
    score = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text).cast(pa.float64())
    return answers.set_column(answers.column_names.index("score"), "score", score)


def open_writer(sink: BinaryIO, format: Format, columns: Sequence[str]) -> Writer:
    """Begin an answer file.

    Args:
        sink: takes the bytes; stays the caller's to close.
        format: csv, ndjson or parquet.
        columns: the input's headers, as they are to be written (`Recognised.headers`, or `Recognised.columns`).

    Returns:
        A writer with `write(batch_rows, answers)` and `close()`; call `close` also when nothing was written.
    """
    return _WRITERS[format](sink, columns)


@contextmanager
def published(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears under its name only when it is complete.

    The bytes go to a hidden file beside it, are forced to disk and renamed in one step. On an error the hidden file is
    removed and what stood under the name stays; a killed process leaves at most the hidden file. A path that is no
    regular file (a pipe, `/dev/stdout`) is written to directly.

    Args:
        path: where the file is to be; its folder must exist.

    Yields:
        The stream to write to.

    Raises:
        OSError: the folder is not there or cannot be written, or the disk is full.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as direct:
            yield direct
        return
    hidden = target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.part")
    try:
        # Not mkstemp: the finished file is to have the rights that any new file of the user gets.
        with hidden.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(hidden, target)
    except BaseException:
        with suppress(FileNotFoundError):
            hidden.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Force the new name itself to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
