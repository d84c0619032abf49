"""Dates as declared: ISO 8601 and national forms, never guessed when ambiguous."""

import re
import unicodedata
from datetime import date

_NAMES_OF_MONTHS = (
    "jan january januar jänner janvier enero ene janeiro gennaio gen januari",
    "feb february februar fevrier fevr febrero fevereiro fev febbraio februari",
    "mar march marz mars marzo março maart mrz mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august aout agosto ago augustus",
    "sep sept september septembre septiembre setembro set settembre",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dezembro dicembre",
)
"""English, German, French, Spanish, Portuguese, Italian and Dutch; a word of another language is no month."""
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T ].*)?$")
_NAMED = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+(?:de )?([^\W\d_]+)[-/., ]+(?:de )?(\d{4}|\d{2})(?: .*)?$")
_NAMED_US = re.compile(r"^([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_EASTERN = re.compile(r"^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?$")
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: .*)?$")
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?$")


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    bare = (char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", "".join(bare))


_MONTHS = {_plain(name): number for number, names in enumerate(_NAMES_OF_MONTHS, start=1) for name in names.split()}


def read_date(text: str) -> date | None:
    """Read a date.

    Args:
        text: ISO 8601 (`2025-03-01`, `20250301`), year first (`2025/03/01`), a named month (`1-Mar-2025`,
            `Mar 1, 2025`, `1. März 2025`, `1 de março de 2025`), Chinese, Japanese and Korean (`2025年3月1日`), dots
            (day first: `01.03.2025`), or slashes where only one reading is possible (`31/03/2025`, `03/31/2025`).

    Returns:
        The date; None where it is no date or more than one day could be meant (`03/04/2025`).
    """
    text = text.strip()
    for pattern in (_ISO, _COMPACT, _YEAR_FIRST, _EASTERN):
        if match := pattern.match(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
    plain = _plain(text)
    if match := _NAMED.match(plain):
        year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
        return _day(year, _MONTHS.get(match[2], 0), int(match[1]))
    if match := _NAMED_US.match(plain):
        return _day(int(match[3]), _MONTHS.get(match[1], 0), int(match[2]))
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
