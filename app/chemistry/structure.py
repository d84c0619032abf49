"""Structures read with RDKit: one key for a molecule whatever its spelling, salt or charge."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rdkit import Chem, RDLogger
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]  # a bad SMILES is a value here, not a line on standard error

Molecule = Chem.Mol
RDKIT_VERSION: str = Chem.rdBase.rdkitVersion
MAX_SMILES = 2_000
"""Characters of a SMILES that are read; longer ones are answered as unreadable."""
MAX_ATOMS = 500

_CHARGED = Chem.MolFromSmarts("[!+0]")
_LABELLED = Chem.MolFromSmarts("[!0*]")
_MAY_BE_LABELLED = re.compile(r"\[\d|/i")
"""How isotopes are written in SMILES and InChI."""
_MAY_BE_CHARGED = re.compile(r"[+-]|/")
"""How charges are written in SMILES, and where an InChI has any."""
_ANY_BOND = "~"
"""RDKit reads it in a SMILES as well, and what has one is no molecule."""
_ATOMS = re.compile(r"([A-Z][a-z]?)(\d*)")
_UNCHARGER = rdMolStandardize.Uncharger()


def inchikey_of_smiles(smiles: str) -> str | None:
    """Return the InChIKey of a SMILES, None where it cannot be read."""
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or molecule.GetNumAtoms() == 0:
        return None
    return str(Chem.MolToInchiKey(molecule)) or None  # type: ignore[no-untyped-call]


@cache
def query_of(smarts: str) -> Chem.Mol:
    """Return a SMARTS as a query; it must be one of ours, so a wrong one is a mistake."""
    query = Chem.MolFromSmarts(smarts)
    if query is None:
        raise ValueError(f"not a SMARTS: {smarts}")
    return query


@dataclass(frozen=True, slots=True)
class Part:
    """One molecule of a structure: charge and isotopes removed."""

    skeleton: str
    """Canonical SMILES without stereochemistry."""
    stereo: str
    """Canonical SMILES with stereochemistry; equal to `skeleton` where none was drawn."""
    atoms: int
    labelled: bool
    """True where an isotope was drawn."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A drawn structure: its molecules, largest first."""

    parts: tuple[Part, ...]
    whole: str
    """Canonical SMILES of everything drawn, as it was charged, without stereochemistry."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A molecule or mixture as it was drawn, read but not yet taken apart."""

    molecule: Chem.Mol
    alone: bool
    """False where several molecules are drawn."""
    charged: bool
    """True where an atom is drawn with a charge."""
    labelled: bool
    """True where an isotope is drawn."""

    def neutral(self) -> Molecule:
        """Return what is drawn with its charges removed as far as can be."""
        return _UNCHARGER.uncharge(self.molecule) if self.charged else self.molecule

    def molecules(self) -> list["Drawing"]:
        """Return the molecules that are drawn, each for itself."""
        if self.alone:
            return [self]
        return [
            Drawing(each, True, self.charged and each.HasSubstructMatch(_CHARGED), self.labelled)
            for each in Chem.GetMolFrags(self.molecule, asMols=True)
        ]


@dataclass(frozen=True, slots=True)
class Makeup:
    """What a molecule is made of: cheap to tell, and the same for all spellings of a molecule."""

    rings: int
    formula: str
    """With its hydrogen and charge."""

    @property
    def heavy(self) -> "Makeup":
        """The same without hydrogen and charge: neutralising changes nothing of it."""
        return Makeup(self.rings, _heavy(self.formula))


def makeup_of(molecule: Molecule) -> Makeup:
    """Return what a molecule is made of."""
    return Makeup(molecule.GetRingInfo().NumRings(), CalcMolFormula(molecule))


@lru_cache(maxsize=65_536)
def _heavy(formula: str) -> str:
    return "".join(symbol + count for symbol, count in _ATOMS.findall(formula) if symbol != "H")


def read_smiles(smiles: str) -> Drawing | None:
    """Read a SMILES.

    Args:
        smiles: one SMILES; salts and mixtures are separated by dots.

    Returns:
        The drawing; None where RDKit cannot read it, where it has no atoms or a bond of any kind (`~`, of queries), or
        where it is larger than `MAX_SMILES` characters or `MAX_ATOMS` atoms.
    """
    if len(smiles) > MAX_SMILES or _ANY_BOND in smiles:
        return None
    return _drawing(Chem.MolFromSmiles(smiles.strip()), smiles)


def read_inchi(inchi: str) -> Drawing | None:
    """Read an InChI; None where RDKit cannot read it or it is too large."""
    if len(inchi) > MAX_SMILES:
        return None
    return _drawing(Chem.MolFromInchi(inchi.strip()), inchi)  # type: ignore[no-untyped-call]


def why_unread(text: str) -> str:
    """Say why `read_smiles` or `read_inchi` returned nothing: words to follow the name of what was read."""
    if len(text) > MAX_SMILES:
        return f"is longer than {MAX_SMILES:,} characters, and is not read"
    read = Chem.MolFromInchi if text.strip().startswith("InChI") else Chem.MolFromSmiles
    molecule = read(text.strip())
    if molecule is not None and molecule.GetNumAtoms() > MAX_ATOMS:
        return f"has {molecule.GetNumAtoms()} atoms, and structures of more than {MAX_ATOMS} are not compared"
    return "cannot be read"


def _drawing(molecule: Chem.Mol | None, text: str) -> Drawing | None:
    if molecule is None or not 0 < molecule.GetNumAtoms() <= MAX_ATOMS:
        return None
    alone = ("." not in text and not text.startswith("InChI")) or len(Chem.GetMolFrags(molecule)) == 1
    charged = _MAY_BE_CHARGED.search(text) is not None and molecule.HasSubstructMatch(_CHARGED)
    labelled = _MAY_BE_LABELLED.search(text) is not None and molecule.HasSubstructMatch(_LABELLED)
    return Drawing(molecule, alone, charged, labelled)


def count_charged(molecule: Molecule, text: str) -> int:
    """Return how many atoms of a molecule have a charge.

    Args:
        molecule: the molecule.
        text: what it was read from; where no charge is written, those of a group such as nitro are not counted.
    """
    return len(molecule.GetSubstructMatches(_CHARGED)) if _MAY_BE_CHARGED.search(text) else 0


def read_structure(smiles: str) -> Structure | None:
    """Read a SMILES into its molecules.

    Args:
        smiles: one SMILES; salts and mixtures are separated by dots.

    Returns:
        The molecules, neutralised and without isotopes, largest first; None where RDKit cannot read it, where it has no
        atoms, or where it is larger than `MAX_SMILES` characters or `MAX_ATOMS` atoms.
    """
    drawing = read_smiles(smiles)
    return None if drawing is None else take_apart(drawing)


def take_apart(drawing: Drawing) -> Structure:
    """Return the molecules of a drawing, neutralised and without isotopes, largest first."""
    molecule = Chem.RemoveHs(drawing.molecule, sanitize=False)
    fragments = Chem.GetMolFrags(molecule, asMols=True, sanitizeFrags=False)
    parts = sorted((_part(fragment) for fragment in fragments), key=lambda part: (-part.atoms, part.stereo))
    return Structure(tuple(parts), Chem.MolToSmiles(molecule, isomericSmiles=False))


def _part(fragment: Chem.Mol) -> Part:
    labelled = False
    for atom in fragment.GetAtoms():
        if atom.GetIsotope():
            labelled = True
            atom.SetIsotope(0)
    if labelled:
        fragment = Chem.RemoveHs(fragment)
    if any(atom.GetFormalCharge() for atom in fragment.GetAtoms()):
        Chem.SanitizeMol(fragment)
        fragment = _UNCHARGER.uncharge(fragment)
    return Part(
        skeleton=Chem.MolToSmiles(fragment, isomericSmiles=False),
        stereo=Chem.MolToSmiles(fragment),
        atoms=fragment.GetNumHeavyAtoms(),
        labelled=labelled,
    )
