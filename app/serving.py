"""One process that serves until it is told to end, or several that share a port, an index and a reader of names."""

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from types import FrameType

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from app.chemistry.opsin import NameReader

Serve = Callable[[socket.socket, int], int]
"""Serves at a socket until told to end or until a process ends; returns the exit status."""

ENDING = (signal.SIGTERM, signal.SIGINT)

AGAIN_SECONDS = 1.0
"""Before a process that ended by itself is followed by another one, so that one that cannot start does not spin."""

LOG = structlog.get_logger("precursor-watch")


class Server(uvicorn.Server):
    """A server that says it is about to end before it takes no more requests."""

    def __init__(self, config: uvicorn.Config, drain_seconds: float, begin_to_end: Callable[[], None]) -> None:
        """Prepare a server.

        Args:
            config: uvicorn's.
            drain_seconds: how long requests are still taken after SIGTERM; SIGINT is followed at once.
            begin_to_end: called when it begins to end; from then on the service should say that it is not ready.
        """
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._begin_to_end = begin_to_end
        self._end_at: float | None = None
        self.parent: int | None = None
        """The process to end with; None for no matter which."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second signal ends the wait, and Ctrl-C after that gives up what is in hand."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        wait_first = self._end_at is None and sig == signal.SIGTERM
        self._begin_to_end()
        self._end_at = time.monotonic() + (self._drain_seconds if wait_first else 0.0)

    async def on_tick(self, counter: int) -> bool:
        """End when it is time."""
        orphaned = self.parent is not None and os.getppid() != self.parent
        if orphaned or (self._end_at is not None and time.monotonic() >= self._end_at):
            self._begin_to_end()
            self.should_exit = True
        return await super().on_tick(counter)


@dataclass(slots=True)
class _Forked:
    begun: float
    pipe: Connection | None
    """Over which it asks for names; None when it has closed it."""


class Processes:
    """Several processes that serve at one socket, each a copy of this one that shares the memory neither writes to."""

    def __init__(
        self, serve: Serve, reader: NameReader | None, ended: Callable[[int], None], starting: threading.Lock
    ) -> None:
        """Take what each process does.

        Args:
            serve: serves in a process; given the socket and the number of this process.
            reader: of names, shared by all; None where names cannot be read.
            ended: told the number of each process that has ended.
            starting: held while one is forked; threads of this process hold it where no copy may be made.
        """
        self._serve = serve
        self._reader = reader
        self._ended = ended
        self._starting = starting
        self._running: dict[int, _Forked] = {}
        self._signals: list[int] = []
        self._ending = False
        self._status = 0

    def run(self, listener: socket.socket, count: int) -> int:
        """Serve with so many processes until SIGTERM or SIGINT; one that dies is followed by another.

        Args:
            listener: bound; every process listens at it.
            count: at least 1.

        Returns:
            0 when all ended as they were told, otherwise the status of one that could not start.
        """
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in ENDING:
            signal.signal(number, lambda number, _frame: self._signals.append(number))
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        gc.collect()
        gc.freeze()  # a collection would write to every object, and so copy all that is shared
        next_fork = 0.0
        while self._running or not self._ending:
            missing = 0 if self._ending else count - len(self._running)
            if missing and time.monotonic() >= next_fork:
                for _ in range(missing):
                    self._fork(listener)
                next_fork = time.monotonic() + AGAIN_SECONDS
                missing = 0
            pipes = [each.pipe for each in self._running.values() if each.pipe is not None]
            for ready in wait([woken, *pipes], AGAIN_SECONDS if missing else None):
                if isinstance(ready, Connection):
                    self._answer(ready)
                else:
                    os.read(woken, 1024)
            while self._signals:
                self._end(self._signals.pop(0))
            self._reap()
            if self._ending:
                # As long as one holder is left a caller is not refused but waits, for processes that take no more.
                listener.close()
        return self._status

    def _end(self, number: int) -> None:
        self._ending = True
        for process in self._running:
            os.kill(process, number)

    def _answer(self, pipe: Connection) -> None:
        if self._reader is None or not self._reader.answer(pipe):
            pipe.close()
            for forked in self._running.values():
                if forked.pipe is pipe:
                    forked.pipe = None

    def _fork(self, listener: socket.socket) -> None:
        ours, theirs = Pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        with self._starting:
            process = os.fork()
            if process == 0:
                ours.close()
                os._exit(self._be_a_process(listener, theirs))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        theirs.close()
        self._running[process] = _Forked(time.monotonic(), ours)

    def _be_a_process(self, listener: socket.socket, pipe: Connection) -> int:
        os.setpgid(0, 0)  # Ctrl-C reaches the first process alone, which hands it on
        signal.set_wakeup_fd(-1)
        for number in (*ENDING, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        for other in self._running.values():
            if other.pipe is not None:
                other.pipe.close()
        if self._reader is not None:
            self._reader.ask_over(pipe)
        try:
            return self._serve(listener, os.getppid())
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1

    def _reap(self) -> None:
        for process, forked in list(self._running.items()):
            number, state = os.waitpid(process, os.WNOHANG)
            if number == 0:
                continue
            del self._running[process]
            if forked.pipe is not None:
                forked.pipe.close()
            self._ended(process)
            if self._ending:
                continue
            status, seconds = os.waitstatus_to_exitcode(state), time.monotonic() - forked.begun
            LOG.error("process_ended", process=process, status=status, seconds=round(seconds, 1))
            if status == STARTUP_FAILURE:
                self._status = status
                self._end(signal.SIGTERM)
