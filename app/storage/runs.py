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
from app.storage.audit import append, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.records import Judged, KeptBlock, RecordBlock, insert_block, note_judged
from app.storage.reviews import Review, insert_review
from app.storage.tables import DECISIONS, POLICIES, RUNS


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run before its first record is screened."""

    id: str
    created_at: datetime
    door: str
    """http-json, http-file or rescreen."""
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


def decision_id(run_id: str, position: int) -> str:
    """Return the name a decision is kept under."""
    return f"{run_id}-{position}"


def begin_run(database: Database, start: RunStart) -> None:
    """Keep the beginning of a run, with all counts at zero."""
    with storage_errors(), database.begin() as connection:
        _insert_run(connection, database.caller, start, {"finished_at": None, **_counts({})})


def keep_alarms(
    database: Database,
    start: RunStart,
    at: datetime,
    alarms: Sequence[Alarm],
    block: RecordBlock | None,
    *,
    first_position: int,
    verdicts: Sequence[Verdict],
) -> None:
    """Keep the alarms of consecutive records of a run that has begun, and the records, in one transaction.

    Args:
        database: the database.
        start: the run.
        at: when they were screened.
        alarms: in the order of their records.
        block: the records; None where they are not to be kept.
        first_position: of the first record, alarm or not.
        verdicts: of every record.
    """
    with storage_errors(), database.begin() as connection:
        facts = _insert_decisions(connection, database, start, at, alarms)
        facts |= tell_stretch(first_position, verdicts) | _insert_block(connection, start, block)
        append(connection, database, Action.SCREENED, start.id, facts, at=at)
        _append_reviews(connection, database, start.id, alarms)


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
        ended = {"finished_at": at, **_counts(counts)}
        statement = update(RUNS).where(RUNS.c.id == run_id, RUNS.c.tenant == database.tenant)
        if connection.execute(statement.values(ended)).rowcount != 1:
            raise UnknownNameError("run", run_id)
        append(connection, database, Action.FINISHED, run_id, {"finished": tell_end(ended)}, at=at)


def keep_run(
    database: Database,
    start: RunStart,
    at: datetime,
    verdicts: Sequence[Verdict],
    alarms: Sequence[Alarm],
    *,
    block: RecordBlock | None = None,
) -> None:
    """Keep a whole run, its alarms and its records in one transaction: all of it or nothing.

    Args:
        database: the database.
        start: what was asked, and with which law.
        at: when the last record was screened.
        verdicts: of every record, in order.
        alarms: in the order of their records.
        block: the records; None where they are not to be kept.
    """
    ended = {"finished_at": at, **_counts(Counter(verdicts))}
    with storage_errors(), database.begin() as connection:
        _insert_run(connection, database.caller, start, ended)
        facts = _insert_decisions(connection, database, start, at, alarms)
        facts |= tell_stretch(0, verdicts) | _insert_block(connection, start, block) | {"finished": tell_end(ended)}
        append(connection, database, Action.SCREENED, start.id, facts, at=at)
        _append_reviews(connection, database, start.id, alarms)


def keep_rescreened(
    database: Database,
    start: RunStart,
    at: datetime,
    changed: Sequence[Alarm],
    block: KeptBlock,
    *,
    seen: tuple[str, ...],
) -> bool:
    """Keep what a rescreening came to on one block, and with what its records are judged now, in one transaction.

    Args:
        database: the database.
        start: the run of the rescreening, which has begun.
        at: when it was screened.
        changed: the decisions that stand in the place of others, at consecutive positions of the rescreening's run.
        block: the records, as they were read before.
        seen: substances seen in any of them, then or now.

    Returns:
        False where somebody else rescreened the block since it was read, or erased it: nothing was kept.
    """
    with storage_errors(), database.begin() as connection:
        lock_head(connection, database)
        if not note_judged(connection, block, start.judged, seen):
            return False
        facts = _insert_decisions(connection, database, start, at, changed)
        first = changed[0].position if changed else 0
        facts |= tell_stretch(first, [alarm.verdict for alarm in changed])
        judged = {"run": block.run_id, "first": block.first_position, "records": block.records}
        facts |= {"records": [], "judged": judged}
        append(connection, database, Action.RESCREENED, start.id, facts, at=at)
        _append_reviews(connection, database, start.id, changed)
    return True


def _insert_run(connection: Connection, caller: Caller, start: RunStart, counts: dict[str, Any]) -> None:
    if start.knobs is not None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        policy = dialect.insert(POLICIES).on_conflict_do_nothing()
        connection.execute(policy, {"id": start.policy, "knobs": start.knobs})
    connection.execute(insert(RUNS), {**_run_row(caller, start), **counts})


def _insert_decisions(
    connection: Connection, database: Database, start: RunStart, at: datetime, alarms: Sequence[Alarm]
) -> dict[str, Any]:
    """Write decisions, and return what their entry says of them and their run."""
    rows = [{"tenant": database.tenant, **_decision_row(start.id, at, alarm)} for alarm in alarms]
    if rows:
        connection.execute(insert(DECISIONS), rows)
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
