"""The public quality set: what it promises to be."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.chemistry.cas import cas_is_valid
from app.domain.records import FIELDS
from app.usecases.quality_sets import Expectation, read_quality_sets, records_of

ROOT = Path(__file__).resolve().parents[2]
QUALITY = ROOT / "quality"
NOWHERE = ROOT / "nowhere"


def rows_of(name: str) -> list[dict[str, str]]:
    with (QUALITY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_the_development_sets_the_public_one_is_used_alone_and_that_is_said():
    sets = read_quality_sets(NOWHERE, QUALITY)
    assert len(sets.notes) == 1
    assert "public set is used alone" in sets.notes[0]
    assert all(row.set.startswith("public-") for row in sets.rows)


def test_it_has_about_two_thousand_rows_in_every_set():
    counts = Counter(row.set for row in read_quality_sets(NOWHERE, QUALITY).rows)
    assert 2_000 <= counts.total() <= 3_000
    assert min(counts.values()) >= 30


@pytest.mark.parametrize("name", ["names.csv", "structures.csv"])
def test_every_row_has_a_number_of_its_own_and_says_where_it_is_from(name: str):
    rows = rows_of(name)
    assert len({row["record_id"] for row in rows}) == len(rows)
    assert {row["licence"] for row in rows} <= {"MIT", "Apache-2.0", "public law"}
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("name", ["names.csv", "structures.csv"])
def test_every_cas_number_of_a_label_has_a_sound_check_digit(name: str):
    numbers = {number for row in rows_of(name) for number in row["label_cas"].split()}
    assert [number for number in sorted(numbers) if not cas_is_valid(number)] == []


def test_every_labelled_substance_is_in_the_key():
    known = {row["substance"] for row in rows_of("substances_key.csv")}
    labelled = {row["label_substance"] for name in ("names.csv", "structures.csv") for row in rows_of(name)} - {""}
    assert labelled - known == set()


def test_no_text_is_both_listed_and_harmless():
    by_text: dict[str, set[Expectation]] = {}
    for row in read_quality_sets(NOWHERE, QUALITY).rows:
        by_text.setdefault(row.text.casefold(), set()).add(row.expectation)
    assert [text for text, expectations in by_text.items() if len(expectations) > 1] == []


def test_labels_never_reach_the_screening():
    rows = read_quality_sets(NOWHERE, QUALITY).rows
    records = records_of(rows)
    filled = {name for name in records.column_names if records.column(name).null_count < len(rows)}
    assert filled == {"record_id", "description", "smiles"}
    assert set(FIELDS) <= set(records.column_names)
    assert records.column("record_id").to_pylist() == [row.record_id for row in rows]
    texts = zip(records.column("description").to_pylist(), records.column("smiles").to_pylist(), strict=True)
    assert [description or smiles for description, smiles in texts] == [row.text for row in rows]
