"""The releases on this machine: every index that was compiled and is still there."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import StaleIndexError
from app.watchlist.index import MANIFEST, WATCHLIST, Index, Origin, read_index, running_origin
from app.watchlist.model import Watchlist
from app.watchlist.portable import watchlist_from_json


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A release that is on this machine, as one compiled index."""

    place: Path
    origin: Origin
    compiled_at: datetime
    """UTC, to the second: when the index was put in its place."""

    @property
    def usable(self) -> bool:
        """Whether this version of the software and its libraries can screen with it."""
        return self.origin == running_origin(self.origin.release)


def list_releases(folder: Path) -> tuple[KeptRelease, ...]:
    """Return the compiled indexes of a folder, the newest first.

    Args:
        folder: where compiled indexes are kept.

    Returns:
        One for each index that is whole enough to have a manifest; of one release there may be several, made by
        different versions of the software.
    """
    found = [_read(path) for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return tuple(sorted(found, key=lambda kept: (kept.compiled_at, kept.origin.digest), reverse=True))


def open_release(kept: KeptRelease) -> Index:
    """Open a release for screening.

    Raises:
        StaleIndexError: it was compiled by another version of the software, or it is damaged.
    """
    if not kept.usable:
        raise StaleIndexError(
            f"release {kept.origin.release[:12]} is here as an index of another version of this software or its "
            "libraries: compile its files again"
        )
    return read_index(kept.place, kept.origin)


def read_release(kept: KeptRelease) -> Watchlist:
    """Read what a release says, without opening it for screening.

    Raises:
        StaleIndexError: it was written by a version of the software that this one cannot read.
    """
    try:
        return watchlist_from_json((kept.place / WATCHLIST).read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StaleIndexError(
            f"release {kept.origin.release[:12]} was written by another version of this software and cannot be read: "
            "compile its files again"
        ) from error


def _read(path: Path) -> KeptRelease:
    manifest = json.loads(path.read_text())
    origin = Origin(**{name: manifest[name] for name in ("release", "format", "software", "rdkit", "chemicals")})
    written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return KeptRelease(path.parent, origin, written)
