"""HS subheadings, as read from watchlists/hs.toml."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import Fault
from app.watchlist.fields import Fields
from app.watchlist.files import Document
from app.watchlist.model import ElsewhereHeading, FormerCode, HsHeading

_FOLLOWED = {"HS 2012": date(2017, 1, 1), "HS 2017": date(2022, 1, 1)}
"""Editions of the nomenclature, and the first day of the one that followed each."""


@dataclass(frozen=True, slots=True)
class SourcedHeading:
    """A heading and the row of the source list it came from."""

    heading: HsHeading
    source_row: str
    place: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """The whole file."""

    headings: tuple[SourcedHeading, ...]
    former: tuple[FormerCode, ...]
    elsewhere: tuple[ElsewhereHeading, ...]


NO_TARIFF = Tariff((), (), ())


def read_tariff(document: Document, faults: list[Fault]) -> Tariff:
    """Read the HS subheadings; `faults` is added to for everything in this file that is wrong by itself."""
    fields = Fields(document.table, document.name, faults)
    tariff = Tariff(
        headings=tuple(map(_read_heading, fields.tables("heading", "code"))),
        former=tuple(map(_read_former, fields.tables("former", "code"))),
        elsewhere=_read_elsewhere(fields.table("elsewhere")),
    )
    listed = {item.heading.code for item in tariff.headings}
    for item in tariff.former:
        for code in item.now:
            if code not in listed:
                fields.fault("former", f"{item.code}: {code} is no heading of this file")
    for heading in tariff.elsewhere:
        if any(code.startswith(heading.code) for code in listed):
            fields.fault("elsewhere", f"under {heading.code} falls a listed substance")
    fields.close()
    return tariff


def _read_heading(fields: Fields) -> SourcedHeading:
    code = _read_code(fields)
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


def _read_former(fields: Fields) -> FormerCode:
    code = _read_code(fields)
    edition = fields.choice("edition", tuple(_FOLLOWED))
    until = _FOLLOWED.get(edition, date.max)  # another edition is a fault, and the file refused
    former = FormerCode(code, edition, fields.texts("now", required=True), fields.text("source"), until)
    fields.close()
    return former


def _read_elsewhere(fields: Fields | None) -> tuple[ElsewhereHeading, ...]:
    if fields is None:
        return ()
    headings = []
    for code in fields.left():
        if not _is_code(code) and not _is_chapter(code):
            fields.fault(code, "is not six digits, nor a chapter's two")
        headings.append(ElsewhereHeading(code, fields.text(code)))
    fields.close()
    return tuple(headings)


def _read_code(fields: Fields) -> str:
    code = fields.text("code")
    if code and not _is_code(code):
        fields.fault("code", f"{code!r} is not six digits")
    return code


def _is_code(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdigit()


def _is_chapter(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isdigit()
