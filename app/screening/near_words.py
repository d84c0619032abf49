"""Words of listed names, to be found again in what was made of them by slips of the hand and of optical reading."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from app.screening.slips import is_oddly_misread, misread
from app.screening.spellings import Spellings

MOST_SLIPS = 2
SHORTEST_WORD = 4
"""Shorter words are left as they are, or become a class word, as `acid`."""
SHORT_CLASSES = frozenset({"acid", "eter"})
"""Keys of the class words that are as short."""
_TWO_SLIPS_FROM = 8
"""A shorter word has one slip at most."""
_INTACT = 5
"""A long word is looked at where so many letters at its beginning or at its end are those of a name's word."""
JOINING_WORDS = ("de", "di", "of")
"""They are in names of many languages, and carry slips like any other word."""
_MOST_NEAR = 8
_REMEMBERED = 16_384


class NearWords:
    """The words that listed names are made of."""

    def __init__(self, spelt: Mapping[str, str]) -> None:
        """Take the keys of words, each with a spelling, the English one where there is one."""
        long = (word for key, word in spelt.items() if len(word) > SHORTEST_WORD or key in SHORT_CLASSES)
        self.words = frozenset((*long, *JOINING_WORDS))
        """All of them as they are spelt, but for short ones."""
        self.remainders = frozenset(rest for word in self.words for rest in remainders(word))
        """What is left of these when up to one letter is deleted."""
        self._longest = max(map(len, self.words)) + MOST_SLIPS
        """No longer word is near any."""
        self._beginnings = frozenset(word[:_INTACT] for word in self.words)
        self._ends = frozenset(word[-_INTACT:] for word in self.words)
        self.spelt = {key: word for key, word in spelt.items() if len(key) >= SHORTEST_WORD and key.isalpha()}
        """Those with longer keys, by their keys."""
        self._keys = list(self.spelt)
        self.nearest = lru_cache(maxsize=_REMEMBERED)(self._measured)
        """The spellings that a word is nearest to, each with its slips; none where it would take too many."""

    @cached_property
    def _near_keys(self) -> Spellings:
        return Spellings(self._keys)

    @cached_property
    def _near_words(self) -> Spellings:
        return Spellings(list(self.spelt.values()))

    @cached_property
    def _all_words(self) -> Spellings:
        return Spellings(sorted(self.words))

    def may_be_read(self, word: str) -> bool:
        """Tell whether a word that no name of a chemical has may be one of these with its slips mended.

        One with a letter lost, added or changed may be, or two with such letters that are the same but for one more; a
        long one of which something is intact (`is_intact`) also with two slips, or with a group of letters misread as
        well; a short one with such a group that hardly any word has in it. `app.screening.misspellings` tells the same
        of many words.
        """
        if len(word) > self._longest:
            return False
        if not self.remainders.isdisjoint(remainders(word)):
            return True
        if not self.is_intact(word):
            return is_oddly_misread(word) and not self.words.isdisjoint(misread(word))
        return bool(self._all_words.near(word, MOST_SLIPS)) or any(
            not self.remainders.isdisjoint(remainders(printed)) for printed in misread(word)
        )

    def is_intact(self, word: str) -> bool:
        """Tell whether a long word begins or ends with several letters as a word of a listed name does."""
        return _TWO_SLIPS_FROM <= len(word) <= self._longest and (
            word[:_INTACT] in self._beginnings or word[-_INTACT:] in self._ends
        )

    def _measured(self, word: str, key: str) -> tuple[tuple[str, int], ...]:
        most = _most_slips(word, key)
        slips: dict[str, int] = {}
        for apart, place in (*self._near_keys.near(key, most), *self._near_words.near(word, most)):
            other = self._keys[place]
            if min(len(word), len(self.spelt[other])) > SHORTEST_WORD or other in SHORT_CLASSES:
                slips[other] = min(apart, slips.get(other, most))
        if not slips and len(word) <= self._longest:
            for other, apart in self._misread(word, most - 1):
                slips[other] = min(apart, slips.get(other, most))
        fewest = min(slips.values(), default=0)
        near = [(self.spelt[other], fewest) for other, apart in slips.items() if apart == fewest]
        return tuple(near[:_MOST_NEAR])

    def _misread(self, word: str, most: int) -> Iterator[tuple[str, int]]:
        """Yield (key, slips): what a word may be of which one group of letters was misread, with a few other slips."""
        for printed in misread(word):
            if not self.remainders.isdisjoint(remainders(printed)):
                for apart, place in self._near_words.near(printed, most):
                    yield self._keys[place], apart + 1


def is_slip(word: str, key: str, near: Iterable[str]) -> bool:
    """Tell whether an unknown word is so close to one of the keys near it that it may be mended to it."""
    most = _most_slips(word, key)
    return any(OSA.distance(key, other, score_cutoff=most) <= most for other in near)


def _most_slips(word: str, key: str) -> int:
    return 1 if max(len(key), len(word) - 1) < _TWO_SLIPS_FROM else MOST_SLIPS


def remainders(word: str) -> list[str]:
    """Return a word, and what is left of it when a letter is deleted."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
