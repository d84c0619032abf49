"""A run of words in a text."""

from typing import NamedTuple


class Window(NamedTuple):
    """Words `first` to `last` (exclusive) of a text."""

    first: int
    last: int

    def holds(self, other: "Window") -> bool:
        """Tell whether another window lies inside this one."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Window") -> bool:
        """Tell whether the two share a word."""
        return self.first < other.last and other.first < self.last
