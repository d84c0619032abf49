"""Writing runs and their alarms; every function commits before it returns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.audit import Action
from app.domain.callers import Caller
from app.domain.errors import UnknownNameError
from app.domain.words import Verdict
from app.storage.accounts import sha256, tell_block, tell_decision, tell_end, tell_run, tell_stretch
from app.storage.amounts import KeptAmount, insert_amounts, replace_amounts
from app.storage.audit import ToEnter, append, append_several, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.records import Judged, KeptBlock, RecordBlock, insert_blocks, note_judged
from app.storage.reviews import Review, insert_review
from app.storage.run_rows import counts_row, decision_row, run_row
from app.storage.tables import DECISIONS, POLICIES, RUNS

_KEEP_POLICY = {
    "postgresql": postgresql.insert(POLICIES).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(POLICIES).on_conflict_do_nothing(),
}
_KEEP_RUN, _KEEP_DECISIONS = insert(RUNS), insert(DECISIONS)
"""Put together once: a statement that carries its values is compared word by word each time."""


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run before its first record is screened."""

    id: str
    created_at: datetime
    door: str
    """http-json, http-file, job, terminal or rescreen."""
    release: str
    index_digest: str
    policy: str
    version: str
    as_of: date | None
    instruments: tuple[str, ...] | None
    input_sha256: str | None
    today: date | None = None
    """The day whose law records without a day of their own are judged by; None for the day the run began."""
    knobs: dict[str, Any] | None = None
    """The values of the policy."""
    history: bool = False
    """Whether its totals were begun with what earlier runs had added up."""

    @property
    def judged(self) -> Judged:
        """What the run's records are judged with."""
        return Judged(self.release, self.index_digest, self.policy, self.version)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Why a decision stands in the place of another."""

    replaces: str
    trigger: str
    origin_run_id: str
    origin_position: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """One decision, to be kept whole: an alarm, or the changed outcome of a rescreening."""

    position: int
    """Place of the record in its request or file, from 0."""
    record_id: str | None
    verdict: Verdict
    score: float | None
    reason: str
    substance_ids: tuple[str, ...]
    document: dict[str, Any]
    replacement: Replacement | None = None
    review: Review | None = None
    """A clearance that still holds."""


@dataclass(frozen=True, slots=True)
class ScreenedRows:
    """Consecutive records of a run that were screened, ready to be kept."""

    first_position: int
    """Of the first record, alarm or not."""
    verdicts: Sequence[Verdict]
    """Of every record."""
    alarms: Sequence[Alarm]
    """In the order of their records."""
    block: RecordBlock | None
    """The records; None where they are not to be kept."""
    amounts: Sequence[KeptAmount] = ()
    """What the records add to totals."""


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run whose every record is screened, ready to be kept."""

    start: RunStart
    """What was asked, and with which law."""
    at: datetime
    """When the last record was screened."""
    verdicts: Sequence[Verdict]
    """Of every record, in order."""
    alarms: Sequence[Alarm]
    """In the order of their records."""
    block: RecordBlock | None = None
    """The records; None where they are not to be kept."""
    amounts: Sequence[KeptAmount] = ()
    """What the records add to totals."""


@dataclass(frozen=True, slots=True)
class RescreenedBlock:
    """What a rescreening came to on one block."""

    changed: Sequence[Alarm]
    """The decisions that stand in the place of others, at consecutive positions of the rescreening's run."""
    seen: tuple[str, ...]
    """Substances seen in any of its records, then or now."""
    reweighed: frozenset[int]
    """Positions of the records that add other amounts to totals than before."""
    amounts: Sequence[KeptAmount]
    """What those add now."""


def decision_id(run_id: str, position: int) -> str:
    """Return the name a decision is kept under."""
    return f"{run_id}-{position}"


def begin_run(database: Database, start: RunStart) -> None:
    """Keep the beginning of a run, with all counts at zero."""
    with storage_errors(), database.begin() as connection:
        write_beginning(connection, database.caller, start)


def keep_rows(database: Database, start: RunStart, at: datetime, rows: ScreenedRows) -> None:
    """Keep consecutive records of a run that has begun, and what was decided on them, in one transaction.

    Args:
        database: the database.
        start: the run.
        at: when they were screened.
        rows: the records.
    """
    with storage_errors(), database.begin() as connection:
        write_rows(connection, database, start, at, rows)


def keep_amounts(database: Database, start: RunStart, amounts: Sequence[KeptAmount]) -> None:
    """Keep what records of a run that has begun add to totals, and nothing else of them."""
    if amounts:
        with storage_errors(), database.begin() as connection:
            insert_amounts(connection, start.id, start.id, amounts)


def finish_run(database: Database, run_id: str, at: datetime, counts: dict[Verdict, int]) -> None:
    """Write the counts of a run whose every record is screened.

    Args:
        database: the database.
        run_id: the run.
        at: when the last record was screened.
        counts: records per verdict; a verdict that is missing counts 0.

    Raises:
        UnknownNameError: the tenant has no such run.
    """
    with storage_errors(), database.begin() as connection:
        write_end(connection, database, run_id, at, counts)


def keep_run(
    database: Database,
    start: RunStart,
    at: datetime,
    verdicts: Sequence[Verdict],
    alarms: Sequence[Alarm],
    *,
    block: RecordBlock | None = None,
    amounts: Sequence[KeptAmount] = (),
) -> None:
    """Keep a whole run, its alarms and its records in one transaction: all of it or nothing.

    Args:
        database: the database.
        start: what was asked, and with which law.
        at: when the last record was screened.
        verdicts: of every record, in order.
        alarms: in the order of their records.
        block: the records; None where they are not to be kept.
        amounts: what the records add to totals.
    """
    keep_runs([(database, WholeRun(start, at, verdicts, alarms, block, amounts))])


def keep_runs(runs: Sequence[tuple[Database, WholeRun]]) -> None:
    """Keep several whole runs, their alarms and their records in one transaction: all of them or nothing.

    Args:
        runs: each with the database as the one sees it whose run it is; at least one.

    Raises:
        StorageError: none is kept.
    """
    # Nobody waits for another's row while holding the end of a chain, and the ends are taken in one order by all.
    ordered = sorted(runs, key=lambda each: each[0].tenant)
    with storage_errors(), ordered[0][0].begin() as connection:
        told = zip(ordered, _write_whole(connection, ordered), strict=True)
        append_several(
            connection,
            [ToEnter(database, Action.SCREENED, run.start.id, facts, run.at) for (database, run), facts in told],
        )
        for database, run in ordered:
            _append_reviews(connection, database, run.start.id, run.alarms)


def _write_whole(connection: Connection, runs: Sequence[tuple[Database, WholeRun]]) -> list[dict[str, Any]]:
    """Write runs, each table's rows together, and return what the entry of each says."""
    ended = [{"finished_at": run.at, **counts_row(Counter(run.verdicts))} for _, run in runs]
    _insert_runs(
        connection, [(database.caller, run.start, end) for (database, run), end in zip(runs, ended, strict=True)]
    )
    facts = [_insert_decisions(connection, database, run.start, run.at, run.alarms) for database, run in runs]
    for _, run in runs:
        insert_amounts(connection, run.start.id, run.start.id, run.amounts)
    insert_blocks(connection, [(run.start.id, run.start.judged, run.block) for _, run in runs if run.block])
    return [
        told | tell_stretch(0, run.verdicts) | _tell_records(run.block) | {"finished": tell_end(end)}
        for told, (_, run), end in zip(facts, runs, ended, strict=True)
    ]


def keep_rescreened(
    database: Database,
    start: RunStart,
    at: datetime,
    block: KeptBlock,
    outcome: RescreenedBlock,
) -> bool:
    """Keep what a rescreening came to on one block, and with what its records are judged now, in one transaction.

    Args:
        database: the database.
        start: the run of the rescreening, which has begun.
        at: when it was screened.
        block: the records, as they were read before.
        outcome: what it came to on them.

    Returns:
        False where somebody else rescreened the block since it was read, or erased it: nothing was kept.
    """
    changed = outcome.changed
    with storage_errors(), database.begin() as connection:
        lock_head(connection, database)
        if not note_judged(connection, block, start.judged, outcome.seen):
            return False
        facts = _insert_decisions(connection, database, start, at, changed)
        replace_amounts(connection, block.run_id, start.id, outcome.reweighed, outcome.amounts)
        first = changed[0].position if changed else 0
        facts |= tell_stretch(first, [alarm.verdict for alarm in changed])
        judged = {"run": block.run_id, "first": block.first_position, "records": block.records}
        facts |= {"records": [], "judged": judged}
        append(connection, database, Action.RESCREENED, start.id, facts, at=at)
        _append_reviews(connection, database, start.id, changed)
    return True


def write_beginning(connection: Connection, caller: Caller, start: RunStart) -> None:
    """Write the beginning of a run as part of a transaction."""
    _insert_runs(connection, [(caller, start, {"finished_at": None, **counts_row({})})])


def write_rows(connection: Connection, database: Database, start: RunStart, at: datetime, rows: ScreenedRows) -> None:
    """Write consecutive records of a run and what was decided on them as part of a transaction, with their entry.

    Args:
        connection: the transaction.
        database: as the one sees it whose run it is.
        start: the run.
        at: when they were screened.
        rows: the records.
    """
    facts = _insert_decisions(connection, database, start, at, rows.alarms)
    insert_amounts(connection, start.id, start.id, rows.amounts)
    insert_blocks(connection, [(start.id, start.judged, rows.block)] if rows.block else [])
    facts |= tell_stretch(rows.first_position, rows.verdicts) | _tell_records(rows.block)
    append(connection, database, Action.SCREENED, start.id, facts, at=at)
    _append_reviews(connection, database, start.id, rows.alarms)


def write_end(
    connection: Connection, database: Database, run_id: str, at: datetime, counts: Mapping[Verdict, int]
) -> None:
    """Write the counts of a run whose every record is screened as part of a transaction.

    Raises:
        UnknownNameError: the tenant has no such run.
    """
    ended = {"finished_at": at, **counts_row(counts)}
    statement = update(RUNS).where(RUNS.c.id == run_id, RUNS.c.tenant == database.tenant)
    if connection.execute(statement.values(ended)).rowcount != 1:
        raise UnknownNameError("run", run_id)
    append(connection, database, Action.FINISHED, run_id, {"finished": tell_end(ended)}, at=at)


def _insert_runs(connection: Connection, runs: Sequence[tuple[Caller, RunStart, dict[str, Any]]]) -> None:
    """Write runs with their ends, and their policies."""
    knobs = {start.policy: start.knobs for _, start, _ in runs if start.knobs is not None}
    if knobs:
        rows = [{"id": name, "knobs": knobs[name]} for name in sorted(knobs)]
        connection.execute(_KEEP_POLICY[connection.dialect.name], rows)
    connection.execute(_KEEP_RUN, [{**run_row(caller, start), **end} for caller, start, end in runs])


def _insert_decisions(
    connection: Connection, database: Database, start: RunStart, at: datetime, alarms: Sequence[Alarm]
) -> dict[str, Any]:
    """Write decisions, and return what their entry says of them and their run."""
    rows = [
        {"tenant": database.tenant, **decision_row(decision_id(start.id, alarm.position), start.id, at, alarm)}
        for alarm in alarms
    ]
    if rows:
        connection.execute(_KEEP_DECISIONS, rows)
    told = [tell_decision(row, sha256(orjson.dumps(row["document"]))) for row in rows]
    return {**tell_run(run_row(database.caller, start)), "decisions": told}


def _tell_records(block: RecordBlock | None) -> dict[str, Any]:
    return {"records": [] if block is None else [tell_block(block.first_position, block.content)]}


def _append_reviews(connection: Connection, database: Database, run_id: str, alarms: Sequence[Alarm]) -> None:
    """Keep the clearances that go over to newer decisions, behind the entry of these."""
    for alarm in alarms:
        if alarm.review is not None:
            insert_review(connection, database, decision_id(run_id, alarm.position), 1, alarm.review)
