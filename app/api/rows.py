"""Screened rows as the bytes of a streamed answer."""

import io
from collections.abc import Generator, Iterable, Sequence
from typing import Any, BinaryIO, Literal, Protocol, cast

import pyarrow as pa

from app.api.formats import ARROW, Format
from app.records.answers import NOTHING_DECIDED, answer_headers, answer_table, open_writer
from app.records.headers import unique_headers
from app.records.source import Recognised
from app.usecases.screen_file import ScreenedBlock


class RowWriter(Protocol):
    """Writes rows with their answers."""

    def write(self, batch_rows: pa.Table, answers: pa.Table) -> None:
        """Write some rows with their answers; the tables have as many rows."""

    def close(self) -> None:
        """End the file."""


class Chunks(io.RawIOBase):
    """A file to write to, whose bytes are taken away block by block."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, part: Any) -> int:
        """Take some bytes."""
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def take(self) -> bytes:
        """Give everything written since the last time."""
        taken, self._parts = b"".join(self._parts), []
        return taken


class ArrowWriter:
    """Writes an Arrow IPC stream: the input's columns with their types, the answers as text, `score` as a double."""

    def __init__(self, sink: BinaryIO, columns: Sequence[str]) -> None:
        """Begin a stream; duplicate headers are made unique."""
        self._sink = sink
        self._inputs = unique_headers(columns)
        self._names = [*self._inputs, *answer_headers(self._inputs)[0]]
        self._stream: pa.RecordBatchStreamWriter | None = None

    def write(self, batch_rows: pa.Table, answers: pa.Table) -> None:
        """Write some rows with their answers; the tables have as many rows."""
        scores = [float(score) if score else None for score in answers.column("score").to_pylist()]
        place = answers.column_names.index("score")
        scored = answers.set_column(place, "score", pa.array(scores, pa.float64()))
        table = pa.Table.from_arrays([*batch_rows.columns, *scored.columns], names=self._names)
        if self._stream is None:
            self._stream = pa.ipc.new_stream(self._sink, table.schema)
        self._stream.write_table(table)

    def close(self) -> None:
        """End the stream; one without rows still has its columns."""
        if self._stream is None:
            self.write(
                pa.table({name: pa.array([], pa.string()) for name in self._inputs}), answer_table(NOTHING_DECIDED)
            )
        assert self._stream is not None
        self._stream.close()


def write_rows(blocks: Iterable[ScreenedBlock], recognised: Recognised, chosen: Format) -> Generator[bytes, None, None]:
    """Write rows and their answers.

    Args:
        blocks: in the order of the file.
        recognised: what is known of the file; its columns come first.
        chosen: the format.

    Yields:
        The answer's bytes: the first piece has the header, the last what the format needs at its end.
    """
    sink = Chunks()
    writer = _open(cast(BinaryIO, sink), chosen, recognised)
    for block in blocks:
        writer.write(block.rows, block.answers)
        yield sink.take()
    writer.close()
    yield sink.take()


def _open(sink: BinaryIO, chosen: Format, recognised: Recognised) -> RowWriter:
    headers = recognised.headers or recognised.columns
    if chosen is ARROW:
        return ArrowWriter(sink, headers)
    return open_writer(sink, cast(Literal["csv", "ndjson"], chosen.name), headers)
