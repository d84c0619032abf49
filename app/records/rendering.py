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
from app.records.octets import holding, octets_of, whole

_CSV_SPECIAL = b'",\r\n'
_JSON_SPECIAL = '["\\\\\x00-\x1f]'
_JSON_ANY = re.compile(_JSON_SPECIAL.encode())


def _csv_cells(column: pa.ChunkedArray) -> pa.Array:
    cells = pc.fill_null(whole(as_text(column)), "")
    cells = neutralise_column(cells)
    special = holding(cells, _CSV_SPECIAL)
    if not special.any():
        return cells
    doubled = pc.replace_substring(cells.filter(pa.array(special)), '"', '""')
    return pc.replace_with_mask(cells, pa.array(special), pc.binary_join_element_wise('"', doubled, '"', ""))


def csv_rows(columns: Sequence[pa.ChunkedArray]) -> memoryview:
    """Render rows as RFC 4180: commas, CRLF, quotes only where needed, formulas neutralised, null as nothing.

    Args:
        columns: two or more columns of any type, of one length.

    Returns:
        The lines in UTF-8.
    """
    cells = [_large(_csv_cells(column)) for column in columns]
    ended = pc.binary_join_element_wise(cells[-1], _literal("\r\n"), _literal(""))
    return octets_of(pc.binary_join_element_wise(*cells[:-1], ended, _literal(",")))


def _json_cells(column: pa.ChunkedArray) -> pa.Array:
    if not pa.types.is_string(column.type):
        texts = [json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    cells = whole(column)
    quoted = pc.binary_join_element_wise('"', cells, '"', "")
    if _JSON_ANY.search(octets_of(cells)):
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
    return octets_of(pc.binary_join_element_wise(*parts, _literal("}\n"), _literal("")))


def _large(cells: pa.Array) -> pa.Array:
    # 64-bit offsets: the joined rows of a batch of long cells may pass 2 GiB.
    return cells.cast(pa.large_string())


def _literal(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())
