"""Runs of words that name lawful chemicals: the hash of a run follows from the hashes of its words."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.chemistry.fold import Words
from app.chemistry.keyhash import hash_of_key, powers
from app.screening.windows import Window

_MASK = 2**64 - 1
_FACTOR = int(powers(2)[1])
_SLOTS = 22
"""Bits of a hash that are looked up in a table: it says no to nearly all that names nothing, in four megabytes."""


class LawfulNames:
    """The lawful chemicals by the hashes of their names' keys."""

    def __init__(self, hashes: npt.NDArray[np.uint64], chemicals: npt.NDArray[np.int32]) -> None:
        """Take uint64[n], sorted, and int[n]: the chemical that each hash is of."""
        self._hashes = hashes.data
        self._chemicals = chemicals
        table = np.zeros(1 << _SLOTS, dtype=np.uint8)
        np.bitwise_or.at(table, hashes >> np.uint64(64 - _SLOTS), _bits_of(hashes))
        self.may_name = table.tobytes()
        """For each beginning of a hash which three bits follow in names' hashes, as a bit each; 0 for no name."""

    def may_be(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Return bool[n]: False only for hashes that no name has."""
        held = np.frombuffer(self.may_name, dtype=np.uint8)[hashes >> np.uint64(64 - _SLOTS)]
        may: npt.NDArray[np.bool_] = (held & _bits_of(hashes)) != 0
        return may

    def chemical_of(self, wanted: int) -> int | None:
        """Return the lawful chemical that a hash is of, None where it is of none."""
        if not self.may_name[wanted >> 64 - _SLOTS] >> (wanted >> 61 - _SLOTS & 7) & 1:
            return None
        at = bisect_left(self._hashes, wanted)
        found = at < len(self._hashes) and self._hashes[at] == wanted
        return int(self._chemicals[at]) if found else None


class LawfulRuns:
    """The runs of one text's words that name lawful chemicals."""

    def __init__(self, names: LawfulNames, words: Words) -> None:
        """Take the names and a text's words."""
        self._names = names
        self._words = [_hash_and_step(key) for key in words.keys]

    def holding(self, window: Window, reach: int) -> Iterator[tuple[int, Window]]:
        """Yield (chemical, window): the runs that hold a window, with so many words more on either side at most."""
        inner, scale = _joined(self._words[window.first : window.last])
        begun = [(inner, scale)]
        """The hashes of the window with 0, 1, 2 and more words before it, each with what the hash of words behind it is
        multiplied by."""
        for own, step in reversed(self._words[max(0, window.first - reach) : window.first]):
            inner, scale = own + inner * step & _MASK, scale * step & _MASK
            begun.append((inner, scale))
        behind, scale = [0], 1
        for own, step in self._words[window.last : window.last + reach]:
            behind.append(behind[-1] + own * scale & _MASK)
            scale = scale * step & _MASK
        may_name = self._names.may_name
        for first, (inner, scale) in enumerate(reversed(begun), window.first + 1 - len(begun)):
            for last, more in enumerate(behind, window.last):
                total = inner + more * scale & _MASK
                if may_name[total >> 64 - _SLOTS]:
                    chemical = self._names.chemical_of(total)
                    if chemical is not None:
                        yield chemical, Window(first, last)

    def inside(self, window: Window) -> Iterator[tuple[int, Window]]:
        """Yield (chemical, window): the runs inside a window, but for the window itself."""
        for first in range(window.first, window.last):
            yield from self._starting(first, first + 1, window.last - (first == window.first))

    def _starting(self, first: int, least: int, most: int) -> Iterator[tuple[int, Window]]:
        """Yield the runs from a word on that end before word `last`, `least <= last <= most`."""
        may_name, total, scale = self._names.may_name, 0, 1
        for last, (own, step) in enumerate(self._words[first:most], first + 1):
            total = total + own * scale & _MASK
            scale = scale * step & _MASK
            if last >= least and may_name[total >> 64 - _SLOTS]:
                chemical = self._names.chemical_of(total)
                if chemical is not None:
                    yield chemical, Window(first, last)


def _bits_of(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Return uint8[n]: for each hash one bit, told by the three behind its beginning."""
    bits: npt.NDArray[np.uint8] = np.uint8(1) << (hashes >> np.uint64(61 - _SLOTS) & np.uint64(7)).astype(np.uint8)
    return bits


def _joined(words: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the hash of a run of words, and what the hash of a word behind it is multiplied by."""
    total, scale = 0, 1
    for own, step in words:
        total, scale = total + own * scale & _MASK, scale * step & _MASK
    return total, scale


@lru_cache(maxsize=65_536)
def _hash_and_step(key: str) -> tuple[int, int]:
    """Return the hash of a word's key, and what the hash of a word behind it is multiplied by."""
    return hash_of_key(key), pow(_FACTOR, len(key), 2**64)
