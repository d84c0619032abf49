"""The examples of the description that tell of jobs."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import orjson

from app.api.desk import Desk
from app.api.job_answers import show_job
from app.api.job_results import event_id
from app.api.replies import OPTIONS
from app.domain.version import VERSION
from app.domain.words import JobState, Verdict
from app.storage.jobs import Job, JobAsked
from app.storage.runs import RunStart


def job_answers(desk: Desk, job_id: str, moment: datetime, file: str, result: str) -> dict[str, dict[str, Any]]:
    """Return the answers of the operations on jobs, by operation id and media type.

    Args:
        desk: with what the example is screened.
        job_id: the example's.
        moment: when it was made.
        file: the example's file.
        result: the same file, screened.
    """
    made = _job(desk, job_id, moment, file)
    done = Job(
        made.start,
        made.caller,
        made.asked,
        state=JobState.DONE,
        blocks=1,
        rows=2,
        verdicts=Counter({Verdict.CONTROLLED: 1, Verdict.NOT_LISTED: 1}),
        share=1.0,
        seconds=0.04,
        started_at=moment + timedelta(seconds=1),
        finished_at=moment + timedelta(seconds=2),
        expires_at=moment + timedelta(days=7),
        result_bytes=len(result.encode()),
        result_sha256=hashlib.sha256(result.encode()).hexdigest(),
    )
    shown = {job.state.value: orjson.loads(_json(job)) for job in (made, done)}
    return {
        "makeJob": {"application/json": shown["queued"]},
        "listJobs": {"application/json": {"items": [shown["done"]], "next": None}},
        "getJob": {"application/json": shown["done"]},
        "withdrawJob": {"application/json": {**shown["done"], "state": "expired", "result": None}},
        "getJobResult": {"text/csv": result},
        "watchJob": {"text/event-stream": {"event": "end", "id": event_id(done), "data": _json(done).decode()}},
    }


def _json(job: Job) -> bytes:
    return orjson.dumps(show_job(job), option=OPTIONS)


def _job(desk: Desk, job_id: str, moment: datetime, file: str) -> Job:
    index, sent = desk.screener.index, file.encode()
    digest = hashlib.sha256(sent).hexdigest()
    policy = desk.screener.policy.id
    start = RunStart(
        job_id, moment, "job", index.release, index.digest, policy, VERSION, None, None, digest, moment.date()
    )
    recognised = {
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "header_row": 1,
        "fields": {"record_id": "line_no", "description": "goods_description", "hs_code": "hscode"},
        "notes": [],
    }
    return Job(start, desk.database.caller, JobAsked("csv", {}, recognised, False, 4_096, len(sent)))
