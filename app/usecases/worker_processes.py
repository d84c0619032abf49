"""Processes that screen for the one that started them: copies of one that opened the index, sharing what they read.

The first process starts a fresh one, for a fork of a process with threads (Arrow has them) can hang. That one opens the
index, forks the workers and from then on reads names for them. Each end of a pipe is held by one process alone, so that
whoever waits at the other sees at once when it is gone, however it went: then all of them end.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe, get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from app.domain.errors import PrecursorWatchError
from app.usecases.screening_task import ScreenedRows, Task

if TYPE_CHECKING:
    import pyarrow as pa

# What only the processes that screen need is imported there: they are started before the first has imported the rest.

_FIRST_LINES = ("acetone", "cotton shirts", "wooden furniture", "chemicals", "goods")
"""With these, what every file would ask for first is made before there are copies, and not in each."""


class WorkerDiedError(PrecursorWatchError):
    """A worker process ended in mid-work (often: out of memory); its rows are not answered, so nothing is published."""


class Worker:
    """A process with a queue of its own: what it has learnt of a text is there when the text comes again."""

    def __init__(self, pipe: Connection) -> None:
        """Take the only end of the pipe to it that this process has."""
        self._pipe = pipe
        # One asks while the other waits: the next rows are there before the last ones are answered.
        self._asking = ThreadPoolExecutor(1)
        self._hearing = ThreadPoolExecutor(1)

    def screen(self, records: "pa.Table | None", rows: Sequence[int]) -> "Future[ScreenedRows]":
        """Have rows screened after those that it has already; see `screen_rows`. None are no records.

        Returns:
            What comes of it: the answer, the refusal that was raised there, or WorkerDiedError.
        """
        self._asking.submit(self._pipe.send, (records, rows))  # to one that is gone: hearing it says so
        return self._hearing.submit(self._hear)

    def forget(self) -> None:
        """Wait for nothing more from a process that was ended."""
        self._asking.shutdown(cancel_futures=True)
        self._hearing.shutdown(cancel_futures=True)
        self._pipe.close()

    def _hear(self) -> ScreenedRows:
        try:
            screened: ScreenedRows
            screened, error = self._pipe.recv()
        except (EOFError, ConnectionError) as gone:
            raise WorkerDiedError(
                "a worker process ended in mid-work (often: out of memory); nothing was published"
            ) from gone
        if error is not None:
            raise error
        return screened


@dataclass(frozen=True, slots=True)
class Staff:
    """Who screens a file."""

    task: Task
    workers: Sequence[Worker]
    """None: this process."""
    asked: Sequence["Future[ScreenedRows]"]
    """What each is asked first: an unknown instrument is refused before any answer."""


@contextmanager
def employed(task: Task, count: int) -> Iterator[Staff]:
    """Start the processes that screen a file, so that they are ready when it is.

    Args:
        task: where the index is, the law and whether findings are wanted.
        count: 1 screens in this process; more are started.
    """
    if count == 1:
        from app.usecases.screen_rows import pinned

        yield Staff(pinned(task), (), ())
        return
    pipes = [Pipe() for _ in range(count)]
    theirs = [end for _, end in pipes]
    first = get_context("spawn").Process(target=_be_copied, args=(task, theirs), daemon=True)
    first.start()
    for end in theirs:
        end.close()
    workers = [Worker(ours) for ours, _ in pipes]
    try:
        yield Staff(task, workers, [worker.screen(None, ()) for worker in workers])
    finally:
        # Nothing is lost, and giving back a dictionary piece by piece would take a second in which somebody waits.
        first.kill()
        for worker in workers:
            worker.forget()
        first.join()


def _be_copied(task: Task, pipes: Sequence[Connection]) -> None:
    """Open the index, fork a worker for each pipe, and read names for them as long as there are any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process
    from app.usecases.screen_rows import lines_of, name_reader, pinned, screen_rows

    reader = name_reader()
    if reader is not None:
        reader.start()  # beside the index, which takes as long to open
    with suppress(PrecursorWatchError):  # each worker meets it again, and answers with it
        task = pinned(task)
        screen_rows(task, lines_of(_FIRST_LINES), range(len(_FIRST_LINES)))
    if reader is not None:
        reader.is_strange_word("goods")
    living, life = os.pipe()
    asking: list[Connection] = []
    for pipe in pipes:
        ours, theirs = Pipe()
        if os.fork() == 0:
            os.close(life)
            for other in (ours, *asking, *(each for each in pipes if each is not pipe)):
                other.close()
            if reader is not None:
                reader.ask_over(theirs)
            _be_a_worker(task, pipe, living)
        theirs.close()
        asking.append(ours)
    for pipe in pipes:
        pipe.close()
    parent = parent_process()
    assert parent is not None
    while asking:
        for ready in wait([parent.sentinel, *asking]):
            if not isinstance(ready, Connection):
                return
            if reader is None or not reader.answer(ready):
                asking.remove(ready)
                ready.close()


def _be_a_worker(task: Task, pipe: Connection, living: int) -> None:
    """Screen what is asked until the process that this is a copy of is gone."""
    from app.usecases.screen_rows import lines_of, screen_rows

    def end_with_the_first() -> None:
        os.read(living, 1)
        os._exit(1)

    threading.Thread(target=end_with_the_first, daemon=True).start()
    with suppress(EOFError, ConnectionError):  # nobody is there to be answered
        while True:
            records, rows = pipe.recv()
            answer: tuple[ScreenedRows | None, PrecursorWatchError | None]
            try:
                answer = screen_rows(task, lines_of(()) if records is None else records, rows), None
            except PrecursorWatchError as error:
                answer = None, error
            pipe.send(answer)
    os._exit(1)
