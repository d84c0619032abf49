"""Whole columns of text folded at once, as `app.chemistry.fold.fold` folds one text."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.fold import DOTTED
from app.chemistry.letters import fold_run
from app.chemistry.utf8_columns import Ints, Octets, column_of, foreign_runs, octets_of, pieces, replaced
from app.chemistry.word_table import WordTable, packed

_AFTER_DOT = np.zeros((256, 256), dtype=np.bool_)
for _name in ("alpha", "beta", "gamma", "delta", "omega", "alfa", "psi"):
    _AFTER_DOT[tuple(_name[:2].encode())] = True
_AFTER_DOT[[[ord("+")], [ord("-")]], list(b"/ .")] = True
"""How the Greek letters and signs begin that may stand between dots."""


class FoldedRuns:
    """What runs between spaces were folded to; not to be used by two threads at once."""

    def __init__(self, most: int = 65_536) -> None:
        """Remember so many runs; beyond, all are forgotten."""
        self._most = most
        self._table = WordTable((4 * most).bit_length() - 1)
        self._folded = pa.array([], pa.large_string())

    def fold(self, runs: pa.Array) -> pa.Array:
        """Return large_string[n]: what `fold_run` makes of each run; short ones are remembered."""
        if len(self._folded) > self._most:
            self._table.clear()
            self._folded = self._folded[:0]
        parts = packed(runs)
        numbers = self._table.find(parts)
        missed = np.flatnonzero(numbers < 0)
        if not missed.size:
            return self._folded.take(pa.array(numbers))
        short = parts[missed, 0] != 0
        missed = np.concatenate([missed[short], missed[~short]])
        numbers[missed] = len(self._folded) + np.arange(len(missed))
        new = [fold_run(run) for run in runs.take(pa.array(missed)).to_pylist()]
        every = pa.concat_arrays([self._folded, pa.array(new, pa.large_string())])
        self._folded = every[: len(self._folded) + int(short.sum())]
        self._table.put(parts, numbers)
        return every.take(pa.array(numbers))


def fold_column(texts: list[str], known: FoldedRuns) -> pa.Array:
    """Fold some texts.

    What stands between two spaces is folded for itself, and what ASCII cannot hold once for all the texts it stands in.

    Args:
        texts: n texts of any language.
        known: what was folded before.

    Returns:
        large_string[n]: what `app.chemistry.fold.fold` makes of each.
    """
    column = pa.array(texts, pa.large_string())
    octets, bounds = octets_of(pc.ascii_lower(column))
    begins, ends = foreign_runs(octets, bounds)
    if begins.size:
        runs = pieces(octets_of(column)[0], begins, ends).dictionary_encode()
        folded = known.fold(runs.dictionary)
        octets, bounds = replaced(octets, bounds, begins, ends, folded, runs.indices.to_numpy())
    return _without_dots(octets, bounds)


def _without_dots(octets: Octets, bounds: Ints) -> pa.Array:
    """Return a column with the dots taken from Greek letters and signs that stand between them (`.alpha.`)."""
    column = column_of(octets, bounds)
    lines = _maybe_dotted(octets, bounds)
    if not lines.size:
        return column
    plain = [DOTTED.sub(r" \1 ", text) for text in column.take(pa.array(lines)).to_pylist()]
    dotted = np.zeros(len(column), dtype=np.bool_)
    dotted[lines] = True
    return pc.replace_with_mask(column, pa.array(dotted), pa.array(plain, pa.large_string()))


def _maybe_dotted(octets: Octets, bounds: Ints) -> Ints:
    """Return the texts in which a dot stands before what may be such a letter or sign."""
    dots = np.flatnonzero(octets == ord("."))
    following = np.append(octets, np.zeros(3, dtype=np.uint8))
    after = dots + 1 + (following[dots + 1] == ord(" "))
    dotted = dots[_AFTER_DOT[following[after], following[after + 1]]]
    return np.unique(np.searchsorted(bounds, dotted, side="right") - 1)
