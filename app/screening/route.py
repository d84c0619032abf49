"""Whose law reaches a record: the places of its route, each with the movement seen from there."""

from dataclasses import dataclass, field
from datetime import date

from app.domain.words import Movement, Role
from app.screening.places import country_of, jurisdiction_of
from app.watchlist.index import Index

TREATY = "UN"
"""The jurisdiction whose instruments reach every record."""
NO_LIST = "no list here"
"""What is said of a place whose law is not in the watchlist."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a route."""

    country: str
    """ISO 3166-1 alpha-2 code, `EU`, `UN`, or the words of the record where no country is known by them."""
    role: Role
    law: str | None
    """The jurisdiction whose instruments answer for it; None where there is no list here for the day."""
    gap: str = ""
    """What is not here, where there is no law."""


@dataclass(frozen=True, slots=True, eq=False)  # routes are kept and compared by identity
class Route:
    """Whose law reaches a record, and as which movement."""

    movements: dict[str, str | None]
    """Jurisdiction -> movement seen from there; None where it is not known."""
    everything: bool
    """True where nothing of the route is known: every instrument is checked."""
    places: tuple[Place, ...]
    """Origin, destination, transit, and the UN Conventions last."""
    destination: str | None = None
    """ISO 3166-1 alpha-2 code, None where it is not known."""
    notes: tuple[str, ...] = ()
    gaps: dict[str, str] = field(init=False)
    """Places whose law is not in the watchlist, as they are shown, and what is not here for each."""
    words: str = field(init=False)
    """The route in words."""

    def __post_init__(self) -> None:
        gaps = {place.country: place.gap for place in self.places if place.law is None}
        places = (f"{place.role.value} {place.country}" for place in self.places if place.role is not Role.TREATY)
        everything = "no route is declared: every loaded instrument was asked"
        object.__setattr__(self, "gaps", gaps)
        object.__setattr__(self, "words", everything if self.everything else ", ".join(places))


def route_of(
    index: Index, origin: str | None, destination: str | None, transit: str | None, movement: str | None, day: date
) -> Route:
    """Read a record's route.

    Args:
        index: the watchlist, for the jurisdictions it has.
        origin: country of origin or export, as declared.
        destination: country of destination, as declared.
        transit: countries on the way, as declared, separated by commas, semicolons or bars.
        movement: export, import, transit or domestic, as declared.
        day: the day of law; members join and leave the European Union.

    Returns:
        The route; the UN Conventions reach every one.
    """
    declared = [(Role.ORIGIN, origin), (Role.DESTINATION, destination)]
    declared += [(Role.TRANSIT, place) for place in (transit or "").replace(";", ",").replace("|", ",").split(",")]
    begins: dict[str, date] = {}
    for instrument in index.watchlist.instruments:
        first = instrument.covers_from or date.min
        begins[instrument.jurisdiction] = min(first, begins.get(instrument.jurisdiction, first))
    movements: dict[str, str | None] = {}
    places: list[Place] = []
    notes: list[str] = []
    arrives = None
    for role, words in declared:
        if not words or not words.strip():
            continue
        country = country_of(words)
        if country is None:
            notes.append(f"no country is known as '{words.strip()[:60]}'")
            places.append(Place(words.strip()[:60], role, None, NO_LIST))
            continue
        law = jurisdiction_of(country, day)
        places.append(_place(country, role, law, begins, day))
        arrives = country if role is Role.DESTINATION else arrives
        if law in begins:
            seen = _SEEN_FROM[role]
            met = movements.get(law, seen)
            # Goods that leave and arrive under one law never leave it; passing through it changes neither.
            movements[law] = met if seen is Movement.TRANSIT or met == seen else Movement.DOMESTIC
    said = movement.strip().lower() if movement else None
    said = said if said in set(Movement) else None
    if not places:
        roles = {law: Role.TREATY if law == TREATY else Role.ANY for law in begins}
        everywhere = tuple(_place(law, role, law, begins, day) for law, role in roles.items())
        return Route(dict.fromkeys(begins, said), True, everywhere)
    movements.setdefault(TREATY, said)
    places.append(_place(TREATY, Role.TREATY, TREATY, begins, day))
    return Route(movements, False, tuple(dict.fromkeys(places)), arrives, tuple(notes))


def _place(country: str, role: Role, law: str, begins: dict[str, date], day: date) -> Place:
    """Return a place with its law, or with what is not here: a list at all, or the law of so early a day."""
    if law not in begins:
        return Place(country, role, None, NO_LIST)
    if day < begins[law]:
        return Place(country, role, None, f"no law before {begins[law].isoformat()} here")
    return Place(country, role, law)


_SEEN_FROM = {
    Role.ORIGIN: Movement.EXPORT,
    Role.DESTINATION: Movement.IMPORT,
    Role.TRANSIT: Movement.TRANSIT,
}
