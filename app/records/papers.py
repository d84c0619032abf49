"""A shipment file as it comes: a path, a stream or standard input, packed or not, and what it is by its content."""

import gzip
import io
import json
import shutil
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import UnreadableFileError
from app.records.limits import MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM, SAMPLE_BYTES

_SPOOL_BYTES = 16 << 20

_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),
    (b"%PDF", "a PDF document; export the table as CSV or XLSX"),
    (b"{\\rtf", "an RTF document; save its table as CSV"),
    (b"ARROW1", "an Arrow or Feather file; save it as Parquet"),
    (b"FEA1", "a Feather file; save it as Parquet"),
    (b"Obj\x01", "an Avro file; save it as Parquet"),
    (b"ORC", "an ORC file; save it as Parquet"),
    (b"SQLite format 3\x00", "an SQLite database; export the table as CSV"),
    (b"BZh", "packed with bzip2; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ\x00", "packed with xz; unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard; unpack it, or pack it with gzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"\x89PNG", "a picture; a table is needed"),
    (b"\xff\xd8\xff", "a picture; a table is needed"),
    (b"GIF8", "a picture; a table is needed"),
    (b"II*\x00", "a picture; a table is needed"),
    (b"MM\x00*", "a picture; a table is needed"),
    (b"\x7fELF", "a program; a table is needed"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<?xml", b"<workbook", b"<div", b"<meta")


def unpacks_to_more(most: int) -> str:
    """Say why a file that unpacks to more than so many bytes is refused."""
    return f"unpacks to more than {most >> 20} MiB"


class _Bounded(io.RawIOBase):
    """An unpacked stream that refuses to go on past a number of bytes, or past many times what it was packed to."""

    def __init__(self, packed: BinaryIO, name: str, most: int) -> None:
        self._packed, self._name, self._most, self._given = packed, name, most, 0
        self._start = packed.tell()
        self._inner = gzip.GzipFile(fileobj=packed, mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            octets = self._inner.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise UnreadableFileError(self._name, f"the gzip packing is damaged: {fault}") from fault
        self._given += len(octets)
        if self._given > self._most:
            raise UnreadableFileError(self._name, unpacks_to_more(self._most))
        if self._given > RATIO_FROM and self._given > MAX_RATIO * (self._packed.tell() - self._start):
            raise UnreadableFileError(self._name, f"unpacks to more than {MAX_RATIO} times its size; unpack it first")
        view[: len(octets)] = octets
        return len(octets)


class Paper:
    """A file that can be read from its beginning as often as needed.

    A path is opened anew for each reading. A stream that can be wound back is wound back to where it stood; any other,
    such as a pipe, is first copied to a temporary file, since its encoding and layout are judged from the whole of it.
    """

    def __init__(self, file: Path | BinaryIO, name: str, most_unpacked: int = MAX_UNPACKED_BYTES) -> None:
        """Take hold of a file.

        Args:
            file: a path, or a stream of bytes, which stays open and belongs to the caller.
            name: what to call it in messages; its ending is a hint, no more.
            most_unpacked: bytes that it may unpack to where it is packed with gzip, or a Parquet file.

        Raises:
            UnreadableFileError: it does not exist, is a folder, is empty or may not be read.
        """
        self.name = name
        self.most_unpacked = most_unpacked
        self._path = file if isinstance(file, Path) else None
        self._stream: BinaryIO | None = None
        self._start = 0
        if not isinstance(file, Path):
            self._stream = file if file.seekable() else self._spool(file)
            self._start = self._stream.tell() if self._stream is file else 0
        with self.open() as stream:
            self.head = stream.read(8192)
        if not self.head:
            raise UnreadableFileError(name, "the file is empty")
        self.is_gzip = self.head.startswith(b"\x1f\x8b")

    def _spool(self, pipe: BinaryIO) -> BinaryIO:
        spooled = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  # closed with this object
        weakref.finalize(self, spooled.close)
        shutil.copyfileobj(pipe, spooled)
        spooled.seek(0)
        return spooled  # type: ignore[return-value]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Give the file's own bytes from the beginning."""
        if self._path is None:
            assert self._stream is not None
            self._stream.seek(self._start)
            yield self._stream
            return
        try:
            stream = self._path.open("rb")
        except FileNotFoundError as fault:
            raise UnreadableFileError(self.name, "there is no such file") from fault
        except IsADirectoryError as fault:
            raise UnreadableFileError(self.name, "this is a folder, not a file") from fault
        except OSError as fault:
            raise UnreadableFileError(self.name, f"it may not be opened: {fault.strerror}") from fault
        with stream:
            yield stream

    @contextmanager
    def unpacked(self) -> Iterator[BinaryIO]:
        """Give the bytes of the text itself, unpacked where the file is packed with gzip."""
        with self.open() as stream:
            if not self.is_gzip:
                yield stream
                return
            with io.BufferedReader(_Bounded(stream, self.name, self.most_unpacked), 1 << 16) as unpacked:
                yield unpacked

    def sample(self) -> bytes:
        """The first bytes of the unpacked text."""
        with self.unpacked() as stream:
            return read_exactly(stream, SAMPLE_BYTES)


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """Read that many bytes, or all there are: a stream may give fewer at a time."""
    parts, left = [], size
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _foreign(head: bytes) -> str | None:
    """What a file is that nobody can read here, with what to do about it."""
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            if what:
                return what
            if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
                return "an encrypted workbook; take the password off and save it again"
            return "an old Excel file (.xls) or another OLE document, perhaps encrypted; save it as XLSX or CSV"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:64].replace(b"\x00", b"").lower()
    if start.startswith(_MARKUP):
        kind = "an XML document" if start.startswith(b"<?xml") else "a web page (HTML)"
        return f"{kind}, not a table; open it in a spreadsheet program and save it as XLSX or CSV"
    return None


def recognise_format(paper: Paper, sample: bytes) -> str:
    """Say what a file is by its content.

    Args:
        paper: the file.
        sample: the first bytes of its unpacked text.

    Returns:
        `xlsx`, `parquet`, `ndjson` or `csv` (delimited text of any kind).

    Raises:
        UnreadableFileError: it is something else; the message says what, and what to do.
    """
    packed = " inside gzip" if paper.is_gzip else ""
    if sample.startswith(b"PAR1"):
        if paper.is_gzip:
            raise UnreadableFileError(paper.name, "Parquet inside gzip; unpack it first")
        return "parquet"
    if sample.startswith(b"PK\x03\x04") or sample.startswith(b"PK\x05\x06"):
        if paper.is_gzip:
            raise UnreadableFileError(paper.name, "a ZIP or XLSX file inside gzip; unpack it first")
        return _recognise_zip(paper)
    # The directory of an OLE file stands anywhere in it; the sample holds that of any workbook of usual size.
    foreign = _foreign(sample)
    if foreign:
        raise UnreadableFileError(paper.name, f"this is {foreign}{packed}")
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableFileError(paper.name, "there is nothing in it but blanks")
    return "ndjson" if _is_ndjson(paper, sample) else "csv"


def _recognise_zip(paper: Paper) -> str:
    try:
        with paper.open() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:80].decode("latin-1") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as fault:
        raise UnreadableFileError(paper.name, f"a damaged ZIP or XLSX file: {fault}") from fault
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise UnreadableFileError(paper.name, "this is a binary Excel workbook (.xlsb); save it as XLSX or CSV")
    if "opendocument.spreadsheet" in kind:
        raise UnreadableFileError(paper.name, "this is an OpenDocument spreadsheet (.ods); save it as XLSX or CSV")
    if "word/document.xml" in names:
        raise UnreadableFileError(paper.name, "this is a Word document; save its table as XLSX or CSV")
    raise UnreadableFileError(
        paper.name, "this is a ZIP archive without a workbook; unpack it and send the file inside"
    )


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_ndjson(paper: Paper, sample: bytes) -> bool:
    """One JSON object to a line. A JSON document of another form is refused, being no table."""
    text = sample.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] not in (b"{", b"["):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if text[:1] == b"{" and any(map(_is_object, lines[:20])):
        return True
    try:
        json.loads(text)
        whole = True
    except (ValueError, RecursionError):
        whole = False
    if whole or paper.name.lower().endswith((".json", ".ndjson", ".jsonl", ".json.gz")):
        raise UnreadableFileError(paper.name, "a JSON document; write one JSON object to a line (NDJSON)")
    return False
