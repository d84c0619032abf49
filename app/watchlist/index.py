"""The compiled watchlist: read-only arrays on disk, named by a digest of what they were made from."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.chemistry import fold
from app.chemistry.structure import RDKIT_VERSION
from app.domain.errors import StaleIndexError
from app.watchlist.lawful import chemicals_version
from app.watchlist.model import Watchlist
from app.watchlist.portable import watchlist_from_json
from app.watchlist.read import release_of

FORMAT = 2
"""Raised whenever the files below change their meaning."""

MANIFEST = "manifest.json"
WATCHLIST = "watchlist.json"
NAMES = "names.arrow"
LAWFUL = "lawful.arrow"
CHEMICALS = "chemicals.arrow"
STRUCTURES = "structures.arrow"
VOCABULARY = "vocabulary.arrow"
FILES = (WATCHLIST, NAMES, LAWFUL, CHEMICALS, STRUCTURES, VOCABULARY)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was made from."""

    release: str
    format: int
    software: str
    """A digest of the code that makes the keys and arrays: a changed fold makes every key stale."""
    rdkit: str
    chemicals: str

    @property
    def digest(self) -> str:
        """The index's name: sha256 over release, format and library versions, in hex."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def origin_of(watchlists: Path) -> Origin:
    """Return what an index of this folder must be made from today."""
    return running_origin(release_of(watchlists))


def running_origin(release: str) -> Origin:
    """Return what an index of a release must be made from by the software that runs."""
    return Origin(release, FORMAT, _software(), RDKIT_VERSION, chemicals_version())


@cache
def _software() -> str:
    rooms = (Path(fold.__file__).parent, Path(__file__).parent)
    code = hashlib.sha256()
    for path in sorted(path for room in rooms for path in room.glob("*.py")):
        code.update(path.name.encode() + b"\0" + path.read_bytes())
    return code.hexdigest()[:16]


def index_folder(folder: Path, origin: Origin) -> Path:
    """Return where the index of this origin is kept."""
    return folder / origin.digest[:16]


@dataclass(frozen=True)
class Index:
    """The watchlist as the screening reads it."""

    place: Path
    """Its folder."""
    release: str
    digest: str
    watchlist: Watchlist
    names: pa.Table
    """key string, substance int32, text string, kind string, language string, cas string."""
    lawful_hashes: npt.NDArray[np.uint64]
    """uint64[n], sorted: hashes of the keys of lawful names."""
    lawful_chemicals: npt.NDArray[np.int32]
    """int32[n]: the row of `chemicals` each hash belongs to."""
    chemicals: pa.Table
    """cas string, name string, family int32 (the substance of whose clause it is a member, -1 for none)."""
    vocabulary: npt.NDArray[np.uint64]
    """uint64[m], sorted: hashes of the words that lawful names are made of."""
    structures: pa.Table
    """substance int32, skeleton string, stereo string, atoms int32, smiles string."""

    @cached_property
    def position(self) -> dict[str, int]:
        """The number of each substance, by its slug."""
        return {substance.id: number for number, substance in enumerate(self.watchlist.substances)}


def open_index(folder: Path, watchlists: Path) -> Index:
    """Open the index that belongs to these files and libraries.

    Args:
        folder: where compiled indexes are kept.
        watchlists: the folder of the watchlist's files.

    Raises:
        StaleIndexError: there is none, or it is damaged: compile it again.
    """
    origin = origin_of(watchlists)
    place = index_folder(folder, origin)
    if not (place / MANIFEST).is_file():
        raise StaleIndexError(
            f"no compiled index for release {origin.release[:12]} in {folder} (format {origin.format}, software "
            f"{origin.software}, rdkit {origin.rdkit}, chemicals {origin.chemicals}): "
            "run `precursor-watch watchlist compile`"
        )
    return read_index(place, origin)


def read_index(place: Path, origin: Origin) -> Index:
    """Read an index from its folder.

    Args:
        place: the folder of the index.
        origin: what it was made from.

    Raises:
        StaleIndexError: it is damaged: compile it again.
    """
    manifest = json.loads((place / MANIFEST).read_text())
    if (damage := find_damage(place, manifest)) is not None:
        raise StaleIndexError(f"{damage}: run `precursor-watch watchlist compile --force`")
    lawful = read_table(place / LAWFUL)
    return Index(
        place=place,
        release=origin.release,
        digest=origin.digest,
        watchlist=watchlist_from_json((place / WATCHLIST).read_bytes()),
        names=read_table(place / NAMES),
        lawful_hashes=numbers_of(lawful.column("hash").chunk(0)),
        lawful_chemicals=numbers_of(lawful.column("chemical").chunk(0)),
        chemicals=read_table(place / CHEMICALS),
        vocabulary=numbers_of(read_table(place / VOCABULARY).column("hash").chunk(0)),
        structures=read_table(place / STRUCTURES),
    )


def find_damage(place: Path, manifest: dict[str, Any]) -> str | None:
    """Return which file of an index is missing or not as it was written, None where all are whole."""
    for name in FILES:
        if not (place / name).is_file():
            return f"{place / name} is missing"
        with (place / name).open("rb") as file:
            found = hashlib.file_digest(file, "blake2b").hexdigest()
        if found != manifest["files"].get(name):
            return f"{place / name} is damaged"
    return None


def numbers_of(array: pa.Array) -> npt.NDArray[Any]:
    """Return the numbers of an array without nulls, not copied."""
    # Arrow's own to_numpy() imports pandas where it is installed, which costs a second at every start.
    kind = np.dtype(str(array.type))
    return np.frombuffer(array.buffers()[1] or b"", dtype=kind)[array.offset : array.offset + len(array)]


def read_table(path: Path) -> pa.Table:
    """Return the table of an Arrow file, mapped and not read: processes that read it share its memory."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all().combine_chunks()
