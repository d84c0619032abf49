"""The words of many texts in reading order, laid one behind the other: windows of words are slices of arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.chemistry.fold import reading_order
from app.chemistry.keyhash import inverse_powers, powers
from app.chemistry.word_columns import WordColumn
from app.screening.lexicon import ACID, ADJECTIVE, EMPTY, HALF_NAME, Lexicon

Ints = npt.NDArray[np.int64]
UInts = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sequences:
    """The words of some texts in reading order, as `app.chemistry.fold.Words` has them, joining words left out."""

    lines: Ints
    """int64[k], never falling: the text of each word."""
    words: Ints
    """int64[k]: its number in the lexicon."""
    kinds: npt.NDArray[np.uint16]
    """uint16[k]: what is true of it."""
    parted: Bools
    """bool[k]: one character stands between the word and the next one of its text."""
    starts: Ints
    """int64[k + 1]: letters of keys before each word, over all texts; the last value is the sum of all."""
    begins: Ints
    """int64[k]: letters before the text of each word."""
    finishes: Ints
    """int64[k]: letters up to the end of the text of each word."""
    last_words: Ints
    """int64[k]: the word behind the last word of the same text."""
    first_words: Ints
    """int64[k]: the first word of the same text."""
    sums: UInts
    """uint64[k + 1]: of which the hashes of windows are differences."""
    begins_at: Ints
    """int64[k]: where each word begins in its folded text."""
    ends_at: Ints
    """int64[k]: where it ends."""
    behind: Ints
    """int64[k]: the code point behind it, 0 at the end of the text."""

    def of_first(self, count: int) -> "Sequences":
        """Return the words of so many texts from the first on."""
        words = int(np.searchsorted(self.lines, count))
        longer = {"starts", "sums"}
        return Sequences(**{name: getattr(self, name)[: words + (name in longer)] for name in Sequences.__slots__})

    def hashes(self, first: Ints, last: Ints) -> UInts:
        """Return uint64[m]: `hash_of_key` of the key that words `first` to `last` (exclusive) of one text make."""
        hashes: UInts = (self.sums[last] - self.sums[first]) * self.scales(first)
        return hashes

    def scales(self, first: Ints) -> UInts:
        """Return uint64[m]: by what a difference of sums from words `first` on is multiplied to be a hash."""
        before = self.starts[first] - self.begins[first]
        scales: UInts = inverse_powers(int(before.max(initial=0)) + 1)[before]
        return scales


def arrange(column: WordColumn, lexicon: Lexicon) -> Sequences:
    """Put the words of some texts into reading order.

    Args:
        column: the texts, split into words.
        lexicon: gives the words their numbers.
    """
    words = lexicon.numbers(column.distinct)[column.words]
    order = _reading(column.lines, words, lexicon)
    words, lines = words[order], column.lines[order]
    count = len(words)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(lexicon.of.length[words], out=starts[1:])
    edges = np.concatenate([[0], np.flatnonzero(lines[1:] != lines[:-1]) + 1, [count]]) if count else lines
    firsts, lasts = (np.repeat(each, np.diff(edges)) for each in (edges[:-1], edges[1:]))
    before = starts[:-1] - starts[firsts]
    sums = np.zeros(count + 1, dtype=np.uint64)
    np.cumsum(lexicon.of.hash[words] * powers(int(before.max(initial=0)) + 1)[before], out=sums[1:])
    begins_at, ends_at = column.starts[order], column.ends[order]
    parted = np.zeros(count, dtype=np.bool_)
    parted[:-1] = (begins_at[1:] - ends_at[:-1] == 1) & (lines[1:] == lines[:-1])
    return Sequences(
        lines=lines,
        words=words,
        kinds=lexicon.of.kinds[words],
        parted=parted,
        starts=starts,
        begins=starts[firsts],
        finishes=starts[lasts],
        last_words=lasts,
        first_words=firsts,
        sums=sums,
        begins_at=begins_at,
        ends_at=ends_at,
        behind=column.behind[order],
    )


def _reading(lines: Ints, words: Ints, lexicon: Lexicon) -> Ints:
    """Return the words' places in reading order, without those that have an empty key."""
    kinds = lexicon.of.kinds[words]
    empty = (kinds & EMPTY) != 0
    # An acid changes its place only where what it belongs to stands behind it.
    adjectives = np.cumsum((kinds & ADJECTIVE) != 0)
    acids = np.flatnonzero(kinds & ACID)
    last = np.searchsorted(lines, lines[acids], side="right") - 1
    moved = np.zeros(len(words), dtype=np.bool_)
    moved[acids] = adjectives[last] > adjectives[acids]
    moved[:-1] |= ((kinds[:-1] & HALF_NAME) != 0) & empty[1:] & (lines[1:] == lines[:-1])
    places = np.arange(len(words))
    keep = ~empty
    firsts, lasts = np.searchsorted(lines, np.add.outer([0, 1], np.unique(lines[moved]))).tolist()
    for first, last in zip(firsts, lasts, strict=True):
        order = reading_order([lexicon.keys[word] for word in words[first:last].tolist()])
        places[first : first + len(order)] = first + np.array(order, dtype=np.int64)
        keep[first:last] = False
        keep[first : first + len(order)] = True
    kept: Ints = places[keep]
    return kept
