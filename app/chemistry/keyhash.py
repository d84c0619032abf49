"""Hashes of keys that can be put together: the hash of a run of words follows from the hashes of its words."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul

import numpy as np
import numpy.typing as npt

UInts = npt.NDArray[np.uint64]

_FACTOR = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse modulo 2**64: 2**64 over the golden ratio."""
_MASK = 2**64 - 1
_POWERS: list[int] = [pow(_FACTOR, place, 2**64) for place in range(256)]
_SUMS = [0, *accumulate(_POWERS)]
"""What the ones that are added to the code points come to."""
INVERSE = np.uint64(pow(_FACTOR, -1, 2**64))
INVERSE_SQUARED = np.uint64(pow(_FACTOR, -2, 2**64))
"""Takes one character off the left of what is summed."""
_BIT = np.array([1 << bit for bit in range(8)], dtype=np.uint8)


def hash_of_key(key: str) -> int:
    """Return the 64-bit hash of a key: the sum of (code point + 1) times the factor to the power of its place."""
    if len(key) <= len(_POWERS) and key.isascii():
        plain: int = sum(map(mul, key.encode(), _POWERS), _SUMS[len(key)])
        return plain & _MASK
    total = 0
    for character in reversed(key):
        total = (total * _FACTOR + ord(character) + 1) & _MASK
    return total


def powers(count: int) -> UInts:
    """Return uint64[at least count]: the factor to the power of 0, 1, 2 …, modulo 2**64."""
    return _powers(_FACTOR, max(12, (max(count, 1) - 1).bit_length()))


def inverse_powers(count: int) -> UInts:
    """Return uint64[at least count]: the factor to the power of 0, -1, -2 …, modulo 2**64."""
    return _powers(int(INVERSE), max(12, (max(count, 1) - 1).bit_length()))


@lru_cache(maxsize=8)
def _powers(factor: int, bits: int) -> UInts:
    table = np.full(2**bits, factor, dtype=np.uint64)
    table[0] = 1
    np.cumprod(table, out=table)
    table.setflags(write=False)
    return table


def code_points(texts: Sequence[str]) -> tuple[UInts, npt.NDArray[np.int64]]:
    """Return the characters of some texts, one after the other.

    Args:
        texts: n texts.

    Returns:
        uint64[sum of lengths] code points, and int64[n + 1] where each text begins and the last one ends.
    """
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), out=bounds[1:])
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes.astype(np.uint64), bounds


def hash_keys(keys: Sequence[str]) -> UInts:
    """Return uint64[n]: what `hash_of_key` gives for each key."""
    sums, bounds = _summed(keys)
    return sums[bounds[1:]] - sums[bounds[:-1]]


def hash_neighbours(key: str) -> UInts:
    """Return uint64[54n + 25]: what `hash_of_key` gives for each key that one edit makes of a key of n letters.

    An edit is a letter lost, a letter from a to z added or put in another's place, or two neighbours swapped.
    """
    sums, _ = _summed([key])
    codes = np.frombuffer(key.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64) + np.uint64(1)
    letters = np.arange(ord("a"), ord("z") + 1, dtype=np.uint64) + np.uint64(1)
    factor = powers(len(key) + 1)[: len(key) + 1]
    whole, terms = sums[-1], codes * factor[:-1]
    behind = whole - sums
    lost = sums[:-1] + behind[1:] * INVERSE
    put = (whole - terms)[:, None] + factor[:-1, None] * letters
    added = (sums + behind * np.uint64(_FACTOR))[:, None] + factor[:, None] * letters
    swapped = whole + (codes[1:] - codes[:-1]) * (factor[:-2] - factor[1:-1])
    return np.concatenate([lost, put.ravel(), added.ravel(), swapped])


def hash_beginnings(keys: Sequence[str]) -> UInts:
    """Return uint64[sum of lengths]: what `hash_of_key` gives for each beginning of each key, the key itself too."""
    sums, bounds = _summed(keys)
    return sums[1:] - np.repeat(sums[bounds[:-1]], np.diff(bounds))


def _summed(keys: Sequence[str]) -> tuple[UInts, npt.NDArray[np.int64]]:
    """Return uint64[letters + 1] sums of which hashes are differences, and int64[n + 1] where each key begins."""
    codes, bounds = code_points(keys)
    places = np.arange(len(codes)) - np.repeat(bounds[:-1], np.diff(bounds))
    longest = int(np.diff(bounds).max(initial=0))
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * powers(longest)[places], out=sums[1:])
    return sums, bounds


class HashSet:
    """A set of hashes that answers for whole arrays."""

    _SPARSE_BITS = 5
    """There are at least so many times two slots for each hash: they say no to nearly all that is not there."""
    _MOST_BITS = 26
    """8 MB, eight slots in each octet, stay in the cache of most machines."""

    def __init__(self, hashes: UInts) -> None:
        """Take uint64[n] in any order, with or without duplicates."""
        self.ordered = hashes if np.all(hashes[1:] >= hashes[:-1]) else np.sort(hashes)
        bits = min(self._MOST_BITS, max(3, len(hashes).bit_length() + self._SPARSE_BITS))
        self.slots = np.zeros(2 ** (bits - 3), dtype=np.uint8)
        self._shift = self._shift_of(self.slots)
        slots = self.ordered >> self._shift
        octets = slots >> np.uint64(3)
        firsts = np.flatnonzero(np.append(True, octets[1:] != octets[:-1])[: len(octets)])
        if len(firsts):
            self.slots[octets[firsts]] = np.bitwise_or.reduceat(_BIT[slots & np.uint64(7)], firsts)

    @classmethod
    def of_parts(cls, ordered: UInts, slots: npt.NDArray[np.uint8]) -> "HashSet":
        """Return the set of which these were the parts; they are not copied."""
        made = cls.__new__(cls)
        made.ordered, made.slots, made._shift = ordered, slots, cls._shift_of(slots)
        return made

    @staticmethod
    def _shift_of(slots: npt.NDArray[np.uint8]) -> np.uint64:
        """Return by how much a hash is shifted to be the number of its slot, eight of which are in each octet."""
        return np.uint64(64 + 1 - (8 * len(slots)).bit_length())

    def contains(self, hashes: UInts) -> npt.NDArray[np.bool_]:
        """Return bool, in the shape of `hashes`: whether each is in the set."""
        slots = hashes >> self._shift
        found: npt.NDArray[np.bool_] = (self.slots[slots >> np.uint64(3)] & _BIT[slots & np.uint64(7)]) != 0
        likely = np.flatnonzero(found)
        if likely.size:
            wanted = hashes.reshape(-1)[likely]
            order = np.argsort(wanted)  # one behind the other they are found much sooner
            wanted = wanted[order]
            at = np.minimum(np.searchsorted(self.ordered, wanted), len(self.ordered) - 1)
            found.reshape(-1)[likely[order]] = self.ordered[at] == wanted
        return found
