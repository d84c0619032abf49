"""Words by their letters: those within a few edits of another word are found without measuring all of them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA


class Spellings:
    """A list of words, each to be found again in what was made of it."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take n words; they may repeat."""
        self._words = words
        self._letters = np.array([letters_of(word) for word in words], dtype=np.uint64)
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
        likely = np.bitwise_count(letters ^ letters_of(word)) <= 2 * most
        measured = [
            (OSA.distance(word, self._words[place], score_cutoff=most), place) for place in places[likely].tolist()
        ]
        return sorted(each for each in measured if each[0] <= most)

    def _of_lengths(self, length: int, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        places = np.array(
            [place for near in range(length - most, length + most + 1) for place in self._of_length.get(near, ())],
            dtype=np.int64,
        )
        return places, self._letters[places]


def letters_of(word: str) -> np.uint64:
    """Return as bits which letters a word has, and which of them more than once: one letter more or less is one bit."""
    once = twice = 0
    for letter in word:
        bit = 1 << (ord(letter) & 31)
        twice |= once & bit
        once |= bit
    return np.uint64(once | twice << 32)
