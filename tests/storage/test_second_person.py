"""A clearance that needs a second person holds when another one has given it too, and not before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.callers import LOCAL, Caller
from app.domain.errors import ReplacedError, SamePersonError
from app.domain.words import Disposition, Status, Verdict
from app.storage.decisions import list_decisions, list_queue, queue_place, read_decision
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate, migrate_down
from app.storage.reviews import Review, keep_review, read_reviews
from app.storage.runs import keep_run
from app.usecases.verify_audit import verify_audit
from tests.storage.test_audit import NOON, alarm_at, keep_story, replace, run_of

BOTH = frozenset({Verdict.CONTROLLED, Verdict.REVIEW})
CLEARED, ESCALATED, CONFIRMED = Disposition.CLEARED, Disposition.ESCALATED, Disposition.CONFIRMED


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_engine(database_url)
    migrate(opened)
    keep_run(opened, run_of("one"), NOON, [Verdict.REVIEW] * 3, [alarm_at(place) for place in range(3)])
    yield opened
    opened.dispose()


def say(database: Database, reviewer: str, disposition: Disposition = CLEARED, decision: str = "one-0") -> Status:
    keep_review(database, decision, Review(disposition, "seen", reviewer, datetime.now(UTC)), BOTH)
    kept = read_decision(database, decision)
    assert kept is not None
    return kept.status


def with_key(database: Database, key_id: str) -> Database:
    return database.seen_by(Caller("local", key_id, LOCAL.rights))


def queue(database: Database) -> list[str]:
    return [each.id for each in list_queue(database, 9)]


def test_one_person_leaves_it_in_the_queue_and_another_one_takes_it_off(database: Database) -> None:
    assert say(database, "desk 4") is Status.AWAITING_SECOND
    assert "one-0" in queue(database)
    assert [each.id for each in list_decisions(database, 9, status=Status.AWAITING_SECOND)] == ["one-0"]
    assert list_decisions(database, 9, status=Status.CLEARED) == []
    for same in ("desk 4", " Desk  4 "):
        with pytest.raises(SamePersonError):
            say(database, same)
    assert say(database, "desk 5") is Status.CLEARED
    assert "one-0" not in queue(database)
    assert list_decisions(database, 9, status=Status.AWAITING_SECOND) == []
    assert [each.id for each in list_decisions(database, 9, status=Status.CLEARED)] == ["one-0"]
    assert [each.awaits_second for each in read_reviews(database, "one-0")] == [True, False]
    assert list(verify_audit(database)) == []


def test_a_verdict_for_which_nobody_asks_is_cleared_by_one(database: Database) -> None:
    keep_review(database, "one-0", Review(CLEARED, "seen", "desk 4", NOON), frozenset({Verdict.CONTROLLED}))
    assert queue(database) == ["one-2", "one-1"]


@pytest.mark.parametrize("disposition", [ESCALATED, CONFIRMED])
def test_anything_but_a_clearance_holds_at_once_and_whoever_cleared_may_take_it_back(
    database: Database, disposition: Disposition
) -> None:
    assert say(database, "desk 4", disposition) is Status(disposition.value)
    assert say(database, "desk 4") is Status.AWAITING_SECOND
    assert say(database, "desk 4", disposition) is Status(disposition.value)
    assert say(database, "desk 5") is Status.AWAITING_SECOND, "what was taken back does not count"
    assert say(database, "desk 4") is Status.CLEARED


def test_one_key_is_one_person_whatever_name_it_gives(database: Database) -> None:
    assert say(with_key(database, "key-1"), "desk 4") is Status.AWAITING_SECOND
    with pytest.raises(SamePersonError):
        say(with_key(database, "key-1"), "desk 5")
    with pytest.raises(SamePersonError):
        say(with_key(database, "key-2"), "desk 4")
    assert say(with_key(database, "key-2"), "desk 5") is Status.CLEARED
    assert [each.key_id for each in read_reviews(database, "one-0")] == ["key-1", "key-2"]


def test_of_many_who_clear_at_once_one_is_first_one_second_and_nobody_both(database: Database) -> None:
    def clear(number: int) -> str:
        try:
            return say(database, f"desk {number % 2}").value
        except SamePersonError:
            return "refused"

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(clear, range(16)))
    reviews = read_reviews(database, "one-0")
    assert reviews[0].awaits_second
    assert not reviews[1].awaits_second
    assert reviews[0].reviewer != reviews[1].reviewer
    assert len(reviews) + said.count("refused") == 16
    for first, second in zip(reviews[::2], reviews[1::2], strict=False):
        assert (first.awaits_second, second.awaits_second) == (True, False)
        assert first.reviewer != second.reviewer
    assert list(verify_audit(database)) == []


def test_a_decision_that_was_replaced_meanwhile_is_not_reviewed(database_url: str) -> None:
    database = open_engine(database_url)
    migrate(database)
    keep_story(database)
    with pytest.raises(ReplacedError) as caught:
        say(database, "desk 4", decision="one-1")
    assert caught.value.newer == "three-0"
    database.dispose()


def test_a_clearance_that_awaits_does_not_hold_in_an_older_version(database: Database) -> None:
    say(database, "desk 4")
    migrate_down(database, "0003")
    migrate(database)
    kept = read_decision(database, "one-0")
    assert kept is not None
    assert kept.status is Status.ESCALATED


def test_whoever_pages_through_the_queue_misses_nothing_that_was_there_whatever_comes_in(database: Database) -> None:
    for name in ("two", "three", "four"):
        alarms = [replace(alarm_at(place), score=score) for place, score in enumerate((0.9, 0.123, None, 0.5, 0.123))]
        keep_run(database, replace(run_of(name), created_at=NOON), NOON, [Verdict.REVIEW] * 5, alarms)
    there = queue_all(database)
    seen: list[str] = []
    after = None
    while page := list_queue(database, 2, after=after):
        seen += [each.id for each in page]
        after = queue_place(page[-1])
        run = replace(run_of(f"x{len(seen):02}"), created_at=NOON + timedelta(minutes=len(seen)))
        scores = (0.95, 0.5, 0.123, 0.1, None)
        if len(seen) < 30:
            late = [replace(alarm_at(place), score=score) for place, score in enumerate(scores)]
            keep_run(database, run, NOON, [Verdict.REVIEW] * 5, late)
    assert [each for each in seen if each in there] == there
    assert len(seen) == len(set(seen)), "nothing is shown twice"


def queue_all(database: Database) -> list[str]:
    return [each.id for each in list_queue(database, 99)]


def test_how_often_others_were_reviewed_keeps_nothing_in_the_queue(database: Database) -> None:
    assert say(database, "desk 4") is Status.AWAITING_SECOND
    assert say(database, "desk 5") is Status.CLEARED
    assert say(database, "desk 4", CONFIRMED, "one-1") is Status.CONFIRMED
    assert queue(database) == ["one-2"], "one was reviewed twice, the other once"
    assert say(database, "desk 4", decision="one-2") is Status.AWAITING_SECOND
    assert queue(database) == ["one-2"]
