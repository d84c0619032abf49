"""A found substance joined with the entries of law in force on the record's day and route."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from app.domain.decisions import AppliedEntry
from app.domain.errors import UnknownNameError
from app.domain.words import Evidence, InstrumentKind, Movement, Verdict
from app.screening.goods import Goods
from app.screening.mixtures import not_above
from app.screening.places import country_of, jurisdiction_of
from app.screening.thresholds import Weighed, weigh
from app.watchlist.force import is_in_force
from app.watchlist.index import Index
from app.watchlist.model import Entry, Instrument

_EVERYWHERE = "UN"


@dataclass(frozen=True, slots=True)
class Route:
    """Whose law reaches a record, and as which movement."""

    movements: dict[str, str | None]
    """Jurisdiction -> movement seen from there; None where it is not known."""
    everything: bool
    """True where nothing of the route is known: every instrument is checked."""
    unlisted: tuple[str, ...] = ()
    """Places of the route whose law is not in the watchlist, as declared."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says that a clause may hang on."""

    day: date
    goods: Goods
    """What the record says of the substance's amount."""


@dataclass(frozen=True)
class Law:
    """The entries of every substance, and the instruments asked for."""

    index: Index
    instruments: tuple[Instrument, ...] = field(init=False)
    _entries: dict[str, list[tuple[Instrument, Entry]]] = field(init=False)

    def __post_init__(self) -> None:
        entries: dict[str, list[tuple[Instrument, Entry]]] = defaultdict(list)
        for instrument in self.index.watchlist.instruments:
            for entry in instrument.entries:
                for substance in entry.substances:
                    entries[substance].append((instrument, entry))
        object.__setattr__(self, "instruments", self.index.watchlist.instruments)
        object.__setattr__(self, "_entries", dict(entries))

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
        return tuple(dict.fromkeys(instrument.short for instrument, _ in self._entries.get(substance, ())))

    def applied(
        self, substance: str, facts: Facts, route: Route, checked: tuple[str, ...], *, ester: bool = False
    ) -> tuple[list[AppliedEntry], list[str]]:
        """Join a substance with the law.

        Args:
            substance: the substance's slug.
            facts: the record's day and amounts.
            route: whose law reaches it.
            checked: ids of the instruments that are asked.
            ester: the record names an ester of the substance: only entries whose clause covers esters apply.

        Returns:
            The entries in force (`begins <= day < ends`) that cover the record, each with its own verdict; and notes on
            entries that begin later.
        """
        applied: list[AppliedEntry] = []
        notes: list[str] = []
        for instrument, entry in self._entries.get(substance, ()):
            if instrument.id not in checked or (ester and not entry.clause.esters):
                continue
            movement = route.movements.get(instrument.jurisdiction)
            bound = movement in {Movement.EXPORT, Movement.IMPORT, Movement.DOMESTIC}
            if entry.movements and bound and movement not in entry.movements:
                continue
            if not is_in_force(entry, facts.day):
                if entry.begins is not None and entry.begins > facts.day:
                    notes.append(f"{instrument.short} covers it from {entry.begins.isoformat()}")
                continue
            weighed = _entry_verdict(instrument, entry, movement, facts)
            applied.append(
                AppliedEntry(
                    id=entry.id,
                    instrument=instrument.id,
                    jurisdiction=instrument.jurisdiction,
                    citation=entry.citation,
                    evidence=entry.evidence.value,
                    duties=entry.duties,
                    verdict=weighed.verdict,
                    why=weighed.why,
                    counted=weighed.counted,
                )
            )
        return applied, notes


def route_of(
    index: Index, origin: str | None, destination: str | None, transit: str | None, movement: str | None
) -> Route:
    """Read a record's route.

    Args:
        index: the watchlist, for the jurisdictions it has.
        origin: country of origin or export, as declared.
        destination: country of destination, as declared.
        transit: countries on the way, as declared, separated by commas, semicolons or bars.
        movement: export, import, transit or domestic, as declared.

    Returns:
        The route; the UN Conventions reach every one.
    """
    declared = [(Movement.EXPORT, origin), (Movement.IMPORT, destination)]
    declared += [(Movement.TRANSIT, place) for place in (transit or "").replace(";", ",").replace("|", ",").split(",")]
    known = {instrument.jurisdiction for instrument in index.watchlist.instruments}
    movements: dict[str, str | None] = {}
    unlisted: list[str] = []
    notes: list[str] = []
    for kind, place in declared:
        if not place or not place.strip():
            continue
        country = country_of(place)
        if country is None:
            notes.append(f"no country is known as '{place.strip()[:60]}'")
            unlisted.append(place.strip()[:60])
            continue
        law = jurisdiction_of(country)
        if law not in known:
            unlisted.append(country)
        elif law in movements and movements[law] != kind:
            movements[law] = Movement.DOMESTIC
        else:
            movements[law] = kind
    said = movement.strip().lower() if movement else None
    said = said if said in set(Movement) else None
    if not movements and not unlisted:
        return Route({instrument.jurisdiction: said for instrument in index.watchlist.instruments}, True)
    movements.setdefault(_EVERYWHERE, said)
    return Route(movements, False, tuple(dict.fromkeys(unlisted)), tuple(notes))


def _entry_verdict(instrument: Instrument, entry: Entry, movement: str | None, facts: Facts) -> Weighed:
    if instrument.kind is InstrumentKind.NOTICE:
        return Weighed(Verdict.REVIEW, "a notice, not law")
    if entry.evidence is Evidence.RECONSTRUCTED:
        return Weighed(Verdict.REVIEW, "the entry is reconstructed: its text was not seen in a primary source")
    limit = entry.clause.mixture_limit_percent
    if limit is not None and (why := not_above(facts.goods.share, limit)):
        return Weighed(Verdict.CONDITIONAL, why)
    return weigh(entry, movement, facts.goods, instrument.totals_of)
