"""What a SMILES says by its text alone: the atoms and rings of each molecule; and its atoms read soon."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from rdkit import Chem

from app.chemistry.structure import MAX_ATOMS, MAX_SMILES, Molecule

_ORGANIC = "Cl|Br|[BCNOFPSIbcnops]"
_BRACKETED = r"\[(?:[A-Z][a-z]?|[bcnops])@{0,2}(?:H\d?)?(?:\+{1,4}|-{1,4}|[+-]\d)?\]"
_RING = r"%\d\d|\d"
_WRITTEN = re.compile(rf"(?:{_ORGANIC}|{_BRACKETED}|{_RING}|[-=#()/\\.])+")
"""No isotopes, no atoms of any element, no numbers of atoms, no bonds but the usual ones."""
_PLAIN_CHARACTERS = str.maketrans("", "", "BCNOPSFIbcnopslr0123456789-=#()/\\")
_DIGITS = str.maketrans("", "", "0123456789")
_TOKEN = re.compile(rf"\[[^]]+\]|{_ORGANIC}|{_RING}")
_SYMBOL = re.compile(r"[A-Z][a-z]?|[a-z]")

_AS_WRITTEN = Chem.SmilesParserParams()
_AS_WRITTEN.sanitize = False  # type: ignore[assignment]  # RDKit's stubs have the class of the whole
_AS_WRITTEN.removeHs = False  # type: ignore[assignment]
_Step = Chem.SanitizeFlags
_VALENCES = _Step.SANITIZE_CLEANUP | _Step.SANITIZE_PROPERTIES
_BRACKET, _AROMATIC = "[", re.compile("[bcnops]")
"""Where metals may stand, and atoms whose double bonds are not drawn."""


class Tally(NamedTuple):
    """The atoms and rings of a molecule: the same for all its spellings and charges."""

    atoms: tuple[tuple[str, int], ...]
    """How many of each element but hydrogen, in the order of their symbols."""
    rings: int
    """Bonds that could be cut before the molecule falls apart."""

    @property
    def size(self) -> int:
        """Atoms but hydrogen."""
        return sum(count for _, count in self.atoms)

    def has(self, other: "Tally") -> bool:
        """Tell whether all atoms and rings of another molecule are in this one."""
        own = dict(self.atoms)
        return other.rings <= self.rings and all(own.get(symbol, 0) >= count for symbol, count in other.atoms)


def tally_of(molecule: Molecule) -> Tally:
    """Return the tally of a molecule, or of a query: of its atoms that can be of one element only.

    Args:
        molecule: a connected one.
    """
    counts = Counter(atom.GetSymbol() for atom in molecule.GetAtoms() if atom.GetAtomicNum() > 1)
    return Tally(tuple(sorted(counts.items())), molecule.GetNumBonds() - molecule.GetNumAtoms() + 1)


def tallies_of_smiles(smiles: str) -> tuple[Tally, ...] | None:
    """Return the tally of each molecule of a SMILES, in the order of the text.

    Args:
        smiles: a SMILES, without space around it.

    Returns:
        What is true if the text can be read at all; None where it cannot be told by the text: isotopes,
        hydrogen drawn as an atom, rings that are closed across a dot, and what is seldom written.
    """
    if len(smiles) > MAX_SMILES:
        return None
    if (plain := _plain_tally(smiles)) is not None:
        return (plain,)
    if not _WRITTEN.fullmatch(smiles):
        return None
    if "." not in smiles:
        alone = _tally(Counter(_TOKEN.findall(smiles)))
        return None if alone is None else (alone,)
    found = []
    for text in smiles.split("."):
        # A molecule begins and ends outside of brackets, and closes the rings it opens.
        tokens = Counter(_TOKEN.findall(text))
        closed = all(count % 2 == 0 for token, count in tokens.items() if _meaning(token) is None)
        tally = _tally(tokens)
        if tally is None or not closed or text.count("(") != text.count(")"):
            return None
        found.append(tally)
    return tuple(found)


def read_soon(smiles: str) -> Molecule | None:
    """Read a SMILES in half the time: nothing is worked out that cannot go wrong.

    Args:
        smiles: one for which there are tallies.

    Returns:
        Its atoms and how they are joined, no more: rings are not aromatic and stereochemistry is not looked at. None
        where `app.chemistry.structure.read_smiles` returns None, and for a few that it can read, such as some rings
        with a triple bond in them.
    """
    molecule = Chem.MolFromSmiles(smiles, _AS_WRITTEN)
    if molecule is None or not 0 < molecule.GetNumAtoms() <= MAX_ATOMS:
        return None
    steps = _VALENCES
    if _BRACKET in smiles:
        steps |= _Step.SANITIZE_CLEANUP_ORGANOMETALLICS
    if _AROMATIC.search(smiles):
        steps |= _Step.SANITIZE_KEKULIZE
    done = Chem.SanitizeMol(molecule, int(steps), catchErrors=True)
    return molecule if done == _Step.SANITIZE_NONE else None


def _plain_tally(smiles: str) -> Tally | None:
    """Return the tally of one molecule without brackets, None where it is not written so plainly."""
    if smiles.translate(_PLAIN_CHARACTERS):
        return None
    chlorine, bromine = smiles.count("Cl"), smiles.count("Br")
    if smiles.count("l") != chlorine or smiles.count("r") != bromine:
        return None
    count = smiles.count
    found = (
        ("B", count("B") + count("b") - bromine),
        ("Br", bromine),
        ("C", count("C") + count("c") - chlorine),
        ("Cl", chlorine),
        ("F", count("F")),
        ("I", count("I")),
        ("N", count("N") + count("n")),
        ("O", count("O") + count("o")),
        ("P", count("P") + count("p")),
        ("S", count("S") + count("s")),
    )
    ends = len(smiles) - len(smiles.translate(_DIGITS))
    atoms = tuple([each for each in found if each[1]])
    return Tally(atoms, ends // 2) if atoms and ends % 2 == 0 else None


def _tally(tokens: Counter[str]) -> Tally | None:
    counts: dict[str, int] = {}
    ends = 0
    for token, count in tokens.items():
        symbol = _meaning(token)
        if symbol is None:
            ends += count
        else:
            counts[symbol] = counts.get(symbol, 0) + count
    if not counts or "H" in counts or ends % 2:
        return None
    return Tally(tuple(sorted(counts.items())), ends // 2)


@lru_cache(maxsize=4_096)
def _meaning(token: str) -> str | None:
    """Return the element of an atom, None for the end of a bond that closes a ring."""
    symbol = _SYMBOL.search(token)
    return None if symbol is None else symbol.group().capitalize()
