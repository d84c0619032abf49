"""Records, reviews and links between decisions: what goes in comes out, and the queue is in its order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, inspect, select, text, update

from app.domain.errors import UnknownNameError
from app.domain.words import Disposition, Status, Verdict
from app.storage.decisions import list_decisions, list_queue, newest_of_records, queue_place, read_decision
from app.storage.engine import Database
from app.storage.migrate import migrate, migrate_down
from app.storage.records import Judged, RecordBlock, blocks_not_judged_with, read_content, read_knobs
from app.storage.reviews import Review, keep_review, read_reviews
from app.storage.runs import Alarm, Replacement, RescreenedBlock, RunStart, begin_run, keep_rescreened, keep_run
from app.storage.tables import DECISIONS, RECORD_BLOCKS, REVIEWS, RUNS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
OTHER = Judged("r2", "i2", "p", "v")


def run_of(run_id: str) -> RunStart:
    knobs = {"name": "p", "high_confidence": 0.9}
    return RunStart(run_id, NOON, "http-json", "r", "i", "p", "v", None, None, None, date(2026, 1, 1), knobs)


def alarm_at(position: int, score: float | None = 0.5, verdict: Verdict = Verdict.REVIEW) -> Alarm:
    return Alarm(position, f"line {position}", verdict, score, "look", ("a",), {"position": position})


BLOCK = RecordBlock(0, 3, ("a", "b"), b"\x00\xffcontent")


def said(disposition: Disposition, minutes: int = 0) -> Review:
    return Review(disposition, "seen", "desk 4", NOON + timedelta(minutes=minutes))


def test_the_queue_is_by_score_and_newest_first_and_can_be_paged_through(database: Database) -> None:
    for name in ("run1", "run2"):
        scores = (0.5, 0.9, 0.9, None, 0.123)
        keep_run(database, run_of(name), NOON, [], [alarm_at(place, score) for place, score in enumerate(scores)])
    queue = list_queue(database, 99)
    assert [each.score for each in queue] == [0.9] * 4 + [0.5] * 2 + [0.123] * 2 + [None] * 2
    assert all(queue_place(one) > queue_place(other) for one, other in pairwise(queue))
    seen = []
    after = None
    while page := list_queue(database, 3, after=after):
        seen += [each.id for each in page]
        after = queue_place(page[-1])
    assert seen == [each.id for each in queue]


def test_a_reviewed_alarm_leaves_the_queue_and_the_last_review_holds(database: Database) -> None:
    keep_run(database, run_of("one"), NOON, [], [alarm_at(0), alarm_at(1)])
    assert len(keep_review(database, "one-0", said(Disposition.CLEARED))) == 1
    assert len(keep_review(database, "one-0", said(Disposition.ESCALATED, 5))) == 2
    assert [each.id for each in list_queue(database, 9)] == ["one-1"]
    assert [each.id for each in list_decisions(database, 9, status=Status.ESCALATED)] == ["one-0"]
    assert list_decisions(database, 9, status=Status.CLEARED) == []
    assert [each.disposition for each in read_reviews(database, "one-0")] == ["cleared", "escalated"]
    assert read_reviews(database, "one-0")[1].created_at == NOON + timedelta(minutes=5)


def test_a_review_of_nothing_is_refused(database: Database) -> None:
    with pytest.raises(UnknownNameError):
        keep_review(database, "one-0", said(Disposition.CLEARED))


def test_records_come_back_as_they_went_in_and_can_be_erased_without_the_decision(database: Database) -> None:
    keep_run(database, run_of("one"), NOON, [], [alarm_at(2)], block=BLOCK)
    assert read_content(database, "one", 2) == BLOCK.content
    assert read_content(database, "two", 2) is None
    assert read_knobs(database, "p") == {"name": "p", "high_confidence": 0.9}
    assert read_knobs(database, "q") is None
    with database.begin() as connection:
        connection.execute(update(RECORD_BLOCKS).values(content=None))
    assert read_content(database, "one", 2) is None
    assert blocks_not_judged_with(database, OTHER, 9) == []
    kept = read_decision(database, "one-2")
    assert kept is not None
    assert (kept.document, kept.today, kept.origin_position) == ({"position": 2}, date(2026, 1, 1), 2)


def test_a_decision_that_replaces_another_takes_its_place(database: Database) -> None:
    keep_run(database, run_of("one"), NOON, [], [alarm_at(0), alarm_at(1)], block=BLOCK)
    newer = replace(run_of("two"), release="r2", index_digest="i2", door="rescreen")
    begin_run(database, newer)
    (block,) = blocks_not_judged_with(database, newer.judged, 9)
    instead = Replacement("one-1", "release", "one", 1)
    changed = replace(alarm_at(0, verdict=Verdict.NOT_LISTED), replacement=instead, review=None)
    assert keep_rescreened(database, newer, NOON, block, RescreenedBlock([changed], ("a", "c"), frozenset(), []))
    assert blocks_not_judged_with(database, newer.judged, 9) == []
    assert [each.id for each in list_queue(database, 9)] == ["one-0"]
    assert [each.id for each in list_decisions(database, 9, status=Status.REPLACED)] == ["one-1"]
    assert [each.id for each in list_decisions(database, 9, status=Status.NO_ALARM)] == ["two-0"]
    newest = newest_of_records(database, "one", [0, 1, 2])
    assert {position: each.id for position, each in newest.items()} == {0: "one-0", 1: "two-0"}
    assert not keep_rescreened(database, newer, NOON, block, RescreenedBlock([alarm_at(1)], (), frozenset(), [])), (
        "somebody was faster"
    )
    assert [each.id for each in list_decisions(database, 9, run_id="two")] == ["two-0"]


def test_blocks_come_in_pages_oldest_run_first(database: Database) -> None:
    for name in ("run2", "run1"):
        keep_run(database, run_of(name), NOON, [], [], block=BLOCK)
    first, second = blocks_not_judged_with(database, OTHER, 9)
    assert (first.run_id, second.run_id) == ("run1", "run2")
    assert (first.seen, first.records, first.today) == (("a", "b"), 3, date(2026, 1, 1))
    assert blocks_not_judged_with(database, OTHER, 9, ("run1", 0)) == [second]
    assert blocks_not_judged_with(database, run_of("x").judged, 9) == []


def test_rows_of_the_first_version_come_through_the_second_and_back(database: Database) -> None:
    migrate_down(database, "0001")
    old = {"id": "one", "created_at": NOON, "door": "cli", "release": "r", "index_digest": "i", "policy": "p"}
    counts = dict.fromkeys(("records", "controlled", "conditional", "review", "undetermined", "not_listed"), 0)
    row = {"id": "one-0", "run_id": "one", "position": 0, "verdict": "review", "reason": "look"}
    with database.begin() as connection:
        connection.execute(insert(RUNS).values(**old, version="v", **counts))
        connection.execute(insert(DECISIONS).values(**row, substance_ids=["a"], document={"a": 1}, created_at=NOON))

    migrate(database)
    kept = read_decision(database, "one-0")
    assert kept is not None
    assert (kept.today, kept.status, kept.origin_run_id, kept.document) == (NOON.date(), Status.OPEN, "one", {"a": 1})
    keep_review(database, "one-0", said(Disposition.CLEARED))
    keep_run(database, run_of("two"), NOON, [], [alarm_at(0)], block=BLOCK)
    instead = Replacement("two-0", "release", "two", 0)
    keep_run(database, run_of("three"), NOON, [], [replace(alarm_at(0), replacement=instead)])

    migrate_down(database, "0001")
    assert not {"reviews", "record_blocks", "policies"} & set(inspect(database.engine).get_table_names())
    with database.connect() as connection:
        ids = connection.execute(text("SELECT id FROM decisions ORDER BY id")).scalars().all()
    assert ids == ["one-0", "two-0"], "a decision that stands for another would be one alarm too many"

    migrate(database)
    with database.connect() as connection:
        assert connection.execute(select(REVIEWS)).all() == []
        assert len(connection.execute(select(RUNS)).all()) == 3
