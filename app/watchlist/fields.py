"""The keys of one table of a file, taken one by one; what is wrong or left over becomes a fault."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from app.domain.errors import Fault

_YEAR_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")


class Fields:
    """One table of a TOML file, read key by key.

    A key that is missing or of the wrong type is added to the faults, and a harmless value is returned in its place so
    that the rest of the file is read too: the caller refuses the whole folder when there is any fault.
    """

    def __init__(self, table: Mapping[str, object], place: str, faults: list[Fault]) -> None:
        self._left = dict(table)
        self.place = place
        self._faults = faults

    def fault(self, key: str, what: str) -> None:
        """Add a fault at a key of this table."""
        self._faults.append(Fault(f"{self.place}: {key}", what))

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text that is not blank; required where there is no default."""
        value = self._left.pop(key, None)
        if value is None:
            if default is None:
                self.fault(key, "missing")
            return default or ""
        if not isinstance(value, str):
            self._wrong(key, value, "a text")
            return default or ""
        if not value.strip() and default != "":
            self.fault(key, "blank")
        return value

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Take a text that is one of those known; the default may be empty."""
        value = self.text(key, default)
        if value and value not in known:
            self.fault(key, f"{value!r} is not one of {', '.join(known)}")
        return value

    def texts(self, key: str, known: Collection[str] | None = None, *, required: bool = False) -> tuple[str, ...]:
        """Take a list of texts, each at most once; empty where the key is not there."""
        value = self._left.pop(key, None)
        if value is None:
            if required:
                self.fault(key, "missing")
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self._wrong(key, value, "a list of texts")
            return ()
        if required and not value:
            self.fault(key, "empty")
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.fault(key, f"{item!r} stands there twice")
        if known is not None:
            for item in value:
                if item not in known:
                    self.fault(key, f"{item!r} is not one of {', '.join(known)}")
        return tuple(value)

    def flag(self, key: str) -> bool | None:
        """Take true or false; None where the key is not there."""
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, value, "true or false")
            return None
        return value

    def number(self, key: str) -> float | None:
        """Take a number that is not negative; None where the key is not there."""
        value = self._left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, "a number")
            return None
        if not 0 <= value < float("inf"):
            self.fault(key, f"{value} is not an amount")
            return None
        return float(value)

    def count(self, key: str) -> int:
        """Take a required whole number."""
        value = self._left.pop(key, None)
        if value is None:
            self.fault(key, "missing")
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(key, value, "a whole number")
            return 0
        return value

    def day(self, key: str) -> date | None:
        """Take a date, or a text `1992` or `2022-03` for the first day of it; None where it is not there."""
        value = self._left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        found = _YEAR_MONTH.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self._wrong(key, value, 'a date, or "1992" or "2022-03" where only the year or month is known')
            return None
        month = int(found[2] or "1")
        if not (1 <= month <= 12 and int(found[1]) >= 1):
            self.fault(key, f"{value!r} is not a month")
            return None
        return date(int(found[1]), month, 1)

    def known_to(self, key: str) -> str:
        """Return a date that is known to the year or month only as it is written, before it is taken; else nothing."""
        value = self._left.get(key)
        return value if isinstance(value, str) else ""

    def table(self, key: str) -> "Fields | None":
        """Take a table; None where the key is not there."""
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong(key, value, "a table")
            return None
        return Fields(value, f"{self.place}: {key}", self._faults)

    def tables(self, key: str, named_by: str) -> Iterator["Fields"]:
        """Take a list of tables; each is placed by its number and the text it is named by."""
        value = self._left.pop(key, None)
        if value is None:
            return
        if not isinstance(value, list):
            self._wrong(key, value, "a list of tables")
            return
        for number, item in enumerate(value, 1):
            if not isinstance(item, dict):
                self._wrong(f"{key} {number}", item, "a table")
                continue
            name = item.get(named_by)
            yield Fields(item, f"{self.place}: {key} {number}" + (f" ({name})" if name else ""), self._faults)

    def left(self) -> tuple[str, ...]:
        """Return the keys not taken yet."""
        return tuple(self._left)

    def close(self) -> None:
        """Make a fault of every key that nobody took."""
        for key in self._left:
            self.fault(key, "unknown key")
        self._left = {}

    def _wrong(self, key: str, value: object, wanted: str) -> None:
        self.fault(key, f"must be {wanted}, not {type(value).__name__} {value!r:.60}")
