"""Which compiled release this machine screens with, where one was activated, and which indexes are in use.

This is no part of `watchlist`, whose code is named in every index: it says nothing of what an index holds.
"""

import fcntl
import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.errors import ReleaseNotHereError, StaleIndexError
from app.watchlist.index import MANIFEST, Index, index_folder, open_index, running_origin
from app.watchlist.releases import KeptRelease, list_releases, open_release

POINTER = "active.json"
"""Beside the compiled indexes; replaced as a whole, never written into."""


@dataclass(frozen=True, slots=True)
class Active:
    """The release that was activated last."""

    release: str
    """Its digest; the index is the one that the running software compiled from it."""
    activated_at: datetime


Mark = tuple[int, int] | None
"""Tells one pointer file from the next without reading it; None where there is none."""


def pointer_mark(folder: Path) -> Mark:
    """Return the mark of the pointer as it is now; it costs one look at the file's entry."""
    try:
        found = (folder / POINTER).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def read_active(folder: Path) -> Active | None:
    """Return the release that was activated last, None where none ever was.

    Args:
        folder: where compiled indexes are kept.

    Raises:
        StaleIndexError: the pointer is damaged: activate a release again.
    """
    try:
        said = json.loads((folder / POINTER).read_bytes())
        return Active(str(said["release"]), datetime.fromisoformat(said["activated_at"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise StaleIndexError(
            f"{folder / POINTER} is damaged: run `precursor-watch watchlist activate RELEASE`, or remove it to screen "
            "with the release of the watchlist's files"
        ) from error


def write_active(folder: Path, active: Active) -> None:
    """Name the release to screen with from now on; who reads meanwhile finds the one before or this one.

    Raises:
        OSError: the folder cannot be written; the release before stays.
    """
    said = {"release": active.release, "activated_at": active.activated_at.isoformat()}
    number, aside = tempfile.mkstemp(prefix=".active-", dir=folder)
    try:
        with os.fdopen(number, "w") as file:
            file.write(json.dumps(said) + "\n")
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)  # a service may run as another user than who activates
        os.replace(aside, folder / POINTER)
    except OSError:
        os.unlink(aside)
        raise
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


def open_active(folder: Path, watchlists: Path) -> Index:
    """Open the index to screen with.

    Args:
        folder: where compiled indexes are kept.
        watchlists: the folder of the watchlist's files.

    Returns:
        The index of the release that was activated last; where none ever was, of the watchlist's files as they are.

    Raises:
        StaleIndexError: it is damaged or was not compiled by this version of the software.
        ReleaseNotHereError: the active release is not on this machine any more.
    """
    active = read_active(folder)
    return open_index(folder, watchlists) if active is None else open_release(find_index(folder, active.release))


def find_index(folder: Path, release: str) -> KeptRelease:
    """Return the index of a release that this version of the software can screen with.

    Args:
        folder: where compiled indexes are kept.
        release: its whole digest.

    Raises:
        ReleaseNotHereError: there is none.
    """
    here = [kept for kept in list_releases(folder) if kept.origin.release == release]
    usable = [kept for kept in here if kept.usable]
    if usable:
        return usable[0]
    if here:
        raise ReleaseNotHereError(
            f"release {release[:12]} is here only as an index of another version of this software; compile its "
            "files with this one"
        )
    raise ReleaseNotHereError(f"release {release[:12]} is not on this machine; compile its files, or bring its index")


class InUse:
    """Shows that a process screens new records with an index, until it is ended or the process is."""

    def __init__(self, folder: Path, index: Index) -> None:
        """Begin; the system ends it with the process, however that ends.

        Args:
            folder: where compiled indexes are kept.
            index: opened from it by the software that runs.

        Raises:
            StaleIndexError: the index is not there any more.
        """
        self._place = index_folder(folder, running_origin(index.release))
        try:
            self._file = (self._place / MANIFEST).open("rb")
        except FileNotFoundError as error:
            raise StaleIndexError(f"{self._place} is gone: run `precursor-watch watchlist compile`") from error
        fcntl.flock(self._file, fcntl.LOCK_SH)
        self.compiled_at = os.fstat(self._file.fileno()).st_mtime
        self._seals = self._look()

    def damage(self) -> str | None:
        """Return which file of the index is not as it was when this began, None where all are."""
        now = self._look()
        changed = [name for name, seal in self._seals.items() if now.get(name) != seal]
        return f"{self._place / changed[0]} is not as it was opened" if changed else None

    def end(self) -> None:
        """Screen with it no longer."""
        self._file.close()

    def _look(self) -> dict[str, tuple[int, int, int]]:
        if not self._place.is_dir():
            return {}
        found = {path.name: path.stat() for path in self._place.iterdir()}
        return {name: (entry.st_ino, entry.st_size, entry.st_mtime_ns) for name, entry in found.items()}


def is_in_use(place: Path) -> bool:
    """Return whether any process screens new records with an index.

    Args:
        place: the folder of the index.
    """
    try:
        with (place / MANIFEST).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError) as error:
        return isinstance(error, BlockingIOError)
    return False
