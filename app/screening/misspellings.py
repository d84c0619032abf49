"""Misspelt names in whole columns of text: where the letters and digits around a word near an anchor could be a name's.

Three bounds, each lossless: words near an anchor are those whose remainders after deletions meet; a window's letters
may differ from the name's by two for each edit; its digits may not differ. What passes is measured, and
`app.screening.anchors` looks at the words around it.
"""

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from app.chemistry.word_table import Remembered
from app.screening.anchors import (
    MOST_EDITS,
    PARTED_EDITS,
    SHORTEST_ANCHOR,
    AnchoredName,
    Anchors,
)
from app.screening.around import Around, NamesAround, joined_up, spread
from app.screening.context import NEUTRAL
from app.screening.letter_sums import LetterSums, apart
from app.screening.lexicon import (
    HEAD,
    IDLE,
    LETTERS,
    MOST_WORDS,
    TAIL,
    Lexicon,
    count_letters,
    may_slip,
    slip_kind,
)
from app.screening.made_once import MadeOnce
from app.screening.near_words import MOST_SLIPS, is_slip
from app.screening.neighbourhood import Neighbourhood, may_hold
from app.screening.sequences import Bools, Ints, Sequences, UInts
from app.screening.slips import is_oddly_misread, misread

_MOST_LISTS = 2 * MOST_WORDS
"""Lists of near anchors remembered: each word has one at most, and so may pairs of words."""
_MOST_MEASURED = 100_000
"""Windows remembered with what was found of them."""
_FEW = 8
"""So many words are measured sooner than bounded."""
_PAIR_BITS = 18
"""Pairs of words remembered, as a power of two."""


class Misspellings:
    """The names that may be misspelt, in arrays."""

    def __init__(self, anchors: Anchors, once: MadeOnce | None = None) -> None:
        """Take the names under their anchors, and what keeps the tables that are made of them."""
        self._anchors = anchors
        self._listed = names = anchors.listed
        self._letters = count_letters([name.key for name in names])
        self._spelt = count_letters([name.raw for name in names])
        self._differ = np.array([2 * name.edits for name in names], dtype=np.int64)
        self._order = list(anchors.anchored)
        self._number = {anchor: number for number, anchor in enumerate(self._order)}
        self._names = NamesAround(*anchors.pairs, names)
        self._around = Neighbourhood(((anchor, anchors.edits_of(anchor)) for anchor in self._order), once, "around")
        self._heads = Neighbourhood(self._parted(heads=True), once, "heads")
        self._tails = Neighbourhood(self._parted(heads=False), once, "tails")
        self._spelt_order = sorted(anchors.near_words.words)
        self._spelt_around = Neighbourhood(((word, 1) for word in self._spelt_order), once, "spelt")
        self._spelt_further = Neighbourhood(((word, MOST_SLIPS) for word in self._spelt_order), once, "further")
        self._pairs = Remembered(_PAIR_BITS)
        self._forget_lists()

    def _parted(self, *, heads: bool) -> Iterator[tuple[str, int]]:
        """Yield what anchors begin with, or end with, and the one edit it may be away."""
        parted = self._number.keys() - self._anchors.runs
        lengths = {anchor: range(len(anchor)) for anchor in sorted(parted)}
        if heads:
            yield from dict.fromkeys((anchor[: end + 1], 1) for anchor, ends in lengths.items() for end in ends)
        else:
            yield from dict.fromkeys((anchor[start:], 1) for anchor, starts in lengths.items() for start in starts)

    def _forget_lists(self) -> None:
        self._lists: dict[tuple[str, ...], int] = {(): 0}
        self._near: list[tuple[str, ...]] = [()]
        self._bounds = np.zeros(2, dtype=np.int64)
        self._reached = 0
        self._new_ends: list[int] = []
        self._new_anchors: list[int] = []
        self._anchors_near = np.empty(0, dtype=np.int64)
        self._pairs.clear()
        self._measured: dict[tuple[int, bytes], bool] = {}
        """Names with the words of windows that may be them, eight octets each: whether these could be the name."""

    def keep(self, lists: npt.NDArray[np.int32], words_forgotten: bool) -> npt.NDArray[np.int32]:
        """Forget, when they are many or words were forgotten, the lists that no word has, and what was found of pairs.

        Args:
            lists: the list of each word of the lexicon.
            words_forgotten: whether the lexicon's numbers stand for other words than before.

        Returns:
            int32[n]: the same lists, as they are numbered from now on.
        """
        if not words_forgotten and len(self._near) <= _MOST_LISTS and len(self._measured) <= _MOST_MEASURED:
            return lists
        used, places = np.unique(lists, return_inverse=True)
        near = [self._near[number] for number in used.tolist()]
        self._forget_lists()
        return np.array(self._listed_as(near), dtype=np.int32)[places]

    def near(self, words: Sequence[str], keys: Sequence[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        """Return what the lexicon keeps of the anchors: int32[n] lists of near ones, uint16[n] truths of words."""
        lists = np.zeros(len(keys), dtype=np.int32)
        ends = np.zeros(len(keys), dtype=np.uint16)
        asked = [place for place, key in enumerate(keys) if key.isascii() and key.isalpha()]
        if len(keys) <= _FEW:
            ends[asked] = HEAD | TAIL
        else:
            heads, tails = may_hold((self._heads, self._tails), [keys[place] for place in asked], 1)
            ends[asked] = heads * HEAD | tails * TAIL
        known = self._anchors.are_known(keys)
        is_known = known.tolist()
        long = [place for place in asked if len(keys[place]) >= SHORTEST_ANCHOR - 1 and keys[place] not in NEUTRAL]
        unknown = [place for place in long if not is_known[place]]
        lists[unknown] = self._lists_near([keys[place] for place in unknown], MOST_EDITS)
        # A word that is spelt as chemicals are is near to no anchor but itself.
        itself = [place for place in long if is_known[place] and keys[place] in self._number]
        lists[itself] = self._listed_as([(keys[place],) for place in itself])
        self._tell_slips(words, keys, lists, ends, known)
        return lists, ends

    def _tell_slips(
        self,
        words: Sequence[str],
        keys: Sequence[str],
        lists: npt.NDArray[np.int32],
        ends: npt.NDArray[np.uint16],
        known: Bools,
    ) -> None:
        """Mark the words that are no words of chemistry: slips for an anchor, and strange ones."""
        unknown = [place for place in np.flatnonzero(~known).tolist() if may_slip(keys[place])]
        as_spelt = self._may_be_read([words[place] for place in unknown])
        for place, may, number in zip(unknown, as_spelt, lists[unknown].tolist(), strict=True):
            word, key = words[place], keys[place]
            slips = may or (number and is_slip(word, key, self._near[number]))
            ends[place] |= slip_kind(key, slips=bool(slips))

    def _may_be_read(self, words: Sequence[str]) -> list[bool]:
        """Tell of each word what `NearWords.may_be_read` tells."""
        near_words = self._anchors.near_words
        may: list[bool] = self._spelt_around.may_hold(words, 1).tolist()
        odd = [place for place, word in enumerate(words) if not may[place] and is_oddly_misread(word)]
        long = [place for place, word in enumerate(words) if not may[place] and near_words.is_intact(word)]
        for place in set(odd).difference(long):
            may[place] = not near_words.words.isdisjoint(misread(words[place]))
        asked = [words[place] for place in long]
        pairs, others = (each.tolist() for each in self._spelt_further.may_be_near(asked, MOST_SLIPS))
        edits = _edits([asked[pair] for pair in pairs], [self._spelt_order[other] for other in others])
        for pair in np.array(pairs)[edits <= MOST_SLIPS].tolist():
            may[long[pair]] = True
        printed = [(place, other) for place in long if not may[place] for other in misread(words[place])]
        held = self._spelt_around.may_hold([other for _, other in printed], 1).tolist()
        for place, _ in compress(printed, held):
            may[place] = True
        return may

    def _lists_near(self, words: list[str], most: int) -> Ints:
        """Return int64[n]: the list of anchors near each word, within `most` edits."""
        lists = np.zeros(len(words), dtype=np.int64)
        if len(words) <= _FEW:
            near = {place: self._anchors.near(word, most) for place, word in enumerate(words)}
        else:
            near = self._near_many(words, most)
        lists[list(near)] = self._listed_as(list(near.values()))
        return lists

    def _listed_as(self, many: list[tuple[str, ...]]) -> list[int]:
        """Return the number of each list of anchors; new ones get the next."""
        numbers = [self._list_of(anchors) for anchors in many]
        self._bounds = _lengthened(self._bounds, self._new_ends)
        self._anchors_near = _lengthened(self._anchors_near, self._new_anchors)
        return numbers

    def _near_many(self, words: list[str], most: int) -> dict[int, tuple[str, ...]]:
        """Return the anchors near each word that has any, as `Anchors.near` tells them for one."""
        near: dict[int, tuple[str, ...]] = {}
        places, numbers = (each.tolist() for each in self._around.may_be_near(words, most))
        anchors = [self._order[number] for number in numbers]
        edits = _edits([words[place] for place in places], anchors)
        allowed = np.array([self._anchors.edits_of(anchor, most) for anchor in anchors], dtype=np.int64)
        for row in np.flatnonzero((edits <= allowed) & (allowed > 0)).tolist():
            place, anchor = places[row], anchors[row]
            if words[place] == anchor or not self._anchors.is_known(words[place]):
                near[place] = (*near.get(place, ()), anchor)
        return near

    def _list_of(self, anchors: tuple[str, ...]) -> int:
        number = self._lists.setdefault(anchors, len(self._lists))
        if number == len(self._near):
            self._near.append(anchors)
            self._reached += len(anchors)
            self._new_ends.append(self._reached)
            self._new_anchors += [self._number[anchor] for anchor in anchors]
        return number

    def find(self, sequences: Sequences, lexicon: Lexicon) -> tuple[Ints, Ints, Ints]:
        """Return where a misspelt name may stand.

        Returns:
            int64[m] first word of each window, int64[m] the word behind its last one, int64[m] the name, as
            `name_of` knows it. A window and name may come twice.
        """
        words = np.flatnonzero(lexicon.of.near[sequences.words])
        lists = lexicon.of.near[sequences.words[words]].astype(np.int64)
        joined, joined_lists = self._joined(sequences, lexicon)
        words, lists = np.concatenate([words, joined]), np.concatenate([lists, joined_lists])
        words, at = spread(words, self._bounds[lists], self._bounds[lists + 1])
        sums = LetterSums(sequences, lexicon)
        found = [Around(*(np.empty(0, dtype=np.int64),) * 4)]
        for windows in self._names.windows(sequences, sums, words, self._anchors_near[at]):
            could = windows.taken(self._could_be(sums, windows))
            found.append(could.taken(self._is_near(sequences.words, lexicon, could)))
        near = joined_up(found)
        near = near.taken(self._names.in_order(sequences, words, near))
        return near.first, near.last, self._names.name[near.place]

    def name_of(self, number: int) -> AnchoredName:
        """Return the name of a number that `find` gave."""
        return self._listed[number]

    def _joined(self, sequences: Sequences, lexicon: Lexicon) -> tuple[Ints, Ints]:
        """Return words that make an anchor together with the next one, and their lists."""
        kinds = sequences.kinds
        one, other = LETTERS | HEAD, LETTERS | TAIL
        may = sequences.parted[:-1] & ((kinds[:-1] & (one | IDLE)) == one) & ((kinds[1:] & other) == other)
        first = np.flatnonzero(may)
        pairs = (sequences.words[first] << np.int64(32) | sequences.words[first + 1]).astype(np.uint64) + np.uint64(1)
        lists = self._lists_of_pairs(pairs, lexicon)
        return first[lists > 0], lists[lists > 0]

    def _lists_of_pairs(self, pairs: UInts, lexicon: Lexicon) -> Ints:
        lists = self._pairs.find(pairs)
        missed = np.flatnonzero(lists < 0)
        if missed.size:
            new, inverse = np.unique(pairs[missed], return_inverse=True)
            keys, both = lexicon.keys, (new - np.uint64(1)).tolist()
            joined = [keys[pair >> 32] + keys[pair & 0xFFFFFFFF] for pair in both]
            long = [place for place, word in enumerate(joined) if len(word) >= SHORTEST_ANCHOR]
            found = np.zeros(len(joined), dtype=np.int64)
            found[long] = self._lists_near([joined[place] for place in long], PARTED_EDITS)
            self._pairs.put(new, found)
            lists[missed] = found[inverse]
        return lists

    def _could_be(self, sums: LetterSums, windows: Around) -> Bools:
        """Tell which windows have nearly the letters of a name, as keys or as spelt."""
        could = np.zeros(len(windows.place), dtype=np.bool_)
        names = self._names.name[windows.place]
        kept = np.arange(len(names))
        for of_text, of_names in ((sums.letters, self._letters), (sums.spelt, self._spelt)):
            named = names[kept]
            near = apart(of_text, windows.first[kept], windows.last[kept], of_names[named]) <= self._differ[named]
            could[kept] = near
            kept = kept[~near]
        return could

    def _is_near(self, words: Ints, lexicon: Lexicon, windows: Around) -> Bools:
        """Tell which windows could be a name by their words, as keys or as spelt, and are not the name itself."""
        octets, wide = words.tobytes(), words.itemsize
        columns = (self._names.name[windows.place], wide * windows.first, wide * windows.last)
        held = [
            (number, octets[begin:end])
            for number, begin, end in zip(*(column.tolist() for column in columns), strict=True)
        ]
        known = self._measured
        new = list({each for each in held if each not in known})
        known.update(zip(new, self._could_be_named(new, lexicon), strict=True))
        return np.fromiter(map(known.__getitem__, held), dtype=np.bool_, count=len(held))

    def _could_be_named(self, held: list[tuple[int, bytes]], lexicon: Lexicon) -> list[bool]:
        """Tell of names, each with the words of a window, whether the words could be the name."""
        names = [self._listed[number] for number, _ in held]
        windows = [np.frombuffer(octets, dtype=np.int64).tolist() for _, octets in held]
        keys = [[lexicon.keys[word] for word in window] for window in windows]
        spelt = [[lexicon.spelt[word] for word in window] for window in windows]
        edits = _edits(["".join(window) for window in keys], [name.key for name in names])
        far = np.flatnonzero(edits > np.array([name.edits for name in names], dtype=np.int64)).tolist()
        edits[far] = _edits(["".join(spelt[row]) for row in far], [names[row].raw for row in far])
        return [
            0 < apart <= name.edits and self._anchors.could_be(of_keys, of_spelt, name, apart)
            for name, of_keys, of_spelt, apart in zip(names, keys, spelt, edits.tolist(), strict=True)
        ]


def _edits(texts: list[str], others: list[str]) -> Ints:
    """Return int64[n]: the edits between each text and the other, those beyond `MOST_EDITS` as one more."""
    if not texts:
        return np.empty(0, dtype=np.int64)
    edits: Ints = cpdist(texts, others, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.int64)
    return edits


def _lengthened(values: Ints, more: list[int]) -> Ints:
    """Return an array with what is waiting behind it, and let nothing wait any more."""
    longer = np.append(values, np.array(more, dtype=np.int64)) if more else values
    more.clear()
    return longer
