"""Every distinct word met so far, with what the search asks of a word: each is looked at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.chemistry.fold import CLASS_ENDS
from app.chemistry.key_columns import keys_of_words
from app.chemistry.keyhash import code_points, hash_keys, powers
from app.chemistry.nomenclature import are_chemical_words, is_chemical_word
from app.chemistry.word_table import WordTable, packed
from app.screening.context import GENERIC, NEUTRAL

LANES = 16
"""Letters are counted in so many lanes of eight bits; a window within the longest name's length overflows none."""
MOST_WORDS = 100_000
"""Words remembered; beyond, the half that was met least recently is forgotten, so that memory stays bounded."""

EMPTY, IDLE, NUMBER, SAID, CHEMICAL, VAGUE, ACID, HALF_NAME, LETTERS, HEAD, TAIL, SLIP, STRANGE, BEGINS, ADJECTIVE = (
    np.uint16(1 << bit) for bit in range(15)
)
"""What is true of a word: its key is empty (a joining word); it says nothing beside a name; it is a number; it counts
as said where a systematic name is looked for; it is nomenclature; it names no goods in particular; it is the word for
acid or anhydride; it is a class word that other languages write before what it belongs to; its key is of plain letters;
the beginning or the end of an anchor may be within an edit of it; it is no word of chemistry but a slip away from an
anchor; it is neither; a listed name may begin with it; it ends as what belongs to an acid
does."""

_SHORTEST_SAID = 5
_ACIDS = frozenset({"acid", "anidrid"})
_LAST_ASCII = 0x7F
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

    def taken(self, places: npt.NDArray[np.int64]) -> "Properties":
        """Return the properties of some words."""
        return Properties(*(getattr(self, name)[places] for name in Properties.__slots__))

    def lengthened(self, count: int) -> "Properties":
        """Return the same with room for so many words; what has not been put there means nothing."""
        longer = Properties(
            *(
                np.empty((count, *column.shape[1:]), dtype=column.dtype)
                for column in (getattr(self, name) for name in Properties.__slots__)
            )
        )
        longer.put(0, self)
        return longer

    def put(self, start: int, more: "Properties") -> None:
        """Put the properties of words into room from `start` on."""
        for name in Properties.__slots__:
            values = getattr(more, name)
            getattr(self, name)[start : start + len(values)] = values


Near = Callable[[Sequence[str], Sequence[str]], tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]]
"""For words and their keys: which list of near anchors each has, and HEAD, TAIL, SLIP and STRANGE."""
Keep = Callable[[npt.NDArray[np.int32], bool], npt.NDArray[np.int32]]
"""For the lists that the words of the lexicon have, and whether words were forgotten: the same lists as they are
numbered from now on, so that those which no word has any more can be forgotten."""
Begins = Callable[[npt.NDArray[np.uint64]], npt.NDArray[np.bool_]]
"""For hashes of keys: whether a listed name begins so."""


class Lexicon:
    """Words to numbers, and numbers to properties."""

    def __init__(self, near: Near, keep: Keep, begins: Begins, most_words: int = MOST_WORDS) -> None:
        """Take what tells which anchors are near a key and whether a name begins so, and how much to remember."""
        self._near = near
        self._keep = keep
        self._begins = begins
        self._most_words = most_words
        self._numbers: dict[str, int] = {}
        self._table = WordTable((8 * most_words).bit_length() - 1)
        self.keys: list[str] = []
        self.spelt: list[str] = []
        self.of = self._properties([], [])
        """Has room for more words than are known."""
        self.forgotten = 0
        """How often words were forgotten: before and after, numbers stand for other words."""
        self._batch = 0
        self._met = np.zeros(0, dtype=np.int64)
        """The batch in which each word was met last."""

    def numbers(self, words: pa.Array) -> npt.NDArray[np.int64]:
        """Return the number of each word; they hold until the next call of `make_room`.

        Args:
            words: large_string[n], folded words.

        Returns:
            int64[n].
        """
        parts = packed(words)
        numbers = self._table.find(parts)
        missed = np.flatnonzero(numbers < 0)
        if missed.size:
            spelt = words.take(pa.array(missed)).to_pylist()
            known = self._numbers
            new = [word for word in spelt if word not in known]
            if new:
                self._learn(list(dict.fromkeys(new)))
            numbers[missed] = [known[word] for word in spelt]
            self._table.put(parts[missed], numbers[missed])
        self._met[numbers] = self._batch
        return numbers

    def make_room(self) -> None:
        """Begin a batch, and forget words when too many are remembered; never to be called within a batch."""
        self._batch += 1
        count = len(self.keys)
        forgets = count > self._most_words
        if forgets:
            kept = np.sort(np.argsort(self._met[:count], kind="stable")[count - self._most_words // 2 :])
            self.of = self.of.taken(kept)
            self._met = self._met[kept]
            places = kept.tolist()
            self.keys = [self.keys[place] for place in places]
            self.spelt = [self.spelt[place] for place in places]
            self._numbers = {word: number for number, word in enumerate(self.spelt)}
            self._table.clear()
            self.forgotten += 1
        known = len(self.keys)
        self.of.near[:known] = self._keep(self.of.near[:known], forgets)

    def _learn(self, words: list[str]) -> None:
        figures = [word for word in words if word.isdigit() and word.isascii()]
        others = [word for word in words if not (word.isdigit() and word.isascii())]
        known = len(self.keys)
        words = [*others, *figures]
        self._numbers.update(zip(words, range(known, known + len(words)), strict=True))
        self.keys += keys_of_words(others)
        self.keys += figures
        self.spelt += words
        more = self._properties(words, self.keys[known:], figures=len(figures))
        if len(self.keys) > len(self.of.length):
            room = 2 * len(self.keys)
            self.of = self.of.lengthened(room)
            self._met = np.append(self._met, np.zeros(room - len(self._met), dtype=np.int64))
        self.of.put(known, more)

    def _properties(self, words: list[str], keys: list[str], figures: int = 0) -> Properties:
        """Return the properties of words; nothing is asked of the last so many, which are numbers."""
        others = len(words) - figures
        lists = np.zeros(len(words), dtype=np.int32)
        kinds = np.full(len(words), NUMBER | VAGUE, dtype=np.uint16)
        lists[:others], ends = self._near(words[:others], keys[:others])
        kinds[:others] = _kinds(words[:others], keys[:others]) | ends
        hashes = hash_keys(keys)
        kinds[self._begins(hashes)] |= BEGINS
        return Properties(
            length=np.fromiter(map(len, keys), dtype=np.int64, count=len(keys)),
            hash=hashes,
            letters=count_letters(keys),
            spelt=count_letters(words),
            digits=sum_digits(keys),
            kinds=kinds,
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
    """Return what is true of a word, but for HEAD, TAIL, SLIP, STRANGE and BEGINS."""
    kinds = _plain_kinds(word, key)
    return kinds | _CHEMICAL if kinds & _SAID and is_chemical_word(key) else kinds


_EMPTY, _IDLE, _NUMBER, _SAID, _CHEMICAL, _VAGUE, _ACID, _HALF_NAME, _LETTERS, _ADJECTIVE = map(
    int, (EMPTY, IDLE, NUMBER, SAID, CHEMICAL, VAGUE, ACID, HALF_NAME, LETTERS, ADJECTIVE)
)


def _plain_kinds(word: str, key: str) -> int:
    """Return what is true of a word but for what the search and nomenclature tell."""
    if not key:
        return _EMPTY | (_VAGUE if word in GENERIC or (len(word) == 1 and word.isascii()) else 0)
    kinds = 0
    if key in NEUTRAL:
        kinds = _IDLE | _VAGUE
    elif key.isdigit():
        kinds = _NUMBER | _VAGUE
    else:
        if len(key) >= _SHORTEST_SAID:
            kinds = _SAID
        if (len(word) == 1 and word.isascii()) or word in GENERIC:
            kinds |= _VAGUE
    if key.endswith(CLASS_ENDS):
        kinds |= _HALF_NAME
        if key in _ACIDS:
            kinds |= _ACID
    elif key.endswith("ic"):
        kinds |= _ADJECTIVE
    if key.isascii() and key.isalpha():
        kinds |= _LETTERS
    return kinds


def _kinds(words: Sequence[str], keys: Sequence[str]) -> npt.NDArray[np.uint16]:
    """Return uint16[n]: `kinds_of` each word."""
    kinds = np.fromiter(map(_plain_kinds, words, keys), dtype=np.uint16, count=len(keys))
    said = np.flatnonzero(kinds & SAID)
    kinds[said[are_chemical_words([keys[place] for place in said.tolist()])]] |= CHEMICAL
    return kinds


def count_letters(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Return uint8[n, LANES]: how many characters of each text fall in each lane, modulo 256.

    Two texts within `e` edits differ by at most `2 * e` over all lanes.
    """
    codes, bounds = code_points(texts)
    owners = np.repeat(np.arange(len(texts)) * LANES, np.diff(bounds))
    counts = np.bincount(owners + (codes % np.uint64(LANES)).astype(np.int64), minlength=len(texts) * LANES)
    return counts.astype(np.uint8).reshape(len(texts), LANES)


def sum_digits(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return uint64[n]: a sum over the digits of each text that does not depend on their order."""
    codes, bounds = code_points(texts)
    figures = (codes >= ord("0")) & (codes <= ord("9"))
    foreign = np.flatnonzero(codes > _LAST_ASCII)
    figures[foreign] = [chr(code).isdigit() for code in codes[foreign].tolist()]
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(np.where(figures, powers(16)[codes % np.uint64(10) + np.uint64(1)] * codes, np.uint64(0)), out=sums[1:])
    return sums[bounds[1:]] - sums[bounds[:-1]]
