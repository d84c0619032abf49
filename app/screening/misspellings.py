"""Misspelt names in whole columns of text: where the letters and digits around a word near an anchor could be a name's.

Three bounds, each lossless: words near an anchor are those whose remainders after deletions meet; a window's letters
may differ from the name's by two for each edit; its digits may not differ. What passes is measured, and
`app.screening.anchors` looks at the words around it.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from app.chemistry.word_table import Remembered
from app.screening.anchors import (
    MOST_EDITS,
    PARTED_EDITS,
    SHORTEST_ANCHOR,
    AnchoredName,
    Anchors,
)
from app.screening.context import NEUTRAL
from app.screening.letter_sums import LetterSums, apart
from app.screening.lexicon import (
    HEAD,
    IDLE,
    LETTERS,
    TAIL,
    Lexicon,
    count_letters,
    may_slip,
    slip_kind,
    sum_digits,
)
from app.screening.mending import is_slip
from app.screening.neighbourhood import Neighbourhood, may_hold
from app.screening.sequences import Bools, Ints, Sequences, UInts

_AT_ONCE = 1_000_000
"""Pairs of a word and a name that are looked at together."""
_WINDOWS = 100_000
"""Windows that are measured together, or as many as one step makes."""
_FEW = 8
"""So many words are measured sooner than bounded."""
_PAIR_BITS = 18
"""Pairs of words remembered, as a power of two."""


class Misspellings:
    """The names that may be misspelt, in arrays."""

    def __init__(self, anchors: Anchors) -> None:
        """Take the names under their anchors."""
        self._anchors = anchors
        names = list({name.key: name for held in anchors.anchored.values() for name, _ in held}.values())
        self._listed = names
        place = {name.key: number for number, name in enumerate(names)}
        self._length = np.array([len(name.key) for name in names], dtype=np.int64)
        self._letters = count_letters([name.key for name in names])
        self._spelt = count_letters([name.raw for name in names])
        self._digits = sum_digits([name.key for name in names])
        self._differ = np.array([2 * name.edits for name in names], dtype=np.int64)
        self._held = {
            anchor: [(place[name.key], before) for name, before in held] for anchor, held in anchors.anchored.items()
        }
        self._order = list(self._held)
        self._around = Neighbourhood((anchor, anchors.edits_of(anchor)) for anchor in self._order)
        parted = self._held.keys() - anchors.runs
        self._heads = Neighbourhood(
            (head, 1) for head in {anchor[:end] for anchor in parted for end in range(1, len(anchor) + 1)}
        )
        self._tails = Neighbourhood(
            (tail, 1) for tail in {anchor[start:] for anchor in parted for start in range(len(anchor))}
        )
        self._spelt_around = Neighbourhood((word, 1) for word in anchors.spellings())
        self._lists: dict[tuple[str, ...], int] = {(): 0}
        self._near: list[tuple[str, ...]] = [()]
        self._bounds = np.zeros(2, dtype=np.int64)
        self._reached = 0
        self._new_ends: list[int] = []
        self._new_names: list[int] = []
        self._new_before: list[int] = []
        self._names = np.empty(0, dtype=np.int64)
        self._before = np.empty(0, dtype=np.int64)
        self._pairs = Remembered(_PAIR_BITS)
        self._pairs_of = 0

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
        itself = [place for place in long if is_known[place] and keys[place] in self._held]
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
        as_spelt = self._spelt_around.may_hold([words[place] for place in unknown], 1)
        for place, near, number in zip(unknown, as_spelt.tolist(), lists[unknown].tolist(), strict=True):
            slips = near or (number and is_slip(keys[place], self._near[number]))
            ends[place] |= slip_kind(keys[place], slips=bool(slips))

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
        self._names = _lengthened(self._names, self._new_names)
        self._before = _lengthened(self._before, self._new_before)
        return numbers

    def _near_many(self, words: list[str], most: int) -> dict[int, tuple[str, ...]]:
        """Return the anchors near each word that has any, as `Anchors.near` tells them for one."""
        near: dict[int, tuple[str, ...]] = {}
        for place, number in zip(*(each.tolist() for each in self._around.may_be_near(words, most)), strict=True):
            word, anchor = words[place], self._order[number]
            edits = self._anchors.edits_of(anchor, most)
            if not edits or (word != anchor and self._anchors.is_known(word)):
                continue
            if OSA.distance(word, anchor, score_cutoff=edits) <= edits:
                near[place] = (*near.get(place, ()), anchor)
        return near

    def _list_of(self, anchors: tuple[str, ...]) -> int:
        number = self._lists.setdefault(anchors, len(self._lists))
        if number == len(self._near):
            held = [pair for anchor in anchors for pair in self._held[anchor]]
            self._near.append(anchors)
            self._reached += len(held)
            self._new_ends.append(self._reached)
            self._new_names += [name for name, _ in held]
            self._new_before += [before for _, before in held]
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
        found = [(np.empty(0, dtype=np.int64),) * 3]
        sums = LetterSums(sequences, lexicon)
        for some in _slices(self._bounds[lists + 1] - self._bounds[lists]):
            places, at = _spread(words[some], self._bounds[lists[some]], self._bounds[lists[some] + 1])
            for first, last, name in _together(self._windows(sequences, places, self._names[at], self._before[at])):
                could = np.flatnonzero(self._could_be(sums, first, last, name))
                could = could[self._is_near(sequences.words, lexicon, first[could], last[could], name[could])]
                found.append((first[could], last[could], name[could]))
        return _joined_up(found)

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
        if self._pairs_of != lexicon.forgotten:
            self._pairs.clear()
            self._pairs_of = lexicon.forgotten
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

    def _windows(
        self, sequences: Sequences, places: Ints, names: Ints, before: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield (first, last, name): windows whose anchor stands where the name has it, two letters more or less.

        Each step takes the next word at which a window may begin, and the next at which it may end.
        """
        starts, word_at = sequences.starts, _word_at(sequences.starts)
        target = starts[places] - before
        begins = sequences.begins[places]
        fits = (target + MOST_EDITS >= begins) & (
            target - MOST_EDITS + self._length[names] - MOST_EDITS <= sequences.finishes[places]
        )
        places, names, target, begins = places[fits], names[fits], target[fits], begins[fits]
        first = word_at[np.maximum(target - MOST_EDITS, begins)]
        while first.size:
            near = (first <= places) & (starts[first] <= target + MOST_EDITS)
            places, names, target, first = places[near], names[near], target[near], first[near]
            yield from self._ended(sequences, word_at, places, names, first)
            first = first + 1

    def _ended(
        self, sequences: Sequences, word_at: Ints, places: Ints, names: Ints, first: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        starts = sequences.starts
        least = starts[first] + self._length[names] - MOST_EDITS
        last = np.maximum(word_at[np.minimum(least, len(word_at) - 1)], places + 1)
        while last.size:
            near = last <= sequences.last_words[places]
            near &= starts[np.minimum(last, len(starts) - 1)] <= least + 2 * MOST_EDITS
            places, names, first, least, last = places[near], names[near], first[near], least[near], last[near]
            yield first, last, names
            last = last + 1

    def _could_be(self, sums: LetterSums, first: Ints, last: Ints, names: Ints) -> Bools:
        """Tell which windows have the digits of a name, and nearly its letters, as keys or as spelt."""
        could: Bools = sums.digits[last] - sums.digits[first] == self._digits[names]
        kept = np.flatnonzero(could)
        for of_text, of_names in ((sums.letters, self._letters), (sums.spelt, self._spelt)):
            named = names[kept]
            near = apart(of_text, first[kept], last[kept], of_names[named]) <= self._differ[named]
            could[kept] = near
            kept = kept[~near]
        return could

    def _is_near(self, words: Ints, lexicon: Lexicon, first: Ints, last: Ints, names: Ints) -> Bools:
        """Tell which windows are within the edits of a name, as keys or as spelt, and are not the name itself."""
        near = np.zeros(len(first), dtype=np.bool_)
        for row, (begin, end, number) in enumerate(zip(first.tolist(), last.tolist(), names.tolist(), strict=True)):
            name = self._listed[number]
            window = words[begin:end].tolist()
            key = "".join([lexicon.keys[word] for word in window])
            edits = OSA.distance(key, name.key, score_cutoff=name.edits)
            if edits > name.edits:
                spelt = "".join([lexicon.spelt[word] for word in window])
                edits = OSA.distance(spelt, name.raw, score_cutoff=name.edits)
            near[row] = 0 < edits <= name.edits
        return near


def _word_at(starts: Ints) -> Ints:
    """Return int64[letters + 2]: for each place among the letters of all texts the first word beginning there or later.

    It is what `np.searchsorted` finds in `starts`; every word has a letter.
    """
    return np.concatenate([[0], np.repeat(np.arange(1, len(starts)), np.diff(starts)), [len(starts)]])


def _spread(values: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return each value once for each place from `first` to `last` (exclusive), and these places."""
    counts = last - first
    ends = np.cumsum(counts)
    within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
    return np.repeat(values, counts), np.repeat(first, counts) + within


def _together(steps: Iterator[tuple[Ints, Ints, Ints]]) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield the windows of several steps together, in their order."""
    waiting: list[tuple[Ints, Ints, Ints]] = []
    count = 0
    for step in steps:
        waiting.append(step)
        count += len(step[0])
        if count >= _WINDOWS:
            yield _joined_up(waiting)
            waiting, count = [], 0
    if waiting:
        yield _joined_up(waiting)


def _joined_up(steps: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    first, last, name = (np.concatenate(column) for column in zip(*steps, strict=True))
    return first, last, name


def _slices(counts: Ints) -> Iterator[slice]:
    """Yield slices whose counts together are about `_AT_ONCE`."""
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        reached = ends[start] - counts[start] + _AT_ONCE
        stop = max(start + 1, int(np.searchsorted(ends, reached, side="right")))
        yield slice(start, stop)
        start = stop


def _lengthened(values: Ints, more: list[int]) -> Ints:
    """Return an array with what is waiting behind it, and let nothing wait any more."""
    longer = np.append(values, np.array(more, dtype=np.int64)) if more else values
    more.clear()
    return longer
