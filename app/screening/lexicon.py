"""Every distinct word met so far, with what the search asks of a word: each is looked at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.chemistry.fold import CLASS, key_of_word
from app.chemistry.keyhash import code_points, hash_keys, powers
from app.chemistry.nomenclature import is_chemical_word
from app.screening.context import GENERIC, NEUTRAL

LANES = 16
"""Letters are counted in so many lanes of eight bits; a window within the longest name's length overflows none."""
_MOST_WORDS = 200_000
"""Words remembered; beyond, all is forgotten and learnt again, so that memory stays bounded."""

EMPTY, IDLE, NUMBER, SAID, CHEMICAL, VAGUE, ACID, HALF_NAME, LETTERS, HEAD, TAIL, SLIP, STRANGE = (
    np.uint16(1 << bit) for bit in range(13)
)
"""What is true of a word: its key is empty (a joining word); it says nothing beside a name; it is a number; it counts
as said where a systematic name is looked for; it is nomenclature; it names no goods in particular; it is the word for
acid or anhydride; it is a class word that other languages write before what it belongs to; its key is of plain letters;
the beginning or the end of an anchor may be within an edit of it; it is no word of chemistry but a slip away from an
anchor; it is neither."""

_SHORTEST_SAID = 5
_SHORTEST_SLIP, _SHORTEST_STRANGE = 3, 5
"""Shorter words are no slips for a class word; these are left as they are where they are no slips."""


@dataclass(slots=True)
class Properties:
    """One value for each word of the lexicon, in arrays."""

    length: npt.NDArray[np.int64]
    """Letters of the key."""
    hash: npt.NDArray[np.uint64]
    """`hash_of_key` of the key."""
    letters: npt.NDArray[np.uint8]
    """uint8[n, LANES]: how many letters of the key fall in each lane."""
    spelt: npt.NDArray[np.uint8]
    """uint8[n, LANES]: the same for the word as it is spelt."""
    digits: npt.NDArray[np.uint64]
    """A sum over the digits of the key: the same for the same digits in any order."""
    kinds: npt.NDArray[np.uint16]
    near: npt.NDArray[np.int32]
    """Which list of near anchors the word has; 0 for none."""


Near = Callable[[Sequence[str], Sequence[str]], tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]]
"""For words and their keys: which list of near anchors each has, and HEAD, TAIL, SLIP and STRANGE."""


class Lexicon:
    """Words to numbers, and numbers to properties."""

    def __init__(self, near: Near) -> None:
        """Take what tells which anchors are near a key."""
        self._near = near
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self.keys: list[str] = []
        self.spelt: list[str] = []
        self.of = _properties([], [], self._near)

    def numbers(self, words: list[str]) -> npt.NDArray[np.int64]:
        """Return int64[n]: the number of each word; they hold until the next call of `make_room`."""
        known = self._numbers
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
            keys = [key_of_word(word) for word in new]
            self.keys += keys
            self.spelt += new
            self.of = _extended(self.of, _properties(new, keys, self._near))
        return np.fromiter(map(known.__getitem__, words), dtype=np.int64, count=len(words))

    def make_room(self) -> None:
        """Forget everything when too much is remembered; to be called before a batch, never within one."""
        if len(self._numbers) > _MOST_WORDS:
            self._forget()


def _extended(of: Properties, more: Properties) -> Properties:
    return Properties(*(np.concatenate([getattr(of, name), getattr(more, name)]) for name in Properties.__slots__))


def _properties(words: list[str], keys: list[str], near: Near) -> Properties:
    lists, ends = near(words, keys)
    return Properties(
        length=np.fromiter(map(len, keys), dtype=np.int64, count=len(keys)),
        hash=hash_keys(keys),
        letters=count_letters(keys),
        spelt=count_letters(words),
        digits=sum_digits(keys),
        kinds=np.fromiter(map(kinds_of, words, keys), dtype=np.uint16, count=len(keys)) | ends,
        near=lists,
    )


def may_slip(key: str) -> bool:
    """Tell whether a word that no name of a chemical has may be a slip or a strange word; others are neither."""
    return (len(key) >= _SHORTEST_SLIP or not key.isascii()) and key not in NEUTRAL and not key.isdigit()


def slip_kind(key: str, *, slips: bool) -> int:
    """Return SLIP or STRANGE of a word that `may_slip`, 0 for one too short to be strange."""
    if slips:
        return int(SLIP)
    return int(STRANGE) if len(key) >= _SHORTEST_STRANGE or not key.isascii() else 0


def kinds_of(word: str, key: str) -> int:
    """Return what is true of a word, but for HEAD, TAIL, SLIP and STRANGE."""
    number, idle, letters = key.isdigit(), key in NEUTRAL, key.isascii() and key.isalpha()
    said = not idle and not number and len(key) >= _SHORTEST_SAID
    claims = (
        (EMPTY, not key),
        (IDLE, idle),
        (NUMBER, number),
        (SAID, said),
        (CHEMICAL, said and is_chemical_word(key)),
        (VAGUE, idle or number or (len(word) == 1 and word.isascii()) or word in GENERIC),
        (ACID, key in {"acid", "anidrid"}),
        (HALF_NAME, CLASS.search(key) is not None),
        (LETTERS, letters),
    )
    return sum(int(kind) for kind, holds in claims if holds)


def count_letters(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Return uint8[n, LANES]: how many characters of each text fall in each lane, modulo 256.

    Two texts within `e` edits differ by at most `2 * e` over all lanes.
    """
    codes, bounds = code_points(texts)
    counts = np.zeros((len(texts), LANES), dtype=np.uint8)
    owners = np.repeat(np.arange(len(texts)), np.diff(bounds))
    np.add.at(counts, (owners, (codes % np.uint64(LANES)).astype(np.int64)), 1)
    return counts


def sum_digits(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return uint64[n]: a sum over the digits of each text that does not depend on their order."""
    worth = powers(16)
    return np.fromiter((_digits(text, worth) for text in texts), dtype=np.uint64, count=len(texts))


def _digits(text: str, worth: npt.NDArray[np.uint64]) -> int:
    if text.isalpha():
        return 0
    return sum(int(worth[1 + ord(char) % 10]) * ord(char) for char in text if char.isdigit()) % 2**64
