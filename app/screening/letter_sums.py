"""How many letters of which kind, and which digits, windows of words have: differences of sums over all words."""

import numpy as np
import numpy.typing as npt

from app.screening.lexicon import Lexicon
from app.screening.sequences import Ints, Sequences, UInts

_LANES_TOGETHER = 8
"""Lanes of eight bits that are summed as one number."""


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
    inside = np.stack([total[last] - total[first] for total in sums], axis=1).view(np.uint8)
    differ: npt.NDArray[np.int64] = (np.maximum(inside, letters) - np.minimum(inside, letters)).sum(
        axis=1, dtype=np.int64
    )
    return differ
