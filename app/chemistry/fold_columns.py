"""Whole columns of text folded at once, as `app.chemistry.fold.fold` folds one text."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.fold import DOTTED
from app.chemistry.letters import fold_run
from app.chemistry.utf8_columns import Ints, Octets, column_of, foreign_runs, octets_of, pieces, replaced

_AFTER_DOT = np.zeros(256, dtype=np.bool_)
_AFTER_DOT[np.frombuffer(b"abgdop+-", dtype=np.uint8)] = True
"""How the Greek letters and signs begin that may stand between dots."""


def fold_column(texts: list[str]) -> pa.Array:
    """Fold some texts.

    What stands between two spaces is folded for itself, and what ASCII cannot hold once for all the texts it stands in.

    Args:
        texts: n texts of any language.

    Returns:
        large_string[n]: what `app.chemistry.fold.fold` makes of each.
    """
    column = pa.array(texts, pa.large_string())
    octets, bounds = octets_of(pc.ascii_lower(column))
    begins, ends = foreign_runs(octets, bounds)
    if begins.size:
        runs = pieces(octets_of(column)[0], begins, ends).dictionary_encode()
        folded = pa.array([fold_run(run) for run in runs.dictionary.to_pylist()], pa.large_string())
        octets, bounds = replaced(octets, bounds, begins, ends, folded, runs.indices.to_numpy())
    return column_of(*_without_dots(octets, bounds))


def _without_dots(octets: Octets, bounds: Ints) -> tuple[Octets, Ints]:
    """Take the dots from Greek letters and signs that stand between them (`.alpha.`)."""
    lines = _maybe_dotted(octets, bounds)
    if not lines.size:
        return octets, bounds
    begins, ends = bounds[lines], bounds[lines + 1]
    plain = [DOTTED.sub(r" \1 ", text) for text in pieces(octets, begins, ends).to_pylist()]
    return replaced(octets, bounds, begins, ends, pa.array(plain, pa.large_string()), np.arange(len(lines)))


def _maybe_dotted(octets: Octets, bounds: Ints) -> Ints:
    """Return the texts in which a dot stands before what may be such a letter or sign."""
    dots = np.flatnonzero(octets == ord("."))
    following = np.append(octets, np.zeros(2, dtype=np.uint8))
    after = following[dots + 1]
    after = np.where(after == ord(" "), following[dots + 2], after)
    return np.unique(np.searchsorted(bounds, dots[_AFTER_DOT[after]], side="right") - 1)
