"""Files that are small and unpack to more than any shipment file should: told before anything is made of them."""

import itertools
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from app.domain.errors import UnreadableFileError
from app.records.limits import (
    MAX_BATCH_OCTETS,
    MAX_CELL_OCTETS,
    MAX_COLUMN_OCTETS,
    MAX_LINE_CHARACTERS,
    MAX_NESTED_VALUES,
    MAX_RATIO,
    MAX_SHARED_OCTETS,
    MAX_WORKBOOK_BYTES,
    MAX_XML_OCTETS,
    RATIO_FROM,
)


def check_workbook(stream: BinaryIO, name: str) -> None:
    """Refuse a workbook whose parts no reader should make anything of.

    What the archive says of itself is looked at first, and then what it unpacks to, in pieces: text that never ends,
    and elements that never become a row or a shared text, would all be held until they do.

    Args:
        stream: the workbook.
        name: what to call it.

    Raises:
        UnreadableFileError: it is one of those, damaged, or encrypted.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableFileError(name, "an encrypted workbook; take the password off and save it again")
            unpacked = sum(member.file_size for member in members)
            packed = max(1, sum(member.compress_size for member in members))
            if unpacked > MAX_WORKBOOK_BYTES or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
                raise UnreadableFileError(name, f"it would unpack to {unpacked >> 20} MiB; save it as CSV")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and member.file_size > MAX_CELL_OCTETS:
                    _check_member(archive, member, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as fault:
        raise UnreadableFileError(name, f"a damaged workbook: {fault}") from fault


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    place = member.filename.lower()
    mark = b"<row" if "/worksheets/" in place else b"<si" if "sharedstrings" in place else None
    if mark == b"<si" and member.file_size > MAX_SHARED_OCTETS:
        raise UnreadableFileError(name, f"its texts unpack to {member.file_size >> 20} MiB; save it as CSV")
    since = 0
    with archive.open(member) as part:
        while block := part.read(MAX_CELL_OCTETS):
            if len(block) == MAX_CELL_OCTETS and b"<" not in block:
                raise UnreadableFileError(name, f"a cell of {member.filename} has more than a million characters")
            last = -1 if mark is None else block.rfind(mark)
            since = since + len(block) if last < 0 else len(block) - last
            if since > MAX_XML_OCTETS:
                raise UnreadableFileError(name, f"{member.filename} goes on for {since >> 20} MiB without a row")


def check_parquet(file: pq.ParquetFile, name: str) -> None:
    """Refuse a Parquet file whose columns unpack to too much at once, by what it says of itself.

    Raises:
        UnreadableFileError: write it again with smaller row groups.
    """
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        for place in range(group.num_columns):
            column = group.column(place)
            nested = "." in column.path_in_schema and column.num_values > MAX_NESTED_VALUES
            if nested or column.total_uncompressed_size > MAX_COLUMN_OCTETS:
                raise UnreadableFileError(name, f"row group {number} is too large; write smaller ones")


def parts_of(batch: pa.RecordBatch, name: str) -> Iterator[pa.RecordBatch]:
    """Cut a batch where the texts of its dictionaries would unfold to more than `MAX_BATCH_OCTETS`.

    Args:
        batch: text columns as dictionaries: one long text may stand in thousands of rows.
        name: what to call the file.

    Yields:
        The rows in order, every one once.

    Raises:
        UnreadableFileError: one row alone is longer than `MAX_LINE_CHARACTERS`.
    """
    octets = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and len(column.dictionary):
            lengths = pc.binary_length(column.dictionary).cast(pa.int64())
            octets += pc.fill_null(lengths.take(column.indices), 0).to_numpy(zero_copy_only=False)
    if octets.max(initial=0) > MAX_LINE_CHARACTERS:
        raise UnreadableFileError(name, f"a row has more than {MAX_LINE_CHARACTERS >> 20} MiB of text")
    turns = np.flatnonzero(np.diff(np.cumsum(octets) // MAX_BATCH_OCTETS)) + 1
    bounds = [0, *turns.tolist(), batch.num_rows]
    for start, end in itertools.pairwise(bounds):
        if end > start:
            yield batch.slice(start, end - start)
