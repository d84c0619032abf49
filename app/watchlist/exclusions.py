"""What does not become an entry, each with its reason, as read from watchlists/exclusions.toml."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault, WatchlistFaultsError
from app.watchlist.fields import Fields
from app.watchlist.files import Document, read_document
from app.watchlist.model import NotHere

EXCLUSIONS = "exclusions.toml"


@dataclass(frozen=True, slots=True)
class SourceList:
    """A list the law was taken from, every row of which is carried or excluded."""

    file: str
    rows: int
    """Rows under the header."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A row of a source list that is not carried."""

    source_row: str
    """File and row, counted from 1 under the header."""
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The whole file."""

    sources: tuple[SourceList, ...]
    rows: tuple[Exclusion, ...]
    not_here: tuple[NotHere, ...]


NOTHING = Exclusions((), (), ())


def read_exclusions(folder: Path) -> Exclusions:
    """Read the exclusions of a watchlist's folder; a folder without the file has none.

    Raises:
        WatchlistFaultsError: the file is refused; `faults` has everything that is wrong in it.
    """
    path = folder / EXCLUSIONS
    if not path.is_file():
        return NOTHING
    faults: list[Fault] = []
    document = read_document(folder, path, faults)
    exclusions = exclusions_of(document, faults) if document else NOTHING
    if faults:
        raise WatchlistFaultsError(tuple(faults))
    return exclusions


def exclusions_of(document: Document, faults: list[Fault]) -> Exclusions:
    """Read the exclusions from their file; `faults` is added to for everything that is wrong in it."""
    fields = Fields(document.table, document.name, faults)
    sources = tuple(map(_read_source, fields.tables("source", "file")))
    rows = tuple(map(_read_row, fields.tables("row", "source_row")))
    not_here = tuple(map(_read_not_here, fields.tables("not_here", "instrument")))
    fields.close()
    return Exclusions(sources, rows, not_here)


def _read_source(fields: Fields) -> SourceList:
    source = SourceList(fields.text("file"), fields.count("rows"))
    fields.close()
    return source


def _read_row(fields: Fields) -> Exclusion:
    row = Exclusion(fields.text("source_row"), fields.text("what"), fields.text("reason"))
    fields.close()
    return row


def _read_not_here(fields: Fields) -> NotHere:
    note = NotHere(
        instrument=fields.text("instrument"),
        substances=fields.texts("substances", required=True),
        words=fields.text("words"),
        citation=fields.text("citation"),
        begins=fields.day("from"),
    )
    fields.close()
    return note
