"""A table ready to be shown: a title, headings and rows of text, whatever shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for a reader."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str] = frozenset()
    """Headings whose column is set flush right."""
    note: str = ""
    """A line under the table."""
