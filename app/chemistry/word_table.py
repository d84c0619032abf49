"""Numbers of short words and pairs, found again for whole columns at once: arrays in front of a slower memory."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.chemistry.utf8_columns import octets_of

Ints = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint64]

LONGEST = 32
"""Octets of the longest word that is held."""
_PARTS = LONGEST // 8
_BEHIND = np.array([2**64 - (1 << 8 * octets) for octets in range(9)], dtype=np.uint64)
_FACTORS = np.array([0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64)
"""Odd and far from each other: primes of the hash xxHash64."""
_ABSENT = -1


def packed(words: pa.Array) -> Packed:
    """Return uint64[n, 4]: the octets of each word, eight in each part, and behind them what is in no text.

    Args:
        words: large_string[n].

    Returns:
        The same for two words only where they are the same; 0 in the first part for one that is too long to be held.
    """
    octets, bounds = octets_of(words)
    padded = np.concatenate([octets, np.zeros(8, dtype=np.uint8)])
    eights = np.ndarray((len(octets) + 1,), dtype="<u8", buffer=padded, strides=(1,))
    starts, lengths = bounds[:-1], np.diff(bounds)
    parts = np.empty((len(words), _PARTS), dtype=np.uint64)
    for part in range(_PARTS):
        # No octet of UTF-8 is 255.
        parts[:, part] = eights[np.minimum(starts + 8 * part, len(octets))] | _BEHIND[np.clip(lengths - 8 * part, 0, 8)]
    parts[lengths > LONGEST] = 0
    return parts


class WordTable:
    """Words with their numbers: never a wrong number, but sometimes none for a word that was put in.

    Each word has two slots that it shares with others; a third word takes the place of one of them.
    """

    def __init__(self, bits: int) -> None:
        """Make room for 2 to the power of `bits` words, best at most a quarter of it."""
        self._shift = np.uint64(64 - bits)
        self._slots = np.full(2**bits, _ABSENT, dtype=np.int32)
        self._words = np.zeros((1, _PARTS), dtype=np.uint64)

    def find(self, words: Packed) -> Ints:
        """Return int64[n]: the number of each word, -1 for one that is not held."""
        slots = self._slots_of(words)
        numbers = self._slots[slots].astype(np.int64)
        wrong = np.flatnonzero(~self._are(words, numbers))
        again = self._slots[slots[wrong] ^ 1].astype(np.int64)
        again[~self._are(words[wrong], again)] = _ABSENT
        numbers[wrong] = again
        return numbers

    def put(self, words: Packed, numbers: Ints) -> None:
        """Put in words with their numbers from 0 on, each less than 2**31; those that are packed as 0 are left out."""
        held = np.flatnonzero(words[:, 0])
        words, numbers = words[held], numbers[held]
        if not len(numbers):
            return
        most = int(numbers.max()) + 1
        if most > len(self._words):
            longer = np.zeros((2 * most, _PARTS), dtype=np.uint64)
            longer[: len(self._words)] = self._words
            self._words = longer
        self._words[numbers] = words
        slots = self._slots_of(words)
        self._slots[slots ^ (self._slots[slots] != _ABSENT)] = numbers

    def clear(self) -> None:
        """Forget all words."""
        self._slots.fill(_ABSENT)

    def _slots_of(self, words: Packed) -> Ints:
        mixed = words * _FACTORS
        mixed ^= mixed >> np.uint64(32)
        mixed *= _FACTORS[::-1]
        slots: Ints = (np.bitwise_xor.reduce(mixed, axis=1) >> self._shift).astype(np.int64)
        return slots

    def _are(self, words: Packed, numbers: Ints) -> npt.NDArray[np.bool_]:
        same: npt.NDArray[np.bool_] = (numbers >= 0) & (words[:, 0] != 0)
        held = self._words[np.maximum(numbers, 0)]
        for part in range(_PARTS):
            same &= held[:, part] == words[:, part]
        return same


class Remembered:
    """Numbers remembered for 64-bit keys: each key has one slot, shared with others, and the last one put in stays."""

    def __init__(self, bits: int) -> None:
        """Make room for 2 to the power of `bits` keys."""
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros(2**bits, dtype=np.uint64)
        self._numbers = np.zeros(2**bits, dtype=np.int32)

    def find(self, keys: Packed) -> Ints:
        """Return int64[n]: the number of each key, -1 for one that is not remembered. No key is 0."""
        slots = self._slots_of(keys)
        return np.where(self._keys[slots] == keys, self._numbers[slots], _ABSENT).astype(np.int64)

    def put(self, keys: Packed, numbers: Ints) -> None:
        """Remember n different keys with their numbers, each from 0 to 2**31 - 1."""
        slots = self._slots_of(keys)
        self._keys[slots] = keys
        self._numbers[slots] = numbers

    def clear(self) -> None:
        """Forget all keys."""
        self._keys.fill(0)

    def _slots_of(self, keys: Packed) -> Ints:
        slots: Ints = (keys * _FACTORS[0] >> self._shift).astype(np.int64)
        return slots
