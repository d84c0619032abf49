"""A structure as a drawing."""

from types import ModuleType

from rdkit import Chem

from app.domain.errors import DrawingUnavailableError, InputError

SYSTEM_LIBRARIES = ("libx11-6", "libxext6", "libxrender1")
"""Debian packages RDKit's drawing is linked to, and no wheel brings."""


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
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or molecule.GetNumAtoms() == 0:
        raise InputError(f"not a structure: {smiles!r}")
    pens = _pens()
    drawing = pens.MolDraw2DSVG(width, height)
    drawing.drawOptions().clearBackground = False
    pens.PrepareAndDrawMolecule(drawing, molecule)
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
