"""Structures read with RDKit: one key for a molecule whatever its spelling, salt or charge."""

from dataclasses import dataclass
from functools import cache

from rdkit import Chem, RDLogger
from rdkit.Chem.MolStandardize import rdMolStandardize

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]  # a bad SMILES is a value here, not a line on standard error

Molecule = Chem.Mol
RDKIT_VERSION: str = Chem.rdBase.rdkitVersion
MAX_SMILES = 2_000
"""Characters of a SMILES that are read; longer ones are answered as unreadable."""
MAX_ATOMS = 500

_CHARGED = Chem.MolFromSmarts("[!+0]")
_LABELLED = Chem.MolFromSmarts("[!0*]")
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
    elements: bytes | None
    """The number of its rings and the atomic numbers of its heavy atoms, sorted: neutralising changes none of them.
    None where several molecules are drawn."""
    labelled: bool
    """True where an isotope is drawn."""

    def neutral(self) -> Molecule:
        """Return what is drawn with its charges removed as far as can be."""
        if not self.molecule.HasSubstructMatch(_CHARGED):
            return self.molecule
        return _UNCHARGER.uncharge(self.molecule)


def read_smiles(smiles: str) -> Drawing | None:
    """Read a SMILES.

    Args:
        smiles: one SMILES; salts and mixtures are separated by dots.

    Returns:
        The drawing; None where RDKit cannot read it, where it has no atoms, or where it is larger than `MAX_SMILES`
        characters or `MAX_ATOMS` atoms.
    """
    if len(smiles) > MAX_SMILES:
        return None
    return _drawing(Chem.MolFromSmiles(smiles.strip()))


def read_inchi(inchi: str) -> Drawing | None:
    """Read an InChI; None where RDKit cannot read it or it is too large."""
    if len(inchi) > MAX_SMILES:
        return None
    return _drawing(Chem.MolFromInchi(inchi.strip()))  # type: ignore[no-untyped-call]


def _drawing(molecule: Chem.Mol | None) -> Drawing | None:
    if molecule is None or not 0 < molecule.GetNumAtoms() <= MAX_ATOMS:
        return None
    alone = len(Chem.GetMolFrags(molecule)) == 1
    return Drawing(molecule, _elements(molecule) if alone else None, molecule.HasSubstructMatch(_LABELLED))


def _elements(molecule: Chem.Mol) -> bytes:
    numbers = sorted(number for atom in molecule.GetAtoms() if (number := atom.GetAtomicNum()) > 1)
    return bytes([min(molecule.GetRingInfo().NumRings(), 255), *numbers])


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
