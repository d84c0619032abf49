"""Erasure: the words go, from the file's bytes too; verdicts, digests and the audit trail stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, select, update

from app.domain.audit import Action
from app.domain.callers import Caller
from app.domain.errors import StorageError, UnknownNameError
from app.domain.words import Disposition
from app.storage.audit import append, list_entries
from app.storage.decisions import list_queue, newest_of_records, read_decision
from app.storage.engine import Access, Database, open_engine
from app.storage.erasures import Erased
from app.storage.migrate import migrate
from app.storage.records import blocks_not_judged_with, read_content
from app.storage.reviews import keep_review, read_reviews
from app.storage.runs import RescreenedBlock, ScreenedRows, begin_run, keep_rescreened, keep_rows, keep_run
from app.storage.tables import DECISIONS, RECORD_BLOCKS, REVIEWS
from app.usecases.erase import erase_before, erase_expired, erase_run
from tests.storage.test_audit import NOON, PORT, C, N, R, alarm_at, block_at, faults, keep_story, replace, run_of, said


@pytest.fixture
def kept(database: Database) -> Database:
    keep_story(database)
    return database


def test_the_words_of_a_run_go_and_what_was_decided_stays(kept: Database) -> None:
    before = read_decision(kept, "one-1")
    assert erase_run(kept, "one", "asked for") == Erased(runs=1, blocks=1, decisions=3, reviews=2)
    assert read_content(kept, "one", 1) is None
    after = read_decision(kept, "one-1")
    assert before is not None
    assert after == replace(before, record_id=None, reason="", document=None)
    later = read_decision(kept, "three-0")
    assert later is not None
    assert (later.document, later.verdict, later.substance_ids) == (None, C, ("acetone", "toluene"))
    for decision in ("one-1", "three-0"):
        (review,) = read_reviews(kept, decision)
        assert (review.reason, review.reviewer, review.disposition) == ("", "desk 4", Disposition.CLEARED)
    assert [each.reason for each in read_reviews(kept, "two-1")] == ["SECRETREASON"]
    untouched = read_decision(kept, "two-1")
    assert untouched is not None
    assert untouched.document is not None
    assert read_content(kept, "two", 1) is not None
    assert [each.id for each in list_queue(kept, 9)] == ["one-2"], "an open alarm stays open"
    assert newest_of_records(kept, "one", [1])[1].document is None
    assert faults(kept) == []


def test_an_erasure_is_entered_once(kept: Database) -> None:
    erase_run(kept.seen_by(Caller("local", "key-3", frozenset())), "one", "asked for")
    entry = list_entries(kept, 99)[-1]
    assert (entry.action, entry.subject, entry.key_id) == ("erased", "one", "key-3")
    assert "asked for" in entry.facts
    assert erase_run(kept, "one", "again") == Erased()
    assert list_entries(kept, 99)[-1] == entry


def test_a_run_of_nobody_or_of_another_tenant_is_not_erased(kept: Database) -> None:
    for caller, run in ((PORT, "one"), (kept.caller, "nobody")):
        with pytest.raises(UnknownNameError):
            erase_run(kept.seen_by(caller), run, "asked for")
    assert read_content(kept, "one", 1) is not None


def test_an_erased_block_is_not_rescreened(kept: Database) -> None:
    again = replace(run_of("four", "rescreen"), release="r3", index_digest="i3")
    begin_run(kept, again)
    block = blocks_not_judged_with(kept, again.judged, 9)[0]
    erase_run(kept, block.run_id, "asked for")
    assert not keep_rescreened(kept, again, NOON, block, RescreenedBlock([], (), frozenset(), [])), (
        "erased since it was read"
    )
    assert block.run_id not in {each.run_id for each in blocks_not_judged_with(kept, again.judged, 9)}
    assert faults(kept) == []


def test_what_comes_after_an_erasure_is_not_erased_by_it(database: Database) -> None:
    file = run_of("file")
    begin_run(database, file)
    keep_rows(database, file, NOON, ScreenedRows(0, [R], [alarm_at(0)], block_at(0, 1)))
    erase_run(database, "file", "asked for")
    keep_rows(database, file, NOON, ScreenedRows(1, [R], [alarm_at(1)], block_at(1, 1)))
    assert faults(database) == []
    assert erase_run(database, "file", "asked for").decisions == 1
    assert faults(database) == []


def test_words_that_come_back_and_words_that_go_without_an_entry_are_found(kept: Database) -> None:
    with kept.connect() as connection:
        document = connection.execute(select(DECISIONS.c.document).where(DECISIONS.c.id == "one-1")).scalar_one()
    erase_run(kept, "one", "asked for")
    with kept.begin() as connection:
        back = {"document": document, "record_id": "line\ufffd 1", "reason": document["reason"]}
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == "one-1").values(back))
        connection.execute(update(RECORD_BLOCKS).where(RECORD_BLOCKS.c.run_id == "one").values(content=b"SECRET"))
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == "three-0").values(verdict="review"))
        connection.execute(
            update(DECISIONS).where(DECISIONS.c.id == "two-1").values(document=None, record_id=None, reason="")
        )
    assert faults(kept) == [
        "decision one-1: its words were erased, and are there again",
        "records one 0: their fields were erased, and are there again",
        "decision two-1: its words are gone, and no entry tells of an erasure",
        "decision three-0: is not as entry 7 tells",
    ]


def test_reasons_that_come_back_and_reasons_that_go_without_an_entry_are_found(kept: Database) -> None:
    erase_run(kept, "one", "asked for")
    with kept.begin() as connection:
        for decision, reason in (("one-1", "SECRETREASON"), ("three-0", "another"), ("two-1", "")):
            connection.execute(update(REVIEWS).where(REVIEWS.c.decision_id == decision).values(reason=reason))
    assert faults(kept) == [
        "review one-1 1: its reason was erased, and is there again",
        "review two-1 1: its reason is gone, and no entry tells of an erasure",
        "review three-0 1: its reason was erased, and is there again",
        "review three-0 1: is not as entry 8 tells",
    ]


def test_a_reason_that_is_given_after_an_erasure_goes_with_the_next_one(kept: Database) -> None:
    erase_run(kept, "one", "asked for")
    keep_review(kept, "one-2", replace(said("desk 6"), reason="LATER"))
    assert faults(kept) == []
    assert erase_before(kept, NOON + timedelta(days=1), "asked for") == Erased(2, 2, 1, 2)
    assert [each.reason for each in read_reviews(kept, "one-2")] == [""]
    assert faults(kept) == []


def test_a_trail_from_when_reasons_were_not_erased_is_whole(kept: Database) -> None:
    with kept.begin() as connection:
        block = update(RECORD_BLOCKS).where(RECORD_BLOCKS.c.run_id == "one")
        connection.execute(block.values(content=None))
        gone = {"document": JSON.NULL, "record_id": None, "reason": ""}
        connection.execute(update(DECISIONS).where(DECISIONS.c.run_id.in_(["one", "three"])).values(gone))
        counts = {"blocks": 1, "decisions": 3}
        append(connection, kept, Action.ERASED, "one", {"first": 0, "until": 20_000, "why": "", "erased": counts})
    assert faults(kept) == []
    assert erase_run(kept, "one", "again") == Erased(1, 0, 0, 2)
    assert faults(kept) == []


def test_everything_before_a_day_goes_and_nothing_from_that_day_on(database: Database) -> None:
    for days, name in enumerate(("old", "edge", "new")):
        run = replace(run_of(name), created_at=NOON + timedelta(days=days))
        keep_run(database, run, NOON, [R], [alarm_at(0)], block=block_at(0, 1))
    erased = erase_before(database, NOON + timedelta(days=1), "asked for")
    assert erased == Erased(runs=1, blocks=1, decisions=1)
    assert [read_content(database, name, 0) is None for name in ("old", "edge", "new")] == [True, False, False]
    assert faults(database) == []


def test_words_of_every_tenant_expire(database: Database) -> None:
    for tenant in ("local", "customs-port"):
        theirs = database.seen_by(Caller(tenant, "key-1", frozenset()))
        keep_run(theirs, run_of(tenant), NOON, [N, R], [alarm_at(1)], block=block_at(0, 2))
    assert erase_expired(database, 30, NOON + timedelta(days=30)) == Erased()
    assert erase_expired(database, 30, NOON + timedelta(days=30, seconds=1)) == Erased(2, 2, 2)
    assert erase_expired(database, 30, NOON + timedelta(days=31)) == Erased()
    for tenant in ("local", "customs-port"):
        theirs = database.seen_by(Caller(tenant, "x", frozenset()))
        assert [entry.key_id for entry in list_entries(theirs, 9)] == ["key-1", "retention"]
        assert faults(theirs) == []


def words_in(folder: Path) -> int:
    return sum(path.read_bytes().count(b"SECRET") for path in folder.iterdir())


def test_no_word_is_left_in_the_bytes_of_a_file(tmp_path: Path) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)
    for number in range(60):
        alarms = [alarm_at(place) for place in range(number % 7)]
        run = replace(run_of(f"{number * 37 % 60:03}"), created_at=NOON + timedelta(minutes=number))
        large = replace(block_at(0, 7), content=b"SECRETFIELDS " * (number * number))
        keep_run(database, run, NOON, [R] * len(alarms), alarms, block=large)
        for alarm in alarms[:2]:
            keep_review(database, f"{run.id}-{alarm.position}", said("desk 4"))
    assert words_in(tmp_path) > 60
    for number in range(0, 60, 2):
        erase_run(database, f"{number:03}", "asked for")
    erase_before(database, NOON + timedelta(days=1), "asked for")
    assert words_in(tmp_path) == 0
    assert faults(database) == []
    database.dispose()


def test_a_log_that_cannot_be_emptied_is_said_to_be_so(tmp_path: Path) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'a.db'}", Access(lock_seconds=0.1))
    migrate(database)
    keep_story(database)
    with database.snapshot() as reader:
        reader.execute(select(DECISIONS)).all()
        with pytest.raises(StorageError, match="could not be emptied"):
            erase_run(database, "one", "asked for")
    assert erase_run(database, "one", "asked for") == Erased()
    erase_run(database, "two", "asked for")
    assert words_in(tmp_path) == 0
    database.dispose()
