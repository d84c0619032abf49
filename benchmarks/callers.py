"""A server started on a port of its own, and callers that keep their connections."""

import asyncio
import http.client
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from benchmarks.running import environment

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close\r\n", re.IGNORECASE)
_LOOKED_SECONDS = 0.005
_PATIENCE_SECONDS = 60


class NotReadyError(Exception):
    """A server that was started did not become ready."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float
    """From its start until it was ready."""


@contextmanager
def serving(*command: str, database_url: str, **changed: object) -> Iterator[Server]:
    """Start a server, wait until it is ready, and end it.

    Args:
        command: a command that serves as the environment says.
        database_url: where it keeps its runs.
        changed: other variables of the environment.

    Raises:
        NotReadyError: it ended, or was not ready within a minute.
    """
    port = _free_port()
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        env=environment(PW_PORT=port, PW_DATABASE_URL=database_url, **changed),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while not _is_ready(port):
                if process.poll() is not None or time.perf_counter() - begun > _PATIENCE_SECONDS:
                    raise NotReadyError(f"{command} is not ready; its status is {process.poll()}")
                time.sleep(_LOOKED_SECONDS)
            yield Server(port, process, time.perf_counter() - begun)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (ConnectionError, TimeoutError):
        return False
    finally:
        connection.close()


class Caller:
    """One caller with a connection of its own, which is opened again where the server has closed it.

    It costs a tenth of an HTTP library's client: what is measured beside it, on the same machine, is the service.
    """

    def __init__(self, port: int, path: str) -> None:
        self._port = port
        self._head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes, seconds: float = _PATIENCE_SECONDS) -> tuple[int, bytes]:
        """Send a body and return the status and the content of the answer.

        Raises:
            OSError: the connection was refused or broke, or there was no answer in time.
            EOFError: the connection was closed before the answer's end.
        """
        try:
            async with asyncio.timeout(seconds):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = self._streams
                writer.write(b"%b%d\r\n\r\n%b" % (self._head.encode(), len(body), body))
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                if length is None:
                    raise ConnectionError("an answer without a length")
                content = await reader.readexactly(int(length[1]))
        except (OSError, EOFError):
            await self.close()
            raise
        if _CLOSES.search(head):
            await self.close()
        return int(head[9:12]), content

    async def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with suppress(OSError):  # it was broken already
                await writer.wait_closed()


def post_all(port: int, path: str, bodies: Sequence[bytes], connections: int) -> list[float]:
    """Post every body, each connection one after another.

    Returns:
        The seconds each answer took, in the order of the answers.

    Raises:
        ValueError: an answer's status was not 200.
    """
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
    requests = iter([b"%b%d\r\n\r\n%b" % (head.encode(), len(body), body) for body in bodies])
    return asyncio.run(_post_all(port, requests, connections))


async def _post_all(port: int, requests: Iterator[bytes], connections: int) -> list[float]:
    taken: list[float] = []

    async def call() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in requests:
            begun = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if not head.startswith(b"HTTP/1.1 200 ") or length is None:
                raise ValueError(f"answered {head!r}")
            await reader.readexactly(int(length[1]))
            taken.append(time.perf_counter() - begun)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(call() for _ in range(connections)))
    return taken
