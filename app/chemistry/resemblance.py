"""How much a molecule resembles each of several others: the Tanimoto coefficient of what surrounds their atoms."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from rdkit.DataStructs import BulkTanimotoSimilarity

from app.chemistry.tally import Tally, tally_of

_ROUNDING = 1e-9
_ALONE = rdFingerprintGenerator.GetMorganGenerator(radius=0)
_SURROUNDINGS = rdFingerprintGenerator.GetMorganGenerator(radius=2)


class Near(NamedTuple):
    """A molecule that another may resemble."""

    alone: object
    """The fingerprint of its atoms alone."""
    size: int
    """Atoms."""
    needed: float
    """Atoms that both must have in common."""


def may_reach_some(molecule: Chem.Mol, near: Sequence[Near], changed: int) -> bool:
    """Tell whether a molecule resembles some others as much as they are asked for; see `Resemblance.may_reach`.

    Args:
        molecule: it, alone or with others beside it, drawn with its charges, as `app.chemistry.tally.read_soon` has it.
        near: the others, at least one.
        changed: atoms that may be others once they are neutral.

    Returns:
        Never False where its neutral form does.
    """
    Chem.FastFindRings(molecule)
    own = _ALONE.GetSparseCountFingerprint(molecule)
    both = own.GetTotalVal()
    alike = BulkTanimotoSimilarity(own, [each.alone for each in near])
    return any(
        (both + each.size) * share / (1 + share) + changed >= each.needed
        for each, share in zip(near, alike, strict=True)
    )


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
        self._atoms = [_ALONE.GetSparseCountFingerprint(molecule) for molecule in molecules]
        self._sizes = np.array([atoms.GetTotalVal() for atoms in self._atoms], dtype=np.int64)
        tallies = [dict(tally_of(molecule).atoms) for molecule in molecules]
        self._elements = {
            symbol: np.array([tally.get(symbol, 0) for tally in tallies], dtype=np.int64)
            for symbol in sorted({symbol for tally in tallies for symbol in tally})
        }

    def near(self, tally: Tally, cutoff: float) -> list[Near]:
        """Return those of the others that a molecule of these atoms may resemble so much; see `may_reach`.

        Atoms of different elements are not in common.

        Args:
            tally: of a molecule of at least three atoms, none of them a drawn hydrogen.
            cutoff: the coefficient that matters, above 0.

        Returns:
            Never without one whose coefficient is `cutoff` or more.
        """
        common = np.zeros_like(self._sizes)
        for symbol, count in tally.atoms:
            if symbol in self._elements:
                common += np.minimum(self._elements[symbol], count)
        needed = (self._sizes + tally.size - self._totals * (1 - cutoff) / cutoff / 2) / 2 - _ROUNDING
        return [
            Near(self._atoms[each], int(self._sizes[each]), float(needed[each]))
            for each in np.flatnonzero(common >= needed)
        ]

    def may_reach(self, molecule: Chem.Mol, cutoff: float) -> bool:
        """Tell whether a molecule may resemble one of the others so much.

        An atom is counted once by itself, once with its neighbours and at most once with theirs. What two have not in
        common by the first count, they have not by the second: that holds for connected molecules of three atoms
        or more, in which no two atoms have the same bonds. With `d` not in common and `c` in common, at most all that
        is counted, `c / (c + d)` is the coefficient.

        Args:
            molecule: a connected molecule of at least three atoms.
            cutoff: the coefficient that matters, above 0.

        Returns:
            Never False where some coefficient is `cutoff` or more.
        """
        if not self._atoms:
            return False
        own = _ALONE.GetSparseCountFingerprint(molecule)
        alike = BulkTanimotoSimilarity(own, self._atoms)
        if max(alike) < self._least_alike(cutoff):
            return False
        # Of two sizes and their coefficient follows what they have not in common.
        sizes, shares = self._sizes + own.GetTotalVal(), np.array(alike)
        apart = 2 * sizes * (1 - shares) / (1 + shares)
        return bool((apart * cutoff <= self._totals * (1 - cutoff) + _ROUNDING).any())

    def _least_alike(self, cutoff: float) -> float:
        """Return the coefficient of atoms alone below which none of the others can be reached.

        With at most `d` atoms not in common with one of `n` atoms, the other has `n - d` or more.
        """
        apart = self._totals * (1 - cutoff) / cutoff / 2
        return float((1 - apart / self._sizes).min()) - _ROUNDING

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
