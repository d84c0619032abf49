"""Cases in an officer's words: each pins a provision of law or of the contract."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.decisions import Decision
from app.domain.words import ALARMS
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.watchlist.index import Index

FOLDER = Path(__file__).parents[1] / "cases"


def _dated(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the day before, the first day and the day after of each instrument that covers a substance."""
    cases = []
    for first in group["days"]:
        for step, verdict in ((-1, first["before"]), (0, "controlled"), (1, "controlled")):
            day = first["day"] + timedelta(days=step)
            origin, destination = first["route"]
            when = ("the day before", "the first day", "the day after")[step + 1]
            case = {
                "says": f"{group['substance']} under {first['instrument']}, {when} it is listed",
                "pins": first["pins"],
                "record": {
                    **group["record"],
                    "origin": origin,
                    "destination": destination,
                    "date": day.isoformat(),
                },
                "instruments": [first["instrument"]],
                "verdict": verdict,
                "date_of_law": day.isoformat(),
            }
            if verdict in ALARMS:
                case["substances"] = [group["substance"]]
            cases.append(case)
    return cases


def _limited(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an amount below, at and above each threshold of an instrument."""
    cases = []
    for limit in group["thresholds"]:
        origin, destination = limit.get("route", group["route"])
        for where, amount in (("below", limit["below"]), ("at", limit["at"]), ("above", limit["above"])):
            reached = where == "above" or (where == "at" and not group["begins_above"])
            cases.append(
                {
                    "says": f"{amount} {limit['unit']} of {limit['goods']}, {where} the threshold of {limit['entry']} "
                    f"for {group['movement']}",
                    "pins": f"{group['pins']}: {limit['at']} {limit['unit']}",
                    "record": {
                        "description": limit["goods"],
                        "origin": origin,
                        "destination": destination,
                        "quantity": amount,
                        "unit": limit["unit"],
                        "date": "2025-10-01",
                    },
                    "instruments": [limit["entry"].partition("/")[0]],
                    "verdict": "alarm",
                    "entry_verdicts": {limit["entry"]: "controlled" if reached else "conditional"},
                }
            )
    return cases


def _cases() -> list[dict[str, Any]]:
    cases = []
    for path in sorted(FOLDER.glob("*.toml")):
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
        found = sheet.get("case", []) + [case for group in sheet.get("dated", []) for case in _dated(group)]
        found += [case for group in sheet.get("limited", []) for case in _limited(group)]
        cases += [{"pins": sheet.get("pins"), **case, "sheet": path.stem} for case in found]
    return cases


def _parameters() -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{case['sheet']}: {case['says']}",
        )
        for case in _cases()
    ]


def _record(case: dict[str, Any]) -> dict[str, str | None]:
    record = dict(case["record"])
    if "then" in record:  # long texts are written as what they repeat
        text = record["description"] * record.pop("repeated") + record.pop("then") * record.pop("then_repeated", 1)
        record["description"] = text
    if "smiles_repeated" in record:
        record["smiles"] *= record.pop("smiles_repeated")
    return record


def _agrees(verdict: str, expected: str) -> bool:
    if expected == "alarm":
        return verdict in ALARMS
    if expected == "not_alarm":
        return verdict not in ALARMS
    return verdict == expected


def _check(case: dict[str, Any], decision: Decision) -> None:
    shown = f"{decision.verdict.value}: {decision.reason} {decision.findings}"
    assert _agrees(decision.verdict.value, case["verdict"]), shown
    alarms = [finding for finding in decision.findings if finding.verdict in ALARMS]
    named = {finding.substance_id for finding in alarms}
    entries = {entry.id for finding in alarms for entry in finding.entries}
    verdicts = {entry.id: entry.verdict.value for finding in alarms for entry in finding.entries}
    channels = {channel for finding in alarms for channel in finding.channels}
    if "any_of" in case:
        assert named & set(case["any_of"]), shown
    elif "substances" in case or case["verdict"] in {"not_listed", "not_alarm", "undetermined"}:
        assert named == set(case.get("substances", [])), shown
    assert set(case.get("entries", [])) <= entries, shown
    assert not set(case.get("no_entries", [])) & entries, shown
    assert case.get("entry_verdicts", {}).items() <= verdicts.items(), shown
    whys = " ".join(entry.why for finding in alarms for entry in finding.entries)
    assert case.get("why", "") in whys, shown
    notes = " ".join(note for finding in decision.findings for note in finding.notes)
    assert case.get("note", "") in notes, shown
    against = [words for finding in decision.findings for words in finding.contradictions]
    assert case.get("contradictions", against) == against, shown
    assert set(case.get("channels", [])) <= channels, shown
    assert case.get("reason", "") in decision.reason, shown
    assert case.get("date_of_law", decision.date_of_law) == decision.date_of_law
    assert case.get("date_from", decision.date_from) == decision.date_from
    verdicts = {entry.id: entry.verdict.value for finding in decision.findings for entry in finding.entries}
    for entry, verdict in case.get("entry_verdicts", {}).items():
        assert verdicts.get(entry, "does not apply") == verdict, shown
    places = {place.place: place.verdict.value for place in decision.places}
    for place, verdict in case.get("places", {}).items():
        assert places[place] == verdict, decision.places
    due = {place.place: list(place.duties) for place in decision.places}
    for place, duties in case.get("duties", {}).items():
        assert due[place] == duties, decision.places
    reasoning = " ".join(step for finding in decision.findings for step in finding.reasoning)
    for words in case.get("reasoning", []):
        assert words in reasoning, reasoning
    said = " ".join(decision.not_checked).replace(",", "")
    assert case.get("not_checked", "") in said, decision.not_checked


@pytest.mark.parametrize("case", _parameters())
def test_the_case_is_decided_as_the_law_and_the_contract_say(
    case: dict[str, Any], screener: Screener, today: Scope
) -> None:
    instruments = tuple(case["instruments"]) if "instruments" in case else None
    scope = replace(today, as_of=case.get("as_of"), instruments=instruments)
    _check(case, screener.decide(_record(case), scope))


def test_every_case_says_what_it_pins_and_none_is_told_twice() -> None:
    cases = _cases()
    assert len(cases) >= 300
    assert all(case["pins"] for case in cases)
    told = [case["says"] for case in cases]
    assert len(set(told)) == len(told)


def test_every_entry_of_every_instrument_is_told_by_a_case(index: Index) -> None:
    told = {entry for case in _cases() for key in ("entries", "entry_verdicts") for entry in case.get(key, ())}
    known = {entry.id for instrument in index.watchlist.instruments for entry in instrument.entries}
    assert known - told == set()
    assert {entry for case in _cases() for key in _ENTRY_KEYS for entry in case.get(key, ())} <= known


_ENTRY_KEYS = ("entries", "no_entries", "entry_verdicts")
