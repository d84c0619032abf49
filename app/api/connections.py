"""The connections under the requests: what is too long, too slow or too much to become one is cut off here."""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 65_536
"""Of a request's line and headers together, and of anything else that is not the content of a body."""
HEAD_SECONDS = 15.0
"""How long a request's head may take, and how long a caller may go on sending after its answer."""
STALL_SECONDS = 60.0
"""How long a caller may leave an answer untaken."""
LOOK_SECONDS = 5.0


class TooLongError(Exception):
    """A head or trailer is too long; the parser turns it into its own error."""


class Connection(HttpToolsProtocol):
    """A connection with limits.

    The parser under it keeps headers of any number and length, and nothing there minds how long they take. One timer
    looks after the whole connection, so that a request costs next to nothing more.
    """

    max_connections = 512
    """Set when the server starts."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin; one connection too many is answered 503 before anything is read."""
        super().connection_made(transport)
        self._head_bytes = self._bytes_of_no_body = 0
        self._untaken, self._stalled = 0, 0.0
        self._idle_since = self.loop.time()
        self._look: TimerHandle | None = None
        if len(self.connections) > self.max_connections:
            self._refuse("503 Service Unavailable", "retry-after: 5\r\n", "Too many connections")
        else:
            self._look = self.loop.call_later(LOOK_SECONDS, self._look_after)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; what nobody can tell the end of is refused before more of it is kept."""
        if self.transport.is_closing():
            return
        self._bytes_of_no_body += len(data)
        super().data_received(data)
        if self._bytes_of_no_body > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Some of the request's target has come."""
        self._count_head(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come, or a trailer."""
        self._count_head(name, value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._bytes_of_no_body = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body has come."""
        self._bytes_of_no_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._bytes_of_no_body = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is given."""
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, and say so where it is only too long."""
        if max(self._head_bytes, self._bytes_of_no_body) > MAX_HEAD_BYTES:
            self._refuse(
                "431 Request Header Fields Too Large", "", f"The headers have more than {MAX_HEAD_BYTES} bytes"
            )
        else:
            super().send_400_response(msg)

    def _count_head(self, *parts: bytes) -> None:
        self._head_bytes += sum(map(len, parts)) + 4
        if self._head_bytes > MAX_HEAD_BYTES:
            raise TooLongError

    def _refuse(self, status: str, headers: str, said: str) -> None:
        kind = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(said)}\r\nconnection: close\r\n"
        self.transport.write(f"HTTP/1.1 {status}\r\n{headers}{kind}\r\n{said}".encode())
        self.transport.close()

    def _look_after(self) -> None:
        asked = self.cycle is not None and not self.cycle.response_complete
        if not asked and self.loop.time() - self._idle_since > HEAD_SECONDS:
            self.transport.close()
        untaken = self.transport.get_write_buffer_size()
        self._stalled = self._stalled + LOOK_SECONDS if untaken and untaken == self._untaken else 0.0
        self._untaken = untaken
        if self._stalled >= STALL_SECONDS:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_SECONDS, self._look_after)


def connection_of(max_connections: int) -> type[Connection]:
    """Return the kind of connection of a server that takes so many at once."""
    return type("Connection", (Connection,), {"max_connections": max_connections})
