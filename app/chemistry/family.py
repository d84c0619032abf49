"""Members of the family clauses: derivatives that a law lists together with their parent."""

from functools import cache

from rdkit import Chem

from app.chemistry.structure import Structure

# The esters that 21 CFR 1310.02(a)(2), (7) and (9) list with their acids. The acyl side is fixed atom by atom
# (`D` counts neighbours), so that a substituted acid is another acid; the alcohol's side is any carbon.
_ESTERS = (
    ("anthranilic-acid", "[NX3;H2]-[c;D3]1[cH][cH][cH][cH][c;D3]1-C(=O)-O-[#6]"),
    ("n-acetylanthranilic-acid", "[CH3]-C(=O)-[NH]-[c;D3]1[cH][cH][cH][cH][c;D3]1-C(=O)-O-[#6]"),
    ("bmk-glycidic-acid", "[cH]1[cH][cH][cH][cH][c;D3]1-[CH]2-O-C2(-[CH3])-C(=O)-O-[#6]"),
    ("pmk-glycidic-acid", "O1-[CH2]-O-c2[cH]c([cH][cH]c12)-[CH]3-O-C3(-[CH3])-C(=O)-O-[#6]"),
    ("phenylacetic-acid", "[cH]1[cH][cH][cH][cH][c;D3]1-[CH2]-C(=O)-O-[#6]"),
)

_ANY_ESTER = Chem.MolFromSmarts("C(=O)-O-[#6]")
_FEWEST_CARBONS = 8
"""The smallest of these esters, methyl anthranilate, has eight carbons."""


@cache
def _queries() -> tuple[tuple[str, Chem.Mol], ...]:
    return tuple((slug, Chem.MolFromSmarts(smarts)) for slug, smarts in _ESTERS)


def family_of(structure: Structure) -> str | None:
    """Return the listed acid whose esters this structure is one of.

    Args:
        structure: a structure as `app.chemistry.structure.read_structure` gives it.

    Returns:
        The substance's slug, None where no part of the structure is such an ester.

    Source:
        21 CFR 1310.02(a)(2), (a)(7), (a)(9): "its esters".
    """
    return next((slug for part in structure.parts if (slug := family_of_smiles(part.skeleton))), None)


def family_of_smiles(smiles: str) -> str | None:
    """Return the listed acid whose ester a SMILES draws, None for none or where it cannot be read."""
    if smiles.upper().count("C") < _FEWEST_CARBONS or "=O" not in smiles.replace("O=", "=O"):
        return None
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else family_of_molecule(molecule)


def family_of_molecule(molecule: Chem.Mol) -> str | None:
    """Return the listed acid whose ester a molecule is, None for none."""
    if molecule.GetNumHeavyAtoms() < _FEWEST_CARBONS or not molecule.HasSubstructMatch(_ANY_ESTER):
        return None
    return next((slug for slug, query in _queries() if molecule.HasSubstructMatch(query)), None)
