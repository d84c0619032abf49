"""The watchlist's folder read whole: every fault of it in one report, or everything that is in it."""

from pathlib import Path

from app.domain.errors import Fault, WatchlistFaultsError
from app.watchlist.check import Draft, faults_of
from app.watchlist.dangerous import read_dangerous
from app.watchlist.exclusions import EXCLUSIONS, NOTHING, exclusions_of
from app.watchlist.files import list_files, read_document, release_of
from app.watchlist.headings import NO_TARIFF, read_tariff
from app.watchlist.law import read_instrument
from app.watchlist.model import DangerousGoods, Instrument, Name, Substance, Watchlist
from app.watchlist.substances import read_names, read_substance, with_names

__all__ = ["read_watchlist", "release_of"]

INSTRUMENTS = "instruments"
SUBSTANCES = "substances"
NAMES = "names"
HEADINGS = "hs.toml"
DANGEROUS = "un.toml"
REFUSED_NAMES = "names/refused.toml"
"""What the tables of names were made without; read here only for being TOML."""


def read_watchlist(folder: Path) -> Watchlist:
    """Read a watchlist's folder.

    Args:
        folder: the folder with instruments/, substances/, names/, hs.toml, un.toml and exclusions.toml.

    Returns:
        Everything in it, checked: substances, instruments and headings in the order of their files, entries and names
        in the order in which they are written; names of names/ behind a substance's own.

    Raises:
        WatchlistError: the folder is not there or holds no watchlist.
        WatchlistFaultsError: the files are refused; `faults` has every fault of the folder, not only the first.
    """
    faults: list[Fault] = []
    draft = _read_draft(folder, faults)
    faults += faults_of(draft)
    if faults:
        raise WatchlistFaultsError(tuple(faults))
    tariff = draft.tariff
    headings = tuple(item.heading for item in tariff.headings)
    return Watchlist(
        draft.substances,
        draft.instruments,
        headings,
        release_of(folder),
        former_codes=tariff.former,
        elsewhere=tariff.elsewhere,
        not_here=draft.exclusions.not_here,
        dangerous=draft.dangerous,
    )


def _read_draft(folder: Path, faults: list[Fault]) -> Draft:
    """Read every file; a file that cannot be read is a fault and is left out."""
    substances: dict[str, Substance] = {}
    instruments: list[Instrument] = []
    tariff = NO_TARIFF
    exclusions = NOTHING
    dangerous: tuple[DangerousGoods, ...] = ()
    names: dict[str, list[Name]] = {}
    known: set[str] = set()
    for path in list_files(folder):
        name = path.relative_to(folder).as_posix()
        room = path.relative_to(folder).parent.as_posix()
        if room == NAMES and path.suffix == ".csv":
            for slug, more in read_names(folder, path, faults).items():
                names.setdefault(slug, []).extend(more)
            continue
        if path.suffix != ".toml" or not (
            room in (INSTRUMENTS, SUBSTANCES) or name in (HEADINGS, DANGEROUS, EXCLUSIONS, REFUSED_NAMES)
        ):
            faults.append(Fault(name, "a watchlist has no place for this file"))
            continue
        if room == SUBSTANCES:
            known.add(path.stem)
        document = read_document(folder, path, faults)
        if document is None:
            continue
        if room == SUBSTANCES:
            substances[path.stem] = read_substance(document, faults)
        elif room == INSTRUMENTS:
            instruments.append(read_instrument(document, faults))
        elif name == HEADINGS:
            tariff = read_tariff(document, faults)
        elif name == DANGEROUS:
            dangerous = read_dangerous(document, faults)
        elif name == EXCLUSIONS:
            exclusions = exclusions_of(document, faults)
    faults += [Fault(f"{NAMES}/", f"no substance is called {slug!r}") for slug in names if slug not in known]
    return Draft(
        substances=tuple(with_names(item, names.get(slug, [])) for slug, item in substances.items()),
        instruments=tuple(instruments),
        tariff=tariff,
        dangerous=dangerous,
        exclusions=exclusions,
        known=frozenset(known),
    )
