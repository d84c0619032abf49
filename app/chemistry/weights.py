"""What of a salt's or hydrate's weight is the substance itself."""

from rdkit import Chem
from rdkit.Chem.Descriptors import MolWt  # type: ignore[attr-defined]

from app.chemistry.structure import read_structure


def base_share(substance: str, form: str) -> float | None:
    """Return the share by weight of a substance in one of its forms.

    Args:
        substance: the SMILES of the free base or acid.
        form: the SMILES of the salt or hydrate, its molecules separated by dots.

    Returns:
        The weight of the substance's molecules over the whole, more than 0 and less than 1, to four decimals; None
        where the substance is not a whole molecule of the form, as in a sodium salt that is drawn as one bond.
    """
    alone, together = read_structure(substance), read_structure(form)
    whole = Chem.MolFromSmiles(form) if together is not None else None
    if alone is None or together is None or whole is None or len(alone.parts) != 1 or len(together.parts) < 2:
        return None
    count = sum(part.skeleton == alone.parts[0].skeleton for part in together.parts)
    share = count * MolWt(Chem.MolFromSmiles(substance)) / MolWt(whole)
    return round(share, 4) if 0 < share < 1 else None
