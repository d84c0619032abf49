"""Long lists in pages: what comes after the last one seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some consecutive items of a longer list."""

    items: tuple[T, ...]
    more: bool
    """Whether others follow."""


def cut_page(rows: Iterable[T], key: Callable[[T], str], after: str | None, limit: int) -> Page[T]:
    """Return the items that follow one, by key.

    Keyed on the item and not on a count, so that nothing is missed or repeated when the list changes in between.

    Args:
        rows: in any order; keys are unique.
        key: what they are sorted by.
        after: the key of the last item already seen; None begins.
        limit: at most so many, at least 1.
    """
    follow = sorted((row for row in rows if after is None or key(row) > after), key=key)
    return Page(tuple(follow[:limit]), len(follow) > limit)
