"""Distinct SMILES in any number: other spellings of known structures, and the same with one more substituent."""

import random
from collections.abc import Iterator
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
_TRIES = 50


def write_smiles(path: Path, count: int) -> Path:
    """Write that many distinct SMILES, one to a line; nothing is done where the file is there."""
    if not path.is_file():
        aside = path.with_suffix(".part")
        with aside.open("w", encoding="ascii") as file:
            file.writelines(f"{smiles}\n" for smiles in _distinct(count))
        aside.rename(path)
    return path


def _distinct(count: int) -> Iterator[str]:
    draw = random.Random(_SEED)
    listed, harmless = _known()
    seen: set[str] = set()
    while len(seen) < count:
        smiles = _spelt(draw, listed) if draw.random() < POSITIVE_SHARE else _varied(draw, harmless)
        for _ in range(_TRIES):
            if smiles not in seen:
                break
            smiles = _varied(draw, harmless)
        if smiles not in seen:
            seen.add(smiles)
            yield smiles


def _known() -> tuple[list[str], list[str]]:
    """Return the SMILES of listed and of harmless structures."""
    rows = [row for row in read_quality_sets(DEVELOPMENT, PUBLIC).rows if row.field == "smiles"]
    listed = [row.text for row in rows if row.expectation is Expectation.FOUND]
    harmless = [row.text for row in rows if row.expectation is Expectation.SILENT]
    return listed, [*harmless, *dict.fromkeys(chemical.smiles for chemical in known_chemicals())]


def _spelt(draw: random.Random, structures: list[str]) -> str:
    """Return a structure in one of its many spellings."""
    molecule = _molecule(draw, structures)
    return str(Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=draw.randrange(1, 2**31))[0])


def _varied(draw: random.Random, structures: list[str]) -> str:
    """Return a known structure in one of its spellings, or with an atom in the place of a hydrogen."""
    if draw.random() < 0.3:
        return _spelt(draw, structures)
    molecule = Chem.RWMol(_molecule(draw, structures))
    places = [atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetTotalNumHs() and not atom.GetNoImplicit()]
    if places:
        added = molecule.AddAtom(Chem.Atom(draw.choice(_SUBSTITUENTS)))
        molecule.AddBond(draw.choice(places), added, Chem.BondType.SINGLE)
    return str(Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=draw.randrange(1, 2**31))[0])


def _molecule(draw: random.Random, structures: list[str]) -> Chem.Mol:
    while True:
        molecule = Chem.MolFromSmiles(draw.choice(structures))
        if molecule is not None and 1 <= molecule.GetNumAtoms() <= _MOST_ATOMS:
            return molecule
