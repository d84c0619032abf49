"""`watchlist diff`, `rescreen` and `--evidence`, as a terminal has them."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest

from app.domain.records import RECORD_SCHEMA
from app.screening.scope import Scope
from app.usecases.prepare_database import open_database, prepare_database
from app.usecases.releases import open_shelf
from app.usecases.screen_records import screen_records
from tests.conftest import Amendment, NewDatabase, TwoReleases
from tests.usecases.test_rescreening import PIPERIDONE, TODAY, exported


def test_the_difference_of_two_folders_is_told_for_whom(run_here, amendment: Amendment):
    out = run_here("watchlist", "diff", amendment.before, amendment.after).out.decode()
    for words in ("EU 111/2005", "Member State", "1-4-piperidone", "begun", "2025-08-14"):
        assert words in out


def test_the_difference_of_two_releases_can_be_asked_by_the_beginning_of_their_names(
    run_here, amendment: Amendment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PW_INDEX", str(amendment.index))
    whole = json.loads(run_here("watchlist", "diff", amendment.before, amendment.after, "--json").out)
    ended = run_here("watchlist", "diff", whole["old"][:8], whole["new"], "--json")
    assert json.loads(ended.out) == whole
    assert "they say the same" in run_here("watchlist", "diff", whole["new"], amendment.after).out.decode()


@pytest.mark.parametrize("name", ["nowhere", "ffffffff", ""])
def test_a_release_that_is_not_here_is_wrong_usage(run_here, amendment: Amendment, name: str):
    ended = run_here("watchlist", "diff", name, amendment.after)
    assert ended.status == 2
    assert "no release is called" in ended.err


def test_a_rescreening_lists_what_changed(
    run_here, amendment: Amendment, monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase
):
    url = new_database()
    prepare_database(url)
    database = open_database(url)
    before = open_shelf(amendment.index, amendment.before).loaded
    records = pa.Table.from_pylist([{"record_id": "L-1", **exported(PIPERIDONE)}], schema=RECORD_SCHEMA)
    run = screen_records(before, database, records, Scope(TODAY, instruments=("eu-111-2005",)), "0" * 64).run.id
    database.dispose()
    given = {"PW_DATABASE_URL": url, "PW_INDEX": amendment.index, "PW_WATCHLISTS": amendment.after}
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    ended = run_here("rescreen")
    assert ended.status == 0
    for words in (
        "L-1",
        "no alarm: record 1 of run",
        run,
        "not_listed",
        "controlled",
        "2025/1475",
        "1 came out otherwise",
    ):
        assert words in ended.out.decode()
    assert "0 came out otherwise" in run_here("rescreen").out.decode()


def test_a_screening_draws_what_its_structures_rest_on(run_here, tmp_path: Path):
    goods = tmp_path / "goods.csv"
    with goods.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "description", "smiles"))
        rows.writerow(("1", "cotton", ""))
        rows.writerow(("2", "a sample", "C[NH2+][C@@H](C)[C@H](O)c1ccccc1.[Cl-]"))
        rows.writerow(("3", "toluene", ""))
        rows.writerow(("4", "ethyl 2-aminobenzoate", ""))
    ended = run_here("screen", goods, "--evidence", tmp_path / "drawn", "--out", tmp_path / "out.csv")
    assert ended.status == 0
    drawn = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert drawn == ["row-2-ephedrine.svg", "row-4-anthranilic-acid.svg"]
    assert "<svg" in (tmp_path / "drawn" / drawn[0]).read_text("utf-8")


def test_a_name_that_describes_a_listed_structure_is_drawn(run_here, tmp_path: Path):
    ended = run_here("resolve", "ethyl 2-aminobenzoate", "--evidence", tmp_path / "drawn")
    assert ended.status == 0
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["name-anthranilic-acid.svg"]
    ended = run_here("resolve", "cotton", "--evidence", tmp_path / "none")
    assert "no picture" in ended.err
    assert not (tmp_path / "none").exists()


def test_what_is_activated_is_what_the_command_line_screens_with(
    run_here, two_releases: TwoReleases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PW_INDEX", str(two_releases.index))
    monkeypatch.setenv("PW_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    goods = tmp_path / "goods.csv"
    goods.write_text(f"description,origin,destination,date\n{PIPERIDONE.replace(',', ' ')},DE,US,2025-09-01\n")
    order = ("screen", goods, "--instrument", "eu-111-2005")
    assert run_here(*order).rows[0]["verdict"] == "controlled"
    ended = run_here("watchlist", "activate", two_releases.old[:8])
    assert (ended.status, ended.out.decode().strip()) == (0, two_releases.old)
    assert "active since" in ended.err
    assert run_here(*order).rows[0]["verdict"] == "not_listed"
    assert run_here("watchlist", "activate", "0" * 64).status == 2
    assert not (tmp_path / "none.db").exists(), "the command line needs no database, and makes none"
