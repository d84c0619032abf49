"""How much a molecule resembles each of several others: the Tanimoto coefficient of what surrounds their atoms."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

_SURROUNDINGS = rdFingerprintGenerator.GetMorganGenerator(radius=2)


class Resemblance:
    """Some molecules, prepared for comparison."""

    def __init__(self, molecules: Sequence[Chem.Mol]) -> None:
        """Count what surrounds the atoms of each molecule: unfolded ECFP4, each surrounding as often as it occurs."""
        counts = [_surroundings(molecule) for molecule in molecules]
        self._rows = {each: row for row, each in enumerate(sorted({each for own in counts for each in own}))}
        self._counts = np.zeros((len(self._rows), len(molecules)), dtype=np.int64)
        for column, own in enumerate(counts):
            for each, count in own.items():
                self._counts[self._rows[each], column] = count
        self._totals = self._counts.sum(axis=0)

    def of(self, molecule: Chem.Mol) -> npt.NDArray[np.float64]:
        """Return float64[n]: the Tanimoto coefficient of a molecule and each of the others, in [0, 1]."""
        own = _surroundings(molecule)
        known = [(row, count) for each, count in own.items() if (row := self._rows.get(each)) is not None]
        rows, counts = np.array(known, dtype=np.int64).reshape(-1, 2).T
        common = np.minimum(self._counts[rows], counts[:, None]).sum(axis=0)
        values: npt.NDArray[np.float64] = common / (self._totals + sum(own.values()) - common)
        return values


def _surroundings(molecule: Chem.Mol) -> dict[int, int]:
    counts: dict[int, int] = _SURROUNDINGS.GetSparseCountFingerprint(molecule).GetNonzeroElements()
    return counts
