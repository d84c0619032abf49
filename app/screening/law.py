"""A found substance joined with the entries of law in force on the record's day and route."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from app.chemistry.family import family_of_smiles
from app.domain.decisions import AppliedEntry, LegalNote
from app.domain.errors import UnknownNameError
from app.domain.words import Evidence, InstrumentKind, LegalNoteKind, Verdict
from app.screening.clauses import Coverage, cover, softened
from app.screening.destinations import reach
from app.screening.forms import PARENT, SeenForm
from app.screening.goods import Goods
from app.screening.lines import Line, lines_of, reaches
from app.screening.mixtures import not_above, together
from app.screening.route import Route
from app.screening.thresholds import BOUND, WHATEVER, Weighed, amounts_tell, weigh
from app.watchlist.force import is_in_force
from app.watchlist.index import Index
from app.watchlist.model import Clause, Instrument

_MOST_KEPT = 16_384
"""Substances in one form on one kind of day and route, with the law that reaches them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says that a clause may hang on."""

    day: date
    goods: Goods
    """What the record says of the substance's amount."""
    preparation: str = ""
    """What says that the goods are a medicinal product; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What the law says of one substance in one record."""

    entries: tuple[AppliedEntry, ...]
    reasoning: tuple[str, ...]
    """One sentence for each entry, in the watchlist's order."""
    notes: tuple[LegalNote, ...]
    """Entries in force that do not cover what was seen, entries that begin later, and other laws."""
    reaching: "Reaching"
    """The same for all amounts."""


@dataclass(frozen=True, slots=True, eq=False)
class _Applying:
    """A line of law that covers a form of a substance on a day and route, before its amount is weighed."""

    line: Line
    movement: str | None
    coverage: Coverage
    duties: tuple[str, ...]
    lead_time: str
    begins: str
    """How its sentence begins, up to the amount."""
    ends: str
    """How it ends, after the amount."""
    settled: AppliedEntry | None
    """What it says where no amount changes that; None where the amount must be weighed."""


@dataclass(frozen=True, slots=True, eq=False)  # kept, and compared by identity
class Reaching:
    """The law that reaches one form of a substance on a day and route, whatever its amount."""

    applying: tuple[_Applying, ...]
    notes: tuple[LegalNote, ...]


@dataclass(frozen=True, slots=True)
class _OtherLaw:
    """Another law of a place, which governs a substance in the stead of an instrument."""

    instrument: str
    begins: date
    note: LegalNote


@dataclass(frozen=True)
class Law:
    """The entries of every substance, and the instruments asked for."""

    index: Index
    instruments: tuple[Instrument, ...] = field(init=False)
    reaching: Callable[..., Reaching] = field(init=False)
    """`_reaching`, whose answers are kept."""
    _lines: dict[str, list[Line]] = field(init=False)
    _esters: dict[str, frozenset[str]] = field(init=False)
    """Acid -> the listed substances that are esters of it."""
    _other_law: dict[str, list["_OtherLaw"]] = field(init=False)
    _turns: tuple[date, ...] = field(init=False)
    """The days on which any line begins or ends: between two of them the law is the same."""
    _asking: dict[str, tuple[tuple[str, str], ...]] = field(init=False)
    """The instruments that have anything to say of a substance, each with its jurisdiction."""
    _bound: frozenset[str] = field(init=False)
    """The substances of which an entry hangs on where the goods go."""

    def __post_init__(self) -> None:
        watchlist = self.index.watchlist
        object.__setattr__(self, "instruments", watchlist.instruments)
        object.__setattr__(self, "reaching", lru_cache(maxsize=_MOST_KEPT)(self._reaching))
        object.__setattr__(self, "_lines", lines_of(self.index))
        entries = [entry for instrument in watchlist.instruments for entry in instrument.entries]
        turns = {day for entry in entries for day in (entry.begins, entry.ends) if day is not None}
        turns |= {note.begins for note in watchlist.not_here if note.begins is not None}
        object.__setattr__(self, "_turns", (date.min, *sorted(turns)))
        esters: dict[str, set[str]] = defaultdict(set)
        for substance in watchlist.substances:
            kin = family_of_smiles(substance.smiles) if substance.smiles else None
            if kin and kin.relation == "ester":
                esters[kin.parent].add(substance.id)
        object.__setattr__(self, "_esters", {acid: frozenset(slugs) for acid, slugs in esters.items()})
        governed: dict[str, list[_OtherLaw]] = defaultdict(list)
        jurisdictions = {instrument.id: instrument.jurisdiction for instrument in watchlist.instruments}
        for note in watchlist.not_here:
            for slug in note.substances:
                place = jurisdictions.get(note.instrument, "")
                other = LegalNote(LegalNoteKind.OTHER_LAW, place, note.words, note.citation)
                governed[slug].append(_OtherLaw(note.instrument, note.begins or date.min, other))
        object.__setattr__(self, "_other_law", dict(governed))
        asking = {slug: [other.instrument for other in others] for slug, others in governed.items()}
        for slug, lines in self._lines.items():
            asking[slug] = [line.instrument.id for line in lines] + asking.get(slug, [])
        pairs = {
            slug: tuple((id, jurisdictions.get(id, "")) for id in dict.fromkeys(ids)) for slug, ids in asking.items()
        }
        object.__setattr__(self, "_asking", pairs)
        bound = {slug for slug, lines in self._lines.items() if any(line.entry.destinations for line in lines)}
        object.__setattr__(self, "_bound", frozenset(bound))

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
        era = self._turns[bisect_right(self._turns, facts.day) - 1]
        asked = tuple(
            [(id, route.movements.get(place)) for id, place in self._asking.get(substance, ()) if id in checked]
        )
        destination = route.destination if substance in self._bound else None
        reaching = self.reaching(
            substance, era, asked, destination, form, facts.preparation, is_mixture=facts.goods.is_mixture
        )
        amounts = facts.goods.declared.amounts
        quantity = f"quantity {amounts[0].words}, no threshold established" if amounts else "no threshold established"
        entries, reasoning = [], []
        # A salt's share of base is that of the listed substance, and not of a derivative of it.
        goods = replace(facts.goods, form="", base_share=None) if form.relation else facts.goods
        for applying in reaching.applying:
            entry = applying.settled or _weighed(applying, goods)
            entries.append(entry)
            why = quantity if entry.why == WHATEVER else entry.why
            reasoning.append(f"{applying.begins}{why}{applying.ends}")
        return Joined(tuple(entries), tuple(reasoning), reaching.notes, reaching)

    def _reaching(
        self,
        substance: str,
        day: date,
        asked: tuple[tuple[str, str | None], ...],
        destination: str | None,
        form: SeenForm,
        preparation: str,
        *,
        is_mixture: bool,
    ) -> Reaching:
        """Return the law that reaches a form of a substance: nothing of it hangs on the amount.

        Args:
            substance: the slug.
            day: on which it reaches it.
            asked: the ids of the instruments of `_asking` that are asked, each with the movement seen from its place.
            destination: where the goods go, where any entry of the substance hangs on it.
            form: the form of the substance that was seen.
            preparation: the words for a medicinal product, empty for none.
            is_mixture: the goods cannot be the substance itself.
        """
        movements = dict(asked)
        applying: list[_Applying] = []
        notes: list[LegalNote] = []
        pending: list[Line] = []
        for line in self._lines.get(substance, ()):
            instrument, entry = line.instrument, line.entry
            if instrument.id not in movements:
                continue
            movement = movements[instrument.id]
            if not reaches(entry, movement):
                continue
            if entry.ends is not None and entry.ends <= day:
                continue
            seen = form
            if line.as_isomer and not form.isomer and substance not in entry.clause.excluded_isomers:
                seen = replace(form, isomer=f"a stereoisomer of {entry.printed}")
            some_esters = bool(form.relation) and self._names_some_esters(substance, instrument, day)
            coverage = cover(entry.clause, substance, seen, preparation, some_esters=some_esters, is_mixture=is_mixture)
            coverage = reach(entry.destinations, destination, coverage)
            if entry.begins is not None and entry.begins > day:
                pending += [line] if coverage.covered else []
                continue
            if coverage.covered:
                applying.append(_applying(line, movement, coverage))
            elif coverage.steps:
                words = "; ".join(coverage.steps)
                notes.append(LegalNote(LegalNoteKind.NOT_COVERED, instrument.jurisdiction, words, entry.citation))
        covered = {each.line.instrument.id for each in applying}
        later = [line for line in pending if line.instrument.id not in covered]
        notes += [line.will_be() for line in sorted(later, key=lambda line: line.entry.begins or date.max)]
        others = self._other_law.get(substance, ())
        notes += [other.note for other in others if other.instrument in movements and other.begins <= day]
        return Reaching(tuple(applying), tuple(notes))

    def _names_some_esters(self, acid: str, instrument: Instrument, day: date) -> bool:
        esters = self._esters.get(acid, frozenset())
        return any(esters & set(entry.substances) and is_in_force(entry, day) for entry in instrument.entries)


def _applying(line: Line, movement: str | None, coverage: Coverage) -> _Applying:
    instrument, entry = line.instrument, line.entry
    duties, lead_time = line.papers[movement]
    steps = "".join(f"{step}; " for step in (line.since, *coverage.steps))
    begins = f"{instrument.jurisdiction}, {entry.citation} ({entry.evidence.value}): {steps}"
    duty = f"; duty: {', '.join(duties)}" if duties else ""
    ends = f"{duty}; {lead_time}." if lead_time else f"{duty}."
    open_one = _Applying(line, movement, coverage, duties, lead_time, begins, ends, None)
    known = _whatever_the_amount(line, movement)
    return open_one if known is None else replace(open_one, settled=_applied(open_one, known))


def _whatever_the_amount(line: Line, movement: str | None) -> Weighed | None:
    """Return what a line says of every amount and share; None where it weighs them."""
    instrument, entry = line.instrument, line.entry
    if instrument.kind is InstrumentKind.NOTICE:
        return Weighed(Verdict.REVIEW, "a notice, not law")
    if entry.evidence is Evidence.RECONSTRUCTED:
        return Weighed(Verdict.REVIEW, "the entry is reconstructed: its text was not seen in a primary source")
    clause = entry.clause
    if clause.mixture_limit_percent is not None or clause.shown_by or amounts_tell(entry, movement):
        return None
    return Weighed(Verdict.CONTROLLED, WHATEVER)


def _weighed(applying: _Applying, goods: Goods) -> AppliedEntry:
    entry = applying.line.entry
    if goods.says(entry.clause.shown_by) and applying.coverage.hangs_on == entry.clause.hangs_on:
        applying = replace(applying, coverage=replace(applying.coverage, hangs_on=""))
    why = _outside_mixtures(entry.clause, applying.movement, goods)
    if why:
        return _applied(applying, Weighed(Verdict.CONDITIONAL, why))
    return _applied(applying, weigh(entry, applying.movement, goods, applying.line.instrument.totals_of))


def _outside_mixtures(clause: Clause, movement: str | None, goods: Goods) -> str:
    """Return why a mixture may be outside an entry, empty where it is none or is inside."""
    own = goods.share
    if clause.limit_of:
        own = next((share for slug, share in goods.beside if share is not None and slug in clause.limit_of), own)
    if clause.mixture_limit_percent is None or own is None:
        return ""
    reached = clause.mixture_movements
    if reached and movement in BOUND and movement not in reached and not goods.may_be_pure:
        return f"a mixture ({own.words}), and the entry covers mixtures for {' and '.join(reached)} only"
    with_others = [share for slug, share in goods.beside if slug in clause.mixture_with]
    share = together(own, with_others)
    return not_above(share, clause.mixture_limit_percent, included=clause.limit_included)


def _applied(applying: _Applying, weighed: Weighed) -> AppliedEntry:
    instrument, entry, coverage = applying.line.instrument, applying.line.entry, applying.coverage
    why, counted = weighed.why, weighed.counted
    softer = softened(weighed.verdict, coverage)
    if softer is not weighed.verdict:
        why, counted = coverage.doubt or coverage.hangs_on, ()
    return AppliedEntry(
        id=entry.id,
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        citation=entry.citation,
        evidence=entry.evidence.value,
        duties=applying.duties,
        verdict=softer,
        why=why,
        clause=applying.line.clause,
        authority=instrument.authority,
        lead_time=applying.lead_time,
        counted=counted,
    )
