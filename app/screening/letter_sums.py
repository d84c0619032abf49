"""How many letters of which kind, and which digits, windows of words have: differences of sums over all words."""

import numpy as np
import numpy.typing as npt

from app.screening.lexicon import Lexicon
from app.screening.sequences import Ints, Sequences, UInts

_LANES_TOGETHER = 8
"""Lanes of eight bits that are summed as one number."""
_LANE, _EVERY_OTHER = np.uint64(8), np.uint64(0x00FF00FF00FF00FF)
_ADDED_UP, _LAST = np.uint64(0x0001000100010001), np.uint64(48)
"""What four lanes of sixteen bits are multiplied by to have their sum in the last one."""


class LetterSums:
    """Digits and letters before each word, so that those of a window are a difference."""

    def __init__(self, sequences: Sequences, lexicon: Lexicon) -> None:
        of, words = lexicon.of, sequences.words
        self.digits = np.zeros(len(words) + 1, dtype=np.uint64)
        np.cumsum(of.digits[words], out=self.digits[1:])
        self.letters = _summed(of.letters, words)
        self.spelt = _summed(of.spelt, words)


def _summed(counts: npt.NDArray[np.uint8], words: Ints) -> list[UInts]:
    """Return uint64[k + 1] sums of letters before each word, eight lanes in each.

    The lanes of a window that may be a name never overflow (`LANES`), so that none reaches into the next one in a
    difference of sums; any other window is far from every name, whatever its lanes hold.
    """
    sums = [np.zeros(len(words) + 1, dtype=np.uint64) for _ in range(counts.shape[1] // _LANES_TOGETHER)]
    for total, lanes in zip(sums, counts.view(np.uint64).T, strict=True):
        np.cumsum(lanes[words], out=total[1:])
    return sums


def apart(sums: list[UInts], first: Ints, last: Ints, letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return int64[m]: in how many letters windows and names differ, lane by lane."""
    differ = np.zeros(len(first), dtype=np.uint64)
    for total, named in zip(sums, letters.view(np.uint64).T, strict=True):
        inside, of_name = (np.ascontiguousarray(each).view(np.uint8) for each in (total[last] - total[first], named))
        apart = (np.maximum(inside, of_name) - np.minimum(inside, of_name)).view(np.uint64)
        differ += (apart & _EVERY_OTHER) + (apart >> _LANE & _EVERY_OTHER)
    counts: npt.NDArray[np.int64] = (differ * _ADDED_UP >> _LAST).view(np.int64)
    return counts
