"""Read the watchlist by law and by time."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import UnknownNameError
from app.usecases.pages import Page, cut_page
from app.watchlist.model import Entry, Instrument, Watchlist


@dataclass(frozen=True, slots=True)
class ReleaseContents:
    """A release and what is in it, counted."""

    release: str
    substances: int
    names: int
    instruments: int
    entries: int
    newest_reading: date | None
    """The day the most recently read instrument was read; None without instruments."""


def list_instruments(watchlist: Watchlist, after: str | None, limit: int) -> Page[Instrument]:
    """Return instruments in the order of their ids, after the last one already seen."""
    return cut_page(watchlist.instruments, lambda instrument: instrument.id, after, limit)


def list_entries(watchlist: Watchlist, instrument_id: str, on: date, after: str | None, limit: int) -> Page[Entry]:
    """Return the entries of an instrument that are in force on a day.

    Args:
        watchlist: as loaded.
        instrument_id: whose entries.
        on: the day; an entry is in force from `begins` until the day before `ends`.
        after: the id of the last entry already seen.
        limit: at most so many.

    Raises:
        UnknownNameError: there is no instrument with this id.
    """
    for instrument in watchlist.instruments:
        if instrument.id == instrument_id:
            in_force = (entry for entry in instrument.entries if is_in_force(entry, on))
            return cut_page(in_force, lambda entry: entry.id, after, limit)
    raise UnknownNameError("instrument", instrument_id, tuple(sorted(each.id for each in watchlist.instruments)))


def is_in_force(entry: Entry, on: date) -> bool:
    """Return whether `begins <= on < ends`; an end that is open holds for ever."""
    return (entry.begins is None or entry.begins <= on) and (entry.ends is None or on < entry.ends)


def describe_release(watchlist: Watchlist) -> ReleaseContents:
    """Count what is in a release."""
    return ReleaseContents(
        release=watchlist.release,
        substances=len(watchlist.substances),
        names=sum(len(substance.names) for substance in watchlist.substances),
        instruments=len(watchlist.instruments),
        entries=sum(len(instrument.entries) for instrument in watchlist.instruments),
        newest_reading=max((instrument.read for instrument in watchlist.instruments), default=None),
    )
