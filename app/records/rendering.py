"""Whole columns to CSV and NDJSON text, without touching single cells.

The plain writers of the standard library (`csv.writer`, `json.dumps`) are the oracle: tests compare them byte by byte.
"""

import json
import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from app.records.fields import as_text
from app.records.formulas import neutralise_column

_CSV_SPECIAL = '[",\r\n]'
_JSON_SPECIAL = '["\\\\\x00-\x1f]'
# One look over a whole column's bytes spares most columns a look at each cell.
_CSV_ANY = re.compile(_CSV_SPECIAL.encode())
_JSON_ANY = re.compile(_JSON_SPECIAL.encode())
_FORMULA_ANY = re.compile(b"[=+@\t\r\n-]|\xef\xbc")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _octets(texts: pa.Array) -> memoryview:
    """The texts one after the other, as they lie in memory."""
    if not len(texts):
        return memoryview(b"")
    offsets = memoryview(texts.buffers()[1]).cast("q" if pa.types.is_large_string(texts.type) else "i")
    start, end = offsets[texts.offset], offsets[texts.offset + len(texts)]
    return memoryview(texts.buffers()[2] or b"")[start:end]


def _csv_cells(column: pa.ChunkedArray) -> pa.Array:
    cells = pc.fill_null(_whole(as_text(column)), "")
    if _FORMULA_ANY.search(_octets(cells)):
        cells = neutralise_column(cells)
    if not _CSV_ANY.search(_octets(cells)):
        return cells
    special = pc.match_substring_regex(cells, _CSV_SPECIAL)
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), cells)


def csv_rows(columns: Sequence[pa.ChunkedArray]) -> memoryview:
    """Render rows as RFC 4180: commas, CRLF, quotes only where needed, formulas neutralised, null as nothing.

    Args:
        columns: two or more columns of any type, of one length.

    Returns:
        The lines in UTF-8.
    """
    cells = [_large(_csv_cells(column)) for column in columns]
    ended = pc.binary_join_element_wise(cells[-1], _literal("\r\n"), _literal(""))
    return _octets(pc.binary_join_element_wise(*cells[:-1], ended, _literal(",")))


def _json_cells(column: pa.ChunkedArray) -> pa.Array:
    if not pa.types.is_string(column.type):
        texts = [json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    cells = _whole(column)
    quoted = pc.binary_join_element_wise('"', cells, '"', "")
    if _JSON_ANY.search(_octets(cells)):
        special = pc.match_substring_regex(cells, _JSON_SPECIAL)
        exact = [json.dumps(text, ensure_ascii=False) for text in cells.filter(special).to_pylist()]
        quoted = pc.replace_with_mask(quoted, pc.fill_null(special, False), pa.array(exact, pa.string()))
    return pc.fill_null(quoted, "null")


def ndjson_rows(names: Sequence[str], columns: Sequence[pa.ChunkedArray]) -> memoryview:
    """Render rows as one JSON object to a line.

    Args:
        names: unique keys.
        columns: as many columns, of any type and one length.

    Returns:
        The lines in UTF-8, each with its line feed.
    """
    parts: list[pa.Array | pa.Scalar] = []
    before = "{"
    for name, column in zip(names, columns, strict=True):
        parts += [_literal(before + json.dumps(name, ensure_ascii=False) + ":"), _large(_json_cells(column))]
        before = ","
    return _octets(pc.binary_join_element_wise(*parts, _literal("}\n"), _literal("")))


def _large(cells: pa.Array) -> pa.Array:
    # 64-bit offsets: the joined rows of a batch of long cells may pass 2 GiB.
    return cells.cast(pa.large_string())


def _literal(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())
