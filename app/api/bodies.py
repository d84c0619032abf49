"""Bodies read with their limits: JSON to memory, files to disk."""

import hashlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.api.problems import ProblemError
from app.domain.errors import Fault

COPY_BYTES = 1 << 20

MAX_PARTS = 10
"""Parts of a multipart body that are read, to name the ones too many."""

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


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """An upload on disk."""

    path: Path
    name: str
    sha256: str


def media_type_of(request: Request) -> str:
    """Return the content type without its parameters, in lower case; "" when there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request, max_bytes: int) -> bytes:
    """Return the body of a JSON request, unparsed.

    Raises:
        ProblemError: `unsupported-media-type`, or `too-large`.
    """
    if media_type_of(request) != "application/json":
        raise ProblemError("unsupported-media-type", "Send JSON with Content-Type: application/json")
    return b"".join([chunk async for chunk in _limited(request, max_bytes)])


async def spool_upload(request: Request, max_bytes: int, keep: Callable[[Path], None]) -> SpooledFile:
    """Put an upload on disk: the body itself, or the part `file` of a multipart body.

    Args:
        request: the upload.
        max_bytes: the largest body that is taken.
        keep: told of the file before anything is written to it, so that it is removed whatever happens.

    Raises:
        ProblemError: `unsupported-media-type`, `too-large`, `malformed-request` or `unknown-field`.
    """
    kind = media_type_of(request)
    if kind == "multipart/form-data":
        part = await _read_part(request, max_bytes)
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
        async for chunk in _limited(request, max_bytes):
            digest.update(chunk)
            await to_thread.run_sync(spool.write, chunk)
    return SpooledFile(Path(spool.name), "upload", digest.hexdigest())


async def _limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """Yield the body, refused by its declared length before a byte is read and by its true length after."""
    declared = request.headers.get("content-length", "")
    too_large = ProblemError("too-large", f"The body has more than {max_bytes} bytes, which is the limit here")
    if declared.isdigit() and int(declared) > max_bytes:
        raise too_large
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > max_bytes:
            raise too_large
        if chunk:
            yield chunk


async def _read_part(request: Request, max_bytes: int) -> UploadFile:
    if b"boundary" not in parse_options_header(request.headers["content-type"])[1]:
        raise ProblemError("malformed-request", "The Content-Type of a multipart body names its boundary")
    parser = MultiPartParser(request.headers, _limited(request, max_bytes), max_files=MAX_PARTS, max_fields=MAX_PARTS)
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
