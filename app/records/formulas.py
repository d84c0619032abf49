"""Cells that a spreadsheet would run as formulas, made harmless and back again.

A cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage return or a line feed (or a full-width form of these),
after any number of apostrophes, gets one apostrophe more in front. Plain numbers (`-5`, `+3.2`) are none and stay.
Because cells that begin with apostrophes get one as well, taking one away again restores every cell exactly.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

from app.records.octets import beginning_with

_START = "'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(_START)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?%?\Z")
_FORMULA_OCTETS = b"'=+-@\t\r\n\xef"
"""The first bytes of cells that may begin like a formula."""


def neutralise(text: str) -> str:
    """Return the cell as a spreadsheet may have it: `=1+1` becomes `'=1+1`; `(-)-ephedrine` and `-5` stay."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.match(text) else text


def restore(text: str) -> str:
    """Return the cell as it was before `neutralise`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def neutralise_column(column: pa.Array) -> pa.Array:
    """Neutralise a column of text; only cells that begin like formulas are touched by hand."""
    found = beginning_with(column, _FORMULA_OCTETS)
    if not found.any():
        return column
    suspects = pc.and_(pa.array(found), pc.is_valid(column))
    mended = pa.array([neutralise(text) for text in column.filter(suspects).to_pylist()], column.type)
    return pc.replace_with_mask(column, suspects, mended)
