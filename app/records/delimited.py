"""Lines to rows: delimited text with all its broken quotes, one row for each record and none lost."""

import _csv
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from app.records.limits import MAX_QUOTED_CHARACTERS, MAX_QUOTED_LINES

# The module's limit of 128 KiB a field is for the whole process; what counts here are our bounds on lines and quotes.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

NEVER_CLOSED = "a quotation mark in this row is never closed properly"

_MENDED_CHARACTERS = 65_536
_MENDED_QUOTES = 64
"""Quotes of a damaged line that are tried, one after the other, for the stray one."""

_FEED, _RETURN, _QUOTE = b'\n\r"'
NO_DELIMITER = "\x1f"
"""Given to the parser for a file of one column: a character that no text holds."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a delimited file are told apart."""

    delimiter: str | None
    """None: one column, whatever commas it holds."""
    backslash: bool = False
    r"""Quotes inside quotes are written `\"`."""
    padded: bool = False
    """Blanks follow the delimiter and stand before quotes."""

    def reader(self, lines: Iterable[str], strict: bool = False) -> "_csv.Reader":
        """A parser of this dialect over lines with their endings."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or NO_DELIMITER,
            escapechar="\\" if self.backslash else None,
            skipinitialspace=self.padded,
            strict=strict,
        )


@dataclass(slots=True)
class Parsed:
    """Rows of some lines: cells as they are, an empty list for a blank line."""

    rows: list[list[str]]
    faults: dict[int, str] = field(default_factory=dict)
    """Position of a row to what is wrong with its quoting."""
    carry: list[str] = field(default_factory=list)
    """Lines at the end that belong to a record whose end was not seen yet."""
    lines: list[int] | None = None
    """For each row the position of its first line; None where every line is one row."""


def _stays_open(span: list[str], dialect: Dialect) -> bool:
    """Whether these lines end inside a quoted cell: then one line more does not make a row more."""
    return len(list(dialect.reader([*span, "x"]))) == len(list(dialect.reader(span)))


def _is_sound(span: list[str], dialect: Dialect) -> bool:
    """Whether a record of several lines is quoted by the book; if not, a stray quote has swallowed its neighbours."""
    if len(span) > MAX_QUOTED_LINES or sum(map(len, span)) > MAX_QUOTED_CHARACTERS:
        return False
    try:
        return len(list(dialect.reader(span, strict=True))) == 1
    except csv.Error:
        return False


def _alone(line: str, dialect: Dialect, width: int) -> list[str]:
    """Cells of a line with a stray quote: as if that quote were not there, if this gives the file's width."""
    cells: list[str] = next(iter(dialect.reader([line])), [])
    if dialect.delimiter is None or len(cells) == width:
        return cells
    quotes = [at for at, character in enumerate(line[:_MENDED_CHARACTERS]) if character == '"']
    for at in quotes[:_MENDED_QUOTES]:
        without = _strictly(line[:at] + line[at + 1 :], dialect)
        if without is not None and len(without) == width:
            return without
    plain = line.rstrip("\r\n").split(dialect.delimiter)
    return plain if len(plain) == width or len(cells) < 2 else cells


def _strictly(line: str, dialect: Dialect) -> list[str] | None:
    try:
        return next(iter(dialect.reader([line], strict=True)), [])
    except csv.Error:
        return None


def _mend(parsed: Parsed, lines: list[str], dialect: Dialect, width: int) -> Parsed:
    """Read rows of a wrong width again where a stray quote has run cells together."""
    if width < 2 or not set(map(len, parsed.rows)) - {0, width}:
        return parsed
    starts = parsed.lines or list(range(len(parsed.rows)))
    ends = [*starts[1:], len(lines) - len(parsed.carry)]
    for position, row in enumerate(parsed.rows):
        line = lines[starts[position]]
        # A cell over several lines was quoted by the book, or it would be marked already.
        suspect = (
            len(row) not in (0, width) and ends[position] - starts[position] == 1 and position not in parsed.faults
        )
        if suspect and '"' in line and _strictly(line, dialect) is None:
            parsed.rows[position] = _alone(line, dialect, width)
            parsed.faults[position] = NEVER_CLOSED
    return parsed


def parse_lines(lines: list[str], dialect: Dialect, width: int, final: bool) -> Parsed:
    """Parse whole lines into rows.

    A quoted cell may run over lines as long as its quotes are right and it stays within MAX_QUOTED_LINES and
    MAX_QUOTED_CHARACTERS. Otherwise the line that opened it becomes a row of its own, marked, and reading goes on at
    the next line: a stray quote costs one row's columns, never the rows after it.

    Args:
        lines: with their endings.
        dialect: how to read them.
        width: cells of the header.
        final: whether the file ends here.

    Returns:
        The rows in order, the faults, and the lines to hand in again with the next ones.
    """
    rows = list(dialect.reader(lines))
    if len(rows) == len(lines) and not (lines and '"' in lines[-1] and _stays_open(lines[-1:], dialect)):
        return _mend(Parsed(rows), lines, dialect, width)
    return _mend(_parse_records(lines, dialect, width, final), lines, dialect, width)


def _parse_records(lines: list[str], dialect: Dialect, width: int, final: bool) -> Parsed:
    parsed = Parsed([], lines=[])
    starts: list[int] = []
    start = 0
    while start < len(lines):
        before = start
        reader = dialect.reader(islice(lines, start, None))
        for row in reader:
            after = start + reader.line_num
            if after - before > 1 or after == len(lines):
                span = lines[before:after]
                opened = after == len(lines) and '"' in "".join(span) and _stays_open(span, dialect)
                if opened and not final and _within_bounds(span):
                    parsed.carry, parsed.lines = span, starts
                    return parsed
                if opened or (len(span) > 1 and not _is_sound(span, dialect)):
                    parsed.faults[len(parsed.rows)] = NEVER_CLOSED
                    parsed.rows.append(_alone(span[0], dialect, width))
                    starts.append(before)
                    before += 1
                    break
            parsed.rows.append(row)
            starts.append(before)
            before = after
        start = before
    parsed.lines = starts
    return parsed


def _within_bounds(span: list[str]) -> bool:
    return len(span) <= MAX_QUOTED_LINES and sum(map(len, span)) <= MAX_QUOTED_CHARACTERS


def parse_plain(text: str, dialect: Dialect, columns: Sequence[str]) -> pa.Table | None:
    """Parse whole lines at once, where there is but one way to read them.

    That is so when every quote opens a cell at its start or closes one at its end, no cell runs over lines, all rows
    have one width and nothing is undecodable. Arrow's parser then gives what `parse_lines` gives, but much faster.

    Args:
        text: whole lines.
        dialect: how to read them.
        columns: unique names, one for each cell of a row.

    Returns:
        The rows, blank lines left out, or None where the text is not that plain.
    """
    mark = dialect.delimiter
    if mark is None or dialect.backslash or dialect.padded or "\0" in text or len(columns) < 2:
        return None
    try:
        octets = text.encode()
        if not _is_plain(octets, mark):
            return None
        return pa_csv.read_csv(
            pa.BufferReader(octets),
            pa_csv.ReadOptions(use_threads=False, block_size=len(octets) + 1, column_names=columns),
            pa_csv.ParseOptions(delimiter=mark),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except (UnicodeEncodeError, pa.ArrowInvalid):
        # Something undecodable, or rows of several widths: for the patient parser.
        return None


def _is_plain(octets: bytes, mark: str) -> bool:
    """Tell whether every line is ended, and every quote begins a cell or ends one on the same line."""
    if not octets.endswith(b"\n"):
        return False
    text = np.frombuffer(octets, dtype=np.uint8)
    if (text[np.flatnonzero(text == _RETURN) + 1] != _FEED).any():  # what ends the text is no return
        return False
    quotes = np.flatnonzero(text == _QUOTE)
    if not quotes.size:
        return True
    if quotes.size % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    outside = np.zeros(256, dtype=np.bool_)
    outside[[_FEED, _RETURN, ord(mark)]] = True
    doubled = opening[1:] == closing[:-1] + 1
    begins = outside[text[opening - 1]]  # before the first octet stands, counted backwards, the feed that ends the text
    begins[1:] |= doubled
    ends = outside[text[closing + 1]]
    ends[:-1] |= doubled
    feeds = np.flatnonzero(text == _FEED)
    return bool((begins & ends).all() and (feeds.searchsorted(opening) == feeds.searchsorted(closing)).all())
