"""Runs and alarms: what goes in comes out, in the order it was promised."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.domain.errors import StorageError
from app.domain.words import Verdict
from app.storage.decisions import list_decisions, read_decision
from app.storage.engine import Database
from app.storage.runs import Alarm, RunStart, ScreenedRows, begin_run, decision_id, finish_run, keep_rows, keep_run
from app.storage.tables import RUNS
from app.usecases.keep_run import run_id_at

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def run_of(run_id: str) -> RunStart:
    return RunStart(run_id, NOON, "http-file", "r", "i", "p", "v", None, None, "0" * 64)


def alarm_at(position: int, verdict: Verdict = Verdict.REVIEW) -> Alarm:
    return Alarm(position, f"line {position}", verdict, None, "look", ("a", "b"), {"position": position})


def test_an_alarm_comes_back_as_it_was_kept_with_the_run_it_belongs_to(database: Database) -> None:
    keep_run(database, run_of("one"), NOON, [Verdict.REVIEW], [alarm_at(3)])
    kept = read_decision(database, decision_id("one", 3))
    assert kept is not None
    assert (kept.record_id, kept.verdict, kept.substance_ids) == ("line 3", Verdict.REVIEW, ("a", "b"))
    assert (kept.document, kept.created_at, kept.release, kept.instruments) == ({"position": 3}, NOON, "r", None)
    assert read_decision(database, "two-0") is None


def test_text_that_a_database_cannot_hold_is_kept_in_the_document_all_the_same(database: Database) -> None:
    odd = Alarm(0, "a\x00b", Verdict.REVIEW, 0.5, "why\x00", (), {"record_id": "a\x00b"})
    keep_run(database, run_of("one"), NOON, [], [odd])
    kept = read_decision(database, "one-0")
    assert kept is not None
    assert kept.document == {"record_id": "a\x00b"}
    assert kept.record_id == "a\ufffdb"


def test_lists_are_newest_run_first_and_in_the_order_of_the_records(database: Database) -> None:
    for name in ("run1", "run2"):
        keep_run(database, run_of(name), NOON, [], [alarm_at(10), alarm_at(9), alarm_at(100)])
    expected = [(name, position) for name in ("run2", "run1") for position in (9, 10, 100)]
    assert [(each.run_id, each.position) for each in list_decisions(database, 99)] == expected
    for seen, (run, position) in enumerate(expected, 1):
        rest = list_decisions(database, 99, after=(run, position))
        assert [(each.run_id, each.position) for each in rest] == expected[seen:]


def test_lists_can_be_narrowed_to_a_verdict_and_a_run(database: Database) -> None:
    keep_run(database, run_of("run1"), NOON, [], [alarm_at(0), alarm_at(1, Verdict.CONTROLLED)])
    keep_run(database, run_of("run2"), NOON, [], [alarm_at(0, Verdict.CONTROLLED)])
    found = list_decisions(database, 9, verdict=Verdict.CONTROLLED)
    assert [each.id for each in found] == ["run2-0", "run1-1"]
    assert [each.id for each in list_decisions(database, 9, run_id="run1")] == ["run1-0", "run1-1"]
    assert [each.id for each in list_decisions(database, 1, run_id="run1")] == ["run1-0"]


def test_a_run_is_unfinished_until_its_counts_are_written(database: Database) -> None:
    begin_run(database, run_of("one"))
    keep_rows(database, run_of("one"), NOON, ScreenedRows(0, [Verdict.NOT_LISTED] * 6, [], None))
    keep_rows(database, run_of("one"), NOON, ScreenedRows(6, [Verdict.REVIEW], [alarm_at(6)], None))
    with database.connect() as connection:
        assert connection.execute(select(RUNS.c.finished_at, RUNS.c.records)).one() == (None, 0)
    finish_run(database, "one", NOON + timedelta(seconds=5), {Verdict.REVIEW: 1, Verdict.NOT_LISTED: 6})
    with database.connect() as connection:
        row = connection.execute(select(RUNS)).one()
    assert (row.records, row.review, row.not_listed, row.controlled) == (7, 1, 6, 0)
    assert row.finished_at == NOON + timedelta(seconds=5)


def test_a_run_whose_alarms_cannot_be_kept_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(StorageError):
        keep_run(database, run_of("one"), NOON, [], [alarm_at(0), alarm_at(0)])
    with database.connect() as connection:
        assert connection.execute(select(RUNS)).all() == []


def test_an_alarm_without_its_run_is_refused(database: Database) -> None:
    with pytest.raises(StorageError):
        keep_rows(database, run_of("nobody"), NOON, ScreenedRows(0, [Verdict.REVIEW], [alarm_at(0)], None))


def test_what_a_database_says_of_an_error_does_not_quote_the_shipment(database: Database) -> None:
    with pytest.raises(StorageError) as caught:
        keep_run(database, run_of("one"), NOON, [], [alarm_at(0), alarm_at(0)])
    assert "line 0" not in str(caught.value)
    with database.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_run_ids_are_uuids_of_version_7_that_sort_by_time() -> None:
    ids = [run_id_at(NOON + timedelta(milliseconds=step)) for step in range(50)]
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert {(UUID(each).version, UUID(each).variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert UUID(ids[0]).int >> 80 == int(NOON.timestamp() * 1000)
    assert len({run_id_at(NOON) for _ in range(1_000)}) == 1_000
