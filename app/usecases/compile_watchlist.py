"""Check the watchlist's files, compile them, and say what they hold."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault, WatchlistFaultsError
from app.domain.words import Evidence
from app.screening.dictionary import keep_tables
from app.screening.made_once import find_kept
from app.screening.policy import Policy
from app.usecases.sheets import Sheet
from app.watchlist.compile import compile_index
from app.watchlist.index import open_index
from app.watchlist.model import Watchlist
from app.watchlist.read import read_watchlist


@dataclass(frozen=True, slots=True)
class Compiled:
    """An index ready for screening."""

    place: Path
    size: int
    """Bytes on disk."""
    seconds: float
    """How long it took; next to nothing where the index was there."""


def compile_watchlist(watchlists: Path, index_folder: Path, *, force: bool = False) -> Compiled:
    """Compile the watchlist, where that has not been done for these files and libraries.

    Args:
        watchlists: the folder of the watchlist's files.
        index_folder: where compiled indexes are kept.
        force: compile even where an index of the same digest is there.

    Returns:
        The index.

    Raises:
        WatchlistFaultsError: the files are at fault; nothing was written.
    """
    begun = time.monotonic()
    place = compile_index(watchlists, index_folder, force=force)
    if find_kept(place, Policy()) is None:
        keep_tables(open_index(index_folder, watchlists), Policy())
    size = sum(file.stat().st_size for file in place.iterdir())
    return Compiled(place, size, time.monotonic() - begun)


def check_watchlist(watchlists: Path) -> tuple[Fault, ...]:
    """Return every fault of the watchlist's files; none where they can be compiled.

    Args:
        watchlists: the folder of the watchlist's files.
    """
    try:
        read_watchlist(watchlists)
    except WatchlistFaultsError as error:
        return error.faults
    return ()


def list_watchlist(watchlists: Path) -> Sheet:
    """Return the instruments with their entries, counted by how well each entry is evidenced.

    Args:
        watchlists: the folder of the watchlist's files.

    Raises:
        WatchlistFaultsError: the files are at fault.
    """
    watchlist = read_watchlist(watchlists)
    rows = []
    total: Counter[Evidence] = Counter()
    for instrument in watchlist.instruments:
        evidence = Counter(entry.evidence for entry in instrument.entries)
        total += evidence
        rows.append(
            (
                instrument.id,
                instrument.jurisdiction,
                instrument.kind.value,
                instrument.short,
                instrument.read.isoformat(),
                *_counted(evidence),
            )
        )
    rows.append(("all", "", "", "", "", *_counted(total)))
    counted = ("entries", *(evidence.value for evidence in Evidence))
    headings = ("instrument", "jurisdiction", "kind", "title", "read", *counted)
    return Sheet("Watchlist", headings, tuple(rows), frozenset(counted), _size(watchlist))


def _counted(evidence: Counter[Evidence]) -> tuple[str, ...]:
    return (str(evidence.total()), *(str(evidence[grade]) for grade in Evidence))


def _size(watchlist: Watchlist) -> str:
    names = sum(len(substance.names) for substance in watchlist.substances)
    return (
        f"release {watchlist.release[:12]}: {len(watchlist.substances)} substances, {names:,} hand-kept names, "
        f"{len(watchlist.headings)} HS subheadings"
    )
