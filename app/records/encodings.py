"""Which encoding a text file is written in, from its own bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import chardet

from app.records.limits import BLOCK_BYTES
from app.records.lines import UNDECODED, decode_marked

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

_LEGACY = (
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp866",
    "cp874",
    "cp932",
    "cp949",
    "big5hkscs",
    "euc_jis_2004",
    "euc_kr",
    "gb18030",
    "iso8859-1",
    "iso8859-2",
    "iso8859-5",
    "iso8859-7",
    "iso8859-9",
    "iso8859-15",
    "koi8-r",
    "koi8-u",
    "shift_jis_2004",
    "tis-620",
)
"""What trade files are still written in; EBCDIC and the old Mac pages are left out, being likelier wrong than right."""

_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-15": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}

_USUAL = ("cp1252", "cp1251", "cp1254", "cp932", "gb18030")
"""What trade files are mostly in. A rarer encoding must look clearly better: on a few French or German words cp1250
scores as well as cp1252 (measured: cp1252 has at most 0.5 of the best on true Polish and Czech, 0.8 to 1 on French)."""

_RIVAL = 0.7
_FAINT = 0.015
"""Below this chardet has seen nothing: a degree sign or two. cp1252, as everywhere on Windows."""

_FOREIGN = re.compile("[^\x00-\x7f]+")
_SAMPLE_BYTES = 192 << 10


@dataclass
class Octets:
    """What a walk through the whole file saw."""

    size: int = 0
    good: int = 0
    """Characters beyond ASCII that are sound UTF-8."""
    bad: int = 0
    """Sequences that are not UTF-8."""
    foreign: bytearray = field(default_factory=bytearray)
    """Lines that hold bytes beyond ASCII, from anywhere in the file, up to 192 KiB."""


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Blocks cut after a line ending where there is one, so that no character of an ASCII superset is split."""
    rest = b""
    while block := stream.read(BLOCK_BYTES):
        block = rest + block
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        if not end and len(block) < 4 * BLOCK_BYTES:
            rest = block
            continue
        end = end or len(block)
        yield block[:end]
        rest = block[end:]
    if rest:
        yield rest


def walk_octets(stream: BinaryIO) -> Octets:
    """Read a whole file once and count what is and is not UTF-8; a non-ASCII byte may come late in a large file."""
    seen = Octets()
    for block in _whole_lines(stream):
        seen.size += len(block)
        if block.isascii():
            continue
        text = decode_marked(block, "utf-8")
        bad = text.count(UNDECODED)
        seen.bad += bad
        seen.good += sum(map(len, _FOREIGN.findall(text))) - bad if bad else len(block) - len(text)
        if len(seen.foreign) < _SAMPLE_BYTES:
            for line in block.splitlines(keepends=True):
                if not line.isascii():
                    seen.foreign += line[:_SAMPLE_BYTES]
                    if len(seen.foreign) >= _SAMPLE_BYTES:
                        break
    return seen


def bom_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark at the head of a file announces."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def utf16_without_bom(head: bytes) -> str | None:
    """Tell UTF-16 without a mark by its NULs: the upper half of every digit, separator and line end, on one side only.

    A single NUL in a file of another encoding must not be taken for it: a twentieth of the pairs must have one, and the
    other side next to none.
    """
    head = head[: len(head) // 2 * 2]
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(3, pairs / 20) or min(even, odd) * 10 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = decode_marked(head, encoding)
    controls = sum(character < " " and character not in "\t\r\n" for character in text)
    sound = text.count(UNDECODED) + controls <= len(text) / 50 and any(mark in text for mark in "\r\n,;\t|")
    return encoding if sound else None


def legacy_encoding(foreign: bytes) -> str:
    """Tell which eight-bit or East Asian encoding some lines are in.

    Args:
        foreign: lines with bytes beyond ASCII; the more the surer.

    Returns:
        A codec's name; the superset that decodes most (cp1252 for ISO 8859-1, gb18030 for GB 2312, cp932 for Shift-JIS)
    """
    found = chardet.detect_all(
        foreign,
        ignore_threshold=True,
        max_bytes=max(len(foreign), 1),
        compat_names=False,
        include_encodings=_LEGACY,
    )
    scores: dict[str, float] = {}
    for guess in found:
        name = (guess["encoding"] or "cp1252").lower()
        name = _SUPERSETS.get(name, name)
        scores[name] = max(scores.get(name, 0.0), guess["confidence"])
    best = max(scores, key=lambda name: scores[name], default="cp1252")
    usual = max(_USUAL, key=lambda name: scores.get(name, 0.0))
    if scores.get(best, 0.0) < _FAINT and _decodes(foreign, "cp1252"):
        return "cp1252"
    return usual if scores.get(usual, 0.0) >= _RIVAL * scores[best] else best


def _decodes(octets: bytes, encoding: str) -> bool:
    return UNDECODED not in decode_marked(octets, encoding)


def recognise_encoding(head: bytes, seen: Octets) -> tuple[str, tuple[str, ...]]:
    """Decide on the encoding of a text file.

    Args:
        head: the file's first bytes.
        seen: the walk through the whole of it.

    Returns:
        The codec's name, and notes for the user. A file that is UTF-8 but for a few rows is UTF-8: those rows are
        marked, and the others stay right.
    """
    marked = bom_encoding(head) or utf16_without_bom(head)
    if marked:
        return marked, ()
    if not seen.bad:
        return "utf-8", ()
    if seen.good >= seen.bad:
        return "utf-8", ("some bytes are not UTF-8; their rows are marked unreadable",)
    encoding = legacy_encoding(bytes(seen.foreign))
    return encoding, (f"not UTF-8; read as {encoding}, judged from the text itself",)
