"""Words by their letters: those within a few edits of another word are found without measuring all of them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from app.chemistry.keyhash import code_points

_LETTERS = 32
"""Letters that are told from one another."""


class Spellings:
    """A list of words, each to be found again in what was made of it."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take n words; they may repeat."""
        self._words = words
        self._letters = letters_of_all(words)
        self._of_length: dict[int, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            self._of_length[len(word)].append(place)
        self._within = lru_cache(maxsize=256)(self._of_lengths)

    def near(self, word: str, most: int) -> list[tuple[int, int]]:
        """Return the words within some edits (optimal string alignment) of another.

        One edit takes at most one letter from a word and brings at most one: words whose letters differ by more are
        left out before any distance is measured, and no other is.

        Args:
            word: what was made of one of them.
            most: how many edits away they may be.

        Returns:
            (edits, place in the list), the nearest first, those as near in the order of the list.
        """
        places, letters = self._within(len(word), most)
        likely = places[np.bitwise_count(letters ^ letters_of(word)) <= 2 * most].tolist()
        others = [self._words[place] for place in likely]
        edits = cdist([word], others, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0].tolist()
        return sorted(each for each in zip(edits, likely, strict=True) if each[0] <= most)

    def _of_lengths(self, length: int, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        places = np.array(
            [place for near in range(length - most, length + most + 1) for place in self._of_length.get(near, ())],
            dtype=np.int64,
        )
        return places, self._letters[places]


def letters_of_all(words: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return uint64[n]: `letters_of` of each word."""
    codes, bounds = code_points(words)
    owners = np.repeat(np.arange(len(words)) * _LETTERS, np.diff(bounds))
    counts = np.bincount(owners + (codes % np.uint64(_LETTERS)).astype(np.int64), minlength=len(words) * _LETTERS)
    bits = np.uint64(1) << np.arange(_LETTERS, dtype=np.uint64)
    once, twice = (((counts >= least).reshape(-1, _LETTERS) * bits).sum(axis=1, dtype=np.uint64) for least in (1, 2))
    letters: npt.NDArray[np.uint64] = once | twice << np.uint64(_LETTERS)
    return letters


def letters_of(word: str) -> np.uint64:
    """Return as bits which letters a word has, and which of them more than once: one letter more or less is one bit."""
    once = twice = 0
    for letter in word:
        bit = 1 << (ord(letter) % _LETTERS)
        twice |= once & bit
        once |= bit
    return np.uint64(once | twice << _LETTERS)
