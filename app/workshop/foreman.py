"""The foreman: starts the service's own workers, and starts another where one has died."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

LOG = structlog.get_logger("precursor-watch")

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
"""Before a dead worker's place is filled; longer each time, so that one that cannot start does not eat the machine."""

STEADY_SECONDS = 60.0
"""A worker that lived so long was not a false start."""

LEAVE_SECONDS = 30.0
"""How long workers may take to finish what they have in hand."""


@contextmanager
def employed_workers(count: int, command: list[str], starting: threading.Lock) -> Iterator[None]:
    """Have some workers at work; they are asked to leave at the end, and leave by themselves where this process dies.

    Args:
        count: how many processes.
        command: starts one; it is to leave on SIGTERM, and when its standard input ends.
        starting: held while one is started. Whoever forks this process meanwhile is to hold it too: the copy would keep
            the pipe open whose end says that a worker has begun, and its death would never be seen.
    """
    ending = threading.Event()
    posts = [threading.Thread(target=_fill, args=(command, ending, starting), name=f"post-{n}") for n in range(count)]
    for post in posts:
        post.start()
    try:
        yield
    finally:
        ending.set()
        for post in posts:
            post.join()


def _fill(command: list[str], ending: threading.Event, starting: threading.Lock) -> None:
    """Keep one post filled."""
    pause = FIRST_PAUSE_SECONDS
    while not ending.is_set():
        began = time.monotonic()
        with starting:
            worker = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE)
        with worker:
            while worker.poll() is None and not ending.wait(0.2):
                continue
            if ending.is_set():
                _dismiss(worker)
                return
        pause = FIRST_PAUSE_SECONDS if time.monotonic() - began >= STEADY_SECONDS else pause
        with starting:  # nor is the log to be copied in mid-line
            LOG.error("worker_died", status=worker.returncode, next_in_seconds=pause)
        ending.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _dismiss(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        LOG.error("worker_killed", why="it did not leave in time; its work goes on at the next start")
        worker.kill()
        worker.wait()
