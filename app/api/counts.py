"""What each key has asked for, counted in memory that all processes of this machine share."""

import fcntl
import mmap
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from app.domain.callers import Caller

RING = 61
"""Seconds that are told apart: the one that goes on, and the whole minute before it."""

PLACE = np.dtype(
    [
        ("name", np.uint64),
        ("used", np.float64),
        ("second", np.int64),
        ("asked", np.uint32, RING),
        ("day", np.int64),
        ("read_at", np.float64),
        ("records", np.int64),
    ]
)
"""Of one key: a digest of who it is (0 for nobody); when its place was last looked at (0 for never); the last second in
which it asked, its requests in each second modulo `RING`; the day its records are counted for, when they were last read
from the database, and how many."""

SETS, WAYS = 2_048, 8


class Counts:
    """A place for each of some thousand keys, in memory that processes forked from this one share with it.

    Where more than eight keys happen to fall into one set, the one that has asked for nothing for longest loses its
    place: it begins at nothing, and what it had screened today is read from the database again.
    """

    def __init__(self) -> None:
        """Begin at nothing; before the processes are forked that are to share it."""
        memory = mmap.mmap(-1, SETS * WAYS * PLACE.itemsize)
        self._places = np.ndarray((SETS, WAYS), PLACE, buffer=memory)
        # The system takes this lock from a process that dies; it does not part threads, which the other one does.
        self._file = TemporaryFile()  # noqa: SIM115 - closed with this
        weakref.finalize(self, self._file.close)
        self._turn = threading.Lock()

    @contextmanager
    def place_of(self, caller: Caller) -> Iterator[Any]:
        """Yield a caller's place, of `PLACE`, to read and to change; nobody else has any place meanwhile."""
        said = f"{caller.tenant}\n{caller.key_id}".encode()
        name = int.from_bytes(blake2b(said, digest_size=8).digest(), "little") or 1
        with self._turn:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield self._find(name)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, name: int) -> Any:
        ways = self._places[name % SETS]
        names = ways["name"].tolist()
        if name in names:
            way = names.index(name)
        else:
            way = int(ways["used"].argmin())
            ways[way] = np.zeros((), PLACE)
            ways["name"][way] = name
        ways["used"][way] = time.monotonic()
        return ways[way]


def requests_in_a_minute(place: Any, now: float) -> tuple[int, float]:
    """Bring a place's requests up to now.

    Args:
        place: of `PLACE`; seconds that have left the minute are emptied.
        now: seconds of a clock that never goes back, the same for every process.

    Returns:
        How many requests the last minute had, and the whole second of it before that, so that no minute ever has more
        than is let through; and when the first of them leaves, `now` where there are none.
    """
    second = int(now)
    asked = place["asked"]
    passed = second - int(place["second"])
    if passed >= RING:
        asked[:] = 0
    elif passed > 0:
        asked[np.arange(second - passed + 1, second + 1) % RING] = 0
    place["second"] = max(second, int(place["second"]))
    counts = asked.tolist()
    total = sum(counts)
    if not total:
        return 0, now
    # From the oldest second to the one that goes on.
    oldest = next(age for age in range(RING - 1, -1, -1) if counts[(second - age) % RING])
    return total, float(second - oldest + RING)
