"""Brackets that belong to the words of a name though they stand before or behind them."""

import re

_MARKS_BEFORE = {mark: re.compile(rf"(?:{re.escape(mark)}[^\w\s]{{0,2}})?$") for mark in "([{"}
_MARKS_AFTER = {mark: re.compile(rf"(?:[^\w\s]{{0,2}}?{re.escape(mark)})?") for mark in ")]}"}
"""A bracket and what stands between it and a word, as in `(R*,S*)`; nothing where there is none."""


def with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a part of a text begins and ends with the brackets that are its own.

    Args:
        text: a text.
        start: where the part begins.
        end: one past its end.

    Returns:
        The same places, or further ones: a bracket that is opened before the part and closed within it, or the other
        way round, is its own.
    """
    for opening, closing in ("()", "[]", "{}"):
        missing = text.count(closing, start, end) - text.count(opening, start, end)
        for _ in range(missing):
            start = _MARKS_BEFORE[opening].search(text[:start]).start()  # type: ignore[union-attr]  # may be empty
        for _ in range(-missing):
            end += _MARKS_AFTER[closing].match(text[end:]).end()  # type: ignore[union-attr]  # may be empty
    return start, end
