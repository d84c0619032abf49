"""Which dialect a delimited file is written in, from its first lines."""

import csv
import re
from collections import Counter

from app.records.delimited import Dialect, parse_lines
from app.records.headers import known_header, spell
from app.records.limits import SAMPLE_ROWS

DELIMITERS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
_CELLS = 500
"""Cells of a row that are looked at for headers."""
_GOODS_FIRST = 30
"""Rows among which a header row is looked for."""


def _recognised(row: list[str]) -> float:
    return sum(known_header(cell.strip()) for cell in row[:_CELLS])


def _fit(lines: list[str], dialect: Dialect) -> float:
    """How well a dialect cuts the sample: even rows, the wider the better, and known headers."""
    rows = [row for row in parse_lines(lines, dialect, 0, final=True).rows if row][:SAMPLE_ROWS]
    widths = Counter(map(len, rows))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    best = max((_recognised(row) for row in rows[:_GOODS_FIRST] if len(row) > 1), default=0.0)
    if width == 1:
        # A short file with a known header of several cells is that file, however ragged its rows.
        return 0.3 + 0.1 * best if best >= 2 else 0.0
    return count / len(rows) * (1 - 0.5 / width) + 0.15 * min(best, 6)


def _sound_rows(lines: list[str], dialect: Dialect) -> int:
    """Rows of the sample before the first whose quotes are not by the book."""
    rows = 0
    try:
        for _ in dialect.reader(lines, strict=True):
            rows += 1
    except csv.Error:
        return rows
    return rows


def _is_padded(lines: list[str], dialect: Dialect) -> bool:
    """Whether blanks stand between delimiters and quotes: in most rows, or in some where all rows have blanks."""
    rows = [row for row in parse_lines(lines, dialect, 0, final=True).rows if row][:SAMPLE_ROWS]
    quoted = sum(any(cell[:1] == " " and cell.lstrip(" ")[:1] == '"' for cell in row) for row in rows)
    blank = sum(any(cell[:1] == " " for cell in row[1:]) for row in rows)
    return quoted > len(rows) / 2 or (quoted > 0 and blank == len(rows))


def _is_one_column(lines: list[str], best: float) -> bool:
    """Whether the first line is a known header standing alone and nothing below says otherwise."""
    first = next((line.strip().strip('"') for line in lines if line.strip()), "")
    alone = not any(mark in first for mark in DELIMITERS)
    return best <= 0.0 or (alone and known_header(first) >= 0.5 and best < 1.2)


def sniff(lines: list[str], name: str = "") -> Dialect:
    """Find the dialect of a delimited file.

    Args:
        lines: the first lines of the file, with their endings.
        name: the file's name; `.tsv` tips the scale where the text does not.

    Returns:
        The dialect whose rows are most even and whose header row is best known.
    """
    announced = _SEP_LINE.match(lines[0]) if lines else None
    if announced:
        return _with_variants(lines[1:], Dialect(announced.group(1)))
    fits = {mark: _fit(lines, Dialect(mark)) if any(mark in line for line in lines) else 0.0 for mark in DELIMITERS}
    if name.lower().endswith((".tsv", ".tab", ".tsv.gz")) and fits["\t"]:
        fits["\t"] += 0.5
    mark = max(DELIMITERS, key=lambda candidate: fits[candidate])
    if _is_one_column(lines, fits[mark]) or _is_list_of_names(lines, mark):
        return Dialect(None)
    return _with_variants(lines, Dialect(mark))


def _is_list_of_names(lines: list[str], mark: str) -> bool:
    """Whether the lines are one name each, with commas inside some: none in the first, and no one width below."""
    rows = [row for row in parse_lines(lines, Dialect(mark), 0, final=True).rows if row][:SAMPLE_ROWS]
    first = spell(rows[0][0]).whole if rows else ""
    even = Counter(map(len, rows)).most_common(1)[0][1] / len(rows) if rows else 1.0
    return (
        bool(first)
        and len(rows) >= 3
        and len(rows[0]) == 1
        and even < 0.9
        and max(map(_recognised, rows[:_GOODS_FIRST])) <= 1
    )


def _with_variants(lines: list[str], plain: Dialect) -> Dialect:
    """Take a variant only where plain quoting is broken and the variant mends it."""
    padded = _is_padded(lines, plain)
    best = Dialect(plain.delimiter, padded=True) if padded else plain
    if '\\"' in "".join(lines):
        variant = Dialect(plain.delimiter, backslash=True, padded=padded)
        if _sound_rows(lines, variant) > _sound_rows(lines, best) and _fit(lines, variant) >= _fit(lines, best):
            best = variant
    return best
