"""The audit trail: every decision and review is entered, and whatever is changed behind its back is found."""

import gc
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from psycopg import sql
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.audit import BEGINNING, Action, Head, hash_of, write_verdicts
from app.domain.callers import Caller
from app.domain.errors import Fault, StorageError
from app.domain.words import Disposition, Verdict
from app.storage.audit import append, list_entries, read_head
from app.storage.audited import list_tenants
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate, migrate_down
from app.storage.records import RecordBlock, blocks_not_judged_with
from app.storage.reviews import Review, keep_review
from app.storage.runs import (
    Alarm,
    Replacement,
    RescreenedBlock,
    RunStart,
    ScreenedRows,
    begin_run,
    finish_run,
    keep_rescreened,
    keep_rows,
    keep_run,
)
from app.storage.tables import AUDIT, AUDIT_HEADS, DECISIONS, RECORD_BLOCKS, REVIEWS, RUNS
from app.usecases.verify_audit import verify_audit

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PORT = Caller("customs-port", "key-1", frozenset())
N, R, C = Verdict.NOT_LISTED, Verdict.REVIEW, Verdict.CONTROLLED


def run_of(run_id: str, door: str = "http-json") -> RunStart:
    return RunStart(run_id, NOON, door, "r", "i", "p", "v", None, ("un-1988",), "0" * 64, date(2026, 1, 1))


def alarm_at(position: int, verdict: Verdict = R) -> Alarm:
    record_id, reason = f"line\x00 {position}", "SECRETGOODS looks like acetone"
    document = {"record_id": record_id, "verdict": verdict.value, "reason": reason, "score": 0.123}
    return Alarm(position, record_id, verdict, 0.123, reason, ("acetone", "toluene"), document)


def block_at(first: int, records: int) -> RecordBlock:
    return RecordBlock(first, records, ("acetone",), b"SECRETFIELDS %d" % first)


def said(reviewer: str, disposition: Disposition = Disposition.CLEARED) -> Review:
    return Review(disposition, "SECRETREASON", reviewer, NOON)


def keep_story(database: Database) -> None:
    """Keep one request, one file of two blocks, two reviews, and a rescreening of the request's block."""
    keep_run(database, run_of("one"), NOON, [N, R, C], [alarm_at(1), alarm_at(2, C)], block=block_at(0, 3))
    file = run_of("two", "http-file")
    begin_run(database, file)
    keep_rows(database, file, NOON, ScreenedRows(0, [N, R], [alarm_at(1)], block_at(0, 2)))
    keep_rows(database, file, NOON, ScreenedRows(2, [N], [], block_at(2, 1)))
    finish_run(database, "two", NOON, {N: 2, R: 1})
    keep_review(database, "one-1", said("desk 4"))
    keep_review(database, "two-1", said("desk 5", Disposition.ESCALATED))
    later = replace(run_of("three", "rescreen"), release="r2", index_digest="i2")
    begin_run(database, later)
    block = blocks_not_judged_with(database, later.judged, 9)[0]
    instead = replace(alarm_at(0, C), replacement=Replacement("one-1", "release", "one", 1))
    carried = replace(said("desk 4"), carried_from="one-1")
    assert keep_rescreened(
        database, later, NOON, block, RescreenedBlock([replace(instead, review=carried)], ("acetone",), frozenset(), [])
    )
    finish_run(database, "three", NOON, {C: 1})


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """The story kept once in a database of either kind, and copied for each test."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    folder = tmp_path_factory.mktemp("story")
    name = server.create() if server else str(folder / "story.db")
    database = open_engine(server.url(name) if server else f"sqlite:///{name}")
    migrate(database)
    keep_story(database)
    database.dispose()
    copies: list[str] = []

    def copied() -> str:
        copies.append(f"{name}_{len(copies)}")
        if server is None:
            shutil.copy(name, copies[-1])
            return f"sqlite:///{copies[-1]}"
        with server.admin() as connection:
            names = (sql.Identifier(copies[-1]), sql.Identifier(name))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return str(server.url(copies[-1]))

    yield copied
    if server is not None:
        for each in (*copies, name):
            server.drop(each)


@pytest.fixture
def kept(story: Callable[[], str]) -> Iterator[Database]:
    opened = open_engine(story())
    yield opened
    opened.dispose()


def faults(database: Database, exported: Head | None = None) -> list[str]:
    return [str(fault) for fault in verify_audit(database, exported)]


def test_every_decision_and_review_is_entered_and_the_chain_holds(kept: Database) -> None:
    entries = list_entries(kept, 99)
    actions = ["screened", "screened", "screened", "finished", "reviewed", "reviewed", "rescreened", "reviewed"]
    assert [entry.action for entry in entries] == [*actions, "finished"]
    assert [entry.number for entry in entries] == list(range(1, 10))
    assert [entry.previous for entry in entries] == [BEGINNING, *(entry.hash for entry in entries[:-1])]
    assert all(entry.hash == hash_of(entry) for entry in entries)
    assert read_head(kept) == Head("local", 9, entries[-1].hash, entries[-1].at)
    facts = orjson.loads(entries[0].facts)
    assert (facts["verdicts"], facts["first"], facts["until"]) == ("1N1R1C", 0, 3)
    assert (facts["input"], facts["release"], facts["policy"], facts["version"]) == ("0" * 64, "r", "p", "v")
    assert [(item["position"], item["verdict"]) for item in facts["decisions"]] == [(1, "review"), (2, "controlled")]
    assert faults(kept) == []
    assert faults(kept, read_head(kept)) == []


def test_no_word_of_a_record_is_in_the_trail(kept: Database) -> None:
    assert "SECRET" not in str(list_entries(kept, 99))
    assert "line" not in str(list_entries(kept, 99))


def test_what_is_not_kept_is_not_entered(kept: Database) -> None:
    before = read_head(kept)
    with pytest.raises(StorageError):
        keep_run(kept, run_of("four"), NOON, [R, R], [alarm_at(0), alarm_at(0)])
    assert read_head(kept) == before
    assert faults(kept) == []


def test_each_tenant_has_a_chain_of_its_own(kept: Database) -> None:
    theirs = kept.seen_by(PORT)
    keep_run(theirs, run_of("four"), NOON, [R], [alarm_at(0)])
    (entry,) = list_entries(theirs, 9)
    assert (entry.tenant, entry.number, entry.previous, entry.key_id) == ("customs-port", 1, BEGINNING, "key-1")
    assert list_tenants(kept) == ["customs-port", "local"]
    assert faults(theirs) == faults(kept) == []
    assert faults(kept, read_head(theirs)) != []


def test_entries_come_in_pages(kept: Database) -> None:
    seen = [entry.number for after in range(0, 10, 4) for entry in list_entries(kept, 4, after)]
    assert seen == list(range(1, 10))


def test_verdicts_are_written_as_counts_of_equal_ones() -> None:
    assert write_verdicts([N, N, C, N, Verdict.UNDETERMINED, Verdict.CONDITIONAL, R]) == "2N1C1N1U1D1R"
    assert write_verdicts([]) == ""


# What somebody does who can write to the database behind the service's back.

Tampering = Callable[[Connection], Any]


def unlock(connection: Connection) -> None:
    """Do away with the triggers, as an owner of the database can."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text("SET session_replication_role = replica"))
        return
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def write(table: Any, *where: Any, **values: Any) -> Tampering:
    return lambda connection: connection.execute(update(table).where(*where).values(**values))


def drop(table: Any, *where: Any) -> Tampering:
    return lambda connection: connection.execute(delete(table).where(*where))


def copy(table: Any, *where: Any, **changed: Any) -> Tampering:
    def do(connection: Connection) -> None:
        row = connection.execute(select(table).where(*where)).mappings().one()
        connection.execute(insert(table).values({**row, **changed}))

    return do


def swap(one: int, other: int) -> Tampering:
    def do(connection: Connection) -> None:
        for was, now in ((one, 99), (other, one), (99, other)):
            connection.execute(update(AUDIT).where(AUDIT.c.number == was).values(number=now))

    return do


def put_in_between(connection: Connection) -> None:
    """Move everything from 3 on up by one, and put a copy of 2 in its place."""
    for number in range(9, 2, -1):
        connection.execute(update(AUDIT).where(AUDIT.c.number == number).values(number=number + 1))
    copy(AUDIT, AUDIT.c.number == 2, number=3)(connection)
    connection.execute(update(AUDIT_HEADS).values(number=10))


def cut(connection: Connection) -> None:
    """Cut off the last two entries, and move the head to what is left."""
    connection.execute(delete(AUDIT).where(AUDIT.c.number > 7))
    left = connection.execute(select(AUDIT).where(AUDIT.c.number == 7)).one()
    connection.execute(update(AUDIT_HEADS).values(number=7, hash=left.hash))


CHAIN: dict[str, Tampering] = {
    "an entry says something else": write(AUDIT, AUDIT.c.number == 4, facts="{}"),
    "an entry tells of somebody else": write(AUDIT, AUDIT.c.number == 5, key_id="other"),
    "an entry has another time": write(AUDIT, AUDIT.c.number == 5, at="2020-01-01T00:00:00.000000Z"),
    "an entry has another hash": write(AUDIT, AUDIT.c.number == 9, hash="f" * 64),
    "the first entry is gone": drop(AUDIT, AUDIT.c.number == 1),
    "an entry is gone": drop(AUDIT, AUDIT.c.number == 5),
    "the last entry is gone": drop(AUDIT, AUDIT.c.number == 9),
    "all entries are gone": drop(AUDIT),
    "the chain is gone, with its head": lambda connection: [
        connection.execute(delete(t)) for t in (AUDIT, AUDIT_HEADS)
    ],
    "two entries stand in another order": swap(3, 4),
    "an entry was put in between": put_in_between,
    "an entry was put at the end": copy(AUDIT, AUDIT.c.number == 9, number=10),
    "an entry is another tenant's": write(AUDIT, AUDIT.c.number == 9, tenant="other"),
    "the end was cut off": cut,
}
"""What is done to the chain itself."""

ROWS: dict[str, tuple[Tampering, str]] = {
    "another verdict": (write(DECISIONS, DECISIONS.c.id == "one-1", verdict="not_listed"), "decision one-1"),
    "another score": (write(DECISIONS, DECISIONS.c.id == "one-1", score=0.124), "decision one-1"),
    "other substances": (write(DECISIONS, DECISIONS.c.id == "one-1", substance_ids=[]), "decision one-1"),
    "another document": (write(DECISIONS, DECISIONS.c.id == "one-2", document={"a": 1}), "decision one-2"),
    "another reason": (write(DECISIONS, DECISIONS.c.id == "two-1", reason="nothing"), "decision two-1"),
    "another line": (write(DECISIONS, DECISIONS.c.id == "two-1", record_id="line 2"), "decision two-1"),
    "another day": (write(DECISIONS, DECISIONS.c.id == "two-1", created_at=NOON + timedelta(1)), "decision two-1"),
    "replaces nothing": (write(DECISIONS, DECISIONS.c.id == "three-0", replaces=None), "decision three-0"),
    "replaces another": (write(DECISIONS, DECISIONS.c.id == "three-0", replaces="two-1"), "decision three-0"),
    "words gone": (
        write(DECISIONS, DECISIONS.c.id == "two-1", document=None, reason="", record_id=None),
        "decision two-1",
    ),
    "a decision gone": (drop(DECISIONS, DECISIONS.c.id == "two-1"), "decision two-1"),
    "a decision more": (copy(DECISIONS, DECISIONS.c.id == "two-1", id="two-0", position=0), "decision two-0"),
    "a decision in a place of no entry": (
        copy(DECISIONS, DECISIONS.c.id == "two-1", id="two-7", position=7),
        "decision two-7",
    ),
    "another tenant's decision": (write(DECISIONS, DECISIONS.c.id == "one-1", tenant="other"), "decision one-1"),
    "another release": (write(RUNS, RUNS.c.id == "two", release="r9"), "run two"),
    "another input": (write(RUNS, RUNS.c.id == "one", input_sha256="f" * 64), "run one"),
    "other counts": (write(RUNS, RUNS.c.id == "two", not_listed=3), "run two"),
    "not finished": (write(RUNS, RUNS.c.id == "two", finished_at=None), "run two"),
    "another key": (write(RUNS, RUNS.c.id == "two", key_id="other"), "run two"),
    "a run gone": (drop(RUNS, RUNS.c.id == "two"), "run two"),
    "a run more": (copy(RUNS, RUNS.c.id == "one", id="four"), "run four"),
    "other records": (write(RECORD_BLOCKS, RECORD_BLOCKS.c.run_id == "one", content=b"x"), "records one 0"),
    "records erased by hand": (write(RECORD_BLOCKS, RECORD_BLOCKS.c.run_id == "one", content=None), "records one 0"),
    "records gone": (drop(RECORD_BLOCKS, RECORD_BLOCKS.c.first_position == 2), "records two 2"),
    "records more": (copy(RECORD_BLOCKS, RECORD_BLOCKS.c.run_id == "one", first_position=3), "records one 3"),
    "another disposition": (
        write(REVIEWS, REVIEWS.c.decision_id == "two-1", disposition="cleared"),
        "review two-1 1",
    ),
    "another reviewer": (write(REVIEWS, REVIEWS.c.decision_id == "one-1", reviewer="desk 9"), "review one-1 1"),
    "another ground": (write(REVIEWS, REVIEWS.c.decision_id == "one-1", reason="seen"), "review one-1 1"),
    "a review gone": (drop(REVIEWS, REVIEWS.c.decision_id == "two-1"), "review two-1 1"),
    "a review more": (copy(REVIEWS, REVIEWS.c.decision_id == "two-1", number=2), "review two-1 2"),
    "a carried review gone": (drop(REVIEWS, REVIEWS.c.decision_id == "three-0"), "review three-0 1"),
}
"""What is done to the rows it tells of, and where that is found."""


def tamper(database: Database, tampering: Tampering) -> None:
    with database.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        unlock(connection)
        tampering(connection)
    database.dispose()


@pytest.mark.parametrize("what", CHAIN)
def test_whatever_is_done_to_the_chain_is_found(kept: Database, what: str) -> None:
    exported = read_head(kept)
    tamper(kept, CHAIN[what])
    assert faults(kept, exported) != []
    if what != "the end was cut off":
        assert faults(kept) != [], "found without an exported head as well"
    for tenant in list_tenants(kept):
        for fault in verify_audit(kept.seen_by(Caller(tenant, "x", frozenset()))):
            assert isinstance(fault, Fault)


@pytest.mark.parametrize("what", ROWS)
def test_whatever_is_done_to_the_rows_is_found_where_it_was_done(kept: Database, what: str) -> None:
    tampering, place = ROWS[what]
    tamper(kept, tampering)
    found = faults(kept)
    assert any(fault.startswith(f"{place}:") for fault in found), found


def test_a_chain_that_was_written_anew_is_found_by_an_exported_head(kept: Database) -> None:
    exported = read_head(kept)
    entries = list_entries(kept, 99)
    forged = replace(entries[4], key_id="somebody else")

    def rewrite(connection: Connection) -> None:
        previous = entries[3].hash
        for entry in (forged, *entries[5:]):
            anew = replace(entry, previous=previous)
            previous = hash_of(anew)
            values = {"key_id": anew.key_id, "previous": anew.previous, "hash": previous}
            connection.execute(update(AUDIT).where(AUDIT.c.number == entry.number).values(values))
        connection.execute(update(AUDIT_HEADS).values(hash=previous))

    tamper(kept, rewrite)
    assert faults(kept) == [], "whoever can write the whole database can write the whole chain"
    assert faults(kept, exported) != []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET facts = '{}'",
        "UPDATE audit SET facts = '{}' WHERE number = 1",
        "DELETE FROM audit WHERE number = 9",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT tenant, number, at, 'x', action, subject, facts, previous, hash FROM audit",
    ],
)
def test_no_entry_can_be_changed_or_deleted(kept: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), kept.begin() as connection:
        connection.execute(text(statement))
    assert faults(kept) == []


def test_sqlite_cannot_replace_an_entry(tmp_path: Any) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)
    keep_story(database)
    columns = "tenant, number, at, 'x', action, subject, facts, previous, hash"
    for statement in (
        f"INSERT OR REPLACE INTO audit SELECT {columns} FROM audit WHERE number = 4",
        f"REPLACE INTO audit SELECT {columns} FROM audit WHERE number = 9",
        "UPDATE OR REPLACE audit SET number = number + 1",
    ):
        with pytest.raises(DBAPIError, match="audit trail"), database.begin() as connection:
            connection.execute(text(statement))
    assert faults(database) == []
    database.dispose()


def test_postgresql_cannot_empty_the_trail(postgres_server: Any) -> None:
    name = postgres_server.create()
    database = open_engine(postgres_server.url(name))
    migrate(database)
    keep_story(database)
    for statement in ("TRUNCATE audit", "SET session_replication_role = replica; DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="audit trail"), database.begin() as connection:
            connection.execute(text(statement))
    assert faults(database) == []
    database.dispose()
    postgres_server.drop(name)


def test_many_at_once_make_one_chain(database: Database) -> None:
    def work(number: int) -> None:
        keep_run(database, run_of(f"run-{number}"), NOON, [R], [alarm_at(0)])
        keep_review(database, f"run-{number}-0", said(f"desk {number}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(40)))
    assert [entry.number for entry in list_entries(database, 99)] == list(range(1, 81))
    assert faults(database) == []


def test_others_can_enter_what_they_do(database: Database) -> None:
    with database.begin() as connection:
        append(connection, database, Action.KEY_CREATED, "key-7", {"scopes": ["read"]})
    (entry,) = list_entries(database, 9)
    assert (entry.action, entry.subject, entry.facts) == ("key-created", "key-7", '{"scopes":["read"]}')
    assert faults(database) == []


def test_what_was_kept_before_the_trail_is_adopted_as_it_is_found(kept: Database) -> None:
    migrate_down(kept, "0003")
    migrate(kept)
    assert {entry.action for entry in list_entries(kept, 99)} == {"adopted", "reviewed"}
    assert faults(kept) == []
    tamper(kept, ROWS["another document"][0])
    assert faults(kept) == ["decision one-2: is not as entry 1 tells"]


def test_a_verification_sees_one_moment_whatever_is_kept_meanwhile(kept: Database) -> None:
    verification = verify_audit(kept, Head("local", 99, BEGINNING, ""))
    first = next(verification)
    keep_run(kept, run_of("four"), NOON, [R], [alarm_at(0)])
    assert [first, *verification] == [Fault("end of the chain", "entry 99 was exported, the last one found is 9")]


def test_the_memory_of_a_verification_does_not_grow_with_the_chain(tmp_path: Path) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)

    def peak_after(runs: range) -> int:
        with database.begin() as connection:
            for number in runs:
                append(connection, database, Action.KEY_CREATED, f"key-{number}", {"name": "x" * 2_000})
        faults(database)
        gc.collect()
        tracemalloc.start()
        assert faults(database) == []
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    # What is held is meant, not what is in circles and waits for the collector, which this program lets look seldom.
    seldom = gc.get_threshold()
    gc.set_threshold(700, *seldom[1:])

    small = peak_after(range(200))
    added = 1_800 * 2_000
    assert peak_after(range(200, 2_000)) < small + added / 10
    gc.set_threshold(*seldom)
    database.dispose()
