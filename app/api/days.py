"""A day as it is written in requests."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_day(value: Any) -> date:
    """Return the day a text names.

    Pydantic alone would take 0 for 1 January 1970 and a moment for its day.

    Raises:
        ValueError: it is not YYYY-MM-DD, or no such day exists.
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Write the day as YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(read_day)]
