"""Every day on which a line of law begins or ends: the day before, and the day itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.decisions import Decision
from app.domain.words import LegalNoteKind
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import ROOT
from app.watchlist.model import Entry, Instrument
from app.watchlist.read import read_watchlist

EVE = timedelta(days=1)
ABROAD = {"US": ("CN", "CO"), "EU": ("CN", "CH"), "CA": ("CN", "MX"), "IN": ("CN", "AE"), "UN": ("BR", "AR")}
"""Jurisdiction -> where its imports come from and its exports go to; none of them has a list here."""
HOME = {"US": "US", "EU": "DE", "CA": "CA", "IN": "IN", "UN": "BR"}


def record_of(entry: Entry, instrument: Instrument, screener: Screener) -> dict[str, str | None]:
    """Return goods that an entry covers, on a route on which it reaches them."""
    movement = next(iter(entry.movements), "export")
    if entry.destinations:
        movement = "export"
    home, (source, market) = HOME[instrument.jurisdiction], ABROAD[instrument.jurisdiction]
    if entry.destinations:
        market = entry.destinations.countries[0]
    origin, destination = {"import": (source, home), "domestic": (home, home)}.get(movement, (home, market))
    substances = screener.index.watchlist.substances
    listed = substances[screener.index.position[entry.substances[0]]]
    tablets = " TABLETS" if entry.clause.preparations == "only" else ""
    return {"description": f"{listed.name}{tablets}", "origin": origin, "destination": destination}


def days_of_change(*kinds: bool) -> list[object]:
    changes = []
    for instrument in read_watchlist(ROOT / "watchlists").instruments:
        for entry in instrument.entries:
            for day, begins in ((entry.begins, True), (entry.ends, False)):
                if day is not None and begins in kinds:
                    name = f"{entry.id} {'begins' if begins else 'ends'} {day.isoformat()}"
                    changes.append(pytest.param(instrument, entry, day, begins, id=name))
    return changes


def applied(decision: Decision, entry: Entry) -> set[str]:
    return {each.id for found in decision.findings for each in found.entries if found.substance_id in entry.substances}


@pytest.mark.parametrize(("instrument", "entry", "day", "begins"), days_of_change(True, False))
def test_a_line_holds_from_its_first_day_and_no_longer_on_the_day_it_ends(
    instrument: Instrument, entry: Entry, day: date, begins: bool, screener: Screener, today: Scope
) -> None:
    record = record_of(entry, instrument, screener)
    scope = replace(today, instruments=(instrument.id,))
    if day - EVE < (instrument.covers_from or date.min):
        pytest.skip("the day before, the law of the place is not here")
    eve = screener.decide({**record, "date": (day - EVE).isoformat()}, scope)
    first = screener.decide({**record, "date": day.isoformat()}, scope)
    assert (entry.id in applied(eve, entry)) is not begins, eve.reason
    assert (entry.id in applied(first, entry)) is begins, first.reason


@pytest.mark.parametrize(("instrument", "entry", "day", "begins"), days_of_change(True))
def test_the_day_before_says_from_when_goods_will_be_controlled(
    instrument: Instrument, entry: Entry, day: date, begins: bool, screener: Screener, today: Scope
) -> None:
    assert begins
    record = record_of(entry, instrument, screener)
    eve = screener.decide({**record, "date": (day - EVE).isoformat()}, replace(today, instruments=(instrument.id,)))
    found = next(each for each in eve.findings if each.substance_id == entry.substances[0])
    if found.entries:
        pytest.skip("another line of the same law covers it already")
    pending = [note.words for note in found.legal_notes if note.kind is LegalNoteKind.PENDING]
    when = f"in {entry.begins_known_to}" if entry.begins_known_to else f"on {day.isoformat()}"
    assert f"will be controlled {when}" in pending[0], "the nearest day is told first"
    assert f"will be controlled {when}" in eve.reason
