"""Where the header row stands: below titles, at the top, or nowhere."""

import re
from collections import Counter
from collections.abc import Sequence

from app.records.headers import known_header

_SEARCHED = 40
"""Rows of a sheet among which the header row is looked for."""
_VALUE = re.compile(
    r"[\s$€£¥()+-]*\d[\s\d.,:/%+-]*(?:kgs?|g|l|ltrs?|t|mt|usd|eur|[$€£¥])?\s*\Z"
    r"|\d{1,4}[-/. ][A-Za-z]{3,9}[-/. ]\d{2,4}\Z",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:_[A-Za-z0-9]+)+\Z")


def is_value(cell: str) -> bool:
    """Whether a cell is a number, an amount, a code of digits or a date: what stands under a header, not in one."""
    return bool(_VALUE.match(cell.strip()))


def _known(row: Sequence[str], wanted: frozenset[str]) -> float:
    """Known headers among the cells; a row with many values or long texts is a record that happens to hold a word."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells:
        return 0.0
    known = sum(2.0 if cell.casefold() in wanted else known_header(cell) for cell in cells)
    # A record may say "acetone, unit, 5": values beside known words speak against it.
    values = sum(map(is_value, cells))
    return known - values * 0.75


def _by_types(rows: Sequence[Sequence[str]], first: int) -> bool:
    """Whether a row of unknown words heads its columns: words above numbers, or nothing in it that looks like goods."""
    head = [cell.strip() for cell in rows[first]]
    filled = [cell for cell in head if cell]
    if not filled or any(is_value(cell) or len(cell) > 80 for cell in filled):
        return False
    if len(set(filled)) < len(filled) and len(filled) == 2:
        return False
    below = [row for row in rows[first + 1 : first + 50] if len(row) > 1 or len(head) == 1]
    for position, cell in enumerate(head):
        column = [row[position].strip() for row in below if position < len(row) and row[position].strip()]
        if cell and column and sum(map(is_value, column)) >= 0.6 * len(column):
            return True
        if cell and cell in column:
            return False
    if len(filled) == 1:
        return bool(_IDENTIFIER.match(filled[0]))
    return True


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _before_records(rows: Sequence[Sequence[str]], filled: Sequence[int], widest: int) -> Sequence[int]:
    """Rows that may be the header: those down to the first that is a record, which must not be lost as a title.

    A record has most cells filled, and some with values. In a single column nothing tells a name from a title, so there
    only one title is believed.
    """
    if widest == 1:
        return filled[:2]
    for number, position in enumerate(filled):
        row = rows[position]
        if _filled(row) >= max(2, 0.8 * widest) and any(is_value(cell) for cell in row if cell.strip()):
            return filled[: number + 1]
    return filled


def find_header(rows: Sequence[Sequence[str]], wanted: frozenset[str] = frozenset()) -> int | None:
    """Find the header among the first rows of a sheet.

    Args:
        rows: the first rows, blank ones as empty lists.
        wanted: headers that a user's mapping names, in lower case: they mark the row that holds them.

    Returns:
        The position of the header row, or None where the first row is already goods. A row of unknown words counts as a
        header when numbers stand under it or when nothing in it can be goods; a single column needs a known word, since
        the first name of a list must not be lost.
    """
    filled = [position for position, row in enumerate(rows[:_SEARCHED]) if any(cell.strip() for cell in row)]
    if not filled:
        return None
    widest = max(_filled(rows[position]) for position in filled)
    candidates = _before_records(rows, filled, widest)
    scores = {position: _known(rows[position], wanted) for position in candidates}
    best = max(candidates, key=lambda position: (scores[position], -position))
    enough = 2.0 if widest > 2 else 1.0
    if scores[best] >= enough or (widest == 1 and scores[best] >= 0.5 and best == filled[0]):
        return best
    if scores[best] >= 1.0 and _filled(rows[best]) >= max(2, 0.6 * widest):
        return best
    widths = Counter(len(rows[position]) for position in filled)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    even = [position for position in filled if len(rows[position]) == usual]
    first = next((at for at in even if _filled(rows[at]) > usual / 2), even[0])
    if first > filled[0] and len(rows[filled[0]]) >= usual and usual > 1:
        first = filled[0] if len(rows[filled[0]]) > usual else first
    return first if _by_types(rows, first) else None
