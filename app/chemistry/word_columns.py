"""Whole columns of text split into words at once, as `app.chemistry.fold.split_words` splits one."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from app.chemistry.fold import WORD
from app.chemistry.fold_columns import fold_column
from app.chemistry.letters import LONGEST_REMEMBERED
from app.chemistry.utf8_columns import FIRST_FOREIGN, Ints, Octets, column_of, foreign_runs, octets_of, pieces

_KIND = np.zeros(256, dtype=np.uint8)
_KIND[ord("a") : ord("z") + 1] = 1
_KIND[ord("0") : ord("9") + 1] = 2


@dataclass(frozen=True, slots=True)
class WordColumn:
    """The words of some texts, in the order in which they are written."""

    folded: pa.Array
    """large_string[n]: the texts as `app.chemistry.fold.fold` leaves them."""
    distinct: list[str]
    """Each word once, folded."""
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


def split_column(texts: list[str]) -> WordColumn:
    """Fold some texts and split them into words.

    Args:
        texts: n texts of any language.

    Returns:
        The words of all of them: runs of letters, runs of digits, single Han characters.
    """
    folded = fold_column(texts)
    octets, bounds = octets_of(folded)
    begins, ends = foreign_runs(octets, bounds)
    if begins.size:
        characters = np.zeros(len(octets) + 1, dtype=np.int64)
        np.cumsum((octets & 0xC0) != FIRST_FOREIGN, out=characters[1:])
        plain = _ascii_words(octets, bounds, begins, ends)
        found = _in_order(
            _Found(plain.words, characters[plain.starts], characters[plain.ends], plain.behind),
            _foreign_words(octets, bounds, begins, ends, characters),
        )
        bounds = characters[bounds]
    else:
        found = _ascii_words(octets, bounds, begins, ends)
    encoded = found.words.dictionary_encode()
    lines = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(found.starts, bounds)))
    before = bounds[lines]
    return WordColumn(
        folded,
        encoded.dictionary.to_pylist(),
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


def _words_of_run(run: str) -> tuple[tuple[str, int, int, int], ...]:
    """Return each word of a folded run, its start and end, and the code point behind it, a space at the run's end."""
    spaced = f"{run} "
    return tuple((found[0], *found.span(), ord(spaced[found.end()])) for found in WORD.finditer(run))


_words_of_short_run = lru_cache(maxsize=65_536)(_words_of_run)


def _foreign_words(octets: Octets, bounds: Ints, begins: Ints, ends: Ints, characters: Ints) -> _Found:
    """Return the words of runs that ASCII cannot hold; each distinct run is looked at once."""
    runs = pieces(octets, begins, ends).dictionary_encode()
    which = runs.indices.to_numpy()
    each = [
        _words_of_short_run(run) if len(run) <= LONGEST_REMEMBERED else _words_of_run(run)
        for run in runs.dictionary.to_pylist()
    ]
    counts = np.array([len(words) for words in each], dtype=np.int64)
    before = np.cumsum(counts) - counts
    numbers = np.array([word[1:] for words in each for word in words], dtype=np.int64).reshape(-1, 3)
    words = pa.array([word[0] for words in each for word in words], pa.large_string())
    many = counts[which]
    at = np.repeat(before[which] - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
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
