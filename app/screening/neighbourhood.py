"""Which words may lie within a few edits of a set of words, by what deleting letters leaves: none is lost."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.chemistry.keyhash import INVERSE, INVERSE_SQUARED, HashSet, code_points, powers
from app.screening.made_once import MadeOnce, read_set, set_columns
from app.watchlist.index import numbers_of

Ints = npt.NDArray[np.int64]
UInts = npt.NDArray[np.uint64]

_STEP = 4
"""Lengths of words that are asked for are rounded up to so many letters: few groups are looked up sooner than many."""


class Neighbourhood:
    """A set of words, each with the edits it allows, by what remains of them when letters are deleted.

    Two words within `e` edits (optimal string alignment) of one another have a common remainder after at most `e`
    deletions in each: a substitution or a transposition is one deletion in both, an insertion one in one of them.
    """

    def __init__(self, words: Iterable[tuple[str, int]], once: MadeOnce | None = None, group: str = "") -> None:
        """Take the words.

        Args:
            words: (word, edits) pairs, edits 0 to 2; looked at only where the once has not what is made of them.
            once: keeps it.
            group: its name there.
        """
        made = (once or MadeOnce()).take(group, lambda: _made_of(words))
        self._remainders = read_set(made)
        self._owners = numbers_of(made["owners"])
        """int32: the word of the set that each remainder, in their order, is of."""
        self._longest = int(numbers_of(made["longest"])[0])

    def may_hold(self, words: Sequence[str], edits: int) -> npt.NDArray[np.bool_]:
        """Tell which words may be within their edits of a word of the set.

        Args:
            words: n words.
            edits: the most edits that matter, 0 to 2.

        Returns:
            bool[n]: never False for a word that is within the edits.
        """
        return may_hold((self,), words, edits)[0]

    def may_be_near(self, words: Sequence[str], edits: int) -> tuple[Ints, Ints]:
        """Return which words of the set each word may be near to: how many there are does not slow it.

        Args:
            words: n words.
            edits: the most edits that matter, 0 to 2.

        Returns:
            int64[m] places of words, never falling, and int64[m] the words of the set, in the order in which they were
            given; each pair once, and none left out that is within the edits.
        """
        owners, hashes = self._met(words, edits)
        order = np.argsort(hashes)  # one behind the other they are found much sooner
        owners, hashes = owners[order], hashes[order]
        known = self._remainders.ordered
        first = np.searchsorted(known, hashes)
        counts = np.searchsorted(known, hashes, side="right") - first
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        held = self._owners[np.repeat(first, counts) + within].astype(np.int64)
        pairs = np.unique(np.repeat(owners, counts) << np.int64(32) | held)
        return pairs >> np.int64(32), pairs & np.int64(0xFFFFFFFF)

    def _met(self, words: Sequence[str], edits: int) -> tuple[Ints, UInts]:
        """Return the remainders that words share with the set, and the word each is of."""
        asked, owners, hashes = _asked(words, edits, self._longest)
        met = self._remainders.contains(hashes)
        return asked[owners[met]], hashes[met]


def _made_of(words: Iterable[tuple[str, int]]) -> dict[str, pa.Array]:
    """Return the remainders of words in order, the word that each is of, and the longest that is near any of them."""
    by_edits: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place, (word, edits) in enumerate(words):
        by_edits[edits].append((place, word))
    owners, hashes = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint64)]
    for edits, group in by_edits.items():
        own, remainders = _remainders([word for _, word in group], edits)
        owners.append(np.array([place for place, _ in group])[own])
        hashes.append(remainders)
    every = np.concatenate(hashes)
    order = np.argsort(every)
    longest = max((len(word) + edits for edits, group in by_edits.items() for _, word in group), default=0)
    return {
        **set_columns(HashSet(every[order])),
        "owners": pa.array(np.concatenate(owners)[order], pa.int32()),
        "longest": pa.array([longest], pa.int32()),
    }


def may_hold(sets: Sequence[Neighbourhood], words: Sequence[str], edits: int) -> list[npt.NDArray[np.bool_]]:
    """Return for each set what `Neighbourhood.may_hold` tells of words; what remains of them is made once for all."""
    asked, owners, hashes = _asked(words, edits, max(each._longest for each in sets))
    held = []
    for each in sets:
        found = np.zeros(len(words), dtype=np.bool_)
        found[asked[owners[each._remainders.contains(hashes)]]] = True
        held.append(found)
    return held


def _asked(words: Sequence[str], edits: int, longest: int) -> tuple[Ints, Ints, UInts]:
    """Return the words that are not too long, and the remainders of each."""
    asked = [place for place, word in enumerate(words) if len(word) <= longest]
    owners, hashes = _remainders([words[place] for place in asked], edits, _STEP)
    return np.array(asked, dtype=np.int64), owners, hashes


def _remainders(words: Sequence[str], edits: int, step: int = 1) -> tuple[Ints, UInts]:
    """Return the hashes of every word with up to `edits` letters deleted, and the word each belongs to.

    Words are taken together whose lengths are the same when rounded up to `step`; behind the end of a shorter one
    there is nothing to delete, and its own hash, or that with fewer deletions, comes again.
    """
    codes, bounds = code_points(words)
    padded = np.append(codes + np.uint64(1), np.uint64(0))
    lengths = np.diff(bounds)
    widths = (lengths + step - 1) // step * step
    owners, hashes = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint64)]
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        own = np.flatnonzero(widths == width)
        at = bounds[own][:, None] + np.arange(width)
        at[at >= bounds[own + 1][:, None]] = len(codes)
        sums = np.zeros((len(own), width + 1), dtype=np.uint64)
        np.cumsum(padded[at] * powers(width)[:width], axis=1, out=sums[:, 1:])
        for remainder in _deleted(sums, width, edits):
            owners.append(np.repeat(own, remainder.shape[1]))
            hashes.append(remainder.reshape(-1))
    return np.concatenate(owners), np.concatenate(hashes)


def _deleted(sums: UInts, length: int, edits: int) -> Iterable[UInts]:
    """Yield uint64[words, ways]: the hashes with none, one and two letters deleted, from the sums up to each letter."""
    whole = sums[:, -1:]
    yield whole
    if edits >= 1 and length >= 1:
        yield sums[:, :-1] + INVERSE * (whole - sums[:, 1:])
    if edits >= 2 and length >= 2:
        first, second = np.triu_indices(length, 1)
        yield (
            sums[:, first]
            + INVERSE * (sums[:, second] - sums[:, first + 1])
            + INVERSE_SQUARED * (whole - sums[:, second + 1])
        )
