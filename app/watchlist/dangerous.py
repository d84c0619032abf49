"""UN numbers of dangerous goods, as read from watchlists/un.toml."""

import re

from app.domain.errors import Fault
from app.watchlist.fields import Fields
from app.watchlist.files import Document
from app.watchlist.model import DangerousGoods

_NUMBER = re.compile(r"[0-9]{4}")
_CLASS = re.compile(r"[1-9](?:\.[1-9][A-Z]?)?")


def read_dangerous(document: Document, faults: list[Fault]) -> tuple[DangerousGoods, ...]:
    """Read the UN numbers; `faults` is added to for everything in this file that is wrong."""
    fields = Fields(document.table, document.name, faults)
    fields.text("source")
    if fields.day("read") is None:
        fields.fault("read", "missing: the day its source was read")
    expected = fields.count("expected_numbers")
    numbers = fields.table("number")
    goods = tuple(_read_number(numbers, number) for number in numbers.left()) if numbers else ()
    if len(goods) != expected:
        fields.fault("expected_numbers", f"says {expected}, but there are {len(goods)} numbers")
    fields.close()
    return goods


def _read_number(fields: Fields, number: str) -> DangerousGoods:
    words, *classes = fields.texts(number, required=True) or ("",)
    if not _NUMBER.fullmatch(number):
        fields.fault(number, "is not four digits")
    if not classes:
        fields.fault(number, "has no class")
    for each in classes:
        if not _CLASS.fullmatch(each):
            fields.fault(number, f"{each!r} is no class or division")
    return DangerousGoods(number, words, tuple(classes))
