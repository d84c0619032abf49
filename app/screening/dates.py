"""Dates as declared: ISO 8601 and national forms, never guessed when ambiguous."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
    for name in (names,)
}
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T ].*)?$")
_NAMED = re.compile(r"^(\d{1,2})[-/. ]([a-z]{3})[a-z]*[-/., ]+(\d{4}|\d{2})(?: .*)?$", re.IGNORECASE)
_NAMED_US = re.compile(r"^([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$", re.IGNORECASE)
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: .*)?$")
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?$")


def read_date(text: str) -> date | None:
    """Read a date.

    Args:
        text: ISO 8601 (`2025-03-01`, `20250301`), year first (`2025/03/01`), a named month (`1-Mar-2025`,
            `Mar 1, 2025`), dots (day first: `01.03.2025`), or slashes where only one reading is possible (`31/03/2025`,
            `03/31/2025`).

    Returns:
        The date; None where it is no date or more than one day could be meant (`03/04/2025`).
    """
    text = text.strip()
    for pattern in (_ISO, _COMPACT, _YEAR_FIRST):
        if match := pattern.match(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.match(text):
        year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
        return _day(year, _MONTHS.get(match[2].lower(), 0), int(match[1]))
    if match := _NAMED_US.match(text):
        return _day(int(match[3]), _MONTHS.get(match[1].lower(), 0), int(match[2]))
    if match := _DOTTED.match(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        readings = {_day(year, second, first), _day(year, first, second)} - {None}
        return readings.pop() if len(readings) == 1 else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
