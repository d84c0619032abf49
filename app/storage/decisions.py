"""Reading the alarms that were kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from app.domain.words import Verdict
from app.storage.engine import Database, storage_errors
from app.storage.tables import DECISIONS, RUNS


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """An alarm as it was answered, and the run it belongs to."""

    id: str
    run_id: str
    position: int
    created_at: datetime
    door: str
    release: str
    index_digest: str
    policy: str
    version: str
    as_of: date | None
    instruments: tuple[str, ...] | None
    record_id: str | None
    verdict: Verdict
    score: float | None
    reason: str
    substance_ids: tuple[str, ...]
    document: dict[str, Any]


def read_decision(engine: Database, decision_id: str) -> KeptDecision | None:
    """Return one kept alarm, None when there is none of that name."""
    with storage_errors(), engine.connect() as connection:
        row = connection.execute(_kept().where(DECISIONS.c.id == decision_id)).one_or_none()
    return None if row is None else _read(row)


def list_decisions(
    engine: Database,
    limit: int,
    *,
    after: tuple[str, int] | None = None,
    verdict: Verdict | None = None,
    run_id: str | None = None,
) -> list[KeptDecision]:
    """Return kept alarms: newest run first, and within a run in the order of its records.

    Args:
        engine: the database.
        limit: at most so many.
        after: run and position of the last one already seen.
        verdict: only these.
        run_id: only of this run.
    """
    query = _kept().order_by(DECISIONS.c.run_id.desc(), DECISIONS.c.position).limit(limit)
    if after is not None:
        run, position = after
        in_run = and_(DECISIONS.c.run_id == run, DECISIONS.c.position > position)
        query = query.where(or_(DECISIONS.c.run_id < run, in_run))
    if verdict is not None:
        query = query.where(DECISIONS.c.verdict == verdict.value)
    if run_id is not None:
        query = query.where(DECISIONS.c.run_id == run_id)
    with storage_errors(), engine.connect() as connection:
        return [_read(row) for row in connection.execute(query)]


def _kept() -> Select[Any]:
    run = (RUNS.c.door, RUNS.c.release, RUNS.c.index_digest, RUNS.c.policy, RUNS.c.version)
    return select(DECISIONS, *run, RUNS.c.as_of, RUNS.c.instruments).join_from(DECISIONS, RUNS)


def _read(row: Row[Any]) -> KeptDecision:
    kept = row._asdict()
    instruments = kept.pop("instruments")
    return KeptDecision(
        **kept
        | {
            "verdict": Verdict(kept["verdict"]),
            "substance_ids": tuple(kept["substance_ids"]),
            "instruments": None if instruments is None else tuple(instruments),
        }
    )
