"""HS subheadings, as read from watchlists/hs.toml."""

from dataclasses import dataclass

from app.domain.errors import Fault
from app.watchlist.fields import Fields
from app.watchlist.files import Document
from app.watchlist.model import HsHeading


@dataclass(frozen=True, slots=True)
class SourcedHeading:
    """A heading and the row of the source list it came from."""

    heading: HsHeading
    source_row: str
    place: str


def read_headings(document: Document, faults: list[Fault]) -> tuple[SourcedHeading, ...]:
    """Read the HS subheadings; `faults` is added to for everything in this file that is wrong by itself."""
    fields = Fields(document.table, document.name, faults)
    headings = tuple(map(_read_heading, fields.tables("heading", "code")))
    fields.close()
    return headings


def _read_heading(fields: Fields) -> SourcedHeading:
    code = fields.text("code")
    if code and not (len(code) == 6 and code.isascii() and code.isdigit()):
        fields.fault("code", f"{code!r} is not six digits")
    names_substance = fields.flag("names_substance")
    if names_substance is None:
        fields.fault("names_substance", "missing")
    heading = HsHeading(
        code=code,
        edition=fields.text("edition"),
        words=fields.text("words"),
        names_substance=bool(names_substance),
        substances=fields.texts("substances", required=True),
        source=fields.text("source"),
    )
    fields.text("notes", "")  # for the reader of the file
    source_row = fields.text("source_row")
    fields.close()
    return SourcedHeading(heading, source_row, fields.place)
