"""Shipment files in, tables out: what a file is, which column is which field, and its records batch by batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from app.domain.records import FIELDS
from app.records.columnar import ParquetReader
from app.records.fields import read_records
from app.records.headers import Layout, map_headers, recognise_headers, unique_headers
from app.records.jsonlines import JsonLinesReader
from app.records.limits import MAX_PAGE_CELLS, MAX_UNPACKED_BYTES
from app.records.papers import Paper, recognise_format
from app.records.textfile import DelimitedReader
from app.records.workbook import WorkbookReader

BLOCK_ROWS = 4_096
"""Rows read, screened and written together; decisions do not depend on it."""

Reader = DelimitedReader | WorkbookReader | JsonLinesReader | ParquetReader


@dataclass(frozen=True)
class Recognised:
    """What was recognised in a file, to be shown to the user."""

    format: str
    """csv, xlsx, ndjson or parquet."""
    encoding: str | None
    """The Python codec's name; None where the format fixes it."""
    delimiter: str | None
    """None for one column, and for formats without any."""
    header_row: int | None
    """The line, or the sheet's row, counted from 1; None where there is no header."""
    columns: tuple[str, ...]
    """All input columns in order, made unique."""
    fields: dict[str, str]
    """Field to column. A description may be read from further columns: see `also_description`."""
    notes: tuple[str, ...]
    also_description: tuple[str, ...] = ()
    """Columns whose text is read after the description's, joined by ` | ` where it differs."""
    headers: tuple[str, ...] = field(default=())
    """The headers as they stand in the file: duplicates and empty ones as they are."""


@dataclass(frozen=True)
class Batch:
    """Some rows of a file, in order."""

    rows: pa.Table
    """The input's columns unchanged, under unique names; text, but for Parquet, which keeps its types."""
    records: pa.Table
    """The same rows as records (RECORD_SCHEMA)."""
    first_row: int
    """Number of the first of them, counted from 1 under the header, blank lines not counted."""


class Source:
    """A file that was recognised and can be read."""

    def __init__(self, reader: Reader, layout: Layout, recognised: Recognised) -> None:
        self._reader = reader
        self._layout = layout
        self.recognised = recognised

    def batches(self, rows: int = BLOCK_ROWS) -> Iterator[Batch]:
        """Read the file from its beginning, in bounded memory.

        Args:
            rows: records to a batch; the last may be smaller, and those with very long or very many cells.

        Yields:
            Batches in the file's order; none for a file without records.

        Raises:
            UnreadableFileError: the file turns out to be damaged further down.
        """
        first = 1
        rows = max(1, min(rows, MAX_PAGE_CELLS // len(self.recognised.columns)))
        for page in self._reader.pages(rows, self._layout.fields.get("description")):
            yield Batch(page.table, read_records(page, self._layout), first)
            first += page.table.num_rows


def open_records(
    file: Path | BinaryIO,
    *,
    name: str,
    mapping: Mapping[str, str] | None = None,
    most_unpacked: int = MAX_UNPACKED_BYTES,
) -> Source:
    """Recognise a shipment file by its content.

    Args:
        file: a path, or a stream of bytes (standard input too), which stays the caller's to close.
        name: what to call the file in messages.
        mapping: field to header, over what is recognised; the header exact, or else in any case.
        most_unpacked: bytes that a file packed with gzip, or a Parquet file, may unpack to.

    Returns:
        The source, ready to be read; a path may be read more than once.

    Raises:
        UnreadableFileError: the file is not a table that can be read here; the message says what to do.
        MappingError: `mapping` names a field or a header that does not exist.
    """
    wanted = dict(mapping or {})
    reader = _open_reader(
        Paper(file, name, most_unpacked), frozenset(header.strip().casefold() for header in wanted.values())
    )
    headers = tuple(reader.headers)
    columns = unique_headers(headers)
    layout = reader.guess(recognise_headers(headers))
    if wanted:
        layout = map_headers(layout, columns, headers, wanted)
    notes = [*reader.notes, *layout.notes, *_route_notes(headers, layout)]
    recognised = Recognised(
        format=reader.format,
        encoding=reader.encoding,
        delimiter=reader.delimiter,
        header_row=reader.header_row,
        columns=columns,
        fields={name: columns[layout.fields[name]] for name in FIELDS if name in layout.fields},
        notes=tuple(notes),
        also_description=tuple(columns[position] for position in layout.also),
        headers=headers,
    )
    return Source(reader, layout, recognised)


def _open_reader(paper: Paper, wanted: frozenset[str]) -> Reader:
    sample = paper.sample()
    kind = recognise_format(paper, sample)
    if kind == "xlsx":
        return WorkbookReader(paper, wanted)
    if kind == "parquet":
        return ParquetReader(paper)
    if kind == "ndjson":
        return JsonLinesReader(paper)
    return DelimitedReader(paper, sample, wanted)


def _route_notes(headers: tuple[str, ...], layout: Layout) -> list[str]:
    notes = []
    if layout.unit and "quantity" in layout.fields:
        notes.append(f"quantities are in {layout.unit}, after the column {headers[layout.fields['quantity']]}")
    if not {"description", "cas", "smiles", "inchi", "inchikey"} & layout.fields.keys():
        notes.append("no column describes the goods")
    return notes
