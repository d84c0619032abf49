"""`resolve`, `watchlist`, `evaluate` and `serve`, as a terminal has them."""

import json
import shutil
from pathlib import Path

import pytest

from app.domain.version import VERSION
from app.terminal import WIDE


def test_it_says_its_version(run_here):
    ended = run_here("--version")
    assert (ended.status, ended.out.decode()) == (0, f"precursor-watch {VERSION}\n")


@pytest.mark.parametrize("command", ["screen", "serve", "resolve", "watchlist", "evaluate"])
def test_every_command_of_the_contract_is_explained(run_here, command):
    assert command in run_here("--help").out.decode()
    assert run_here(command, "--help").status == 0


@pytest.mark.parametrize("arguments", [("unknown",), ("screen",), ("resolve",), ("watchlist", "unknown")])
def test_an_unknown_command_is_wrong_usage(run_here, arguments):
    assert run_here(*arguments).status == 2


def test_a_name_is_resolved_with_its_cas_number_and_how_it_was_seen(run_here):
    ended = run_here("resolve", "essigsäureanhydrid")
    assert ended.status == 0
    for words in ("Acetic anhydride", "108-24-7", "name"):
        assert words in ended.out.decode()


def test_a_lawful_look_alike_is_shown_with_what_was_rejected(run_here):
    ended = run_here("resolve", "toluene-2,4-diisocyanate")
    assert ended.status == 0
    assert "rejected" in ended.out.decode()
    assert "toluene" in ended.out.decode()


def test_a_resolution_as_json_has_every_mention(run_here):
    document = json.loads(run_here("resolve", "200 drums toluene", "--json").out)
    assert document["text"] == "200 drums toluene"
    assert [mention["substance_id"] for mention in document["mentions"]] == ["toluene"]


def test_a_name_that_means_nothing_is_said_to(run_here):
    ended = run_here("resolve", "qwertzuiop")
    assert ended.status == 0
    assert "no name was found" in ended.out.decode()


def test_markup_in_a_name_is_shown_and_not_obeyed(run_here):
    out = run_here("resolve", "[red]toluene[/red] \x1b[31m").out.decode()
    assert "\x1b" not in out
    assert "[red]" in out


def test_the_watchlist_is_listed_with_its_entries_by_evidence(run_here):
    ended = run_here("watchlist", "list")
    assert ended.status == 0
    for words in ("un-1988", "us-cfr-1310", "primary", "secondary", "reconstructed"):
        assert words in ended.out.decode()
    assert max(map(len, ended.out.decode().splitlines())) <= WIDE


def test_a_sound_watchlist_has_no_faults(run_here):
    assert run_here("watchlist", "check").status == 0


def test_every_fault_of_a_watchlist_is_shown_at_once(run_here, compiled, tmp_path: Path, monkeypatch):
    shutil.copytree(compiled.watchlists, tmp_path / "watchlists")
    for name in ("acetone", "toluene"):
        path = tmp_path / "watchlists" / "substances" / f"{name}.toml"
        path.write_text("colour = 1\n" + path.read_text("utf-8"), "utf-8")
    monkeypatch.setenv("PW_WATCHLISTS", str(tmp_path / "watchlists"))
    ended = run_here("watchlist", "check")
    assert ended.status == 1
    faults = ended.out.decode().splitlines()
    assert any("acetone" in fault and "colour" in fault for fault in faults)
    assert any("toluene" in fault and "colour" in fault for fault in faults)
    assert run_here("watchlist", "compile").status == 3


def test_compiling_again_says_where_the_index_is(run_here):
    ended = run_here("watchlist", "compile")
    assert ended.status == 0
    assert (Path(ended.out.decode().strip()) / "manifest.json").is_file()


def test_the_evaluation_says_when_the_development_sets_are_absent(run_here, tmp_path):
    ended = run_here("evaluate", "--eval-dir", tmp_path, "--set", "public-trade*", "--json", tmp_path / "e.json")
    assert ended.status == 0
    assert "public set is used alone" in ended.err
    for words in ("public-trade", "recall", "alarms", "95 % interval", "undetermined"):
        assert words in ended.out.decode()
    measured = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert {figure["set"] for figure in measured["figures"]} == {
        "public-trade",
        "public-trade-chem",
        "public-trade-positive",
    }


def test_a_set_that_is_not_there_is_refused_with_those_that_are(run_here, tmp_path):
    ended = run_here("evaluate", "--eval-dir", tmp_path, "--set", "nothing")
    assert ended.status == 2
    assert "public-name" in ended.err


def test_a_setting_that_cannot_be_used_is_named(run_here, monkeypatch, goods):
    monkeypatch.setenv("PW_PORT", "seven")
    ended = run_here("screen", goods)
    assert ended.status == 2
    assert "PW_PORT" in ended.err


def test_the_service_is_not_opened_to_strangers(run_here, monkeypatch, tmp_path):
    monkeypatch.setenv("PW_DATABASE_URL", f"sqlite:///{tmp_path / 'keys.db'}")
    ended = run_here("serve", "--host", "0.0.0.0", "--port", "0")
    assert ended.status == 2
    assert "keys create" in ended.err
