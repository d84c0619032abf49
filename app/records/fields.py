"""A page of a file to records: each field from its column, as it was declared."""

import pyarrow as pa
import pyarrow.compute as pc

from app.domain.records import FIELDS, RECORD_SCHEMA, UNREADABLE
from app.records.headers import Layout
from app.records.octets import beginning_with, has_empty, octets_of, whole
from app.records.pages import Page

_IDENTITY = ("description", "cas", "smiles", "inchi", "inchikey", "hs_code")
"""Fields that say what the goods are: a row that ends before one of them is not readable."""

_BLANK_OCTETS = bytes([*range(0x21), *range(0x80, 0x100)])
"""The first bytes of texts that may be blank."""
_NONE = pa.scalar(None, pa.string())


def declared(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as it was declared; null where there is none but blanks."""
    texts = whole(column)
    if not octets_of(texts):
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    if not has_empty(texts) and not beginning_with(texts, _BLANK_OCTETS).any():
        return column
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(column)), 0)
    return pc.if_else(blank, _NONE, column) if pc.any(blank).as_py() else column


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text: dates in ISO form, whole numbers without a point."""
    if pa.types.is_string(column.type):
        return column
    text = pc.cast(column, pa.string())
    return pc.replace_substring_regex(text, r"\.0$", "") if pa.types.is_floating(column.type) else text


def _joined(columns: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The distinct texts of each row, joined by ` | `; null where there is none."""
    joined = columns[0]
    for place, column in enumerate(columns[1:], 1):
        for earlier in columns[:place]:
            repeated = pc.fill_null(pc.equal(column, earlier), False)
            column = pc.if_else(repeated, _NONE, column)
        # Not all at once, leaving out nulls: Arrow then leaves out whole rows that have nothing else.
        joined = pc.coalesce(pc.binary_join_element_wise(joined, column, " | "), joined, column)
    return joined


def read_records(page: Page, layout: Layout) -> pa.Table:
    """Make records of a page.

    Args:
        page: the rows.
        layout: which column feeds which field.

    Returns:
        RECORD_SCHEMA, one record to a row in the same order. `unreadable` is null, or says why the row is in doubt.
    """
    table, count = page.table, page.table.num_rows
    found: dict[str, pa.ChunkedArray] = {}
    for name, position in layout.fields.items():
        found[name] = declared(as_text(table.column(position)))
    if layout.also:
        first = [found["description"]] if "description" in found else []
        found["description"] = _joined([*first, *(declared(as_text(table.column(at))) for at in layout.also)])
    if layout.unit and "quantity" in found:
        found["unit"] = pc.if_else(pc.is_valid(found["quantity"]), pa.scalar(layout.unit), _NONE)
    if page.goods and "description" in found:
        texts = found["description"].to_pylist()
        for row, text in page.goods.items():
            texts[row] = text.strip() or None
        found["description"] = pa.chunked_array([pa.array(texts, pa.string())])
    found[UNREADABLE] = _reasons(page, layout)
    missing = pa.nulls(count, pa.string())
    return pa.Table.from_arrays([found.get(name, missing) for name in (*FIELDS, UNREADABLE)], schema=RECORD_SCHEMA)


def _reasons(page: Page, layout: Layout) -> pa.ChunkedArray:
    """Why rows are in doubt: faults of reading, and rows that end before the goods are named."""
    count = page.table.num_rows
    if not page.faults and not page.short:
        return pa.chunked_array([pa.nulls(count, pa.string())])
    reasons = dict(page.faults)
    needed = {name: layout.fields[name] for name in _IDENTITY if name in layout.fields}
    for row, cells in page.short.items():
        lost = [name for name, position in needed.items() if position >= cells]
        if lost:
            width = page.table.num_columns
            reasons.setdefault(row, f"row has {cells} cells, header has {width}: {', '.join(lost)} missing")
    return pa.chunked_array([pa.array([reasons.get(row) for row in range(count)], pa.string())])
