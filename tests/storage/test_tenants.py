"""No tenant sees, reviews or finishes what is another one's."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.callers import LOCAL, Caller, Right
from app.domain.errors import UnknownNameError
from app.domain.words import Disposition, Verdict
from app.storage.decisions import changed_positions, list_decisions, list_queue, newest_of_records, read_decision
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate
from app.storage.records import Judged, RecordBlock, blocks_not_judged_with, count_not_judged_with, read_content
from app.storage.reviews import Review, keep_review, read_reviews
from app.storage.runs import Alarm, RunStart, finish_run, keep_run
from app.storage.tables import RUNS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PORT = Caller("customs-port", "key-1", frozenset(Right))
REVIEW = Review(Disposition.CLEARED, "seen", "an officer", NOON)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_engine(database_url)
    migrate(opened)
    start = RunStart("one", NOON, "http-json", "r", "i", "p", "v", None, None, None)
    alarm = Alarm(0, "1", Verdict.REVIEW, 0.5, "look", ("acetone",), {"record_id": "1"})
    block = RecordBlock(0, 1, ("acetone",), b"content")
    keep_run(opened.seen_by(PORT), start, NOON, [Verdict.REVIEW], [alarm], block=block)
    keep_review(opened.seen_by(PORT), "one-0", REVIEW)
    yield opened
    opened.dispose()


def test_a_tenant_reads_what_is_its_own(database: Database) -> None:
    mine = database.seen_by(PORT)
    assert read_decision(mine, "one-0") is not None
    assert [each.id for each in list_decisions(mine, 9)] == ["one-0"]
    assert list(newest_of_records(mine, "one", [0])) == [0]
    assert read_content(mine, "one", 0) == b"content"
    assert count_not_judged_with(mine, Judged("r2", "i2", "p", "v")) == 1
    assert len(read_reviews(mine, "one-0")) == 1
    with mine.connect() as connection:
        assert connection.execute(select(RUNS.c.tenant, RUNS.c.key_id)).all() == [("customs-port", "key-1")]


@pytest.mark.parametrize("other", [LOCAL, Caller("customs-airport", "key-1", frozenset(Right))])
def test_a_tenant_reads_nothing_of_another_one(database: Database, other: Caller) -> None:
    theirs = database.seen_by(other)
    now = Judged("r2", "i2", "p", "v")
    assert read_decision(theirs, "one-0") is None
    assert list_decisions(theirs, 9) == list_decisions(theirs, 9, run_id="one") == list_queue(theirs, 9) == []
    assert newest_of_records(theirs, "one", [0]) == changed_positions(theirs, "one") == {}
    assert read_content(theirs, "one", 0) is None
    assert blocks_not_judged_with(theirs, now, 9) == []
    assert count_not_judged_with(theirs, now) == 0
    assert read_reviews(theirs, "one-0") == ()


def test_a_tenant_changes_nothing_of_another_one(database: Database) -> None:
    with pytest.raises(UnknownNameError):
        keep_review(database, "one-0", REVIEW)
    with pytest.raises(UnknownNameError):
        finish_run(database, "one", NOON, {Verdict.CONTROLLED: 7})
    with database.connect() as connection:
        assert connection.execute(select(RUNS.c.controlled)).scalar_one() == 0
    assert len(read_reviews(database.seen_by(PORT), "one-0")) == 1
