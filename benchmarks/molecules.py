"""Distinct SMILES in any number: other spellings of known structures, and the same with one more substituent."""

import random
from pathlib import Path

from rdkit import Chem

from app.usecases.quality_sets import Expectation, read_quality_sets
from app.watchlist.lawful import known_chemicals
from benchmarks.lines import POSITIVE_SHARE
from benchmarks.material import DEVELOPMENT, PUBLIC

_SEED = 1989
_SUBSTITUENTS = (6, 7, 8, 9, 17, 35)
"""Atoms that take the place of a hydrogen: methyl, amine, hydroxyl and halogens."""
_MOST_ATOMS = 60
_SPELLINGS, _SUBSTITUTED = 3, 7
"""How many are made of one structure before the next is taken."""


def write_smiles(path: Path, count: int) -> Path:
    """Write that many distinct SMILES, one to a line, in no order; nothing is done where the file is there."""
    if not path.is_file():
        aside = path.with_suffix(".part")
        with aside.open("w", encoding="ascii") as file:
            file.writelines(f"{smiles}\n" for smiles in distinct_smiles(count))
        aside.rename(path)
    return path


def distinct_smiles(count: int) -> list[str]:
    """Return that many distinct SMILES: one of a hundred is a listed structure in one of its spellings."""
    draw = random.Random(_SEED)
    listed, harmless = _known()
    made: dict[str, None] = {}
    while len(made) < POSITIVE_SHARE * count:
        made |= dict.fromkeys(_spelt(draw, _molecule(draw, listed), _SPELLINGS))
    while len(made) < count:
        molecule = _molecule(draw, harmless)
        made |= dict.fromkeys(_spelt(draw, molecule, _SPELLINGS))
        made |= dict.fromkeys(smiles for _ in range(_SUBSTITUTED) for smiles in _substituted(draw, molecule))
    chosen = list(made)[:count]
    draw.shuffle(chosen)
    return chosen


def _known() -> tuple[list[str], list[str]]:
    """Return the SMILES of listed and of harmless structures."""
    rows = [row for row in read_quality_sets(DEVELOPMENT, PUBLIC).rows if row.field == "smiles"]
    listed = [row.text for row in rows if row.expectation is Expectation.FOUND]
    harmless = [row.text for row in rows if row.expectation is Expectation.SILENT]
    return listed, [*harmless, *dict.fromkeys(chemical.smiles for chemical in known_chemicals())]


def _spelt(draw: random.Random, molecule: Chem.Mol, times: int) -> list[str]:
    """Return some of a structure's many spellings."""
    return list(Chem.MolToRandomSmilesVect(molecule, times, randomSeed=draw.randrange(1, 2**31)))


def _substituted(draw: random.Random, molecule: Chem.Mol) -> list[str]:
    """Return the structure with an atom in the place of a hydrogen; nothing where that cannot be."""
    places = [atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetTotalNumHs() and not atom.GetNoImplicit()]
    if not places:
        return []
    varied = Chem.RWMol(molecule)
    added = varied.AddAtom(Chem.Atom(draw.choice(_SUBSTITUENTS)))
    varied.AddBond(draw.choice(places), added, Chem.BondType.SINGLE)
    if Chem.SanitizeMol(varied, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return []
    return _spelt(draw, varied, 1)


def _molecule(draw: random.Random, structures: list[str]) -> Chem.Mol:
    while True:
        molecule = Chem.MolFromSmiles(draw.choice(structures))
        if molecule is not None and 1 <= molecule.GetNumAtoms() <= _MOST_ATOMS:
            return molecule
