"""Structures read with RDKit: one key for a molecule whatever its spelling, salt or charge."""

from dataclasses import dataclass

from rdkit import Chem, RDLogger
from rdkit.Chem import rdFingerprintGenerator
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.DataStructs import BulkTanimotoSimilarity
from rdkit.DataStructs.cDataStructs import UIntSparseIntVect

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]  # a bad SMILES is a value here, not a line on standard error

RDKIT_VERSION: str = Chem.rdBase.rdkitVersion
MAX_SMILES = 2_000
"""Characters of a SMILES that are read; longer ones are answered as unreadable."""
MAX_ATOMS = 500

_UNCHARGER = rdMolStandardize.Uncharger()
_COUNTS = rdFingerprintGenerator.GetMorganGenerator(radius=2)


def inchikey_of_smiles(smiles: str) -> str | None:
    """Return the InChIKey of a SMILES, None where it cannot be read."""
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or molecule.GetNumAtoms() == 0:
        return None
    return str(Chem.MolToInchiKey(molecule)) or None  # type: ignore[no-untyped-call]


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


def read_structure(smiles: str) -> Structure | None:
    """Read a SMILES into its molecules.

    Args:
        smiles: one SMILES; salts and mixtures are separated by dots.

    Returns:
        The molecules, neutralised and without isotopes, largest first; None where RDKit cannot read it, where it has no
        atoms, or where it is larger than `MAX_SMILES` characters or `MAX_ATOMS` atoms.
    """
    if len(smiles) > MAX_SMILES:
        return None
    molecule = Chem.MolFromSmiles(smiles.strip())
    return None if molecule is None else _structure(molecule)


def read_inchi(inchi: str) -> Structure | None:
    """Read an InChI into its molecules; None where RDKit cannot read it."""
    if len(inchi) > MAX_SMILES:
        return None
    molecule = Chem.MolFromInchi(inchi.strip())  # type: ignore[no-untyped-call]
    return None if molecule is None else _structure(molecule)


def _structure(molecule: Chem.Mol) -> Structure | None:
    if not 0 < molecule.GetNumAtoms() <= MAX_ATOMS:
        return None
    molecule = Chem.RemoveHs(molecule, sanitize=False)
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


def fingerprint(smiles: str) -> UIntSparseIntVect | None:
    """Return the unfolded count fingerprint (ECFP4) of a SMILES.

    Returns:
        The fingerprint; None where the SMILES cannot be read, as happens to the neutral form of ions such as
        hexafluorophosphate.
    """
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return None
    counts: UIntSparseIntVect = _COUNTS.GetSparseCountFingerprint(molecule)
    return counts


def similarities(smiles: str, fingerprints: list[UIntSparseIntVect]) -> list[float]:
    """Return the Tanimoto similarity of a structure to each fingerprint.

    Args:
        smiles: one molecule.
        fingerprints: as `fingerprint` makes them.

    Returns:
        Values in [0, 1] in the same order; nothing where the SMILES cannot be read.
    """
    own = fingerprint(smiles)
    return [] if own is None else list(BulkTanimotoSimilarity(own, fingerprints))
