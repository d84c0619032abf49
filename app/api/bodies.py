"""Bodies read with their limits: JSON to memory, files to disk."""

import errno
import hashlib
import io
import os
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import anyio
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.api.problems import ProblemError
from app.api.threads import in_thread
from app.domain.errors import Fault

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where a disk, a quota or a limit is reached."""

MAX_PARTS = 10
"""Parts of a multipart body that are read, to name the ones too many."""

PAUSE_SECONDS = 10
"""How long the next bytes of a body may stay out."""
BYTES_PER_SECOND = 8_192
"""How many must come in a second, when all the waiting beyond `PAUSE_SECONDS` is taken together."""

PLAIN_BYTES = 1 << 16
"""A JSON body up to here cannot have so many parts that they hurt."""
MAX_JSON_PARTS = 250_000
"""Values, names and brackets of a JSON body: a thousand records with every field and list full have fewer."""

FILE_TYPES = (
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/csv",
    "application/gzip",
    "application/x-gzip",
    "application/x-ndjson",
    "application/jsonl",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/octet-stream",
)
"""Content types taken as a file; what the file is, is read from its content (Windows says ms-excel for a CSV)."""


class Room:
    """How many bytes of bodies are held at once, in memory or on disk, by all requests together."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held = 0

    def take(self, request: Request, size: int) -> None:
        """Hold some more bytes until the request is answered.

        Raises:
            ProblemError: `overloaded`: too many bytes are held already.
        """
        if self._held + size > self._max_bytes:
            raise ProblemError("overloaded", "Too many bodies are held at once", headers={"Retry-After": "5"})
        self._held += size
        request.scope.setdefault("at_end", []).append(lambda: self._give_back(size))

    def _give_back(self, size: int) -> None:
        self._held -= size


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """An upload on disk."""

    path: Path
    name: str
    bytes: int
    sha256: str


class Spooling(io.RawIOBase):
    """A new file that is hashed while it is written."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("xb")
        self._path = path
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, part: Any) -> int:
        """Take some bytes."""
        self._digest.update(part)
        return self._file.write(part)

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        """Stay at the end: the multipart parser rewinds what it has written, and nobody reads it here."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def end(self, name: str, durable: bool) -> SpooledFile:
        """Close the file that was written, forced to disk where it is to be durable."""
        self._file.flush()
        if durable:
            os.fsync(self._file.fileno())
        size = self._file.tell()
        self.close()
        return SpooledFile(self._path, name, size, self._digest.hexdigest())


class _OneFile(MultiPartParser):
    """Puts the first file of a multipart body where it is to be, and not into a file of the system's first."""

    def __init__(self, request: Request, chunks: AsyncGenerator[bytes, None], spooling: Spooling) -> None:
        super().__init__(request.headers, chunks, max_files=MAX_PARTS, max_fields=MAX_PARTS)
        self._spooling: Spooling | None = spooling

    def on_headers_finished(self) -> None:
        """Begin a part."""
        super().on_headers_finished()
        part = self._current_part.file
        if part is not None and self._spooling is not None:
            part.file.close()
            part.file, self._spooling = cast(BinaryIO, self._spooling), None


def media_type_of(request: Request) -> str:
    """Return the content type without its parameters, in lower case; "" when there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request, max_bytes: int, room: Room) -> bytes:
    """Return the body of a JSON request, unparsed.

    Raises:
        ProblemError: `unsupported-media-type`, `too-large`, `slow-body` or `overloaded`.
    """
    if media_type_of(request) != "application/json":
        raise ProblemError("unsupported-media-type", "Send JSON with Content-Type: application/json")
    body = b"".join([chunk async for chunk in _limited(request, max_bytes, room)])
    if len(body) > PLAIN_BYTES and _has_too_many_parts(body):
        raise ProblemError("too-large", f"The body has more than {MAX_JSON_PARTS} values and names")
    return body


def _has_too_many_parts(body: bytes) -> bool:
    """Count what a parser would make objects of, and a refusal would list, without making any."""
    outside = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if outside.count(b'"') > 2 * MAX_JSON_PARTS:
        return True
    marks = b"".join(outside.split(b'"')[::2])
    return sum(marks.count(mark) for mark in (b",", b"[", b"{")) > MAX_JSON_PARTS


async def spool_upload(
    request: Request, max_bytes: int, room: Room, path: Path, *, durable: bool = False
) -> SpooledFile:
    """Put an upload on disk while it comes: the body itself, or the part `file` of a multipart body.

    Args:
        request: the upload.
        max_bytes: the largest body that is taken.
        room: where all such uploads are held.
        path: where it is to be; the caller removes it, whatever happens.
        durable: force it to disk, so that it survives a power cut.

    Raises:
        ProblemError: `unsupported-media-type`, `too-large`, `slow-body`, `overloaded`, `malformed-request`,
            `unknown-field` or `no-room`.
    """
    kind = media_type_of(request)
    if kind != "multipart/form-data" and kind not in FILE_TYPES:
        raise ProblemError(
            "unsupported-media-type",
            f"Send the file as multipart/form-data with the part 'file', or as the body with one of the content types"
            f" {', '.join(FILE_TYPES)} (curl: -H 'Content-Type: text/csv' --data-binary @FILE)",
        )
    _refuse_without_room(request, path)
    try:
        with Spooling(path) as spooling:
            if kind == "multipart/form-data":
                name = await _read_part(request, _limited(request, max_bytes, room), spooling)
            else:
                name = "upload"
                async for chunk in _limited(request, max_bytes, room):
                    await in_thread(partial(spooling.write, chunk))
            return await in_thread(partial(spooling.end, name, durable))
    except OSError as error:
        if error.errno in NO_ROOM:
            raise no_room() from error
        raise


def no_room() -> ProblemError:
    """Return the refusal of what the disk cannot hold."""
    return ProblemError("no-room", "The disk has too little room for this file; nothing of it was kept")


def _refuse_without_room(request: Request, path: Path) -> None:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > shutil.disk_usage(path.parent).free:
        raise no_room()


async def _limited(request: Request, max_bytes: int, room: Room) -> AsyncGenerator[bytes, None]:
    """Yield the body, refused by its declared length before a byte is read, and by its true length and pace after."""
    declared = request.headers.get("content-length", "")
    too_large = ProblemError("too-large", f"The body has more than {max_bytes} bytes, which is the limit here")
    if declared.isdigit() and int(declared) > max_bytes:
        raise too_large
    seen, waited = 0, 0.0
    chunks = request.stream()
    while True:
        asked_at = anyio.current_time()
        try:
            with anyio.fail_after(min(PAUSE_SECONDS, PAUSE_SECONDS + seen / BYTES_PER_SECOND - waited)):
                chunk = await anext(chunks, None)
        except TimeoutError:
            said = f"Nothing came for {PAUSE_SECONDS} s, or less than {BYTES_PER_SECOND} bytes a second"
            raise ProblemError("slow-body", said, headers={"Connection": "close"}) from None
        except ClientDisconnect:
            raise ProblemError("malformed-request", "The body broke off") from None
        if chunk is None:
            return
        # Only waiting for the caller counts, not our own writing to disk.
        waited += anyio.current_time() - asked_at
        seen += len(chunk)
        if seen > max_bytes:
            raise too_large
        if chunk:
            room.take(request, len(chunk))
            yield chunk


async def _read_part(request: Request, chunks: AsyncGenerator[bytes, None], spooling: Spooling) -> str:
    """Write the only part to where it is to be; return the name the file came with."""
    if b"boundary" not in parse_options_header(request.headers["content-type"])[1]:
        raise ProblemError("malformed-request", "The Content-Type of a multipart body names its boundary")
    try:
        form = await _OneFile(request, chunks, spooling).parse()
    except MultiPartException as error:
        raise ProblemError("malformed-request", error.message) from error
    except MultipartParseError as error:
        raise ProblemError("malformed-request", "The multipart body breaks off or is not one") from error
    parts = form.multi_items()
    files = [part for name, part in parts if name == "file" and isinstance(part, UploadFile)]
    if len(parts) == len(files) == 1:
        return files[0].filename or "upload"
    await form.close()
    if unknown := tuple(Fault(name, "is not a known part") for name, _ in parts if name != "file"):
        raise ProblemError("unknown-field", "The only part is 'file'; parameters go into the query", unknown)
    raise ProblemError("invalid-request", "Send one file", (Fault("file", "one part, with a filename, is needed"),))
