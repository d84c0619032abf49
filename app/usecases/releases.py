"""The releases at hand: the one that is loaded, and those that were compiled before and are still there."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.chemistry.opsin import ReadNames, find_name_reader
from app.domain.errors import InputError, ReleaseNotHereError, StaleIndexError, UnknownNameError
from app.screening.policy import Policy
from app.screening.screener import Screener
from app.usecases.active_release import find_index, open_active, read_active
from app.usecases.pages import Page
from app.usecases.read_instruments import ReleaseContents, describe_release
from app.watchlist.difference import Difference, difference_of
from app.watchlist.index import Index
from app.watchlist.model import Watchlist
from app.watchlist.read import read_watchlist
from app.watchlist.releases import KeptRelease, list_releases, open_release, read_release

SHORTEST_PREFIX = 6
"""Characters of a digest that are enough to ask by, where only one release begins with them."""

_AT_HAND = 2
"""Older releases that stay open beside the loaded one; each takes the memory of an index."""


@dataclass(frozen=True, slots=True)
class ReleaseAtHand:
    """A release on this machine."""

    kept: KeptRelease
    contents: ReleaseContents | None
    """None where it was written by a version of the software that this one cannot read."""
    loaded: bool
    usable: bool


class Shelf:
    """The compiled releases of this machine; the loaded one screens, the others answer for the past."""

    def __init__(self, folder: Path, loaded: Screener, read_names: ReadNames | None = None) -> None:
        """Take the folder of compiled indexes.

        Args:
            folder: where compiled indexes are kept.
            loaded: the release that new records are screened with.
            read_names: as `Screener` takes it.
        """
        self.loaded = loaded
        self.folder = folder
        self.read_names = read_names
        self._open: OrderedDict[tuple[str, str], Screener] = OrderedDict()
        self._lock = threading.Lock()

    def releases(self) -> list[ReleaseAtHand]:
        """Return each release once, the newest first; of several indexes of one, the best that can be used."""
        chosen: dict[str, KeptRelease] = {}
        for kept in list_releases(self.folder):
            before = chosen.get(kept.origin.release)
            if before is None or (kept.usable and not before.usable):
                chosen[kept.origin.release] = kept
        ordered = sorted(chosen.values(), key=lambda kept: (kept.compiled_at, kept.origin.release), reverse=True)
        return [self._at_hand(kept) for kept in ordered]

    def compiled(self) -> tuple[KeptRelease, ...]:
        """Return every compiled index that is here, the newest first."""
        return list_releases(self.folder)

    def _at_hand(self, kept: KeptRelease) -> ReleaseAtHand:
        loaded = kept.origin.digest == self.loaded.index.digest
        try:
            contents = describe_release(self.loaded.index.watchlist if loaded else read_release(kept))
        except StaleIndexError:
            contents = None
        return ReleaseAtHand(kept, contents, loaded, kept.usable)

    def watchlist(self, name: str) -> Watchlist:
        """Return what a release says.

        Args:
            name: its digest, or the first characters of it where no other release begins so.

        Raises:
            UnknownNameError: no release, or more than one, begins so.
            ReleaseNotHereError: it is here, but written by another version of the software.
        """
        if name == self.loaded.index.release:
            return self.loaded.index.watchlist
        return watchlist_of_release(self.folder, name)

    def screener(self, release: str, knobs: dict[str, Any]) -> Screener:
        """Return a release ready to screen, as this version of the software compiled it.

        Args:
            release: its digest.
            knobs: the values of the policy.

        Raises:
            ReleaseNotHereError: the release is not on this machine, or the policy has knobs that this version does not.
        """
        try:
            policy = Policy(**knobs)
        except TypeError as error:
            raise ReleaseNotHereError("the policy is of another version of this software") from error
        loaded = self.loaded
        if release == loaded.index.release and policy == loaded.policy:
            return loaded
        with self._lock:
            key = (release, policy.id)
            if key not in self._open:
                index = (
                    loaded.index if release == loaded.index.release else open_release(find_index(self.folder, release))
                )
                self._open[key] = Screener(index, policy, self.read_names, self.loaded.is_strange_word)
            self._open.move_to_end(key)
            while len(self._open) > _AT_HAND:
                self._open.popitem(last=False)
            return self._open[key]

    def with_loaded(self, index: Index) -> "Shelf":
        """Return a shelf of the same folder and name reader that screens with another index."""
        loaded = Screener(index, read_names=self.read_names, is_strange_word=self.loaded.is_strange_word)
        return Shelf(self.folder, loaded, self.read_names)


def open_shelf(index_folder: Path, watchlists: Path, read_names: ReadNames | None = None) -> Shelf:
    """Open the active release, or that of the watchlist's files where none was activated, with the others beside it.

    Args:
        index_folder: where compiled indexes are kept.
        watchlists: the folder of the watchlist's files.
        read_names: reads names as OPSIN does; a reader of this process's own where none is given.

    Raises:
        StaleIndexError: there is no whole index for these files and libraries; compile it.
        ReleaseNotHereError: the active release is not on this machine any more.
    """
    index = open_active(index_folder, watchlists)
    reader = find_name_reader()
    if reader is None:
        return Shelf(index_folder, Screener(index, read_names=read_names), read_names)
    read_names = read_names or reader.read
    loaded = Screener(index, read_names=read_names, is_strange_word=reader.is_strange_word)
    return Shelf(index_folder, loaded, read_names)


def turn_to_active(shelf: Shelf, watchlists: Path) -> Shelf:
    """Return a shelf with the active release loaded, the same one where it is.

    Args:
        shelf: as it was opened.
        watchlists: the folder of the watchlist's files.

    Raises:
        StaleIndexError: the active release is damaged.
        ReleaseNotHereError: the active release is not on this machine in a form that can be used.
    """
    active = read_active(shelf.folder)
    if active is not None and active.release == shelf.loaded.index.release:
        return shelf
    index = open_active(shelf.folder, watchlists)
    return shelf if index.digest == shelf.loaded.index.digest else shelf.with_loaded(index)


def page_of_releases(shelf: Shelf, after: tuple[datetime, str] | None, limit: int) -> Page[ReleaseAtHand]:
    """Return releases, the newest first, after the last one already seen."""
    rows = [each for each in shelf.releases() if after is None or place_of(each) < after]
    return Page(tuple(rows[:limit]), len(rows) > limit)


def place_of(release: ReleaseAtHand) -> tuple[datetime, str]:
    """Return where a release stands in the list."""
    return release.kept.compiled_at, release.kept.origin.release


def watchlist_of_release(folder: Path, name: str) -> Watchlist:
    """Return what a compiled release says; see `Shelf.watchlist`."""
    here = list_releases(folder)
    digest = whole_digest(here, name)
    failed: StaleIndexError | None = None
    for kept in sorted(here, key=lambda kept: not kept.usable):
        if kept.origin.release == digest:
            try:
                return read_release(kept)
            except StaleIndexError as error:
                failed = error
    raise ReleaseNotHereError(str(failed)) from failed


def whole_digest(here: tuple[KeptRelease, ...], name: str) -> str:
    """Return the digest of the release that is called so.

    Args:
        here: the releases to choose from.
        name: a digest, or at least `SHORTEST_PREFIX` of its first characters where no other release begins so.

    Raises:
        UnknownNameError: no release, or more than one, begins so.
    """
    known = tuple(sorted({kept.origin.release for kept in here}))
    found = [digest for digest in known if digest.startswith(name)] if len(name) >= SHORTEST_PREFIX else []
    if len(found) != 1:
        raise UnknownNameError("release", name[:64], tuple(digest[:12] for digest in (found or known)))
    return found[0]


def compare_releases(folder: Path, old: str, new: str) -> Difference:
    """Say what changed from one release to another.

    Args:
        folder: where compiled indexes are kept.
        old: a digest or its first characters, or the folder of a watchlist's files.
        new: likewise.

    Raises:
        UnknownNameError: there is no such release or folder.
        WatchlistFaultsError: the files of a folder are at fault.
    """
    return difference_of(_named(folder, old), _named(folder, new))


def _named(folder: Path, name: str) -> Watchlist:
    if name and Path(name).is_dir():
        return read_watchlist(Path(name))
    try:
        return watchlist_of_release(folder, name)
    except UnknownNameError as error:
        raise InputError(f"{error}; nor is it a folder of a watchlist") from error
