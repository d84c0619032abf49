"""Read the watchlist by substance."""

import unicodedata
from dataclasses import dataclass

from app.chemistry.depict import structure_svg
from app.domain.errors import UnknownNameError
from app.usecases.pages import Page, cut_page
from app.watchlist.model import Entry, Substance, Watchlist

WIDTH, HEIGHT = 320, 240
"""Pixels of a drawn structure."""


@dataclass(frozen=True, slots=True)
class ListedSubstance:
    """A substance and every line of law that names it, whether in force or not."""

    substance: Substance
    entries: tuple[Entry, ...]


def find_substances(watchlist: Watchlist, words: str | None, after: str | None, limit: int) -> Page[Substance]:
    """Find substances by part of a name or number.

    Args:
        watchlist: as loaded.
        words: found anywhere in the slug, a name in any language, or a CAS, EC or UN number, whatever the case; None
            or blank finds all.
        after: the id of the last substance already seen.
        limit: at most so many.

    Returns:
        In the order of their ids.
    """
    wanted = _plain(words or "").strip()
    return cut_page(
        (each for each in watchlist.substances if not wanted or any(wanted in _plain(text) for text in _texts(each))),
        lambda substance: substance.id,
        after,
        limit,
    )


def read_substance(watchlist: Watchlist, substance_id: str) -> ListedSubstance:
    """Return one substance with its entries.

    Raises:
        UnknownNameError: there is no substance with this id.
    """
    for substance in watchlist.substances:
        if substance.id == substance_id:
            entries = (entry for instrument in watchlist.instruments for entry in instrument.entries)
            return ListedSubstance(substance, tuple(entry for entry in entries if substance_id in entry.substances))
    raise UnknownNameError("substance", substance_id)


def draw_substance(watchlist: Watchlist, substance_id: str) -> str:
    """Return the structure of a substance as SVG.

    Raises:
        UnknownNameError: there is no substance with this id, or it has no structure.
    """
    substance = read_substance(watchlist, substance_id).substance
    if substance.smiles is None:
        raise UnknownNameError("structure", substance_id)
    return structure_svg(substance.smiles, width=WIDTH, height=HEIGHT)


def _texts(substance: Substance) -> list[str]:
    names = (name.text for name in substance.names)
    forms = (text for form in substance.forms for text in (form.cas, form.name))
    return [substance.id, substance.name, *substance.cas, *substance.ec, *substance.un, *names, *forms]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
