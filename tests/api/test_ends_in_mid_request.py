"""A request not done when the time for requests in hand is over: 503 and nothing kept, and no fault of ours."""

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.settings import Settings
from app.storage.engine import open_engine
from app.storage.tables import JOBS, RUNS
from app.watchlist.index import open_index
from tests.api.conftest import Server
from tests.api.test_time_limits import hard_to_read
from tests.conftest import NewDatabase

ANNOUNCED = 30_000_000
"""Bytes that are to come, and do not."""


@pytest.fixture
def hurried(compiled: Settings, new_database: NewDatabase, tmp_path: Path) -> Iterator[Server]:
    """A server that gives the requests in hand a second when it is told to end."""
    server = Server(compiled, new_database(), tmp_path / "log", PW_DRAIN_SECONDS=0, PW_END_SECONDS=1)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


class Caller:
    """One who sends by hand, and reads what is answered."""

    def __init__(self, server: Server, head: str, body: bytes) -> None:
        host, port = server.address.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=300)
        self._socket.sendall(f"{head}\r\nHost: localhost\r\n\r\n".encode() + body)

    def send(self, part: bytes) -> None:
        self._socket.sendall(part)

    def wait_until_taken(self) -> None:
        """Wait until the server has read all that was sent: from then on the request is in its hands."""
        ours, theirs = (f":{end[1]:04X}" for end in (self._socket.getsockname(), self._socket.getpeername()))
        while True:
            lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
            [queues] = [line[4] for line in lines if line[1].endswith(theirs) and line[2].endswith(ours)]
            if queues.endswith(":00000000"):
                return
            time.sleep(0.01)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        got = b""
        try:
            while more := self._socket.recv(65_536):
                got += more
        except ConnectionResetError:
            assert got, "the connection was cut without a word"
        self._socket.close()
        head, _, body = got.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


def kept(server: Server) -> list[int]:
    engine = open_engine(server.database_url)
    with engine.connect() as connection:
        ended = select(func.count()).select_from(RUNS).where(RUNS.c.finished_at.is_not(None))
        jobs = select(func.count()).select_from(JOBS)
        counts = [int(connection.execute(each).scalar_one()) for each in (ended, jobs)]
    engine.dispose()
    return counts


def told_to_come_again(server: Server, caller: Caller, *, kept_anyhow: bool = False) -> None:
    """Check the answer, the end and what is kept; a block of a file that was begun is worked to its end."""
    status, headers, body = caller.answer()
    assert (status, json.loads(body)["type"]) == (503, "/problems/not-ready")
    assert (headers["retry-after"], headers["connection"]) == ("5", "close")
    assert server.process.wait(timeout=60) == 0
    assert kept(server) == [0, 0] or kept_anyhow
    log = server.log()
    assert [line["status"] for line in log if line["event"] == "request" and line["method"] == "POST"] == [503]
    assert [line for line in log if "error" in line] == []
    assert [line["event"] for line in log].count("stopped") == 1


PART = b"COTTON T-SHIRTS\n" * 100
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ndescription\n'


@pytest.mark.parametrize("path", ["/v1/screenings/file", "/v1/jobs"])
@pytest.mark.parametrize(
    ("kind", "first"), [("text/csv", b"description\n"), ("multipart/form-data; boundary=x", MULTIPART)]
)
def test_an_upload_that_still_comes_when_the_time_is_over(
    hurried: Server, tmp_path: Path, path: str, kind: str, first: bytes
) -> None:
    caller = Caller(hurried, f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {ANNOUNCED}", first)
    caller.wait_until_taken()
    for _ in range(5):
        caller.send(PART)
    caller.wait_until_taken()  # and the rest stays out
    hurried.process.send_signal(signal.SIGTERM)
    told_to_come_again(hurried, caller)
    assert list((tmp_path / "spool").glob("*/*")) == []


def as_json(texts: list[str]) -> bytes:
    return json.dumps({"records": [{"description": text} for text in texts]}).encode()


def as_lines(texts: list[str]) -> bytes:
    return b"\n".join(json.dumps({"description": text}).encode() for text in texts)


@pytest.mark.parametrize(
    ("path", "kind", "written"),
    [
        ("/v1/screenings", "application/json", as_json),
        ("/v1/screenings/file", "application/x-ndjson", as_lines),
    ],
)
def test_records_that_are_still_screened_when_the_time_is_over(
    compiled: Settings, hurried: Server, path: str, kind: str, written: Callable[[list[str]], bytes]
) -> None:
    body = written(hard_to_read(open_index(compiled.index, compiled.watchlists).watchlist, 60))
    caller = Caller(hurried, f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}", body)
    caller.wait_until_taken()
    hurried.process.send_signal(signal.SIGTERM)
    told_to_come_again(hurried, caller, kept_anyhow=path.endswith("file"))
