"""Words that are no words of chemistry, read as the listed names' words they are a slip away from.

Where a name has several slips, or no dictionary has it, no window is near a listed name; but each of its words is near
a word that listed names are made of. What is read so is looked up, and read as a structure, like any other text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product

from rapidfuzz.distance import OSA

from app.chemistry.fold import Words, split_words
from app.screening.context import NEUTRAL
from app.screening.spellings import Spellings

_MOST_SLIPS = 2
_TWO_SLIPS_FROM = 8
"""A shorter word has one slip at most."""
_SHORTEST_WORD = 4
"""Shorter words are left as they are, or become a class word, as `acid`."""
_SHORTEST_CLASS = 3
SHORT_CLASSES = frozenset({"acid", "eter"})
"""Keys of the class words that are as short."""
MOST_WORDS = 24
"""A longer text is no name."""
_MOST_READINGS = 8


@dataclass(frozen=True, slots=True)
class Mended:
    """A text read with its slips mended."""

    text: str
    slips: int
    """How many letters were mended; 0 where words were only spelt another way."""
    joints: tuple[tuple[int, int], ...]
    """Places of this text and of the folded text it was made from that are the same, in order."""

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece of this text stands in the folded text."""
        first = max((joint for joint in self.joints if joint[0] <= start), default=(0, 0))
        last = min((joint for joint in self.joints if joint[0] >= end), default=(end, end))
        return first[1] + start - first[0], last[1] - (last[0] - end)


class Mending:
    """The words of listed names, ready to be found again in what was made of them."""

    def __init__(self, spelt: Mapping[str, str], is_known: Callable[[str], bool]) -> None:
        """Take what texts are mended to.

        Args:
            spelt: the keys of the words of listed names, each with a spelling, the English one where there is one.
            is_known: tells whether a key is a word that names of chemicals are made of, and so no slip.
        """
        self._is_known = is_known
        self._spelt = {key: word for key, word in spelt.items() if len(key) >= _SHORTEST_WORD and key.isalpha()}
        self._keys = list(self._spelt)
        self._nearest = lru_cache(maxsize=16_384)(self._measured)

    @cached_property
    def _near_keys(self) -> Spellings:
        return Spellings(self._keys)

    @cached_property
    def _near_words(self) -> Spellings:
        return Spellings(list(self._spelt.values()))

    def readings(self, words: Words) -> list[Mended]:
        """Return the ways to read a folded text with its slips mended, those with the fewest slips first.

        Args:
            words: the words of a text; what is read is what it is folded to.

        Returns:
            At most a few readings, none of them the text itself; none where a word is neither known nor near a known
            one, where there is nothing to mend, or where it would take more than two slips.
        """
        if not words.text.isascii() or "." in words.text:  # else its words are those of what it is folded to
            words = split_words(words.folded)
        if not 1 <= len(words.words) <= MOST_WORDS:
            return []
        choices: list[tuple[tuple[int, int], tuple[tuple[str, int], ...]]] = []
        for word, key, span in sorted(zip(words.words, words.keys, words.spans, strict=True), key=lambda item: item[2]):
            nearest = self._choices(word, key)
            if not nearest:
                return []
            choices.append((span, nearest))
        found = []
        for chosen in islice(product(*(nearest for _, nearest in choices)), 4 * _MOST_READINGS):
            slips = sum(slips for _, slips in chosen)
            if slips <= _MOST_SLIPS:
                found.append(_written(words.folded, [span for span, _ in choices], [word for word, _ in chosen], slips))
        different = {each.text: each for each in reversed(found) if each.text != words.folded}
        return sorted(different.values(), key=lambda each: each.slips)[:_MOST_READINGS]

    def _choices(self, word: str, key: str) -> tuple[tuple[str, int], ...]:
        """Return how a word may be read, each with its slips; nothing for one that is far from words of chemistry."""
        if key in NEUTRAL or not key.isalpha() or len(key) < _SHORTEST_CLASS:
            return ((word, 0),)
        if key in self._spelt:
            return ((self._spelt[key], 0),)
        if not key.isascii():
            return ()
        return self._nearest(word, key) or (((word, 0),) if len(key) <= _SHORTEST_WORD else ())

    def may_mend(self, words: Sequence[str], keys: Sequence[str]) -> bool:
        """Tell of a text whether it has any reading, sooner than by reading it.

        Args:
            words: those of the folded text, in any order.
            keys: of each word.
        """
        slips, differs = 0, False
        for word, key in zip(words, keys, strict=True):
            choices = self._choices(word, key)
            if not choices:
                return False
            slips += choices[0][1]  # that of all its choices
            if slips > _MOST_SLIPS:
                return False
            differs = differs or any(choice != word for choice, _ in choices)
        return differs

    def _measured(self, word: str, key: str) -> tuple[tuple[str, int], ...]:
        if self._is_known(key):
            return ((word, 0),)
        most = _most_slips(key)
        slips: dict[str, int] = {}
        for apart, place in (*self._near_keys.near(key, most), *self._near_words.near(word, most)):
            other = self._keys[place]
            if min(len(key), len(other)) > _SHORTEST_WORD or other in SHORT_CLASSES:
                slips[other] = min(apart, slips.get(other, most))
        fewest = min(slips.values(), default=0)
        near = [(self._spelt[other], fewest) for other, apart in slips.items() if apart == fewest]
        return tuple(near[:_MOST_READINGS])


def is_slip(key: str, near: Iterable[str]) -> bool:
    """Tell whether an unknown word is so close to one of the words near it that it may be mended to it."""
    most = _most_slips(key)
    return any(OSA.distance(key, word, score_cutoff=most) <= most for word in near)


def _most_slips(key: str) -> int:
    return 1 if len(key) < _TWO_SLIPS_FROM else _MOST_SLIPS


def _written(folded: str, spans: list[tuple[int, int]], words: list[str], slips: int) -> Mended:
    pieces: list[str] = []
    joints: list[tuple[int, int]] = []
    reached = length = 0
    for (start, end), word in zip(spans, words, strict=True):
        between = folded[reached:start]
        length += len(between)
        joints += [(length, start), (length + len(word), end)]
        length += len(word)
        pieces += [between, word]
        reached = end
    pieces.append(folded[reached:])
    return Mended("".join(pieces), slips, tuple(joints))
