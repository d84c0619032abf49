"""The bytes of whole columns of text, as they lie in memory: one look spares most columns a look at each cell."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def octets_of(texts: pa.Array) -> memoryview:
    """Return the texts one after the other."""
    if not len(texts):
        return memoryview(b"")
    bounds = _bounds(texts)
    return memoryview(texts.buffers()[2] or b"")[int(bounds[0]) : int(bounds[-1])]


def beginning_with(texts: pa.Array, marks: bytes) -> npt.NDArray[np.bool_]:
    """Tell which texts may begin with one of some bytes.

    Args:
        texts: n strings, long ones or not.
        marks: the bytes.

    Returns:
        bool[n]: False only for a text that does not begin so; an empty or missing one may be taken for the text behind.
    """
    found = np.zeros(len(texts), dtype=np.bool_)
    octets = np.frombuffer(octets_of(texts), dtype=np.uint8)
    if octets.size:
        bounds = _bounds(texts)
        starts = bounds[:-1] - bounds[0]
        asked = np.zeros(256, dtype=np.bool_)
        asked[list(marks)] = True
        found = asked[octets[np.minimum(starts, octets.size - 1)]]
    return found


def holding(texts: pa.Array, marks: bytes) -> npt.NDArray[np.bool_]:
    """Tell which texts hold one of some bytes.

    Args:
        texts: n strings, long ones or not.
        marks: the bytes, all of them below 128.

    Returns:
        bool[n].
    """
    found = np.zeros(len(texts), dtype=np.bool_)
    octets = octets_of(texts)
    plain = bytes(octets)
    if any(mark in plain for mark in marks):
        asked = np.zeros(256, dtype=np.bool_)
        asked[list(marks)] = True
        places = np.flatnonzero(asked[np.frombuffer(octets, dtype=np.uint8)])
        bounds = _bounds(texts)
        found[np.searchsorted(bounds[1:] - bounds[0], places, side="right")] = True
    return found


def marks_of(texts: pa.Array) -> npt.NDArray[np.int64]:
    """Return a number for each text, from its length and three of its bytes: the same for the same text.

    Args:
        texts: n strings, long ones or not.

    Returns:
        int64[n]; 0 for one that is empty or missing.
    """
    octets = np.frombuffer(octets_of(texts), dtype=np.uint8)
    if not octets.size:
        return np.zeros(len(texts), dtype=np.int64)
    bounds = _bounds(texts).astype(np.int64)
    starts, ends = bounds[:-1] - bounds[0], bounds[1:] - bounds[0]
    places = np.minimum([starts, (starts + ends) // 2, np.maximum(ends - 1, 0)], octets.size - 1)
    lengths = ends - starts
    marks: npt.NDArray[np.int64] = np.where(lengths, lengths + octets[places].sum(axis=0, dtype=np.int64), 0)
    return marks


def has_empty(texts: pa.Array) -> bool:
    """Tell whether some text is empty or missing."""
    return bool((np.diff(_bounds(texts)) == 0).any()) if len(texts) else False


def _bounds(texts: pa.Array) -> npt.NDArray[np.integer]:
    """Return int[n + 1]: where each text begins in the column's bytes, and where the last one ends."""
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    bounds: npt.NDArray[np.integer] = np.frombuffer(texts.buffers()[1], dtype=width)
    return bounds[texts.offset : texts.offset + len(texts) + 1]
