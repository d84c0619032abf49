"""A structure as a drawing, alone or beside another that it matches."""

from types import ModuleType
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdFMCS

from app.chemistry.structure import MAX_ATOMS, MAX_SMILES
from app.domain.errors import DrawingUnavailableError, InputError

SYSTEM_LIBRARIES = ("libx11-6", "libxext6", "libxrender1")
"""Debian packages RDKit's drawing is linked to, and no wheel brings."""

SEARCH_SECONDS = 1
"""How long the largest common part of two structures is searched; what was found until then is shown."""

_MOST_PLACES = 20
"""Places at which one structure is found in another that are all shown, as in the salt of two molecules."""


def structure_svg(smiles: str, *, width: int, height: int) -> str:
    """Draw a structure.

    Args:
        smiles: one molecule; salts are drawn with their counter-ions.
        width: of the drawing, in pixels.
        height: of the drawing, in pixels.

    Returns:
        An SVG document with a transparent background and no reference to anything outside itself.

    Raises:
        InputError: the text is not a structure.
        DrawingUnavailableError: this machine has not what RDKit draws with; the error names it.
    """
    molecule = _read(smiles)
    pens = _pens()
    drawing = pens.MolDraw2DSVG(width, height)
    drawing.drawOptions().clearBackground = False
    pens.PrepareAndDrawMolecule(drawing, molecule)
    return _finished(drawing)


def evidence_svg(structures: tuple[str, str], legends: tuple[str, str], *, width: int, height: int) -> str:
    """Draw two structures side by side, with the part they have in common highlighted in both.

    Args:
        structures: SMILES of the record's and of the listed structure.
        legends: what is written under each.
        width: of each half, in pixels.
        height: of the drawing, in pixels.

    Returns:
        An SVG document with a transparent background. Highlighted is the listed structure wherever the record has it
        whole; otherwise the largest part of connected atoms that both have, as far as it was found in `SEARCH_SECONDS`.

    Raises:
        InputError: one of the texts is not a structure.
        DrawingUnavailableError: this machine has not what RDKit draws with; the error names it.
    """
    record, listed = (_read(smiles) for smiles in structures)
    pens = _pens()
    atoms = matched_atoms(record, listed)
    bonds = tuple(_bonds_within(molecule, chosen) for molecule, chosen in zip((record, listed), atoms, strict=True))
    drawing = pens.MolDraw2DSVG(2 * width, height, width, height)
    drawing.drawOptions().clearBackground = False
    drawing.drawOptions().padding = 0.08
    molecules = [pens.PrepareMolForDrawing(molecule, kekulize=True) for molecule in (record, listed)]
    drawing.DrawMolecules(
        molecules,
        legends=[_plain(legend) for legend in legends],
        highlightAtoms=[sorted(chosen) for chosen in atoms],
        highlightBonds=list(bonds),
    )
    return _finished(drawing)


def matched_atoms(record: Chem.Mol, listed: Chem.Mol) -> tuple[set[int], set[int]]:
    """Return the atoms of two structures that match, in each.

    Args:
        record: where the other is looked for.
        listed: what is looked for; counter-ions count.

    Returns:
        Numbers of atoms. Where the record has all of the listed structure, all atoms of the listed one and every place
        of it in the record; otherwise the largest connected part in common.
    """
    places = record.GetSubstructMatches(listed, maxMatches=_MOST_PLACES)
    if places:
        return {atom for place in places for atom in place}, set(range(listed.GetNumAtoms()))
    common = rdFMCS.FindMCS(
        [record, listed], timeout=SEARCH_SECONDS, ringMatchesRingOnly=True, completeRingsOnly=True, maximizeBonds=False
    )
    query = Chem.MolFromSmarts(common.smartsString) if common.numAtoms else None
    if query is None:
        return set(), set()
    return set(record.GetSubstructMatch(query)), set(listed.GetSubstructMatch(query))


def _bonds_within(molecule: Chem.Mol, atoms: set[int]) -> list[int]:
    pairs = ((bond.GetIdx(), bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in molecule.GetBonds())
    return [number for number, begin, end in pairs if begin in atoms and end in atoms]


def _read(smiles: str) -> Chem.Mol:
    molecule = Chem.MolFromSmiles(smiles) if len(smiles) <= MAX_SMILES else None
    if molecule is None or not 0 < molecule.GetNumAtoms() <= MAX_ATOMS:
        raise InputError(f"not a structure that can be drawn: {smiles[:80]!r}")
    return molecule


def smiles_of_inchi(inchi: str) -> str | None:
    """Return the SMILES of an InChI, None where RDKit cannot read it."""
    molecule = Chem.MolFromInchi(inchi.strip()) if len(inchi) <= MAX_SMILES else None  # type: ignore[no-untyped-call]
    return None if molecule is None else str(Chem.MolToSmiles(molecule))


def _plain(legend: str) -> str:
    # RDKit's fonts know no line breaks, and XML none of the other control characters.
    return "".join(each if each.isprintable() else " " for each in legend)[:80]


def _finished(drawing: Any) -> str:
    drawing.FinishDrawing()
    # RDKit says ISO 8859-1 of a text that is handed on as UTF-8.
    return str(drawing.GetDrawingText()).replace("encoding='iso-8859-1'", "encoding='UTF-8'", 1)


def _pens() -> ModuleType:
    # Imported when something is drawn: without these libraries everything else works.
    try:
        from rdkit.Chem.Draw import rdMolDraw2D
    except ImportError as error:
        raise DrawingUnavailableError(SYSTEM_LIBRARIES) from error
    return rdMolDraw2D
