"""Writing runs and their alarms; every function commits before it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.words import Verdict
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


def begin_run(engine: Database, start: RunStart) -> None:
    """Keep the beginning of a run, with all counts at zero."""
    counts = {verdict.value: 0 for verdict in Verdict}
    with storage_errors(), engine.begin() as connection:
        _insert_run(connection, start, {"records": 0, **counts})


def keep_alarms(
    engine: Database, start: RunStart, at: datetime, alarms: Sequence[Alarm], block: RecordBlock | None
) -> None:
    """Keep the alarms of one block of a run that has begun, and its records, in one transaction."""
    if alarms or block:
        with storage_errors(), engine.begin() as connection:
            _insert_decisions(connection, start, at, alarms)
            if block is not None:
                insert_block(connection, start.id, start.judged, block)


def finish_run(engine: Database, run_id: str, at: datetime, counts: dict[Verdict, int]) -> None:
    """Write the counts of a run whose every record is screened.

    Args:
        engine: the database.
        run_id: the run.
        at: when the last record was screened.
        counts: records per verdict; a verdict that is missing counts 0.
    """
    with storage_errors(), engine.begin() as connection:
        statement = update(RUNS).where(RUNS.c.id == run_id)
        connection.execute(statement.values(finished_at=at, **_counts(counts)))


def keep_run(
    engine: Database,
    start: RunStart,
    at: datetime,
    counts: dict[Verdict, int],
    alarms: Sequence[Alarm],
    *,
    block: RecordBlock | None = None,
) -> None:
    """Keep a whole run, its alarms and its records in one transaction: all of it or nothing.

    Args:
        engine: the database.
        start: what was asked, and with which law.
        at: when the last record was screened.
        counts: records per verdict; a verdict that is missing counts 0.
        alarms: in the order of their records.
        block: the records; None where they are not to be kept.
    """
    with storage_errors(), engine.begin() as connection:
        _insert_run(connection, start, {"finished_at": at, **_counts(counts)})
        _insert_decisions(connection, start, at, alarms)
        if block is not None:
            insert_block(connection, start.id, start.judged, block)


def keep_rescreened(
    engine: Database,
    start: RunStart,
    at: datetime,
    changed: Sequence[Alarm],
    block: KeptBlock,
    *,
    seen: tuple[str, ...],
) -> bool:
    """Keep what a rescreening came to on one block, and with what its records are judged now, in one transaction.

    Args:
        engine: the database.
        start: the run of the rescreening, which has begun.
        at: when it was screened.
        changed: the decisions that stand in the place of others.
        block: the records, as they were read before.
        seen: substances seen in any of them, then or now.

    Returns:
        False where somebody else rescreened the block since it was read: nothing was kept.
    """
    with storage_errors(), engine.begin() as connection:
        if not note_judged(connection, block, start.judged, seen):
            return False
        _insert_decisions(connection, start, at, changed)
    return True


def _insert_run(connection: Connection, start: RunStart, counts: dict[str, Any]) -> None:
    if start.knobs is not None:
        connection.execute(_KEEP_POLICY[connection.dialect.name], {"id": start.policy, "knobs": start.knobs})
    connection.execute(_KEEP_RUN, {**_run_row(start), **counts})


def _insert_decisions(connection: Connection, start: RunStart, at: datetime, alarms: Sequence[Alarm]) -> None:
    if alarms:
        connection.execute(_KEEP_DECISIONS, [_decision_row(start.id, at, alarm) for alarm in alarms])
    for alarm in alarms:
        if alarm.review is not None:
            insert_review(connection, decision_id(start.id, alarm.position), 1, alarm.review)


def _counts(counts: dict[Verdict, int]) -> dict[str, int]:
    return {"records": sum(counts.values()), **{verdict.value: counts.get(verdict, 0) for verdict in Verdict}}


def _run_row(start: RunStart) -> dict[str, Any]:
    return {
        "id": start.id,
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
        "record_id": _text(alarm.record_id),
        "verdict": alarm.verdict.value,
        "score": alarm.score,
        "reason": _text(alarm.reason),
        "substance_ids": list(alarm.substance_ids),
        "document": alarm.document,
        "created_at": at,
        "replaces": instead.replaces if instead else None,
        "trigger": instead.trigger if instead else None,
        "origin_run_id": instead.origin_run_id if instead else None,
        "origin_position": instead.origin_position if instead else None,
    }


def _text(value: str | None) -> str | None:
    # PostgreSQL's text cannot hold U+0000; the document keeps the record's own spelling.
    return None if value is None else value.replace("\x00", "\ufffd")
