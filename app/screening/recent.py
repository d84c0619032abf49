"""What was learnt of texts lately: trade says the same again and again, and most of it says nothing."""

from collections.abc import Iterable, Sequence

REMEMBERED = 65_536
"""Texts of a generation; two are kept, so that what comes often is not forgotten with what comes once."""

LONGEST = 512
"""Characters of a text that is remembered: longer ones are seldom the same, and would fill the memory."""


class Recent:
    """Texts and a small number for each, those met lately; never more than two generations of them."""

    def __init__(self, most: int = REMEMBERED) -> None:
        """Begin with none; a generation ends with so many."""
        self._most = most
        self._new: dict[str, int] = {}
        self._old: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many texts are held."""
        return len(self._new) + len(self._old)

    def look_up(self, texts: Sequence[str]) -> list[int | None]:
        """Return what is remembered of each text, None for what is not."""
        found = list(map(self._new.get, texts))
        if self._old:
            for place, number in enumerate(found):
                if number is None and (number := self._old.get(texts[place])) is not None:
                    found[place] = self._new[texts[place]] = number
        return found

    def learn(self, texts: Iterable[tuple[str, int]]) -> None:
        """Remember texts with their numbers; a generation that is full becomes the old one, which is forgotten."""
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new.update((text, number) for text, number in texts if len(text) <= LONGEST)
