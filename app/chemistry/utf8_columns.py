"""A column of text as one run of UTF-8 octets: pieces of it taken out and put in for the whole column at once."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]

FIRST_FOREIGN = 0x80
"""Octets from here on are part of a character that ASCII does not have."""
_SPACE = ord(" ")


def octets_of(column: pa.Array) -> tuple[Octets, Ints]:
    """Return a column's text without copying it.

    Args:
        column: large_string[n], no nulls.

    Returns:
        uint8[sum of lengths] octets, and int64[n + 1] where each text begins and the last one ends.
    """
    _, offsets, values = column.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    octets = np.frombuffer(values or b"", dtype=np.uint8)[bounds[0] : bounds[-1]]
    return octets, bounds - bounds[0]


def column_of(octets: Octets, bounds: Ints) -> pa.Array:
    """Return large_string[n] of octets and bounds as `octets_of` gives them."""
    return pa.Array.from_buffers(
        pa.large_string(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(np.ascontiguousarray(octets))]
    )


def pieces(octets: Octets, begins: Ints, ends: Ints) -> pa.Array:
    """Return large_string[m]: the text from each begin to its end; pieces in order that do not overlap."""
    bounds = np.zeros(len(begins) + 1, dtype=np.int64)
    np.cumsum(ends - begins, out=bounds[1:])
    return column_of(octets[_places(begins, ends)], bounds)


def foreign_runs(octets: Octets, bounds: Ints) -> tuple[Ints, Ints]:
    """Return where the runs between spaces begin and end that ASCII cannot hold: int64[m] each, in order."""
    if not len(octets) or octets.max() < FIRST_FOREIGN:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    first = np.zeros(len(octets) + 1, dtype=np.bool_)
    first[bounds] = True
    first[1:] |= octets == _SPACE
    begins = np.flatnonzero(first[:-1])
    foreign = np.flatnonzero(np.bitwise_or.reduceat(octets, begins) >= FIRST_FOREIGN)
    ends = np.append(begins, len(octets))[foreign + 1]
    return begins[foreign], ends - (octets[ends - 1] == _SPACE)


def replaced(
    octets: Octets, bounds: Ints, begins: Ints, ends: Ints, values: pa.Array, which: Ints
) -> tuple[Octets, Ints]:
    """Put other text into a column.

    Args:
        octets: the column's text.
        bounds: int64[n + 1], where each text begins and the last one ends.
        begins: int64[m], where what is replaced begins, in order, each within one text.
        ends: int64[m], where it ends.
        values: large_string[v], what may stand there instead.
        which: int64[m], which of them does.

    Returns:
        The octets and bounds of the new column.
    """
    others, other_bounds = octets_of(values)
    # What stays and what is new take turns, and each is a piece of both texts laid one behind the other.
    sources = np.empty((len(begins) + 1, 2), dtype=np.int64)
    sources[0, 0], sources[1:, 0] = 0, ends
    sources[:-1, 1], sources[-1, 1] = other_bounds[which] + len(octets), 0
    lengths = np.zeros_like(sources)
    lengths[:-1, 0], lengths[-1, 0] = begins, len(octets)
    lengths[:, 0] -= sources[:, 0]
    lengths[:-1, 1] = other_bounds[which + 1] - other_bounds[which]
    firsts = sources.reshape(-1)
    longer = np.zeros(len(begins) + 1, dtype=np.int64)
    np.cumsum(lengths[:-1, 1] - (ends - begins), out=longer[1:])
    everything = np.concatenate([octets, others])
    return (
        everything[_places(firsts, firsts + lengths.reshape(-1))],
        bounds + longer[np.searchsorted(begins, bounds)],
    )


def _places(begins: Ints, ends: Ints) -> Ints:
    """Return every place from each begin to its end (exclusive), one piece after the other."""
    lengths = ends - begins
    reached = np.cumsum(lengths)
    total = int(reached[-1]) if len(reached) else 0
    places: Ints = np.repeat(begins - (reached - lengths), lengths)
    places += np.arange(total)
    return places
