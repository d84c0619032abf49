"""The spool: a folder for each job, with the file that was sent, the parts that are made of it, and the result."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INCOMING = ".incoming-"
"""Begins the names of folders whose job is not made yet."""

WORKERS = ".workers"
"""The folder of the workers' locks."""


@dataclass(frozen=True, slots=True)
class JobFiles:
    """Where the files of one job are."""

    folder: Path

    @property
    def input(self) -> Path:
        """The file as it was sent."""
        return self.folder / "input"

    @property
    def parts(self) -> Path:
        """The folder of what was decided, block by block."""
        return self.folder / "parts"

    def part(self, block: int) -> Path:
        """What was decided on a block, counted from 0."""
        return self.parts / f"{block:08d}.arrow"

    @property
    def result(self) -> Path:
        """The finished file; it appears under this name when it is whole."""
        return self.folder / "result"

    def remove_unfinished(self) -> None:
        """Remove results that a process died of writing; they would fill the disk one after the other."""
        for unfinished in self.folder.glob(".result.*"):
            unfinished.unlink(missing_ok=True)

    def keep_result_only(self) -> None:
        """Remove everything but the result."""
        shutil.rmtree(self.parts, ignore_errors=True)
        self.input.unlink(missing_ok=True)
        self.remove_unfinished()

    def remove(self) -> None:
        """Remove everything; that which is gone already is no fault."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder that the service and its workers share."""

    folder: Path

    def files(self, job_id: str) -> JobFiles:
        """Return where the files of a job are."""
        return JobFiles(self.folder / job_id)

    def free_bytes(self) -> int:
        """Return how much room the disk has left for us."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free

    @contextmanager
    def incoming(self) -> Iterator[JobFiles]:
        """Make a folder for a file that is being sent; it goes, unless `adopt` gave it to a job."""
        files = JobFiles(self.folder / f"{INCOMING}{secrets.token_hex(8)}")
        files.folder.mkdir(parents=True)
        try:
            yield files
        finally:
            files.remove()

    def adopt(self, incoming: JobFiles, job_id: str) -> JobFiles:
        """Give what was sent to a job: from then on the folder has the job's name, also after a power cut."""
        files = self.files(job_id)
        _sync(incoming.folder)
        incoming.folder.rename(files.folder)
        _sync(self.folder)
        return files

    def left_behind(self, idle_seconds: float) -> list[str]:
        """Return the names of folders that nobody wrote to for so long; those of jobs bear the job's id."""
        if not self.folder.is_dir():
            return []
        before = time.time() - idle_seconds
        return [each.name for each in self.folder.iterdir() if each.name != WORKERS and _touched(each) < before]


def _touched(folder: Path) -> float:
    try:
        return max(folder.stat().st_mtime, *(file.stat().st_mtime for file in folder.iterdir()), 0.0)
    except FileNotFoundError:  # it went while we looked
        return time.time()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
