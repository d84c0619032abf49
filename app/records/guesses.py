"""Goods found by their content, in files whose headers nobody knows or that have none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.records.header_row import is_value
from app.records.headers import Layout

_CAS = re.compile(r"\d{2,7}-\d{2}-\d\Z")
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]\Z")
_MOSTLY = 0.6


def _share(cells: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.match(cell)) for cell in cells) / len(cells) if cells else 0.0


def guess_columns(layout: Layout, rows: Sequence[Sequence[str]], headers: Sequence[str]) -> Layout:
    """Add columns of CAS numbers, InChIKeys and goods that no header gives away.

    Args:
        layout: what the headers say; it stands.
        rows: some records.
        headers: the file's headers.

    Returns:
        The layout with what was found, each with a note. Goods are looked for only where nothing names them: the column
        with the most text that is not already another field.
    """
    fields, notes = dict(layout.fields), list(layout.notes)
    columns = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(len(headers))]
    for name, pattern in (("cas", _CAS), ("inchikey", _INCHIKEY)):
        # A column that has a name of its own (`label_cas`) is not taken for what it happens to hold.
        if name in fields or any(name in header.casefold() for header in headers):
            continue
        shares = [0.0 if at in fields.values() else _share(cells, pattern) for at, cells in enumerate(columns)]
        best = max(range(len(shares)), key=lambda at: shares[at], default=None)
        if best is not None and shares[best] >= _MOSTLY:
            fields[name] = best
            notes.append(f"{headers[best]} is read as {name}, after what stands in it")
    if not {"description", "smiles", "inchi", "inchikey", "cas"} & fields.keys():
        weights = [0.0 if at in fields.values() else _wordiness(cells) for at, cells in enumerate(columns)]
        best = max(range(len(weights)), key=lambda at: weights[at], default=None)
        if best is not None and weights[best] > 0 and "hs_code" not in fields:
            fields["description"] = best
            notes.append(f"no header names the goods: {headers[best]} is read as description, having the most text")
    return replace(layout, fields=fields, notes=tuple(notes))


def _wordiness(cells: Sequence[str]) -> float:
    """Letters to a cell, for cells that are no values; nothing for a column that is mostly values."""
    words = [cell for cell in cells if not is_value(cell)]
    if len(words) < len(cells) / 2 or not words:
        return 0.0
    letters = sum(sum(character.isalpha() for character in cell) for cell in words) / len(words)
    return float(letters * (len(set(words)) / len(words)) ** 0.5)
