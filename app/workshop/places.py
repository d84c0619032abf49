"""Workers' places: each has a name that only one living process can hold, on this machine or beside it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MOST_PLACES = 1_000


@contextmanager
def taken_place(folder: Path) -> Iterator[str]:
    """Take the first place that is free, for as long as this process lives.

    A lock on a file goes with the process that holds it, however that ends: no clock and no heartbeat tells the living
    from the dead.

    Args:
        folder: shared by all workers; made where it is not there.

    Yields:
        The place's name. A worker that takes the place of a dead one goes on with its work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_PLACES + 1):
        file = _locked(folder / f"worker-{number}")
        if file is not None:
            with file:
                yield f"worker-{number}"
            return
    raise OSError(f"{MOST_PLACES} workers are at work already")


@contextmanager
def vacant_place(folder: Path, name: str) -> Iterator[bool]:
    """Hold the place of another worker if that one is dead.

    Args:
        folder: as above.
        name: of the place.

    Yields:
        Whether nobody living holds it; then nobody can take it until the end of the block.
    """
    file = _locked(folder / name)
    if file is None:
        yield False
        return
    with file:
        yield True


def _locked(path: Path) -> IO[bytes] | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
