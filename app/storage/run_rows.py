"""Runs and decisions as rows of their tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.callers import Caller
from app.domain.words import Verdict
from app.storage.accounts import plain_text

if TYPE_CHECKING:
    from app.storage.runs import Alarm, RunStart


def counts_row(counts: Mapping[Verdict, int]) -> dict[str, int]:
    """Return the columns of a run that count its records; a verdict that is missing counts 0."""
    return {"records": sum(counts.values()), **{verdict.value: counts.get(verdict, 0) for verdict in Verdict}}


def run_row(caller: Caller, start: "RunStart") -> dict[str, Any]:
    """Return the columns of a run that are known at its beginning."""
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


def decision_row(name: str, run_id: str, at: datetime, alarm: "Alarm") -> dict[str, Any]:
    """Return the columns of a decision but its tenant; `name` is the one it is kept under."""
    instead = alarm.replacement
    return {
        "id": name,
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
