"""Bodies read with their limits: JSON to memory, files to disk."""

import hashlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import anyio
from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.api.problems import ProblemError
from app.domain.errors import Fault

COPY_BYTES = 1 << 20

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
    sha256: str


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


async def spool_upload(request: Request, max_bytes: int, room: Room, keep: Callable[[Path], None]) -> SpooledFile:
    """Put an upload on disk: the body itself, or the part `file` of a multipart body.

    Args:
        request: the upload.
        max_bytes: the largest body that is taken.
        room: where all uploads are held.
        keep: told of the file before anything is written to it, so that it is removed whatever happens.

    Raises:
        ProblemError: `unsupported-media-type`, `too-large`, `slow-body`, `overloaded`, `malformed-request` or
            `unknown-field`.
    """
    kind = media_type_of(request)
    if kind == "multipart/form-data":
        part = await _read_part(request, max_bytes, room)
        try:
            return await to_thread.run_sync(_spool_part, part, keep)
        finally:
            await part.close()
    if kind not in FILE_TYPES:
        raise ProblemError(
            "unsupported-media-type",
            f"Send the file as multipart/form-data with the part 'file', or as the body with one of the content types"
            f" {', '.join(FILE_TYPES)} (curl: -H 'Content-Type: text/csv' --data-binary @FILE)",
        )
    digest = hashlib.sha256()
    with NamedTemporaryFile(prefix="precursor-watch-", delete=False) as spool:
        keep(Path(spool.name))
        async for chunk in _limited(request, max_bytes, room):
            digest.update(chunk)
            await to_thread.run_sync(spool.write, chunk)
    return SpooledFile(Path(spool.name), "upload", digest.hexdigest())


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


async def _read_part(request: Request, max_bytes: int, room: Room) -> UploadFile:
    if b"boundary" not in parse_options_header(request.headers["content-type"])[1]:
        raise ProblemError("malformed-request", "The Content-Type of a multipart body names its boundary")
    parser = MultiPartParser(
        request.headers, _limited(request, max_bytes, room), max_files=MAX_PARTS, max_fields=MAX_PARTS
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise ProblemError("malformed-request", error.message) from error
    except MultipartParseError as error:
        raise ProblemError("malformed-request", "The multipart body breaks off or is not one") from error
    parts = form.multi_items()
    files = [part for name, part in parts if name == "file" and isinstance(part, UploadFile)]
    if len(parts) == len(files) == 1:
        return files[0]
    await form.close()
    if unknown := tuple(Fault(name, "is not a known part") for name, _ in parts if name != "file"):
        raise ProblemError("unknown-field", "The only part is 'file'; parameters go into the query", unknown)
    raise ProblemError("invalid-request", "Send one file", (Fault("file", "one part, with a filename, is needed"),))


def _spool_part(part: UploadFile, keep: Callable[[Path], None]) -> SpooledFile:
    digest = hashlib.sha256()
    with NamedTemporaryFile(prefix="precursor-watch-", delete=False) as spool:
        keep(Path(spool.name))
        source = part.file
        while chunk := source.read(COPY_BYTES):
            digest.update(chunk)
            spool.write(chunk)
    return SpooledFile(Path(spool.name), part.filename or "upload", digest.hexdigest())
