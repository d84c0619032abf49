"""A found substance joined with the entries of law in force on the record's day and route."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from app.chemistry.family import family_of_smiles
from app.domain.decisions import AppliedEntry, LegalNote
from app.domain.errors import UnknownNameError
from app.domain.words import Evidence, InstrumentKind, LegalNoteKind, Movement, Verdict
from app.screening.clauses import Coverage, clause_words, cover, softened
from app.screening.destinations import reach
from app.screening.forms import PARENT, SeenForm
from app.screening.goods import Goods
from app.screening.mixtures import not_above
from app.screening.route import Route
from app.screening.thresholds import WHATEVER, Weighed, weigh
from app.watchlist.force import is_in_force
from app.watchlist.index import Index
from app.watchlist.model import Entry, Instrument


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says that a clause may hang on."""

    day: date
    goods: Goods
    """What the record says of the substance's amount."""
    preparation: str = ""
    """What says that the goods are a medicinal product; empty where nothing does."""


@dataclass
class Joined:
    """What the law says of one substance in one record."""

    entries: list[AppliedEntry] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    """One sentence for each entry, in the watchlist's order."""
    notes: list[LegalNote] = field(default_factory=list)
    """Entries in force that do not cover what was seen, entries that begin later, and other laws."""


@dataclass(frozen=True, slots=True)
class _Line:
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


@dataclass(frozen=True)
class Law:
    """The entries of every substance, and the instruments asked for."""

    index: Index
    instruments: tuple[Instrument, ...] = field(init=False)
    _lines: dict[str, list[_Line]] = field(init=False)
    _esters: dict[str, frozenset[str]] = field(init=False)
    """Acid -> the listed substances that are esters of it."""
    _other_law: dict[str, list[tuple[str, LegalNote]]] = field(init=False)

    def __post_init__(self) -> None:
        watchlist = self.index.watchlist
        object.__setattr__(self, "instruments", watchlist.instruments)
        object.__setattr__(self, "_lines", _lines(self.index))
        esters: dict[str, set[str]] = defaultdict(set)
        for substance in watchlist.substances:
            kin = family_of_smiles(substance.smiles) if substance.smiles else None
            if kin and kin.relation == "ester":
                esters[kin.parent].add(substance.id)
        object.__setattr__(self, "_esters", {acid: frozenset(slugs) for acid, slugs in esters.items()})
        governed: dict[str, list[tuple[str, LegalNote]]] = defaultdict(list)
        jurisdictions = {instrument.id: instrument.jurisdiction for instrument in watchlist.instruments}
        for note in watchlist.not_here:
            for slug in note.substances:
                place = jurisdictions.get(note.instrument, "")
                other = LegalNote(LegalNoteKind.OTHER_LAW, place, note.words, note.citation)
                governed[slug].append((note.instrument, other))
        object.__setattr__(self, "_other_law", dict(governed))

    def chosen(self, names: tuple[str, ...] | None) -> frozenset[str]:
        """Return the ids of the instruments asked for, all where none were named.

        Raises:
            UnknownNameError: an instrument of that id is not in the watchlist.
        """
        known = tuple(instrument.id for instrument in self.instruments)
        for name in names or ():
            if name not in known:
                raise UnknownNameError("instrument", name, known)
        return frozenset(names or known)

    def checked(self, route: Route, chosen: frozenset[str]) -> tuple[str, ...]:
        """Return the ids of the instruments that reach a route, in the watchlist's order."""
        return tuple(
            instrument.id
            for instrument in self.instruments
            if instrument.id in chosen and (route.everything or instrument.jurisdiction in route.movements)
        )

    def listed_in(self, substance: str) -> tuple[str, ...]:
        """Return the short titles of all instruments that name a substance, in force or not, on the route or not."""
        return tuple(dict.fromkeys(line.instrument.short for line in self._lines.get(substance, ())))

    def join(
        self, substance: str, facts: Facts, route: Route, checked: tuple[str, ...], form: SeenForm = PARENT
    ) -> Joined:
        """Join a substance with the law.

        Args:
            substance: the substance's slug.
            facts: the record's day and amounts.
            route: whose law reaches it.
            checked: ids of the instruments that are asked.
            form: the form of the substance that was seen.

        Returns:
            The entries in force (`begins <= day < ends`) that cover the form, each with its own verdict; why others do
            not; and what will be in force later.
        """
        joined = Joined()
        pending: list[_Line] = []
        for line in self._lines.get(substance, ()):
            instrument, entry = line.instrument, line.entry
            if instrument.id not in checked:
                continue
            movement = route.movements.get(instrument.jurisdiction)
            if not _reaches(entry, movement):
                continue
            if entry.ends is not None and entry.ends <= facts.day:
                continue
            seen = form
            if line.as_isomer and not form.isomer and substance not in entry.clause.excluded_isomers:
                seen = replace(form, isomer=f"a stereoisomer of {entry.printed}")
            some_esters = bool(form.relation) and self._names_some_esters(substance, instrument, facts.day)
            coverage = cover(entry.clause, substance, seen, facts.preparation, some_esters=some_esters)
            coverage = reach(entry.destinations, route, coverage)
            if entry.begins is not None and entry.begins > facts.day:
                pending += [line] if coverage.covered else []
                continue
            if coverage.covered:
                self._apply(joined, line, movement, facts, coverage)
            elif coverage.steps:
                words = "; ".join(coverage.steps)
                joined.notes.append(
                    LegalNote(LegalNoteKind.NOT_COVERED, instrument.jurisdiction, words, entry.citation)
                )
        covered = {entry.instrument for entry in joined.entries}
        joined.notes += [_will_be(line) for line in pending if line.instrument.id not in covered]
        joined.notes += [other for instrument, other in self._other_law.get(substance, ()) if instrument in checked]
        return joined

    def _names_some_esters(self, acid: str, instrument: Instrument, day: date) -> bool:
        esters = self._esters.get(acid, frozenset())
        return any(esters & set(entry.substances) and is_in_force(entry, day) for entry in instrument.entries)

    def _apply(self, joined: Joined, line: _Line, movement: str | None, facts: Facts, coverage: Coverage) -> None:
        instrument, entry = line.instrument, line.entry
        weighed = _entry_verdict(instrument, entry, movement, facts)
        why, counted = weighed.why, weighed.counted
        softer = softened(weighed.verdict, coverage)
        if softer is not weighed.verdict:
            why, counted = coverage.doubt or coverage.hangs_on, ()
        duties, lead_time = line.papers[movement]
        applied = AppliedEntry(
            id=entry.id,
            instrument=instrument.id,
            jurisdiction=instrument.jurisdiction,
            citation=entry.citation,
            evidence=entry.evidence.value,
            duties=duties,
            verdict=softer,
            why=why,
            clause=line.clause,
            authority=instrument.authority,
            lead_time=lead_time,
            counted=counted,
        )
        joined.entries.append(applied)
        joined.reasoning.append(_sentence(line, applied, facts, coverage))


def _lines(index: Index) -> dict[str, list[_Line]]:
    """Return the lines of law that reach each substance: those that name it, and those that cover it as an isomer."""
    lines: dict[str, list[_Line]] = defaultdict(list)
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
                others = [other for other in siblings[slug] if entry.clause.isomers and other not in named]
                for other in others:
                    lines[other].append(replace(line, as_isomer=True))
    return dict(lines)


def _line(instrument: Instrument, entry: Entry) -> _Line:
    papers: dict[str | None, tuple[tuple[str, ...], str]] = {}
    for movement in (None, *Movement):
        times = [time for time in entry.lead_times if movement is None or movement in time.movements]
        papers[movement] = (
            tuple(duty for duty in entry.duties if _falls_due(entry, duty, movement)),
            "; ".join(f"{time.words} ({time.citation}; {time.evidence.value})" for time in times),
        )
    since = f"in force since {entry.begins.isoformat()}" if entry.begins else "in force, its first day was not seen"
    return _Line(instrument, entry, clause_words(entry.clause), since, papers)


def _will_be(line: _Line) -> LegalNote:
    begins = line.entry.begins
    assert begins is not None, "an entry without a first day is in force"
    guess = " (the entry is reconstructed)" if line.entry.evidence is Evidence.RECONSTRUCTED else ""
    words = f"will be controlled on {begins.isoformat()} by {line.instrument.short}{guess}"
    return LegalNote(LegalNoteKind.PENDING, line.instrument.jurisdiction, words, line.entry.citation)


_OF_A_MOVEMENT = {
    "export-authorisation": Movement.EXPORT,
    "import-authorisation": Movement.IMPORT,
    "pen": Movement.EXPORT,
}
"""Duties of one movement only: the pre-export notification is the exporting country's, and goods on their way through
need no authorisation to leave or enter (Regulation (EC) No 111/2005, Articles 12(1) and 20)."""


def _reaches(entry: Entry, movement: str | None) -> bool:
    """Tell whether an entry reaches a movement; trade inside a country is no transit through it."""
    if movement is None or not entry.movements or movement in entry.movements:
        return True
    return movement == Movement.TRANSIT and entry.movements != (Movement.DOMESTIC,)


def _falls_due(entry: Entry, duty: str, movement: str | None) -> bool:
    """Tell whether a duty belongs to a movement; where the movement is not known, every duty may."""
    of = Movement.EXPORT if duty in entry.export_only else _OF_A_MOVEMENT.get(duty)
    return movement is None or of is None or of == movement


def _sentence(line: _Line, applied: AppliedEntry, facts: Facts, coverage: Coverage) -> str:
    """Return one entry's reasoning: since when, the clause, the amount, the duty."""
    amounts = facts.goods.declared.amounts
    amount = f"quantity {amounts[0].words}" if amounts else ""
    steps = [line.since, *coverage.steps]
    if applied.why == WHATEVER:
        steps.append(", ".join(part for part in (amount, "no threshold established") if part))
    else:
        steps.append(applied.why)
    if applied.duties:
        steps.append(f"duty: {', '.join(applied.duties)}")
    if applied.lead_time:
        steps.append(applied.lead_time)
    name = f"{applied.jurisdiction}, {applied.citation} ({applied.evidence})"
    return f"{name}: {'; '.join(steps)}."


def _entry_verdict(instrument: Instrument, entry: Entry, movement: str | None, facts: Facts) -> Weighed:
    if instrument.kind is InstrumentKind.NOTICE:
        return Weighed(Verdict.REVIEW, "a notice, not law")
    if entry.evidence is Evidence.RECONSTRUCTED:
        return Weighed(Verdict.REVIEW, "the entry is reconstructed: its text was not seen in a primary source")
    limit = entry.clause.mixture_limit_percent
    if limit is not None and (why := not_above(facts.goods.share, limit, included=entry.clause.limit_included)):
        return Weighed(Verdict.CONDITIONAL, why)
    return weigh(entry, movement, facts.goods, instrument.totals_of)
