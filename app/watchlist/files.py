"""The watchlist's folder as files: their text, their place and the digest that names a release."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault, WatchlistError

_AT_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)$")
_ENDINGS = (".csv", ".toml")


@dataclass(frozen=True, slots=True)
class Document:
    """One TOML file that could be read."""

    name: str
    """Path relative to the watchlist's folder, with forward slashes."""
    stem: str
    """The file's name without its ending."""
    table: Mapping[str, object]


def list_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of a watchlist in the order of their relative paths.

    Raises:
        WatchlistError: the folder is not there or has no watchlist in it.
    """
    if not folder.is_dir():
        raise WatchlistError(f"{folder}: no such folder of a watchlist")
    found = [path for path in folder.rglob("*") if path.suffix in _ENDINGS and path.is_file()]
    if not found:
        raise WatchlistError(f"{folder}: there is no watchlist in this folder")
    return tuple(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def release_of(folder: Path) -> str:
    """Return the release digest of a watchlist's folder, without checking what its files say.

    Args:
        folder: the watchlist's folder.

    Returns:
        sha256, in hex, over the relative path and the content of every TOML and CSV file, in the order of the paths.
        Line ends and a byte order mark make no difference: a check-out on another system is the same release.

    Raises:
        WatchlistError: the folder is not there or has no watchlist in it.
    """
    digest = hashlib.sha256()
    for path in list_files(folder):
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for part in (path.relative_to(folder).as_posix().encode(), content):
            digest.update(len(part).to_bytes(8, "big"))  # lengths keep neighbours from running into one another
            digest.update(part)
    return digest.hexdigest()


def read_text(path: Path, name: str, faults: list[Fault]) -> str | None:
    """Return a file's text with line feeds only; None, and a fault, where it is not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(Fault(name, f"is not UTF-8 at byte {error.start}"))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_document(folder: Path, path: Path, faults: list[Fault]) -> Document | None:
    """Read one TOML file.

    Args:
        folder: the watchlist's folder.
        path: the file.
        faults: added to where the file is not UTF-8 or not TOML (duplicate keys included); the fault names the line.

    Returns:
        The file's table, or None where there was a fault.
    """
    name = path.relative_to(folder).as_posix()
    text = read_text(path, name, faults)
    if text is None:
        return None
    try:
        return Document(name, path.stem, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        line = _AT_LINE.search(words)
        what = _AT_LINE.sub("", words)
        if "overwrite" in what or "twice" in what or "cannot declare" in what.lower():
            what = f"duplicate key ({what})"
        faults.append(Fault(f"{name}:{line[1]}" if line else name, what))
        return None
