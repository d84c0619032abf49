"""Writing runs and their alarms; every function commits before it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from app.domain.words import Verdict
from app.storage.engine import Database, storage_errors
from app.storage.tables import DECISIONS, RUNS


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run before its first record is screened."""

    id: str
    created_at: datetime
    door: str
    """http-json, http-file or cli."""
    release: str
    index_digest: str
    policy: str
    version: str
    as_of: date | None
    instruments: tuple[str, ...] | None
    input_sha256: str | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm decision, to be kept whole."""

    position: int
    """Place of the record in its request or file, from 0."""
    record_id: str | None
    verdict: Verdict
    score: float | None
    reason: str
    substance_ids: tuple[str, ...]
    document: dict[str, Any]


def decision_id(run_id: str, position: int) -> str:
    """Return the name a decision is kept under."""
    return f"{run_id}-{position}"


def begin_run(engine: Database, start: RunStart) -> None:
    """Keep the beginning of a run, with all counts at zero."""
    counts = {verdict.value: 0 for verdict in Verdict}
    with storage_errors(), engine.begin() as connection:
        connection.execute(insert(RUNS).values(**_run_row(start), records=0, **counts))


def keep_alarms(engine: Database, run_id: str, at: datetime, alarms: Sequence[Alarm]) -> None:
    """Keep the alarms of one block of a run that has begun."""
    if alarms:
        with storage_errors(), engine.begin() as connection:
            connection.execute(insert(DECISIONS), [_decision_row(run_id, at, alarm) for alarm in alarms])


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
    engine: Database, start: RunStart, at: datetime, counts: dict[Verdict, int], alarms: Sequence[Alarm]
) -> None:
    """Keep a whole run and its alarms in one transaction: all of it or nothing.

    Args:
        engine: the database.
        start: what was asked, and with which law.
        at: when the last record was screened.
        counts: records per verdict; a verdict that is missing counts 0.
        alarms: in the order of their records.
    """
    with storage_errors(), engine.begin() as connection:
        connection.execute(insert(RUNS).values(**_run_row(start), finished_at=at, **_counts(counts)))
        if alarms:
            connection.execute(insert(DECISIONS), [_decision_row(start.id, at, alarm) for alarm in alarms])


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
        "as_of": start.as_of,
        "instruments": None if start.instruments is None else list(start.instruments),
        "input_sha256": start.input_sha256,
    }


def _decision_row(run_id: str, at: datetime, alarm: Alarm) -> dict[str, Any]:
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
    }


def _text(value: str | None) -> str | None:
    # PostgreSQL's text cannot hold U+0000; the document keeps the record's own spelling.
    return None if value is None else value.replace("\x00", "\ufffd")
