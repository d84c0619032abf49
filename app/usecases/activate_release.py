"""Activate a release: every process of this machine screens with it, and none has failed a request for it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.audit import Action
from app.domain.errors import NotActivatedError
from app.storage.audit import keep_entry
from app.storage.engine import Database
from app.usecases.active_release import POINTER, Active, find_index, is_in_use, read_active, write_active
from app.usecases.releases import whole_digest
from app.watchlist.releases import list_releases, open_release

WAIT_SECONDS = 60.0
"""How long the processes of this machine may take to open a release aside, which is a second of work each."""

_LOOK_SECONDS = 0.05
_TURN = ".activating"


@dataclass(frozen=True, slots=True)
class Activated:
    """A release that every process of this machine screens with."""

    active: Active
    index: str
    """Digest of the index."""
    before: str | None
    """The release that was active before; None where none had been activated."""


def activate_release(folder: Path, name: str, wait_seconds: float = WAIT_SECONDS) -> Activated:
    """Have this machine screen with a release from now on.

    Its index is opened first: a damaged one is refused and the release before goes on. Then it is named in a file that
    each process looks at; each opens it aside and takes it up between two requests. While this goes on an answer may
    come from either release, as a whole from the one that it names; requests that began before end on the one before.

    Args:
        folder: where compiled indexes are kept.
        name: the release's digest, or the first characters of it where no other release begins so.
        wait_seconds: for another activation to end, and for the processes to take the release up.

    Returns:
        What was activated. By then no process of this machine takes up a request with another release.

    Raises:
        UnknownNameError: no release, or more than one, begins so.
        ReleaseNotHereError: it is not here as an index of this version of the software.
        StaleIndexError: its index is damaged.
        NotActivatedError: the folder cannot be written, another activation goes on, or a process still screens with
            another release; in the last case asking again waits again.
    """
    kept = find_index(folder, whole_digest(list_releases(folder), name))
    deadline = time.monotonic() + wait_seconds
    with _turn(folder, deadline):
        index = open_release(kept)
        before = read_active(folder)
        active = Active(index.release, datetime.now(UTC).replace(microsecond=0))
        try:
            write_active(folder, active)
        except OSError as error:
            raise NotActivatedError(f"{folder / POINTER} cannot be written: {error.strerror}") from error
        while others := [each for each in list_releases(folder) if each.place != kept.place and is_in_use(each.place)]:
            if time.monotonic() > deadline:
                named = ", ".join(sorted({each.origin.release[:12] for each in others}))
                raise NotActivatedError(
                    f"release {index.release[:12]} is active, but after {wait_seconds:g} s a process still screens "
                    f"with {named}; its log says why"
                )
            time.sleep(_LOOK_SECONDS)
    return Activated(active, index.digest, before.release if before else None)


def enter_activation(database: Database, activated: Activated) -> None:
    """Enter in the caller's audit trail that a release was activated, and which was active before.

    Raises:
        StorageError: it was not entered; the release is active.
    """
    facts = {"index": activated.index, "before": activated.before}
    keep_entry(database, Action.RELEASE_ACTIVATED, activated.active.release, facts)


@contextmanager
def _turn(folder: Path, deadline: float) -> Iterator[None]:
    """Let one activation go on at a time; the system ends the turn of a process that dies."""
    try:
        turn = (folder / _TURN).open("w")
    except OSError as error:
        raise NotActivatedError(f"{folder} cannot be written: {error.strerror}") from error
    with turn:
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise NotActivatedError("another activation goes on; try again when it has ended") from error
            time.sleep(_LOOK_SECONDS)
        yield
