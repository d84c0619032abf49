"""Put down what a run was asked and what it found, before anybody is answered."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.domain.decisions import Decision
from app.domain.version import VERSION
from app.domain.words import ALARMS
from app.screening.policy import Policy
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.storage.runs import Alarm, RunStart
from app.usecases.describe_decision import Document


def start_run(
    screener: Screener, scope: Scope, door: str, input_sha256: str | None, *, history: bool = False
) -> RunStart:
    """Name a run and note what it is screened with.

    Args:
        screener: the core with its index and policy.
        scope: the day and instruments of law.
        door: http-json, http-file, job, terminal or rescreen.
        input_sha256: of the body or file as it came, in hex.
        history: begin totals with what earlier runs have added up.

    Returns:
        The run's beginning; nothing is kept yet.
    """
    now = datetime.now(UTC)
    return RunStart(
        id=run_id_at(now),
        created_at=now,
        door=door,
        release=screener.index.release,
        index_digest=screener.index.digest,
        policy=screener.policy.id,
        version=VERSION,
        as_of=scope.as_of,
        instruments=scope.instruments,
        input_sha256=input_sha256,
        today=scope.today,
        knobs=_knobs_of(screener.policy),
        history=history,
    )


@lru_cache(maxsize=16)
def _knobs_of(policy: Policy) -> dict[str, Any]:
    return asdict(policy)


def run_id_at(moment: datetime) -> str:
    """Return a new UUID of version 7: run ids sort by the time their runs began.

    Args:
        moment: when the run began, with its time zone.

    Source:
        RFC 9562, section 5.7.
    """
    milliseconds = int(moment.timestamp() * 1000)
    rest = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (rest >> 64 & 0xFFF) << 64 | 0b10 << 62
    return str(UUID(int=value | rest & (1 << 62) - 1))


def collect_alarms(decisions: Sequence[Decision], documents: Sequence[Document], first_position: int) -> list[Alarm]:
    """Return the decisions that ask a person to act, ready to be kept.

    Args:
        decisions: on consecutive records.
        documents: the same decisions as they are answered: same length, same order.
        first_position: place of the first of them in its request or file, from 0.
    """
    return [
        Alarm(
            position=position,
            record_id=decision.record_id,
            verdict=decision.verdict,
            score=document["score"],
            reason=decision.reason,
            substance_ids=tuple(finding.substance_id for finding in decision.findings),
            document=document,
        )
        for position, (decision, document) in enumerate(zip(decisions, documents, strict=True), first_position)
        if decision.verdict in ALARMS
    ]
