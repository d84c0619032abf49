"""What a screening is asked: which day's law, and which instruments."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """The question that goes with the records."""

    today: date
    """The day of the screening; given, so that the judgement needs no clock."""
    as_of: date | None = None
    """Judge every record by the law of this day, whatever its own date."""
    instruments: tuple[str, ...] | None = None
    """Only these instruments; None for all that the record's route reaches."""
