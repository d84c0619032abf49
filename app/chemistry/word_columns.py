"""Whole columns of text split into words at once, as `app.chemistry.fold.split_words` splits one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.fold import ASCII_WORD, DOTTED, WORD, fold

Ints = npt.NDArray[np.int64]

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


def split_column(texts: list[str]) -> WordColumn:
    """Fold some texts and split them into words.

    Args:
        texts: n texts of any language.

    Returns:
        The words of all of them: runs of letters, runs of digits, single Han characters.
    """
    column = pa.array(texts, pa.large_string())
    folded = pc.ascii_lower(column)
    # What ASCII cannot hold, and Greek letters between dots, are folded one by one.
    patient = pc.or_(pc.invert(pc.string_is_ascii(column)), pc.match_substring_regex(folded, DOTTED.pattern))
    places = np.flatnonzero(patient.to_numpy(zero_copy_only=False))
    foreign: dict[int, str] = {}
    if places.size:
        plain = []
        for place in places.tolist():
            text = fold(texts[place])
            if not text.isascii():
                foreign[place] = text
                text = ""
            plain.append(text)
        folded = pc.replace_with_mask(folded, patient, pa.array(plain, pa.large_string()))
    plain_words = _split_ascii(folded)
    if not foreign:
        return plain_words
    rows = np.zeros(len(texts), dtype=np.bool_)
    rows[list(foreign)] = True
    folded = pc.replace_with_mask(folded, pa.array(rows), pa.array(list(foreign.values()), pa.large_string()))
    return _joined(folded, plain_words, _split_foreign(folded, foreign))


def _split_ascii(folded: pa.Array) -> WordColumn:
    if isinstance(folded, pa.ChunkedArray):
        folded = folded.combine_chunks()
    bounds = np.frombuffer(folded.buffers()[1], dtype=np.int64)[folded.offset : folded.offset + len(folded) + 1]
    octets = np.frombuffer(folded.buffers()[2] or b"", dtype=np.uint8)[bounds[0] : bounds[-1]]
    bounds = bounds - bounds[0]
    kinds = _KIND[octets]
    changes = np.empty(len(kinds) + 1, dtype=np.bool_)
    changes[0] = changes[-1] = True
    np.not_equal(kinds[1:], kinds[:-1], out=changes[1:-1])
    changes[bounds] = True
    edges = np.flatnonzero(changes)
    begins = edges[:-1][kinds[edges[:-1]] != 0] if len(kinds) else edges[:0]
    after = edges[1:][kinds[edges[:-1]] != 0] if len(kinds) else edges[:0]
    lines = np.searchsorted(bounds, begins, side="right") - 1
    kept = octets[kinds != 0]
    lengths = np.zeros(len(begins) + 1, dtype=np.int64)
    np.cumsum(after - begins, out=lengths[1:])
    tokens = pa.Array.from_buffers(
        pa.large_string(), len(begins), [None, pa.py_buffer(lengths), pa.py_buffer(kept)]
    ).dictionary_encode()
    words = tokens.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    behind = np.append(octets, 0)[after].astype(np.int64)
    behind[after == bounds[lines + 1]] = 0
    starts, ends = begins - bounds[lines], after - bounds[lines]
    return WordColumn(folded, tokens.dictionary.to_pylist(), words, lines, starts, ends, behind)


def _split_foreign(folded: pa.Array, foreign: dict[int, str]) -> WordColumn:
    distinct: dict[str, int] = {}
    words: list[int] = []
    lines: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    behind: list[int] = []
    for line, text in foreign.items():
        for match in (ASCII_WORD if text.isascii() else WORD).finditer(text):
            words.append(distinct.setdefault(match.group(), len(distinct)))
            lines.append(line)
            starts.append(match.start())
            ends.append(match.end())
            behind.append(ord(text[match.end()]) if match.end() < len(text) else 0)
    columns = (np.array(column, dtype=np.int64) for column in (words, lines, starts, ends, behind))
    return WordColumn(folded, list(distinct), *columns)


def _joined(folded: pa.Array, one: WordColumn, other: WordColumn) -> WordColumn:
    lines = np.concatenate([one.lines, other.lines])
    order = np.argsort(lines, kind="stable")
    return WordColumn(
        folded,
        one.distinct + other.distinct,
        np.concatenate([one.words, other.words + len(one.distinct)])[order],
        lines[order],
        np.concatenate([one.starts, other.starts])[order],
        np.concatenate([one.ends, other.ends])[order],
        np.concatenate([one.behind, other.behind])[order],
    )
