"""The names under each anchor in arrays, and the windows around a word near an anchor that may be one of them.

How many names an anchor has does not slow a word: the windows around it are looked at, not the names. A window has the
digits of a name, and its letters but for the edits, so that the names it may be stand next to each other in one order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from app.screening.anchors import MOST_EDITS, AnchoredName
from app.screening.letter_sums import LetterSums
from app.screening.lexicon import sum_digits
from app.screening.sequences import Bools, Ints, Sequences, UInts

_ANCHOR, _DIGITS = np.int64(40), np.int64(20)
"""Where the anchor and the digits of a name stand in what names are ordered by; its length stands behind them."""
_MIXED = np.array([0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
"""Odd and far from each other: primes of the hash xxHash64."""
_AT_ONCE = 1_000_000
"""Pairs of a window and a name that are looked at together, or as many as one window has."""


@dataclass(frozen=True, slots=True)
class Around:
    """Windows that may be a name, int64[m] each."""

    pair: Ints
    """The word and anchor it stands around, as they were asked for."""
    first: Ints
    last: Ints
    """The word behind its last one."""
    place: Ints
    """The name, by its place among the names of all anchors."""

    def taken(self, which: Ints | Bools) -> "Around":
        """Return some of them."""
        return Around(self.pair[which], self.first[which], self.last[which], self.place[which])


class NamesAround:
    """Names by anchor, digits and length."""

    def __init__(
        self,
        held: npt.NDArray[np.int32],
        before: npt.NDArray[np.int32],
        counts: npt.NDArray[np.int32],
        names: Sequence[AnchoredName],
    ) -> None:
        """Take the names.

        Args:
            held: the names that the first anchor has, then those of the second and so on, by their places in `names`.
            before: the letters of each before the anchor.
            counts: how many names each anchor has.
            names: these names.
        """
        self.name, self.before = held.astype(np.int64), before.astype(np.int64)
        anchor = np.repeat(np.arange(len(counts)), counts)
        self.length = np.array([len(name.key) for name in names], dtype=np.int64)[self.name]
        digits = sum_digits([name.key for name in names])
        self._digits, self._sums = np.unique(digits), digits[self.name]
        order = anchor << _ANCHOR | np.searchsorted(self._digits, digits)[self.name] << _DIGITS | self.length
        self._places = np.argsort(order, kind="stable")
        self._order = order[self._places]
        self._likely = _Likely(anchor, self._sums, self.length, self.before)
        self._befores = _Near(anchor, self.before, len(counts))
        self._lengths = _Near(anchor, self.length, len(counts))

    def windows(self, sequences: Sequences, sums: LetterSums, words: Ints, anchors: Ints) -> Iterator[Around]:
        """Yield windows that have the digits of a name, two letters more or less than it and before the anchor.

        Args:
            sequences: the words of some texts.
            sums: the digits before each of them.
            words: int64[n], words that are near an anchor.
            anchors: int64[n], the anchor each is near.
        """
        pair, first = self._begun(sequences, words, anchors)
        pair, first, last = self._ended(sequences, words, anchors, pair, first)
        digits = sums.digits[last] - sums.digits[first]
        long = sequences.starts[last] - sequences.starts[first]
        before = sequences.starts[words[pair]] - sequences.starts[first]
        likely = np.flatnonzero(self._likely.contains(anchors[pair], digits, long, before))
        under = anchors[pair[likely]] << _ANCHOR | np.searchsorted(self._digits, digits[likely]) << _DIGITS
        order = np.argsort(under)  # one behind the other they are found much sooner
        under, likely = under[order], likely[order]
        pair, first, last, digits = pair[likely], first[likely], last[likely], digits[likely]
        long, before = long[likely], before[likely]
        # Digits that no name has are found with those of another, and told from them below.
        low = np.searchsorted(self._order, under | np.maximum(long - MOST_EDITS, 0))
        high = np.searchsorted(self._order, under | long + MOST_EDITS, side="right")
        for some in slices(high - low):
            which, at = spread(np.arange(some.start, some.stop), low[some], high[some])
            place = self._places[at]
            near = (np.abs(before[which] - self.before[place]) <= MOST_EDITS) & (digits[which] == self._sums[place])
            near = np.flatnonzero(near)
            which, place = which[near], place[near]
            yield Around(pair[which], first[which], last[which], place)

    def in_order(self, sequences: Sequences, words: Ints, windows: Around) -> Ints:
        """Return the order in which `app.screening.line_search` finds windows.

        Those that begin at the first word at which the name may begin come first, then those that end at the first one
        at which it may end, then the words in their order and the names as each anchor has them.
        """
        word, name = words[windows.pair], windows.place
        starts = sequences.starts
        begins = np.maximum(starts[word] - self.before[name] - MOST_EDITS, sequences.begins[word])
        ends = starts[windows.first] + self.length[name] - MOST_EDITS
        began = np.searchsorted(starts, begins)
        ended = np.maximum(np.searchsorted(starts, ends), word + 1)
        return np.lexsort((name, windows.pair, windows.last - ended, windows.first - began))

    def _begun(self, sequences: Sequences, words: Ints, anchors: Ints) -> tuple[Ints, Ints]:
        """Return (pair, first): where a name of the anchor may begin, from each word backwards."""
        pair, first = np.arange(len(words)), words
        found = [(pair[:0], first[:0])]
        while pair.size:
            inside = np.flatnonzero(first >= sequences.first_words[words[pair]])
            pair, first = pair[inside], first[inside]
            near, further = self._befores.fit(anchors[pair], sequences.starts[words[pair]] - sequences.starts[first])
            found.append((pair[near], first[near]))
            pair, first = pair[further], first[further] - 1
        pair, first = (np.concatenate(column) for column in zip(*found, strict=True))
        return pair, first

    def _ended(
        self, sequences: Sequences, words: Ints, anchors: Ints, pair: Ints, first: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return (pair, first, last): where a name may end that begins so, from the word itself onwards."""
        last = words[pair] + 1
        found = [(pair[:0], first[:0], last[:0])]
        while pair.size:
            inside = np.flatnonzero(last <= sequences.last_words[first])
            pair, first, last = pair[inside], first[inside], last[inside]
            near, further = self._lengths.fit(anchors[pair], sequences.starts[last] - sequences.starts[first])
            found.append((pair[near], first[near], last[near]))
            pair, first, last = pair[further], first[further], last[further] + 1
        pair, first, last = (np.concatenate(column) for column in zip(*found, strict=True))
        return pair, first, last


class _Likely:
    """Says of nearly every window that can be no name, by its letters and digits, that it cannot."""

    _SPARSE_BITS = 3
    """The table has so many times two slots for each thing it is to know."""

    def __init__(self, anchors: Ints, digits: UInts, lengths: Ints, befores: Ints) -> None:
        """Take the names: what `contains` is asked of a window, each int64[n] or, for digits, uint64[n]."""
        more = np.arange(-MOST_EDITS, MOST_EDITS + 1)
        self._bits = np.uint64((len(more) ** 2 * max(1, len(anchors))).bit_length() + self._SPARSE_BITS)
        held = np.zeros(1 << int(self._bits), dtype=np.bool_)
        for length, before in product(more, more):
            held[self._slots_of(anchors, digits, lengths + length, befores + before)] = True
        self._table = np.packbits(held, bitorder="little")

    def contains(self, anchors: Ints, digits: UInts, lengths: Ints, befores: Ints) -> Bools:
        """Return bool[n]: never False where a name of the anchor may be the window."""
        slots = self._slots_of(anchors, digits, lengths, befores)
        held: Bools = (self._table[slots >> np.uint64(3)] >> (slots & np.uint64(7)).astype(np.uint8) & 1).astype(
            np.bool_
        )
        return held

    def _slots_of(self, anchors: Ints, digits: UInts, lengths: Ints, befores: Ints) -> UInts:
        told = (anchors << np.int64(24) ^ lengths << np.int64(12) ^ befores).astype(np.uint64)
        mixed = told * _MIXED[0] + digits * _MIXED[1]
        mixed ^= mixed >> np.uint64(32)
        slots: UInts = mixed * _MIXED[1] >> (np.uint64(64) - self._bits)
        return slots


class _Near:
    """Which numbers some name of an anchor has, two more or less."""

    def __init__(self, anchors: Ints, values: Ints, count: int) -> None:
        """Take the numbers of the names, each with its anchor, of which there are `count`."""
        self._width = int(values.max(initial=0)) + MOST_EDITS + 1
        held = np.zeros((count, self._width), dtype=np.bool_)
        for more in range(-MOST_EDITS, MOST_EDITS + 1):
            held[anchors, np.maximum(values + more, 0)] = True
        self._most = np.zeros(count, dtype=np.int64)
        np.maximum.at(self._most, anchors, values + MOST_EDITS)
        self._bits = np.packbits(held, axis=1, bitorder="little")

    def fit(self, anchors: Ints, values: Ints) -> tuple[Ints, Ints]:
        """Return which numbers are near one of their anchor's, and of which a greater one may be."""
        further = values < self._most[anchors]
        near: npt.NDArray[np.bool_] = values <= self._most[anchors]
        values = np.minimum(values, self._width - 1)
        near &= (self._bits[anchors, values >> 3] >> (values & 7).astype(np.uint8) & np.uint8(1)).astype(np.bool_)
        return np.flatnonzero(near), np.flatnonzero(further)


def joined_up(parts: Sequence[Around]) -> Around:
    """Return all windows of some parts; at least one part."""
    return Around(*(np.concatenate([getattr(part, name) for part in parts]) for name in Around.__slots__))


def spread(values: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return each value once for each place from `first` to `last` (exclusive), and these places."""
    counts = last - first
    ends = np.cumsum(counts)
    within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
    return np.repeat(values, counts), np.repeat(first, counts) + within


def slices(counts: Ints) -> Iterator[slice]:
    """Yield slices whose counts together are about `_AT_ONCE`."""
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        reached = ends[start] - counts[start] + _AT_ONCE
        stop = max(start + 1, int(np.searchsorted(ends, reached, side="right")))
        yield slice(start, stop)
        start = stop
