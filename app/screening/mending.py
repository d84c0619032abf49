"""Words that are no words of chemistry, read as the listed names' words they are a slip away from.

Where a name has several slips, or no dictionary has it, no window is near a listed name; but each of its words is near
a word that listed names are made of. What is read so is looked up, and read as a structure, like any other text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from rapidfuzz.distance import OSA

from app.chemistry.fold import Words, split_words
from app.screening.context import NEUTRAL
from app.screening.near_words import JOINING_WORDS, MOST_SLIPS, SHORTEST_WORD, NearWords

_SHORTEST_CLASS = 3
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

    def __init__(self, near_words: NearWords, is_known: Callable[[str], bool]) -> None:
        """Take what texts are mended to.

        Args:
            near_words: the words of listed names.
            is_known: tells whether a key is a word that names of chemicals are made of, and so no slip.
        """
        self._near_words = near_words
        self._is_known = is_known

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
            if slips <= MOST_SLIPS:
                found.append(_written(words.folded, [span for span, _ in choices], [word for word, _ in chosen], slips))
        different = {each.text: each for each in reversed(found) if each.text != words.folded}
        return sorted(different.values(), key=lambda each: each.slips)[:_MOST_READINGS]

    def _choices(self, word: str, key: str) -> tuple[tuple[str, int], ...]:
        """Return how a word may be read, each with its slips; nothing for one that is far from words of chemistry."""
        if key in NEUTRAL or not key.isalpha():
            return ((word, 0),)
        if 1 < len(key) <= _SHORTEST_CLASS and (joining := _joining(word)):
            return ((word, 0), *((each, 1) for each in joining))
        if len(key) < _SHORTEST_CLASS:
            return ((word, 0),)
        if key in self._near_words.spelt:
            return ((self._near_words.spelt[key], 0),)
        if not key.isascii():
            return ()
        if self._is_known(key):
            return ((word, 0),)
        return self._near_words.nearest(word, key) or (((word, 0),) if len(key) <= SHORTEST_WORD else ())

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
            slips += choices[0][1]  # no other choice has fewer
            if slips > MOST_SLIPS:
                return False
            differs = differs or any(choice != word for choice, _ in choices)
        return differs


def _joining(word: str) -> list[str]:
    """Return the joining words that a short word is a slip away from."""
    return [each for each in JOINING_WORDS if OSA.distance(word, each, score_cutoff=1) == 1]


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
    joints.append((length + len(pieces[-1]), len(folded)))
    return Mended("".join(pieces), slips, tuple(joints))
