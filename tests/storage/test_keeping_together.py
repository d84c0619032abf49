"""Runs that end together are committed together, and one that cannot be kept takes no other along."""

from sqlalchemy import event, func, select

from app.domain.errors import StorageError
from app.domain.words import Verdict
from app.storage.engine import Database
from app.storage.runs import WholeRun
from app.storage.tables import AUDIT, DECISIONS, RECORD_BLOCKS, RUNS
from app.storage.together import keep_together
from tests.storage.test_audit import NOON, PORT, alarm_at, block_at, run_of

R = Verdict.REVIEW


def whole(name: str) -> WholeRun:
    return WholeRun(run_of(name), NOON, [R], [alarm_at(0)], block_at(0, 1))


def at_fault(name: str) -> WholeRun:
    """Two decisions at one place, which no database takes."""
    return WholeRun(run_of(name), NOON, [R, R], [alarm_at(0), alarm_at(0)])


def kept(database: Database) -> list[str]:
    with database.connect() as connection:
        return sorted(connection.execute(select(RUNS.c.id)).scalars())


def test_runs_of_several_tenants_are_kept_in_one_transaction(database: Database) -> None:
    theirs = database.seen_by(PORT)
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    runs = [(theirs, whole("one")), (database, whole("two")), (theirs, whole("three"))]
    assert keep_together(runs) == [None, None, None]
    assert len(commits) == 1
    assert kept(database) == ["one", "three", "two"]
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one() == 3
        assert connection.execute(select(func.count()).select_from(RECORD_BLOCKS)).scalar_one() == 3
        entries = connection.execute(select(AUDIT.c.tenant, AUDIT.c.number, AUDIT.c.subject)).all()
    assert sorted(map(tuple, entries)) == [
        ("customs-port", 1, "one"),
        ("customs-port", 2, "three"),
        ("local", 1, "two"),
    ]


def test_a_run_that_cannot_be_kept_takes_no_other_along(database: Database) -> None:
    outcomes = keep_together([(database, run) for run in (whole("one"), at_fault("two"), whole("three"))])
    assert [type(outcome) for outcome in outcomes] == [type(None), StorageError, type(None)]
    assert kept(database) == ["one", "three"]
