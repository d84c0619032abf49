"""`audit`, `erase` and `database`, as a terminal has them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.audit import Action
from app.storage.audit import list_entries
from app.storage.decisions import read_decision
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate, migrate_down
from app.storage.revision import check_migrated
from app.storage.runs import keep_run
from app.storage.tables import DECISIONS
from app.usecases.active_release import read_active
from tests.conftest import TwoReleases
from tests.storage.test_audit import NOON, PORT, R, alarm_at, keep_story, run_of


@pytest.fixture
def kept(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that the settings name, with the story in it."""
    monkeypatch.setenv("PW_DATABASE_URL", database_url)
    opened = open_engine(database_url)
    migrate(opened)
    keep_story(opened)
    yield opened
    opened.dispose()


def test_a_whole_trail_is_said_to_be_whole(run_here: Any, kept: Database) -> None:
    ended = run_here("audit", "verify")
    assert (ended.status, ended.out) == (0, b"")
    assert "local: whole; 9 entries" in ended.err


def test_what_was_changed_is_listed_and_the_status_says_so(run_here: Any, kept: Database) -> None:
    with kept.begin() as connection:
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == "one-2").values(verdict="review"))
    ended = run_here("audit", "verify")
    assert ended.status == 1
    assert ended.out.decode() == "local: decision one-2: is not as entry 1 tells\n"
    assert "local: 1 faults" in ended.err
    assert run_here("audit", "verify", "--tenant", "customs-port").status == 0


def test_a_head_that_was_exported_is_found_again_and_one_of_another_chain_is_not(
    run_here: Any, kept: Database, tmp_path: Path
) -> None:
    exported = run_here("audit", "head").out
    head = json.loads(exported)
    (tmp_path / "head.json").write_bytes(exported)
    assert run_here("audit", "verify", "--head", tmp_path / "head.json").status == 0
    (tmp_path / "head.json").write_text(json.dumps({**head, "number": head["number"] + 1}))
    assert run_here("audit", "verify", "--head", tmp_path / "head.json").status == 1
    for nonsense in ("", "[]", "{}", '{"tenant": 1, "number": "1", "hash": 2, "at": 3}'):
        (tmp_path / "head.json").write_text(nonsense)
        assert run_here("audit", "verify", "--head", tmp_path / "head.json").status == 2
    assert run_here("audit", "verify", "--head", tmp_path / "none.json").status == 2


def test_entries_are_listed_and_written_as_json(run_here: Any, kept: Database) -> None:
    table = run_here("audit", "show", "--after", 4, "--limit", 2).out.decode()
    assert "two-1" in table
    assert "screened" not in table
    assert "go on with --after 6" in table
    lines = [json.loads(line) for line in run_here("audit", "show", "--json").out.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, 10))
    some = [
        json.loads(line) for line in run_here("audit", "show", "--json", "--after", 2, "--limit", 3).out.splitlines()
    ]
    assert some == lines[2:5]
    assert run_here("audit", "show", "--tenant", "nobody", "--json").out == b""


def test_the_words_of_a_run_or_of_all_before_a_day_are_erased(run_here: Any, kept: Database) -> None:
    keep_story_of_the_port(kept)
    ended = run_here("erase", "--run", "one")
    assert (
        ended.status,
        "erased the words of 1 runs: 3 decisions, 1 blocks, the reasons of 2 reviews" in ended.err,
    ) == (0, True)
    assert "erased the words of 0 runs" in run_here("erase", "--before", "2026-01-02").err
    assert "erased the words of 1 runs" in run_here("erase", "--before", "2026-01-03").err
    assert "erased the words of 0 runs" in run_here("erase", "--before", "2026-01-03").err
    theirs = read_decision(kept.seen_by(PORT), "theirs-0")
    assert theirs is not None
    assert theirs.document is not None, "another tenant's"
    assert "erased the words of 1 runs" in run_here("erase", "--before", "2026-01-03", "--tenant", PORT.tenant).err
    assert run_here("audit", "verify").status == 0


def keep_story_of_the_port(database: Database) -> None:
    keep_run(database.seen_by(PORT), run_of("theirs"), NOON, [R], [alarm_at(0)])


def test_a_release_activated_on_the_command_line_is_entered_where_there_is_a_database(
    run_here: Any, kept: Database, two_releases: TwoReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW_INDEX", str(two_releases.index))
    for release in (two_releases.old, two_releases.new):
        assert run_here("watchlist", "activate", release).status == 0
    first, second = list_entries(kept, 9, after=9)
    assert (first.action, first.subject) == (Action.RELEASE_ACTIVATED, two_releases.old)
    assert (second.key_id, second.subject) == ("local", two_releases.new)
    assert json.loads(second.facts)["before"] == two_releases.old
    assert run_here("audit", "verify").status == 0
    # Nothing is activated that could not be entered.
    migrate_down(kept, "0003")
    assert run_here("watchlist", "activate", two_releases.old).status == 3
    active = read_active(two_releases.index)
    assert active is not None
    assert active.release == two_releases.new


@pytest.mark.parametrize(
    "arguments", [("erase",), ("erase", "--run", "one", "--before", "2026-01-01"), ("erase", "--before", "soon")]
)
def test_an_erasure_of_nothing_in_particular_is_wrong_usage(run_here: Any, kept: Database, arguments: Any) -> None:
    assert run_here(*arguments).status == 2
    assert run_here("erase", "--run", "nobody").status == 2


def test_a_database_of_another_version_is_refused_until_it_is_migrated(run_here: Any, kept: Database) -> None:
    migrate_down(kept, "0003")
    ended = run_here("audit", "verify")
    assert ended.status == 3
    assert "at revision 0003" in ended.err
    ended = run_here("database", "migrate")
    assert (ended.status, f"revision {check_migrated(kept)}" in ended.err) == (0, True)
    assert run_here("audit", "verify").status == 0


def test_a_role_is_granted_the_use_of_postgresql_and_sqlite_has_none(run_here: Any, kept: Database) -> None:
    is_sqlite = kept.engine.dialect.name == "sqlite"
    ended = run_here("database", "grant", "pg_monitor")
    assert ended.status == (2 if is_sqlite else 0)
    if not is_sqlite:
        assert run_here("database", "grant", "nobody there").status == 3
