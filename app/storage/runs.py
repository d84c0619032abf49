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
from app.storage.accounts import plain_text, sha256, tell_block, tell_decision, tell_end, tell_run, tell_stretch
from app.storage.amounts import KeptAmount, insert_amounts, replace_amounts
from app.storage.audit import append, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.records import Judged, KeptBlock, RecordBlock, insert_block, note_judged
from app.storage.reviews import Review, insert_review
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
    ended = {"finished_at": at, **_counts(Counter(verdicts))}
    with storage_errors(), database.begin() as connection:
        _insert_run(connection, database.caller, start, ended)
        facts = _insert_decisions(connection, database, start, at, alarms)
        insert_amounts(connection, start.id, start.id, amounts)
        facts |= tell_stretch(0, verdicts) | _insert_block(connection, start, block) | {"finished": tell_end(ended)}
        append(connection, database, Action.SCREENED, start.id, facts, at=at)
        _append_reviews(connection, database, start.id, alarms)


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
    _insert_run(connection, caller, start, {"finished_at": None, **_counts({})})


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
    facts |= tell_stretch(rows.first_position, rows.verdicts) | _insert_block(connection, start, rows.block)
    append(connection, database, Action.SCREENED, start.id, facts, at=at)
    _append_reviews(connection, database, start.id, rows.alarms)


def write_end(
    connection: Connection, database: Database, run_id: str, at: datetime, counts: Mapping[Verdict, int]
) -> None:
    """Write the counts of a run whose every record is screened as part of a transaction.

    Raises:
        UnknownNameError: the tenant has no such run.
    """
    ended = {"finished_at": at, **_counts(counts)}
    statement = update(RUNS).where(RUNS.c.id == run_id, RUNS.c.tenant == database.tenant)
    if connection.execute(statement.values(ended)).rowcount != 1:
        raise UnknownNameError("run", run_id)
    append(connection, database, Action.FINISHED, run_id, {"finished": tell_end(ended)}, at=at)


def _insert_run(connection: Connection, caller: Caller, start: RunStart, counts: dict[str, Any]) -> None:
    if start.knobs is not None:
        connection.execute(_KEEP_POLICY[connection.dialect.name], {"id": start.policy, "knobs": start.knobs})
    connection.execute(_KEEP_RUN, {**_run_row(caller, start), **counts})


def _insert_decisions(
    connection: Connection, database: Database, start: RunStart, at: datetime, alarms: Sequence[Alarm]
) -> dict[str, Any]:
    """Write decisions, and return what their entry says of them and their run."""
    rows = [{"tenant": database.tenant, **_decision_row(start.id, at, alarm)} for alarm in alarms]
    if rows:
        connection.execute(_KEEP_DECISIONS, rows)
    told = [tell_decision(row, sha256(orjson.dumps(row["document"]))) for row in rows]
    return {**tell_run(_run_row(database.caller, start)), "decisions": told}


def _insert_block(connection: Connection, start: RunStart, block: RecordBlock | None) -> dict[str, Any]:
    if block is None:
        return {"records": []}
    insert_block(connection, start.id, start.judged, block)
    return {"records": [tell_block(block.first_position, block.content)]}


def _append_reviews(connection: Connection, database: Database, run_id: str, alarms: Sequence[Alarm]) -> None:
    """Keep the clearances that go over to newer decisions, behind the entry of these."""
    for alarm in alarms:
        if alarm.review is not None:
            insert_review(connection, database, decision_id(run_id, alarm.position), 1, alarm.review)


def _counts(counts: Mapping[Verdict, int]) -> dict[str, int]:
    return {"records": sum(counts.values()), **{verdict.value: counts.get(verdict, 0) for verdict in Verdict}}


def _run_row(caller: Caller, start: RunStart) -> dict[str, Any]:
    return {
        "id": start.id,
        "tenant": caller.tenant,
        "key_id": caller.key_id,
        "created_at": start.created_at,
        "door": start.door,
        "release": start.release,
        "index_digest": start.index_digest,
        "policy": start.policy,
        "version": start.version,
        "today": start.today,
        "as_of": start.as_of,
        "instruments": None if start.instruments is None else list(start.instruments),
        "input_sha256": start.input_sha256,
        "history": start.history,
    }


def _decision_row(run_id: str, at: datetime, alarm: Alarm) -> dict[str, Any]:
    instead = alarm.replacement
    return {
        "id": decision_id(run_id, alarm.position),
        "run_id": run_id,
        "position": alarm.position,
        "record_id": plain_text(alarm.record_id),
        "verdict": alarm.verdict.value,
        "score": alarm.score,
        "reason": plain_text(alarm.reason),
        "substance_ids": list(alarm.substance_ids),
        "document": alarm.document,
        "created_at": at,
        "replaces": instead.replaces if instead else None,
        "trigger": instead.trigger if instead else None,
        "origin_run_id": instead.origin_run_id if instead else None,
        "origin_position": instead.origin_position if instead else None,
    }
