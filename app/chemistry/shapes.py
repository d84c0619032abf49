"""The patterns of the family clauses without bonds, charges and aromaticity, for molecules that are read soon."""

import re
from functools import cache, lru_cache

from rdkit import Chem

from app.chemistry.family import CORES, PATTERNS
from app.chemistry.structure import Molecule
from app.chemistry.tally import Tally, tally_of

_ATOM = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]|[A-Za-z]")
_SHAPES = {
    "C": "[#6]",
    "c": "[#6]",
    "N": "[#7]",
    "O": "[#8]",
    "[C]": "[#6]",
    "[#6]": "[#6]",
    "[CX4]": "[#6]",
    "[#6;!$(C=[O,S,N])]": "[#6]",
    "[$([CX3](=O)[#6]),$([CX3H]=O)]": "[#6]",
    "[CH3]": "[#6;D1]",
    "[CH2]": "[#6;D2]",
    "[CH]": "[#6;D3]",
    "[cH]": "[#6;D2]",
    "[c;D3]": "[#6;D3]",
    "[NX3;H2]": "[#7;D1]",
    "[NH2]": "[#7;D1]",
    "[NH]": "[#7;D2]",
    "[OX2;!R]": "[#8;D2]",
    "[OH]": "[#8;D1]",
    "[F,Cl,Br,I]": "[F,Cl,Br,I]",
}
"""An atom of the patterns by its element and its neighbours: neutralising and the drawing of bonds change neither."""


def may_be_relative(molecule: Molecule, tallies: tuple[Tally, ...]) -> bool:
    """Tell whether a structure may be a relative of anything listed.

    Args:
        molecule: as `app.chemistry.tally.read_soon` returns it.
        tallies: of the molecules in it.

    Returns:
        Never False where `app.chemistry.family.family_of` finds a relative.
    """
    return any(molecule.HasSubstructMatch(shape) for tally in tallies for shape in _shapes_in(tally))


@lru_cache(maxsize=65_536)
def _shapes_in(tally: Tally) -> tuple[Chem.Mol, ...]:
    return tuple(shape for shape, least in _shaped_patterns() if tally.has(least))


@cache
def _shaped_patterns() -> tuple[tuple[Chem.Mol, Tally], ...]:
    return tuple(map(_shaped, dict.fromkeys(CORES.get(kin.parent, smarts) for kin, smarts in PATTERNS)))


def _shaped(smarts: str) -> tuple[Chem.Mol, Tally]:
    """Return a pattern's shape, and the atoms and rings it takes."""
    pattern = Chem.MolFromSmarts(_ATOM.sub(lambda atom: _SHAPES[atom.group()], smarts))
    any_bond = Chem.AdjustQueryParameters.NoAdjustments()
    any_bond.makeBondsGeneric = True  # type: ignore[assignment]  # RDKit's stubs have the class of the whole
    shape = Chem.AdjustQueryProperties(pattern, any_bond)
    return shape, tally_of(shape)
