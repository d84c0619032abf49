"""The watchlist in figures: how many entries each instrument has, and how well they are evidenced."""

from collections import Counter
from dataclasses import dataclass

from app.domain.words import Evidence, InstrumentKind
from app.watchlist.model import Watchlist


@dataclass(frozen=True, slots=True)
class InstrumentSummary:
    """One instrument in figures."""

    id: str
    short: str
    jurisdiction: str
    kind: InstrumentKind
    read: str
    """The day its sources were read, ISO 8601."""
    entries: int
    substances: int
    """Different substances that its entries name."""
    evidence: dict[str, int]
    """Entries by grade, in the order of the grades; every grade is there."""


@dataclass(frozen=True, slots=True)
class WatchlistSummary:
    """The watchlist in figures."""

    release: str
    instruments: tuple[InstrumentSummary, ...]
    substances: int
    names: int
    languages: int
    """Languages with at least one name, codes and formulas not counted."""
    headings: int


def watchlist_summary(watchlist: Watchlist) -> WatchlistSummary:
    """Return a watchlist in figures, its instruments in the order of their ids."""
    instruments = []
    for instrument in sorted(watchlist.instruments, key=lambda item: item.id):
        grades = Counter(entry.evidence for entry in instrument.entries)
        instruments.append(
            InstrumentSummary(
                id=instrument.id,
                short=instrument.short,
                jurisdiction=instrument.jurisdiction,
                kind=instrument.kind,
                read=instrument.read.isoformat(),
                entries=len(instrument.entries),
                substances=len({slug for entry in instrument.entries for slug in entry.substances}),
                evidence={grade.value: grades[grade] for grade in Evidence},
            )
        )
    names = [name for substance in watchlist.substances for name in substance.names]
    return WatchlistSummary(
        release=watchlist.release,
        instruments=tuple(instruments),
        substances=len(watchlist.substances),
        names=len(names),
        languages=len({name.language for name in names} - {"zxx"}),
        headings=len(watchlist.headings),
    )
