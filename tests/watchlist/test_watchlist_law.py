"""The law of this repository: complete, counted and dated."""

import csv
import os
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.domain.words import Evidence
from app.watchlist.exclusions import read_exclusions
from app.watchlist.force import is_in_force
from app.watchlist.model import Entry, Watchlist
from app.watchlist.read import read_watchlist
from app.watchlist.summary import watchlist_summary

REPOSITORY = Path(__file__).parents[2]
WATCHLISTS = REPOSITORY / "watchlists"
LISTS = Path(os.environ.get("SHARED_LISTS", REPOSITORY / "../shared/reference/lists"))

ROWS = {
    "un1988.csv": 51,
    "us_dea.csv": 53,
    "eu.csv": 62,
    "india_ndps.csv": 97,
    "india_dgft_2013.csv": 9,
    "canada_pcr.csv": 55,
    "incb_issl.csv": 5,
    "hs_codes.csv": 58,
}
"""Rows of each source list, as they were handed over."""

EVIDENCE = {
    "ca-cdsa-vi": {"primary": 56, "secondary": 0, "reconstructed": 7},
    "eu-111-2005": {"primary": 64, "secondary": 0, "reconstructed": 0},
    "eu-273-2004": {"primary": 62, "secondary": 0, "reconstructed": 0},
    "in-itchs-2013": {"primary": 8, "secondary": 1, "reconstructed": 0},
    "in-rcs-2013": {"primary": 0, "secondary": 43, "reconstructed": 56},
    "incb-issl": {"primary": 0, "secondary": 5, "reconstructed": 0},
    "un-1988": {"primary": 11, "secondary": 43, "reconstructed": 1},
    "us-cfr-1310": {"primary": 51, "secondary": 6, "reconstructed": 2},
}


def entries_of(watchlist: Watchlist, instrument: str) -> list[Entry]:
    return [entry for item in watchlist.instruments if item.id == instrument for entry in item.entries]


def lists_on(watchlist: Watchlist, instrument: str, substance: str, on: date) -> list[str]:
    return [
        entry.list
        for entry in entries_of(watchlist, instrument)
        if substance in entry.substances and is_in_force(entry, on)
    ]


def rows_used(watchlist: Watchlist) -> Counter[str]:
    return Counter(
        row.partition(":")[0]
        for row in {row for item in watchlist.instruments for entry in item.entries for row in entry.source_row.split()}
    )


def test_every_row_of_every_source_list_is_carried_or_excluded(watchlist: Watchlist) -> None:
    exclusions = read_exclusions(WATCHLISTS)
    assert {source.file: source.rows for source in exclusions.sources} == ROWS
    excluded = Counter(row.source_row.partition(":")[0] for row in exclusions.rows)
    used = rows_used(watchlist)
    carried = {file: used[file] + excluded[file] for file in ROWS if file != "hs_codes.csv"}
    assert carried == {file: rows for file, rows in ROWS.items() if file != "hs_codes.csv"}
    assert len(watchlist.headings) + excluded["hs_codes.csv"] == ROWS["hs_codes.csv"]


@pytest.mark.skipif(not LISTS.is_dir(), reason="the source lists are not on this machine (SHARED_LISTS)")
@pytest.mark.parametrize("file", ROWS)
def test_the_source_lists_have_the_rows_that_were_counted(file: str) -> None:
    with (LISTS / file).open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == ROWS[file]


@pytest.mark.skipif(not LISTS.is_dir(), reason="the source lists are not on this machine (SHARED_LISTS)")
@pytest.mark.parametrize(
    ("file", "skip"),
    [("un1988.csv", ()), ("us_dea.csv", ()), ("eu.csv", ()), ("india_ndps.csv", ()), ("canada_pcr.csv", (55,))],
)
def test_a_row_with_a_cas_number_became_an_entry_for_the_substance_of_that_number(
    file: str, skip: tuple[int, ...], watchlist: Watchlist
) -> None:
    owner = {cas: substance.id for substance in watchlist.substances for cas in substance.cas}
    carried: dict[str, set[str]] = {}
    for item in watchlist.instruments:
        for entry in item.entries:
            for row in entry.source_row.split():
                carried.setdefault(row, set()).update(entry.substances)
    with (LISTS / file).open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 1):
            if row["cas"] and number not in skip:
                assert owner[row["cas"]] in carried[f"{file}:{number}"], (file, number, row["name"])


@pytest.mark.skipif(not LISTS.is_dir(), reason="the source lists are not on this machine (SHARED_LISTS)")
def test_no_entry_claims_more_evidence_than_its_row(watchlist: Watchlist) -> None:
    verified = {}
    for file in ROWS:
        with (LISTS / file).open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 1):
                verified[f"{file}:{number}"] = row["verified"]
    order = ["no", "partial", "yes"]
    for item in watchlist.instruments:
        for entry in item.entries:
            for row in entry.source_row.split():
                assert order.index(entry.verified) <= order.index(verified[row]), entry.id


def test_the_grades_of_evidence_of_each_instrument_are_counted(watchlist: Watchlist) -> None:
    assert {item.id: item.evidence for item in watchlist_summary(watchlist).instruments} == EVIDENCE


def test_the_first_serials_of_the_indian_schedules_are_reconstructed(watchlist: Watchlist) -> None:
    grades = Counter(
        (entry.list, "1-27" if "serial 1-27" in entry.citation else "28-45", entry.evidence.value)
        for entry in entries_of(watchlist, "in-rcs-2013")
        if entry.list in "BC" and not entry.id.endswith("-oils")
    )
    assert grades == {
        ("B", "1-27", "reconstructed"): 27,
        ("B", "28-45", "secondary"): 18,
        ("C", "1-27", "reconstructed"): 27,
        ("C", "28-45", "secondary"): 18,
    }


def test_a_schedule_reaches_only_its_movement(watchlist: Watchlist) -> None:
    reached = {(entry.list, entry.movements) for entry in entries_of(watchlist, "in-rcs-2013")}
    assert reached == {("A", ("domestic",)), ("B", ("export",)), ("C", ("import",))}
    assert {entry.movements for entry in entries_of(watchlist, "in-itchs-2013")} == {("export",)}


@pytest.mark.parametrize(
    ("substance", "day", "lists"),
    [
        ("acetic-anhydride", date(1990, 11, 10), []),
        ("acetic-anhydride", date(1990, 11, 11), ["II"]),
        ("acetic-anhydride", date(2000, 12, 31), ["II"]),
        ("acetic-anhydride", date(2001, 1, 1), ["I"]),
        ("potassium-permanganate", date(1991, 12, 31), []),
        ("potassium-permanganate", date(1992, 1, 1), ["II"]),
        ("potassium-permanganate", date(2001, 1, 1), ["I"]),
        ("phenylacetic-acid", date(2010, 8, 31), ["II"]),
        ("phenylacetic-acid", date(2010, 9, 1), ["I"]),
        ("4-piperidone", date(2024, 12, 2), []),
        ("4-piperidone", date(2024, 12, 3), ["I"]),
        ("bmk-tert-butyl-glycidate", date(2024, 12, 3), ["I"]),
    ],
)
def test_the_table_of_the_convention_a_substance_is_on_by_day(
    substance: str, day: date, lists: list[str], watchlist: Watchlist
) -> None:
    assert lists_on(watchlist, "un-1988", substance, day) == lists


@pytest.mark.parametrize(
    ("instrument", "substance", "day", "lists"),
    [
        ("us-cfr-1310", "1-boc-4-anilinopiperidine", date(2020, 5, 14), []),
        ("us-cfr-1310", "1-boc-4-anilinopiperidine", date(2020, 5, 15), ["I"]),
        ("us-cfr-1310", "1-boc-4-anilinopiperidine", date(2022, 11, 9), ["I"]),
        ("us-cfr-1310", "4-fluoroanilinopiperidine", date(2023, 11, 29), []),
        ("us-cfr-1310", "4-fluoroanilinopiperidine", date(2023, 11, 30), ["I"]),
        ("us-cfr-1310", "bmk-ethyl-glycidate", date(2026, 5, 3), []),
        ("us-cfr-1310", "bmk-ethyl-glycidate", date(2026, 5, 4), ["I"]),
        ("us-cfr-1310", "mapa", date(2021, 12, 19), []),
        ("us-cfr-1310", "mapa", date(2021, 12, 20), ["I"]),
        ("us-cfr-1310", "ephedrine", date(1995, 1, 1), ["I"]),
        ("eu-111-2005", "4-piperidone", date(2025, 8, 13), []),
        ("eu-111-2005", "4-piperidone", date(2025, 8, 14), ["1"]),
        ("eu-111-2005", "ephedrine", date(2013, 12, 29), ["1"]),
        ("eu-111-2005", "ephedrine", date(2013, 12, 30), ["1", "4"]),
        ("eu-273-2004", "red-phosphorus", date(2021, 1, 12), []),
        ("eu-273-2004", "red-phosphorus", date(2021, 1, 13), ["2A"]),
        ("in-rcs-2013", "4-piperidone", date(2025, 1, 22), []),
        ("in-rcs-2013", "4-piperidone", date(2025, 1, 23), ["B", "C"]),
        ("in-itchs-2013", "isosafrole", date(2013, 12, 2), []),
        ("in-itchs-2013", "isosafrole", date(2013, 12, 3), ["Chapter 29"]),
        ("ca-cdsa-vi", "phenethyl-bromide", date(2026, 4, 11), []),
        ("ca-cdsa-vi", "phenethyl-bromide", date(2026, 4, 12), ["Part 1"]),
        ("ca-cdsa-vi", "3-4-mdp-2-p", date(2019, 5, 14), ["Part 1"]),
        ("ca-cdsa-vi", "r-29676", date(2026, 6, 4), []),
        ("ca-cdsa-vi", "r-29676", date(2027, 6, 4), ["Schedule V"]),
        ("ca-cdsa-vi", "r-29676", date(2027, 6, 5), []),
    ],
)
def test_the_lists_a_substance_is_on_by_day(
    instrument: str, substance: str, day: date, lists: list[str], watchlist: Watchlist
) -> None:
    assert lists_on(watchlist, instrument, substance, day) == lists


def test_thresholds_are_numbers_with_the_words_beside_them(watchlist: Watchlist) -> None:
    found = {entry.id: entry for item in watchlist.instruments for entry in item.entries}
    acetic = {(t.quantity, t.unit, t.period) for t in found["us-cfr-1310/1310.02-b-1"].thresholds}
    assert acetic == {(1023.0, "kg", "month"), (946.352946, "L", "month")}
    assert pytest.approx(250 * 3.785411784, abs=1e-9) == 946.352946, "250 US gallons"
    assert [t.quantity for t in found["us-cfr-1310/1310.02-a-5"].thresholds] == [0.01]
    assert [(t.quantity, t.unit, t.period) for t in found["eu-273-2004/2a-red-phosphorus"].thresholds] == [
        (0.1, "kg", "year")
    ]
    assert [(t.quantity, t.period) for t in found["ca-cdsa-vi/part-1-4"].thresholds] == [(0.0004, "package")]
    assert all(t.words for entry in found.values() for t in entry.thresholds)


def test_a_movement_for_which_every_amount_counts_has_no_threshold_above_nothing(watchlist: Watchlist) -> None:
    for item in watchlist.instruments:
        for entry in item.entries:
            amounts = {t.movement for t in entry.thresholds if t.quantity > 0}
            assert not amounts & set(entry.no_threshold), entry.id
            assert not (entry.no_threshold and "any" in amounts), entry.id


def test_what_the_united_states_schedule_as_drugs_is_said_not_to_be_listed(watchlist: Watchlist) -> None:
    said = {slug for note in read_exclusions(WATCHLISTS).not_here for slug in note.substances}
    assert said == {"1-phenyl-2-propanone", "anpp", "norfentanyl", "lysergic-acid"}
    listed = {slug for entry in entries_of(watchlist, "us-cfr-1310") for slug in entry.substances}
    assert not said & listed


def test_oils_and_plants_stand_where_the_law_names_them(watchlist: Watchlist) -> None:
    where = {
        slug: {entry.id for item in watchlist.instruments for entry in item.entries if slug in entry.substances}
        for slug in ("sassafras-oil", "ephedra")
    }
    assert where["sassafras-oil"] == {
        "ca-cdsa-vi/part-1-17-oil",
        "eu-111-2005/1-safrole-natural",
        "eu-273-2004/1-safrole-natural",
        "in-rcs-2013/B-safrole-oils",
        "in-rcs-2013/C-safrole-oils",
        "un-1988/I-safrole-natural",
        "us-cfr-1310/1310.02-a-18-oil",
    }
    graded = {entry.id: entry.evidence for item in watchlist.instruments for entry in item.entries}
    assert graded["un-1988/I-safrole-natural"] is Evidence.RECONSTRUCTED
    assert graded["us-cfr-1310/1310.02-a-18-oil"] is Evidence.RECONSTRUCTED
    assert where["ephedra"] == {
        "ca-cdsa-vi/part-1-4-plant",
        "eu-111-2005/1-ephedrine-natural",
        "eu-273-2004/1-ephedrine-natural",
    }


def test_every_substance_but_the_one_excluded_stands_in_an_instrument(watchlist: Watchlist) -> None:
    listed = {slug for item in watchlist.instruments for entry in item.entries for slug in entry.substances}
    assert {substance.id for substance in watchlist.substances} - listed == {"2-chlorophenyl-cyclopentyl-ketone"}


def test_a_heading_that_names_a_substance_is_told_from_a_residual_one(watchlist: Watchlist) -> None:
    named = {heading.code: heading.names_substance for heading in watchlist.headings}
    assert named["291524"] is True
    assert named["293339"] is False
    assert sum(named.values()) == 38
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in named)


def test_the_whole_watchlist_is_read_in_two_seconds(watchlist: Watchlist) -> None:
    began = time.process_time()
    assert read_watchlist(WATCHLISTS) == watchlist
    assert time.process_time() - began < 2
