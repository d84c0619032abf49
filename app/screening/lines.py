"""Lines of law as they reach a substance: what of them is the same for every record."""

from collections import defaultdict
from dataclasses import dataclass, replace

from app.domain.decisions import LegalNote
from app.domain.words import Evidence, InstrumentKind, LegalNoteKind, Movement
from app.screening.clauses import clause_words
from app.watchlist.index import Index
from app.watchlist.model import Entry, Instrument

WILL_BE = "will be controlled"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it reaches one substance."""

    instrument: Instrument
    entry: Entry
    clause: str
    since: str
    """Since when it holds, in words."""
    papers: dict[str | None, tuple[tuple[str, ...], str]]
    """Movement -> the duties that fall due with it, and their lead time in words."""
    as_isomer: bool = False
    """The substance is not named: it is a stereoisomer of the one that is."""

    def will_be(self) -> LegalNote:
        """Return what is said of a line that is enacted and begins later."""
        begins = self.entry.begins
        assert begins is not None, "an entry without a first day is in force"
        guess = " (the entry is reconstructed)" if self.entry.evidence is Evidence.RECONSTRUCTED else ""
        when = f"in {self.entry.begins_known_to}" if self.entry.begins_known_to else f"on {begins.isoformat()}"
        words = f"{WILL_BE} {when} by {self.instrument.short}{guess}"
        return LegalNote(LegalNoteKind.PENDING, self.instrument.jurisdiction, words, self.entry.citation)


def lines_of(index: Index) -> dict[str, list[Line]]:
    """Return the lines of law that reach each substance: those that name it, and those that cover it as an isomer."""
    lines: dict[str, list[Line]] = defaultdict(list)
    skeletons: dict[str, list[str]] = defaultdict(list)
    for substance in index.watchlist.substances:
        skeletons[substance.inchikey[:14] if substance.inchikey else substance.id].append(substance.id)
    siblings = {slug: [other for other in group if other != slug] for group in skeletons.values() for slug in group}
    for instrument in index.watchlist.instruments:
        named = {slug for entry in instrument.entries for slug in entry.substances}
        for entry in instrument.entries:
            for slug in entry.substances:
                line = _line(instrument, entry)
                lines[slug].append(line)
                silent_or_named = entry.clause.isomers is not False
                others = [other for other in siblings[slug] if silent_or_named and other not in named]
                for other in others:
                    lines[other].append(replace(line, as_isomer=True))
    return dict(lines)


def _line(instrument: Instrument, entry: Entry) -> Line:
    papers: dict[str | None, tuple[tuple[str, ...], str]] = {}
    for movement in (None, *Movement):
        times = [time for time in entry.lead_times if movement is None or movement in time.movements]
        papers[movement] = (
            tuple(duty for duty in entry.duties if _falls_due(entry, duty, movement)),
            "; ".join(f"{time.words} ({time.citation}; {time.evidence.value})" for time in times),
        )
    return Line(instrument, entry, clause_words(entry.clause), _since(instrument, entry), papers)


def _since(instrument: Instrument, entry: Entry) -> str:
    holds = "named" if instrument.kind is InstrumentKind.NOTICE else "in force"
    if entry.begins_known_to:
        return f"{holds} since {entry.begins_known_to}, the day was not seen"
    return f"{holds} since {entry.begins.isoformat()}" if entry.begins else f"{holds}, its first day was not seen"


_OF_A_MOVEMENT = {
    "export-authorisation": Movement.EXPORT,
    "import-authorisation": Movement.IMPORT,
    "pen": Movement.EXPORT,
}
"""Duties of one movement only: the pre-export notification is the exporting country's, and goods on their way through
need no authorisation to leave or enter (Regulation (EC) No 111/2005, Articles 12(1) and 20)."""


def reaches(entry: Entry, movement: str | None) -> bool:
    """Tell whether an entry reaches a movement; trade inside a country is no transit through it."""
    if movement is None or not entry.movements or movement in entry.movements:
        return True
    return movement == Movement.TRANSIT and entry.movements != (Movement.DOMESTIC,)


def _falls_due(entry: Entry, duty: str, movement: str | None) -> bool:
    """Tell whether a duty belongs to a movement; where the movement is not known, every duty may."""
    if movement == Movement.DOMESTIC and duty in entry.border_only:
        return False
    of = Movement.EXPORT if duty in entry.export_only else _OF_A_MOVEMENT.get(duty)
    return movement is None or of is None or of == movement
