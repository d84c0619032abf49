"""Whether a line of law holds on a day: the one place that states the boundary."""

from datetime import date

from app.watchlist.model import Entry


def is_in_force(entry: Entry, on: date) -> bool:
    """Tell whether an entry is in force on a day.

    Args:
        entry: the entry; no `begins` means as far back as the evidence goes, no `ends` that it still holds.
        on: the day asked about.

    Returns:
        True where `begins <= on < ends`: an entry holds on its first day, and no longer on the day it ends.
    """
    return (entry.begins is None or entry.begins <= on) and (entry.ends is None or on < entry.ends)
