"""Every threshold of the law, below it, at it and above it."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.words import Evidence
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import ROOT
from app.watchlist.model import Entry, Instrument, Threshold
from app.watchlist.read import read_watchlist

DAY = date(2026, 11, 20)
ABROAD = {"US": ("CN", "MX"), "EU": ("CN", "CH"), "CA": ("CN", "MX"), "IN": ("CN", "AE")}
"""Jurisdiction -> where its imports come from and its exports go to; none of them has a list here."""
HOME = {"US": "US", "EU": "DE", "CA": "CA", "IN": "IN"}
STEPS = {"below": 0.999, "at": 1.0, "above": 1.001}


def route_of(jurisdiction: str, movement: str) -> tuple[str, str]:
    home, (source, market) = HOME[jurisdiction], ABROAD[jurisdiction]
    return {"export": (home, market), "import": (source, home), "domestic": (home, home)}[movement]


def expected(entry: Entry, threshold: Threshold, step: str) -> str:
    if entry.evidence is Evidence.RECONSTRUCTED:
        return "review"
    if threshold.only_if:
        return "conditional"
    if step == "at":
        return "conditional" if threshold.above else "controlled"
    return "controlled" if step == "above" or threshold.quantity == 0 else "conditional"


def thresholds() -> list[object]:
    cases = []
    for instrument in read_watchlist(ROOT / "watchlists").instruments:
        for entry in instrument.entries:
            for threshold in entry.thresholds:
                reached = entry.movements or ("export", "import", "domestic")
                movements = reached if threshold.movement == "any" else (threshold.movement,)
                for movement in movements:
                    if movement in {"export", "import", "domestic"} and movement not in entry.no_threshold:
                        name = f"{entry.id} {movement} {threshold.quantity:g} {threshold.unit}"
                        cases.append(pytest.param(instrument, entry, threshold, movement, id=name))
    return cases


@pytest.mark.parametrize(("instrument", "entry", "threshold", "movement"), thresholds())
def test_a_threshold_parts_what_is_below_from_what_is_above(
    instrument: Instrument, entry: Entry, threshold: Threshold, movement: str, screener: Screener, today: Scope
) -> None:
    origin, destination = route_of(instrument.jurisdiction, movement)
    transit = None
    if entry.destinations and destination not in entry.destinations.countries:
        if movement == "import":  # to be sent on
            transit = destination
        destination = entry.destinations.countries[0]
    scope = replace(today, as_of=DAY, instruments=(instrument.id,))
    substance = entry.substances[0]
    listed = next(each for each in screener.index.watchlist.substances if each.id == substance)
    for step, factor in STEPS.items():
        record = {
            "cas": listed.cas[0] if listed.cas else None,
            "description": None if listed.cas else listed.name,
            "quantity": f"{threshold.quantity * factor:.9f}",
            "unit": threshold.unit,
            "origin": origin,
            "destination": destination,
            "transit": transit,
        }
        found = [each for each in screener.decide(record, scope).findings if each.substance_id == substance]
        verdicts = {applied.id: applied.verdict.value for each in found for applied in each.entries}
        assert verdicts[entry.id] == expected(entry, threshold, step), (step, record)
