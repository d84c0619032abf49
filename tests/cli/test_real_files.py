"""Files as export systems and people make them: every row answered, or one clear line; never a traceback."""

import csv

import pytest

from app.records.answers import ANSWER_COLUMNS
from app.records.formulas import restore

VERDICTS = {"controlled", "conditional", "review", "undetermined", "not_listed"}


EVERY = 9
"""One row in so many: all of them are screened where the figures are measured."""


def test_names_of_the_development_set_are_answered_in_order(run, evaluation, tmp_path):
    with (evaluation / "names.csv").open(encoding="utf-8", newline="") as given:
        header, *rows = csv.reader(given)
    expected = [header, *rows[::EVERY]]
    with (tmp_path / "names.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(expected)
    ended = run("screen", "names.csv", "--out", "out.csv", "--workers", "2")
    assert ended.status == 0, ended.err
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as answered:
        found = list(csv.reader(answered))
    assert found[0] == [*expected[0], *ANSWER_COLUMNS]
    assert [[restore(cell) for cell in row[: len(expected[0])]] for row in found[1:]] == expected[1:]
    assert {row[len(expected[0])] for row in found[1:]} <= VERDICTS
    assert "label_cas" not in ended.err, "a label was read as a field"


@pytest.mark.parametrize(
    ("name", "rows", "recognised"),
    [
        ("korea_customs_synthetic_3000.csv", 3000, {"Declaration ID", "HS6 Code", "Country of Origin", "Net Mass"}),
        ("usaid_scms_first1500.csv", None, {"Item Description", "Weight (Kilograms)"}),
    ],
)
def test_the_columns_of_real_shipments_are_recognised(run_here, evaluation, name, rows, recognised):
    ended = run_here("screen", evaluation / "shipments" / name)
    assert ended.status in (0, 1), ended.err
    answered = ended.rows
    assert rows is None or len(answered) == rows
    assert {row["verdict"] for row in answered} <= VERDICTS
    assert all(row["reason"] for row in answered)
    assert {header for header in recognised if header not in ended.err} == set()


def test_every_odd_file_ends_in_rows_or_in_one_clear_line(run_here, evaluation, tmp_path):
    wrong = []
    files = sorted((evaluation / "csv").glob("*"))
    for path in files:
        out = tmp_path / "out.csv"
        ended = run_here("screen", path, "--out", out)
        in_rows = ended.status in (0, 1) and out.exists()
        in_a_line = ended.status == 3 and not out.exists() and len(ended.err.strip().splitlines()) == 1
        if not (in_rows or in_a_line) or "Traceback" in ended.err or list(tmp_path.glob(".out*")):
            wrong.append((path.name, ended.status, ended.err[-300:]))
        out.unlink(missing_ok=True)
    assert wrong == []
    assert len(files) > 200
