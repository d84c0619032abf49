"""Names of chemicals at large, so that a lawful look-alike can be told from a listed substance.

Source: the identifier tables of the `chemicals` package (MIT), which take their names from PubChem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

_TABLES = (
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers pubchem large.tsv",
    "chemical identifiers example user db.tsv",
    "Inorganic db.tsv",
    "Anion db.tsv",
    "Cation db.tsv",
)
_CAS, _SMILES, _INCHIKEY, _FIRST_NAME = 1, 4, 6, 7
_ONLY_DIGITS = re.compile(r"[\d\s-]+")
SHORTEST_KEY = 4
"""Keys of fewer characters are symbols that mean too many things to vouch for a chemical."""


@dataclass(frozen=True, slots=True)
class KnownChemical:
    """One row of the identifier tables."""

    cas: str
    smiles: str
    inchikey: str
    names: tuple[str, ...]


def chemicals_version() -> str:
    """Return the version of the `chemicals` package the names come from."""
    return version("chemicals")


def known_chemicals() -> Iterator[KnownChemical]:
    """Read the identifier tables, the best curated first; a CAS number may come more than once."""
    spec = find_spec("chemicals")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the `chemicals` package is not installed")
    folder = Path(spec.origin).parent / "Identifiers"
    for table in _TABLES:
        with (folder / table).open(encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                names = tuple(name for cell in cells[_FIRST_NAME:] if (name := cell.strip()))
                yield KnownChemical(cells[_CAS], cells[_SMILES], cells[_INCHIKEY], names)


def is_a_name(text: str) -> bool:
    """Tell a name from a registry number."""
    return _ONLY_DIGITS.fullmatch(text) is None


def find_hashes(stored: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Find hashes in a sorted array.

    Args:
        stored: uint64[n], sorted.
        wanted: uint64[k].

    Returns:
        int64[k]: the position of each in `stored`, -1 where it is not there.
    """
    at = np.searchsorted(stored, wanted)
    at[at == len(stored)] = 0
    return np.where(stored[at] == wanted, at, -1) if len(stored) else np.full(len(wanted), -1)
