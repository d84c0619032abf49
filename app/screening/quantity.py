"""Amounts as declared, in kilograms or litres; what cannot be read is said, nothing is guessed."""

import re
from dataclasses import dataclass

_KILOGRAMS = {
    "kg": 1.0, "kgs": 1.0, "kgm": 1.0, "kilo": 1.0, "kilos": 1.0, "kilogram": 1.0, "kilograms": 1.0,
    "g": 1e-3, "gm": 1e-3, "gms": 1e-3, "grm": 1e-3, "gram": 1e-3, "grams": 1e-3, "mg": 1e-6, "mgm": 1e-6,
    "t": 1e3, "mt": 1e3, "mts": 1e3, "tne": 1e3, "ton": 1e3, "tons": 1e3, "tonne": 1e3, "tonnes": 1e3,
    "lb": 0.45359237, "lbs": 0.45359237, "lbr": 0.45359237, "oz": 0.028349523125, "onz": 0.028349523125,
}  # fmt: skip
_LITRES = {
    "l": 1.0, "lt": 1.0, "ltr": 1.0, "ltrs": 1.0, "liter": 1.0, "liters": 1.0, "litre": 1.0, "litres": 1.0,
    "ml": 1e-3, "mlt": 1e-3, "gal": 3.785411784, "gll": 3.785411784, "gallon": 3.785411784, "gallons": 3.785411784,
    "hl": 100.0, "hlt": 100.0, "cbm": 1000.0, "m3": 1000.0, "mtq": 1000.0,
}  # fmt: skip
_NUMBER = r"\d[\d.,' ]*"
_LONGEST = 80
"""Characters of a quantity that are read; a longer one is a text, not an amount."""
_AMOUNT = re.compile(rf"({_NUMBER})\s*([a-z]{{1,9}}3?)\b")
_TIMES = re.compile(rf"({_NUMBER})\s*[a-z]*\s*(?:x|\*|×|of)\s*({_NUMBER})\s*([a-z]{{1,9}}3?)\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its dimension."""

    value: float
    unit: str
    """kg or L."""


def read_amount(quantity: str, unit: str | None) -> Amount | None:
    """Read a quantity.

    Args:
        quantity: a number (`25`, `1,000.5`, `1.000,5`), with its unit behind it (`25 kg`), or packages
            (`80 DRUMS X 100 KG`).
        unit: the unit of a bare number: plain or a UN/ECE Recommendation 20 code (KGM, TNE, LTR).

    Returns:
        The amount in kilograms or litres; None where number or unit cannot be read.
    """
    text = quantity.strip().lower()
    if len(text) > _LONGEST:
        return None
    if match := _TIMES.search(text):
        count, each = read_number(match[1]), read_number(match[2])
        amount = _amount(each, match[3])
        return Amount(count * amount.value, amount.unit) if amount and count is not None else None
    if match := _AMOUNT.fullmatch(text):
        return _amount(read_number(match[1]), match[2])
    return _amount(read_number(text), unit.strip().lower().rstrip(".")) if unit else None


def _amount(value: float | None, unit: str) -> Amount | None:
    if value is None:
        return None
    if unit in _KILOGRAMS:
        return Amount(value * _KILOGRAMS[unit], "kg")
    if unit in _LITRES:
        return Amount(value * _LITRES[unit], "L")
    return None


def read_number(text: str) -> float | None:
    """Read a number in English or continental form.

    Args:
        text: digits with dots, commas, spaces or apostrophes.

    Returns:
        The number; None where it is no number or could be two (`1.234` or `1,234` alone: a thousand or a fraction).
    """
    text = re.sub(r"[\s']", "", text.strip())
    if re.fullmatch(r"\d+", text):
        return float(text)
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}(\.\d+)?|\d{1,3}(,\d{3})+\.\d+", text):
        return float(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}(,\d+)?|\d{1,3}(\.\d{3})+,\d+", text):
        return float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+[.,](\d{1,2}|\d{4,})|0[.,]\d+|\d{4,}[.,]\d+", text):
        return float(text.replace(",", "."))
    return None


_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s?(?:%|percent|pct)")


def read_share(concentration: str | None, description: str | None) -> float | None:
    """Read a concentration.

    Args:
        concentration: the field as declared, `30` or `30 % w/w`.
        description: read where the field is empty.

    Returns:
        Percent; None where neither gives one figure (`5-10 %`, two figures in a description).
    """
    if concentration and concentration.strip():
        text = concentration.strip()[:_LONGEST].lower()
        figures = _PERCENT.findall(text)
        return read_number(figures[0]) if len(figures) == 1 else read_number(text)
    figures = _PERCENT.findall((description or "").lower())
    return read_number(figures[0]) if len(figures) == 1 else None
