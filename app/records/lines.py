"""Bytes to lines: decoding that marks what cannot be decoded, and lines of any ending."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from app.records.limits import BLOCK_BYTES, MAX_LINE_CHARACTERS

UNDECODED = "\udcff"
"""Stands for bytes that the encoding does not know. A lone surrogate cannot come out of any decoder used here, and
Arrow refuses it, so clean files pay nothing for the check."""

CUT = "\udcfe"
"""Stands at the end of a line that was cut at MAX_LINE_CHARACTERS."""

REPLACEMENT = "\ufffd"

_ERRORS = "precursor-watch.mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODED, error.end


codecs.register_error(_ERRORS, _mark)


def decode_marked(octets: bytes, encoding: str) -> str:
    """Decode bytes, with UNDECODED in the place of each sequence that the encoding does not know."""
    return octets.decode(encoding, _ERRORS)


def split_lines(text: str) -> list[str]:
    r"""Split text after each `\n`, `\r\n` and lone `\r`, and at nothing else; the endings stay on."""
    return list(io.StringIO(text, newline=""))


def _last_end(text: str, final: bool) -> int:
    """Position after the last line ending that is certainly complete; a trailing CR may still get its LF."""
    until = len(text) if final or not text.endswith("\r") else len(text) - 1
    return max(text.rfind("\n", 0, until), text.rfind("\r", 0, until)) + 1


def read_lines(stream: BinaryIO, encoding: str, block_bytes: int = BLOCK_BYTES) -> Iterator[list[str]]:
    """Read a stream as lists of whole lines, about one block at a time; see `read_texts`."""
    return (split_lines(text) for text in read_texts(stream, encoding, block_bytes))


def read_texts(stream: BinaryIO, encoding: str, block_bytes: int = BLOCK_BYTES) -> Iterator[str]:
    """Read a stream as texts of whole lines, about one block at a time.

    Args:
        stream: bytes from the file's first byte on.
        encoding: a Python codec's name.
        block_bytes: bytes to read at a time.

    Yields:
        Text, never empty, that ends where a line ends. What could not be decoded is UNDECODED, and a line longer than
        MAX_LINE_CHARACTERS is cut and ends in CUT and a line feed.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_ERRORS)
    pending = ""
    skipping = False
    final = False
    while not final:
        block = stream.read(block_bytes)
        final = not block
        text = decoder.decode(block, final)
        if skipping:
            text, skipping = _after_cut(text)
        text = pending + text
        end = len(text) if final else _last_end(text, final)
        pending, text = text[end:], text[:end]
        if len(text) > MAX_LINE_CHARACTERS:
            text = "".join(map(_cut, split_lines(text)))
        if len(pending) > MAX_LINE_CHARACTERS:
            text += pending[:MAX_LINE_CHARACTERS] + CUT + "\n"
            pending, skipping = "", True
        if text:
            yield text


def _cut(line: str) -> str:
    too_long = len(line) > MAX_LINE_CHARACTERS + 2
    return line[:MAX_LINE_CHARACTERS] + CUT + "\n" if too_long else line


def _after_cut(text: str) -> tuple[str, bool]:
    """Drop the rest of a line that was cut; its ending stays on nobody."""
    ends = [position for position in (text.find("\n"), text.find("\r")) if position >= 0]
    if not ends:
        return "", True
    end = min(ends)
    return text[end + 2 if text[end : end + 2] == "\r\n" else end + 1 :], False
