"""Processes that do what they are asked, each for the one that started it."""

import os
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any, Generic, ParamSpec, TypeVar

from app.domain.errors import PrecursorWatchError

# Fresh processes: a fork of a process with threads (Arrow has them) can hang.
_FRESH = get_context("spawn")

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class WorkerDiedError(PrecursorWatchError):
    """A worker process ended in mid-work (often: out of memory); its rows are not answered, so nothing is published."""

    def __init__(self) -> None:
        super().__init__("a worker process ended in mid-work (often: out of memory); nothing was published")


class WorkerProcess(Generic[Asked, Answer]):
    """A process with a queue of its own: what it has learnt of a text is there when the text comes again.

    A pool of the standard library keeps the writing end of its processes' answers open, so that one which is killed
    while it answers is waited for without end. Here nobody else has that end, and its loss is seen at once.
    """

    def __init__(self, do: Callable[Asked, Answer]) -> None:
        """Start the process.

        Args:
            do: what is asked of it; a function that a fresh process can import.
        """
        self._ours, theirs = _FRESH.Pipe()
        self._process = _FRESH.Process(target=_work, args=(theirs, do), daemon=True)
        self._process.start()
        theirs.close()
        # One asks while the other waits: the next piece of work is there before the last one is answered.
        self._asking = ThreadPoolExecutor(1)
        self._hearing = ThreadPoolExecutor(1)

    def ask(self, *args: Asked.args, **kwargs: Asked.kwargs) -> "Future[Answer]":
        """Ask for one more piece of work; they are done in their order.

        Returns:
            What comes of it: the answer, the error that was raised there, or WorkerDiedError.
        """
        self._asking.submit(self._ours.send, (args, kwargs))  # to one that is gone: hearing it says so
        return self._hearing.submit(self._hear)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        # Nothing is lost, and giving back its dictionary piece by piece would take a second in which somebody waits.
        self._process.terminate()
        self._asking.shutdown(cancel_futures=True)
        self._hearing.shutdown(cancel_futures=True)
        self._process.join()
        self._ours.close()

    def _hear(self) -> Answer:
        try:
            answer: Answer
            answer, error = self._ours.recv()
        except (EOFError, ConnectionError) as gone:
            raise WorkerDiedError from gone
        if error is not None:
            raise error
        return answer


def _work(theirs: Connection, do: Callable[..., Any]) -> None:
    """Do what is asked; leave Ctrl-C to the first process, and end when that one is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        args, kwargs = theirs.recv()
        answer: tuple[Any, Exception | None]
        try:
            answer = do(*args, **kwargs), None
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = None, error
        theirs.send(answer)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
