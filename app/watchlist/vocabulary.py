"""The words that names of chemicals are made of: one of them is no slip for another.

The tables that the names come from have slips of their own (`piperdine`, `pemanganate`). A word is such a slip where a
listed name's word that lies one slip away, put in its place, gives another name of the same chemical.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from app.chemistry.fold import name_keys
from app.watchlist.lawful import SHORTEST_KEY
from app.watchlist.model import Watchlist

_OFTEN = 6
"""A word in the names of fewer chemicals than this may be a slip: the tables have the same slips several times."""
_SHORTEST_SLIP = 6
_MOSTLY = 0.5
"""Share of the chemicals with a word for which the other word gives another name."""
_LIKELIER = 8
"""A word of a listed name is a slip only for one that so many times as many names have."""
_MOST_SLIPS = 3
"""A word that more listed names have is how a language spells it."""


class Vocabulary:
    """Words by the number of chemicals whose names have them."""

    def __init__(self, watchlist: Watchlist) -> None:
        """Begin with the words of all listed names but the known misspellings."""
        self._listed: Counter[str] = Counter()
        named: dict[str, dict[str, list[str]]] = {}
        for substance in watchlist.substances:
            names = named[substance.id] = {}
            for name in substance.names:
                if name.kind == "misspelling":
                    continue
                key, parts = name_keys(name.text)
                names[key] = parts
                self._listed.update(set(parts))
        self._near: dict[str, list[str]] = {}
        self._remainders: dict[str, list[str]] = defaultdict(list)
        for word in filter(_may_slip, self._listed):
            for rest in _remainders(word):
                self._remainders[rest].append(word)
        self._doubtful = {
            word
            for names in named.values()
            for word, other in _slips(names, self._neighbours)
            if self._listed[word] <= min(_MOST_SLIPS, self._listed[other] / _LIKELIER)
        }
        self._lawful: Counter[str] = Counter()
        self._slips: Counter[str] = Counter()

    def take(self, names: Mapping[str, list[str]]) -> None:
        """Take the names of one lawful chemical: the words of each by its key."""
        self._lawful.update({word for words in names.values() for word in words})
        self._slips.update({word for word, _ in _slips(names, self._neighbours)})

    def words(self) -> list[str]:
        """Return the words that names of chemicals are made of, slips left out."""
        often = {word for word, count in self._lawful.items() if count >= _OFTEN}
        slips = {
            word
            for word in self._doubtful | (often - self._listed.keys())
            if self._slips[word] >= _MOSTLY * self._lawful[word]
        }
        return [word for word in (often | self._listed.keys()) - slips if len(word) >= SHORTEST_KEY]

    def _neighbours(self, word: str) -> list[str]:
        """Return the words of listed names that are one slip away; none for a short word."""
        near = self._near.get(word)
        if near is None:
            found = (other for rest in _remainders(word) for other in self._remainders.get(rest, ()))
            near = [other for other in dict.fromkeys(found) if other != word] if _may_slip(word) else []
            self._near[word] = near
        return near


def _slips(names: Mapping[str, Collection[str]], neighbours: Callable[[str], list[str]]) -> Iterator[tuple[str, str]]:
    """Yield (word, other): putting the other word in its place gives another of some names, by their keys."""
    for key, words in names.items():
        for word in words:
            for other in neighbours(word):
                if key.replace(word, other) in names:
                    yield word, other


def _may_slip(word: str) -> bool:
    return len(word) >= _SHORTEST_SLIP and word.isascii() and word.isalpha()


def _remainders(word: str) -> list[str]:
    """Return a word, and what is left of it when a letter is deleted: words one edit apart have one in common."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
