"""One description searched word by word: what `app.screening.search` finds, without the fixed cost of whole columns.

Arrays are dear for a dozen words. The tables are those of the columns, and a property test holds that both ways find
the same, in the same order.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from app.chemistry.fold import Words, split_words
from app.chemistry.respell import respellings
from app.screening.anchors import MOST_EDITS, PARTED_EDITS, SHORTEST_ANCHOR, AnchoredName, Anchors
from app.screening.context import NEUTRAL
from app.screening.lexicon import (
    CHEMICAL,
    IDLE,
    LETTERS,
    NUMBER,
    SAID,
    SLIP,
    STRANGE,
    kinds_of,
    may_slip,
    slip_kind,
)
from app.screening.mending import MOST_WORDS, Mending
from app.screening.near_words import MOST_SLIPS, is_slip
from app.screening.search import Hits
from app.screening.systematic import is_bound, mention_in, whole_key
from app.screening.windows import Window

_SILENT, _SAID, _CHEMICAL = int(IDLE | NUMBER), int(SAID), int(CHEMICAL)
_LETTERS, _LETTERS_OR_IDLE = int(LETTERS), int(LETTERS | IDLE)
_SLIP, _STRANGE = int(SLIP), int(STRANGE)
_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True)
class LineFound:
    """What one text can say."""

    hits: dict[str, Hits]
    """Of the text and of what it may be respelt as, where a listed name may stand in it."""
    mention: str | None
    """The part of it that may be a systematic name which no dictionary has."""


@dataclass(frozen=True, slots=True)
class _Word:
    """What the search asks of a word; `app.screening.lexicon` has the same in arrays."""

    kinds: int
    near: tuple[str, ...]
    """The anchors it is near."""


class LineSearch:
    """The search of whole columns, for one text."""

    def __init__(
        self, keys: Iterable[str], anchors: Anchors, is_lawful: Callable[[str], bool], mending: Mending
    ) -> None:
        """Take what is searched for.

        Args:
            keys: the keys of all listed names.
            anchors: the same names under their longest words.
            is_lawful: tells of a key whether it names a lawful chemical.
            mending: tells whether a text with slips has a reading.
        """
        self._keys = sorted(keys)
        self._anchors = anchors
        self._is_lawful = is_lawful
        self._mending = mending
        self._beginnings: dict[str, int] = defaultdict(int)
        """The beginnings of anchors, each with the lengths of these anchors as bits."""
        self._ends: dict[str, int] = defaultdict(int)
        for anchor in anchors.anchored.keys() - anchors.runs:
            for end in range(len(anchor) + 1):
                self._beginnings[anchor[:end]] |= 1 << len(anchor)
                self._ends[anchor[end:]] |= 1 << len(anchor)
        self._look_at = lru_cache(maxsize=_REMEMBERED)(self._word)

    def search(self, text: str) -> LineFound:
        """Search one text, cut to what is read of a description."""
        words = split_words(text)
        hits: dict[str, Hits] = {}
        for each in (words, *map(split_words, respellings(words.folded))):
            known = [*map(self._look_at, each.words, each.keys)]
            found = Hits(list(self._exact(each)), self._near(each, known), self._is_mendable(each, known))
            if found.exact or found.near or found.mendable:
                hits[each.text] = found
        return LineFound(hits, None if hits else self._mention(words))

    def _word(self, word: str, key: str) -> _Word:
        long = len(key) >= SHORTEST_ANCHOR - 1 and key not in NEUTRAL and key.isascii() and key.isalpha()
        near = self._anchors.near(key, MOST_EDITS) if long else ()
        kinds = kinds_of(word, key)
        if may_slip(key) and not self._anchors.is_known(key):
            slips = is_slip(word, key, near) or self._anchors.near_words.may_be_read(word)
            kinds |= slip_kind(key, slips=slips)
        return _Word(kinds, near)

    def _is_mendable(self, words: Words, known: list[_Word]) -> bool:
        """Tell whether a word or two are a slip away from a listed name's, none is strange, and they can be read so."""
        if len(known) > MOST_WORDS or not 0 < sum(word.kinds & _SLIP != 0 for word in known) <= MOST_SLIPS:
            return False
        strange = any(word.kinds & _STRANGE for word in known)
        return not strange and self._mending.may_mend(words.words, words.keys)

    def near_pair(self, joined: str) -> tuple[str, ...]:
        """Return the anchors that two words put together are near: one edit leaves one half or the other as it was."""
        length, half = len(joined), len(joined) // 2
        if length < SHORTEST_ANCHOR:
            return ()
        lengths = self._beginnings.get(joined[:half], 0) | self._ends.get(joined[half + 1 :], 0)
        return self._anchors.near(joined, PARTED_EDITS) if lengths >> (length - PARTED_EDITS) & 0b111 else ()

    def _exact(self, words: Words) -> Iterator[Window]:
        """Yield windows that are listed names, going on from word to word as long as a name begins so."""
        keys, squashed, ends = self._keys, words.squashed, words.ends
        for first, start in enumerate(words.starts):
            for last in range(first, len(ends)):
                key = squashed[start : ends[last]]
                at = bisect_left(keys, key)
                if at == len(keys) or not keys[at].startswith(key):
                    break
                if keys[at] == key:
                    yield Window(first, last + 1)

    def _near(self, words: Words, known: list[_Word]) -> list[tuple[Window, AnchoredName]]:
        """Return windows within the edits of a name, in the order in which the columns find them."""
        found = [
            (*steps, number, Window(first, last), name)
            for number, (place, name, before) in enumerate(self._anchored(words, known))
            for steps, first, last in _windows(words, place, name, before)
            if self._is_near(words, first, last, name)
        ]
        found.sort(key=lambda hit: hit[:3])
        return [(window, name) for *_, window, name in found]

    def _is_near(self, words: Words, first: int, last: int, name: AnchoredName) -> bool:
        """Tell whether a window has the digits of a name and is within its edits, as keys or as spelt, but not it."""
        key = words.squashed[words.starts[first] : words.ends[last - 1]]
        keys, spelt = words.keys[first:last], words.words[first:last]
        edits = OSA.distance(key, name.key, score_cutoff=name.edits)
        if edits > name.edits:
            edits = OSA.distance("".join(spelt), name.raw, score_cutoff=name.edits)
        if not 0 < edits <= name.edits or sorted(filter(str.isdigit, key)) != sorted(name.digits):
            return False
        return self._anchors.could_be(keys, spelt, name, edits)

    def _anchored(self, words: Words, known: list[_Word]) -> Iterator[tuple[int, AnchoredName, int]]:
        """Yield (word, name, letters before its anchor) for words near an anchor, then for those that make one."""
        places = [(place, word.near) for place, word in enumerate(known) if word.near]
        for place in range(len(known) - 1):
            if known[place].kinds & _LETTERS_OR_IDLE != _LETTERS or not known[place + 1].kinds & _LETTERS:
                continue
            if words.spans[place + 1][0] - words.spans[place][1] == 1:
                places.append((place, self.near_pair(words.keys[place] + words.keys[place + 1])))
        for place, anchors in places:
            start, longest = words.starts[place] + MOST_EDITS, words.ends[-1] + 2 * MOST_EDITS
            for anchor in anchors:
                for name, before in self._anchors.anchored[anchor]:
                    # The text has room for what the name has before the word and behind it.
                    if before <= start and start - before - MOST_EDITS + len(name.key) <= longest:
                        yield place, name, before

    def _mention(self, words: Words) -> str | None:
        """Return what `app.screening.systematic` would read of a text of which nothing is known yet."""
        kinds = [self._look_at(word, key).kinds for word, key in zip(words.words, words.keys, strict=True)]
        chemical = sum(kind & _CHEMICAL != 0 for kind in kinds)
        if not chemical or 3 * chemical < sum(kind & _SAID != 0 for kind in kinds):
            return None
        if self._is_lawful(whole_key(words)):
            return None
        telling = [
            words.spans[place]
            for place, kind in enumerate(kinds)
            if not kind & _SILENT and (len(words.keys[place]) > 1 or is_bound(words, place))
        ]
        if not telling:
            return None
        return mention_in(words.folded, min(span[0] for span in telling), max(span[1] for span in telling))


def _windows(words: Words, place: int, name: AnchoredName, before: int) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Yield (steps, first, last): windows whose anchor stands where the name has it, two letters more or less.

    Args:
        words: the text's words.
        place: the word that is near the anchor.
        name: the name that has it.
        before: letters of it before the anchor.
    """
    starts = words.starts
    target = starts[place] - before
    first = began = bisect_left(starts, max(target - MOST_EDITS, 0))
    while first <= place and starts[first] <= target + MOST_EDITS:
        least = starts[first] + len(name.key) - MOST_EDITS
        last = ended = max(bisect_left(words.ends, least) + 1, place + 1)
        while last <= len(starts) and words.ends[last - 1] <= least + 2 * MOST_EDITS:
            yield (first - began, last - ended), first, last
            last += 1
        first += 1
