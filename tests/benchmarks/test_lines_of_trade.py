"""The files that speed is measured on: as long and as varied as they claim to be."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.settings import Settings
from benchmarks.lines import HEADERS, REPETITION, write_distinct, write_repeated
from benchmarks.material import Material, read_material

ROWS = 8_000


@pytest.fixture(scope="module")
def material(compiled: Settings) -> Material:
    return read_material(compiled)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_two_lines_say_the_same(material: Material, tmp_path: Path) -> None:
    rows = rows_of(write_distinct(material, tmp_path / "lines.csv", ROWS))
    assert tuple(rows[0]) == HEADERS
    assert len(rows) == len({row["goods_description"] for row in rows}) == ROWS
    assert len({row["record_id"] for row in rows}) == ROWS


def test_most_words_are_read_for_the_first_time(material: Material, tmp_path: Path) -> None:
    rows = rows_of(write_distinct(material, tmp_path / "lines.csv", ROWS))
    words = Counter(word for row in rows for word in row["goods_description"].casefold().split() if word != "-")
    assert sum(count == 1 for count in words.values()) > len(words) / 2
    assert max(words.values()) < words.total() / 20


def test_a_longer_file_begins_with_the_lines_of_a_shorter_one(material: Material, tmp_path: Path) -> None:
    long, short = (rows_of(write_distinct(material, tmp_path / f"{rows}.csv", rows)) for rows in (ROWS, ROWS // 10))
    assert long[: len(short)] == short


def test_texts_of_real_trade_come_again_on_average_eight_times(material: Material, tmp_path: Path) -> None:
    rows = rows_of(write_repeated(material, tmp_path / "lines.csv", ROWS))
    times = Counter(row["goods_description"] for row in rows)
    assert len(rows) == ROWS == REPETITION * len(times)
    assert min(times.values()) == 1
    assert max(times.values()) > 5 * REPETITION
    assert len({row["consignee"] for row in rows}) > len(times), "the other columns do not repeat with the text"
