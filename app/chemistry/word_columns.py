"""Whole columns of text split into words at once, as `app.chemistry.fold.split_words` splits one."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from app.chemistry.fold import WORD
from app.chemistry.fold_columns import FoldedRuns, fold_column
from app.chemistry.utf8_columns import FIRST_FOREIGN, Ints, Octets, column_of, foreign_runs, octets_of, pieces
from app.chemistry.word_table import WordTable, packed

_KIND = np.zeros(256, dtype=np.uint8)
_KIND[ord("a") : ord("z") + 1] = 1
_KIND[ord("0") : ord("9") + 1] = 2


@dataclass(frozen=True, slots=True)
class WordColumn:
    """The words of some texts, in the order in which they are written."""

    folded: pa.Array
    """large_string[n]: the texts as `app.chemistry.fold.fold` leaves them."""
    distinct: pa.Array
    """large_string[d]: each word once, folded."""
    words: Ints
    """int64[k]: the place of each word in `distinct`."""
    lines: Ints
    """int64[k], never falling: the text each word stands in."""
    starts: Ints
    """int64[k]: where each word begins in its folded text."""
    ends: Ints
    """int64[k]: where it ends."""
    behind: Ints
    """int64[k]: the code point behind it, 0 at the end of the text."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Words and where they stand, counted in characters over all texts."""

    words: pa.Array
    starts: Ints
    ends: Ints
    behind: Ints


class KnownRuns:
    """Runs between spaces that ASCII cannot hold, met before; not to be used by two threads at once."""

    def __init__(self, most: int = 65_536) -> None:
        """Remember so many runs; beyond, all are forgotten."""
        self.folded = FoldedRuns(most)
        self._most = most
        self._table = WordTable((4 * most).bit_length() - 1)
        self._forget()

    def _forget(self) -> None:
        self._table.clear()
        self._words = pa.array([], pa.large_string())
        self._places = np.empty((0, 3), dtype=np.int64)
        self._bounds = np.zeros(1, dtype=np.int64)

    def split(self, runs: pa.Array) -> tuple[pa.Array, Ints, Ints, Ints]:
        """Split folded runs into words; short runs are remembered.

        Args:
            runs: large_string[n].

        Returns:
            large_string[w] words; int64[w, 3] where each begins and ends in its run, and the code point behind it, a
            space at the run's end; int64[n] the first word of each run; int64[n] the word behind its last one.
        """
        if len(self._bounds) > self._most:
            self._forget()
        parts = packed(runs)
        numbers = self._table.find(parts)
        missed = np.flatnonzero(numbers < 0)
        if not missed.size:
            return self._words, self._places, self._bounds[numbers], self._bounds[numbers + 1]
        short = parts[missed, 0] != 0
        missed = np.concatenate([missed[short], missed[~short]])
        numbers[missed] = len(self._bounds) - 1 + np.arange(len(missed))
        new = [_words_of_run(run) for run in runs.take(pa.array(missed)).to_pylist()]
        found = [word for each in new for word in each]
        words = pa.concat_arrays([self._words, pa.array([word[0] for word in found], pa.large_string())])
        places = np.concatenate([self._places, np.array([word[1:] for word in found], dtype=np.int64).reshape(-1, 3)])
        bounds = np.concatenate([self._bounds, self._bounds[-1] + np.cumsum([len(each) for each in new])])
        self._bounds = bounds[: len(self._bounds) + int(short.sum())]
        self._words, self._places = words[: self._bounds[-1]], places[: self._bounds[-1]]
        self._table.put(parts, numbers)
        return words, places, bounds[numbers], bounds[numbers + 1]


def _words_of_run(run: str) -> list[tuple[str, int, int, int]]:
    spaced = f"{run} "
    return [(found[0], *found.span(), ord(spaced[found.end()])) for found in WORD.finditer(run)]


def split_column(texts: list[str], known: KnownRuns | None = None) -> WordColumn:
    """Fold some texts and split them into words.

    Args:
        texts: n texts of any language.
        known: what was folded and split before.

    Returns:
        The words of all of them: runs of letters, runs of digits, single Han characters.
    """
    known = known or KnownRuns()
    return split_folded(fold_column(texts, known.folded), known)


def split_folded(folded: pa.Array, known: KnownRuns) -> WordColumn:
    """Split texts into words that `app.chemistry.fold_columns.fold_column` has folded.

    Args:
        folded: large_string[n].
        known: what was split before.
    """
    octets, bounds = octets_of(folded)
    begins, ends = foreign_runs(octets, bounds)
    if begins.size:
        characters = np.zeros(len(octets) + 1, dtype=np.int64)
        np.cumsum((octets & 0xC0) != FIRST_FOREIGN, out=characters[1:])
        plain = _ascii_words(octets, bounds, begins, ends)
        found = _in_order(
            _Found(plain.words, characters[plain.starts], characters[plain.ends], plain.behind),
            _foreign_words(octets, bounds, begins, ends, characters, known),
        )
        bounds = characters[bounds]
    else:
        found = _ascii_words(octets, bounds, begins, ends)
    encoded = found.words.dictionary_encode()
    lines = np.repeat(np.arange(len(folded)), np.diff(np.searchsorted(found.starts, bounds)))
    before = bounds[lines]
    return WordColumn(
        folded,
        encoded.dictionary,
        encoded.indices.to_numpy().astype(np.int64),
        lines,
        found.starts - before,
        found.ends - before,
        found.behind,
    )


def _ascii_words(octets: Octets, bounds: Ints, begins: Ints, ends: Ints) -> _Found:
    """Return the words outside the given runs, where each octet is a character."""
    kinds = _KIND[octets]
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        kinds[begin:end] = 0
    changes = np.empty(len(kinds) + 1, dtype=np.bool_)
    changes[0] = True
    np.not_equal(kinds[1:], kinds[:-1], out=changes[1:-1])
    changes[bounds] = True
    edges = np.flatnonzero(changes)
    word = np.flatnonzero(kinds[edges[:-1]])
    starts, after = edges[word], edges[word + 1]
    lengths = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(after - starts, out=lengths[1:])
    behind = np.append(octets, np.uint8(0))[after].astype(np.int64)
    last = np.zeros(len(octets) + 1, dtype=np.bool_)
    last[bounds] = True
    behind[last[after]] = 0
    return _Found(column_of(octets[kinds != 0], lengths), starts, after, behind)


def _foreign_words(
    octets: Octets, bounds: Ints, begins: Ints, ends: Ints, characters: Ints, known: KnownRuns
) -> _Found:
    """Return the words of runs that ASCII cannot hold; each distinct run is looked at once."""
    runs = pieces(octets, begins, ends).dictionary_encode()
    words, numbers, first, last = known.split(runs.dictionary)
    which = runs.indices.to_numpy()
    first, many = first[which], (last - first)[which]
    at = np.repeat(first - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
    runs_begin = np.repeat(characters[begins], many)
    run_ends = np.repeat(ends, many)
    starts, ending = runs_begin + numbers[at, 0], runs_begin + numbers[at, 1]
    behind = numbers[at, 2]
    at_bound = np.zeros(len(octets) + 1, dtype=np.bool_)
    at_bound[bounds] = True
    behind[(ending == characters[run_ends]) & at_bound[run_ends]] = 0
    return _Found(words.take(pa.array(at)), starts, ending, behind)


def _in_order(one: _Found, other: _Found) -> _Found:
    order = np.argsort(np.concatenate([one.starts, other.starts]), kind="stable")
    return _Found(
        pa.concat_arrays([one.words, other.words]).take(pa.array(order)),
        np.concatenate([one.starts, other.starts])[order],
        np.concatenate([one.ends, other.ends])[order],
        np.concatenate([one.behind, other.behind])[order],
    )
