"""The command as users run it, and the memory of all its processes together."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from app.settings import ROOT

COMMAND = (sys.executable, "-m", "app.cli")
_SAMPLED_SECONDS = 0.25


def environment(**changed: object) -> dict[str, str]:
    """Return the environment of a process that runs this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **{name: str(value) for name, value in changed.items()}}


def run_command(*arguments: object, **changed: object) -> None:
    """Run `precursor-watch` to its end, with changed variables of the environment.

    Raises:
        CalledProcessError: it ended with another status than 0.
    """
    subprocess.run([*COMMAND, *map(str, arguments)], env=environment(**changed), capture_output=True, check=True)


def peak_of_command(*arguments: object) -> int:
    """Run `precursor-watch` to its end.

    Returns:
        The largest memory of all its processes together, in bytes: the sum of their proportional set sizes, in which a
        page that several share is counted once.

    Raises:
        CalledProcessError: it ended with another status than 0.
    """
    command = [*COMMAND, *map(str, arguments)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = Peak(process.pid)
    largest = peak.end()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return largest


class Peak:
    """Watches a process and its children until `end`."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._largest = 0
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def end(self) -> int:
        """Stop watching and return the largest sum that was seen, in bytes."""
        self._ended.set()
        self._watcher.join()
        return self._largest

    def _watch(self) -> None:
        while not self._ended.wait(_SAMPLED_SECONDS):
            self._largest = max(self._largest, memory_of(self._root))


def memory_of(root: int) -> int:
    """Return the proportional set size of a process and all its descendants, in bytes; Linux only."""
    return sum(_own_memory(number) for number in _family(root))


def _family(root: int) -> Iterator[int]:
    yield root
    for task in _read_if_there(Path(f"/proc/{root}/task"), folder=True).split():
        for child in _read_if_there(Path(f"/proc/{root}/task/{task}/children")).split():
            yield from _family(int(child))


def _own_memory(number: int) -> int:
    for line in _read_if_there(Path(f"/proc/{number}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read_if_there(path: Path, *, folder: bool = False) -> str:
    """A process may end between one look and the next; then there is nothing to read."""
    try:
        return " ".join(os.listdir(path)) if folder else path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
