"""Numbers in national forms: read where one reading is possible; where there are two, both are given."""

import re
import unicodedata
from decimal import Decimal

MOST_DIGITS = 15
"""A longer number is a serial number or a slip, not an amount."""

_SPACES = "\u0020\u00a0\u2009\u202f"
_FORMS = re.compile(rf"[0-9](?:[0-9.,']|[{_SPACES}](?=[0-9]{{3}}(?![0-9])))*", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_WHOLE = re.compile(r"[0-9]+")
_POINT = re.compile(r"[0-9]+\.[0-9]+")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_THREES = {
    separator: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+(?:{fraction}[0-9]+)?")
    for separator, fraction in ((",", r"\."), (".", ","), ("'", "[.,]"), (" ", "[.,]"))
}
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE][+]?[0-9]{1,2}")
_PLAIN_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u066c": "'", "\u066b": "."})

NUMBER = _FORMS.pattern
"""The longest run of characters, on text of `plain_digits`, that may be one number."""


class _Plain(dict[int, str]):
    """Characters as `plain_digits` puts them, as they are met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = str(unicodedata.digit(char)) if char.isdecimal() else " " if char.isspace() else char
        return self[point]


_PLAIN = _Plain()


def plain_digits(text: str) -> str:
    """Return a text with the digits of all scripts as 0 to 9, and one kind of apostrophe and space; lower case."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).translate(_PLAIN_APOSTROPHES)
    return (folded if folded.isascii() else folded.translate(_PLAIN)).lower()


def has_digit(text: str) -> bool:
    """Tell whether a text may have a number in it: a digit of our own script, or anything of another."""
    return not text.isascii() or _DIGIT.search(text) is not None


def read_numbers(text: str) -> tuple[Decimal, ...]:
    """Read a number in every way that a national form allows.

    Args:
        text: `1234`, `1,234.56`, `1.234,56`, `1 234,56`, `1'234`, `1,00,000`, or a spreadsheet's `1.5E+03`.

    Returns:
        The values, smallest first: none where it is no number, one where it is clear, two where a lone separator before
        three digits may divide thousands or a fraction (`1.234`, `1,234`).
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return (Decimal(text),) if len(text) <= MOST_DIGITS else ()
    text = plain_digits(text)
    digits = sum(char.isdigit() for char in text)
    if not 0 < digits <= MOST_DIGITS:
        return ()
    if _SCIENTIFIC.fullmatch(text) and abs(int(re.split("e", text)[1])) <= MOST_DIGITS:
        return (Decimal(text),)
    values: set[Decimal] = set()
    if _WHOLE.fullmatch(text) or _POINT.fullmatch(text):
        values.add(Decimal(text))
    if _COMMA.fullmatch(text):
        values.add(Decimal(text.replace(",", ".")))
    for separator, form in _THREES.items():
        if form.fullmatch(text) and not text.startswith(("0" + separator, "00")):
            values.add(Decimal(text.replace(separator, "").replace(",", ".")))
    if _INDIAN.fullmatch(text):
        values.add(Decimal(text.replace(",", "")))
    return tuple(sorted(values))


def read_number(text: str) -> Decimal | None:
    """Return the number a text means; None where it is none, or could be two."""
    values = read_numbers(text)
    return values[0] if len(values) == 1 else None


def written(value: Decimal) -> str:
    """Return a number as an officer writes it: 1,500, 0.0015, 0.000002, 189.271; at most three decimals above 1."""
    if value and value < 1:
        return f"{Decimal(f'{float(value):.3g}'):f}"
    return f"{value:,.3f}".rstrip("0").rstrip(".")
