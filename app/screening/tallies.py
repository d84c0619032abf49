"""Drawn structures that cannot be listed: told by the atoms and rings of their text, and by their atoms alone."""

from collections.abc import Iterable
from functools import lru_cache

from app.chemistry.resemblance import Near, Resemblance, may_reach_some
from app.chemistry.shapes import may_be_relative
from app.chemistry.structure import Molecule, count_charged
from app.chemistry.tally import Tally, read_soon, tallies_of_smiles, tally_of
from app.screening.policy import Policy

MOST_ATOMS = 60
"""Larger molecules are not compared."""


class ListedTallies:
    """The atoms and rings of the listed molecules."""

    def __init__(
        self,
        molecules: Iterable[Molecule],
        mixtures: Iterable[Iterable[Molecule]],
        resemblance: Resemblance,
        policy: Policy,
    ) -> None:
        """Take what is listed.

        Args:
            molecules: listed wherever they stand.
            mixtures: the molecules of what is listed only whole, and of water.
            resemblance: what others are compared with.
            policy: the cut-offs.
        """
        self._listed = frozenset(map(tally_of, molecules))
        self._mixtures = frozenset(tuple(sorted(map(tally_of, mixture))) for mixture in mixtures)
        self._constituents = frozenset(mixture[0] for mixture in self._mixtures if len(mixture) == 1)
        self._resemblance = resemblance
        self._policy = policy
        self._near = lru_cache(maxsize=65_536)(self._compared)

    def leave_out(self, smiles: str) -> bool:
        """Tell of a SMILES that it can be read and is not listed, nor related to anything listed, nor resembles it.

        Returns:
            Never True where reading it finds anything or is not possible; False where that is not plain so soon.
        """
        tallies = tallies_of_smiles(smiles)
        if tallies is None or not self._listed.isdisjoint(tallies) or tuple(sorted(tallies)) in self._mixtures:
            return False
        if self._constituents.issuperset(tallies):
            return False
        molecule = read_soon(smiles)
        if molecule is None or may_be_relative(molecule, tallies):
            return False
        return not any(self._may_resemble(molecule, smiles, tally) for tally in tallies)

    def _may_resemble(self, molecule: Molecule, smiles: str, tally: Tally) -> bool:
        near = self._near(tally)
        return bool(near) and may_reach_some(molecule, near, count_charged(molecule, smiles))

    def _compared(self, tally: Tally) -> list[Near]:
        if not self._policy.similarity_fewest_atoms <= tally.size <= MOST_ATOMS:
            return []
        return self._resemblance.near(tally, self._policy.similarity_cutoff)
