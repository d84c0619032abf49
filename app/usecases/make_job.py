"""Make a job of a file that was sent: checked, named and kept before anybody is told of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.errors import KeyReusedError
from app.records.source import BLOCK_ROWS, Recognised, open_records
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.storage.engine import Database
from app.storage.idempotency import KeyedAnswer, read_keyed
from app.storage.jobs import Format, Job, JobAsked, keep_job
from app.storage.spool import JobFiles, Spool
from app.usecases.keep_run import start_run

JOB_DOOR = "job"
"""How runs of jobs are named among the others."""


LOOKED_THROUGH = 64 << 20
"""Bytes of a file that is recognised before it is answered; for its encoding it is read to the end."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent and is on disk, in a folder of its own."""

    files: JobFiles
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What a caller asks for."""

    scope: Scope
    mapping: Mapping[str, str]
    format: Format
    only_alarms: bool
    """Keep the fields of records with an alarm only."""
    block_rows: int = BLOCK_ROWS


@dataclass(frozen=True, slots=True)
class Key:
    """An `Idempotency-Key`, and the request it came with."""

    value: str
    fingerprint: str
    """sha256 of all that makes the request what it is, in hex."""
    hours: float
    """How long the answer is given again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is answered, the first time and again."""

    status: int
    headers: dict[str, str]
    body: bytes


Tell = Callable[[Job], Told]
"""How a job that was just made is answered."""


def make_job(
    screener: Screener,
    database: Database,
    spool: Spool,
    sent: SentFile,
    order: JobOrder,
    *,
    tell: Tell,
    key: Key | None,
) -> Told:
    """Make a job; by the time it is answered it survives a power cut.

    Args:
        screener: the release and policy that the job keeps, however long it waits.
        database: as the caller sees it.
        spool: where the files of jobs are.
        sent: the file; its folder becomes the job's.
        order: what is asked.
        tell: how the job is answered.
        key: where the request has one.

    Returns:
        What is answered: what a request with the same key was answered before, where there was one.

    Raises:
        UnreadableFileError: the file is not one that can be read; of a very large one the job will say so.
        MappingError: a field or header of the mapping is not there; likewise.
        KeyReusedError: the key came with another request before.
        StorageError: the job could not be kept.
    """
    if key is not None:
        before = read_keyed(database, key.value, datetime.now(UTC))
        if before is not None:
            return _again(before, key)
    shown = None
    if sent.bytes <= LOOKED_THROUGH:
        shown = describe_recognised(open_records(sent.files.input, name="upload", mapping=order.mapping).recognised)
    run = start_run(screener, order.scope, JOB_DOOR, sent.sha256)
    asked = JobAsked(order.format, dict(order.mapping), shown, order.only_alarms, order.block_rows, sent.bytes)
    job = Job(run, database.caller, asked)
    told = tell(job)
    keyed = None if key is None else _keyed(key, told, run.created_at)
    files = spool.adopt(sent.files, job.id)
    try:
        first = keep_job(database, job, keyed)
    except BaseException:
        files.remove()
        raise
    if first is not None and key is not None:
        files.remove()
        return _again(first, key)
    return told


def describe_recognised(recognised: Recognised) -> dict[str, Any]:
    """Return what was recognised in a file, as JSON's types."""
    return {
        "format": recognised.format,
        "encoding": recognised.encoding,
        "delimiter": recognised.delimiter,
        "header_row": recognised.header_row,
        "fields": recognised.fields,
        "notes": list(recognised.notes),
    }


def _keyed(key: Key, told: Told, now: datetime) -> KeyedAnswer:
    expires_at = now + timedelta(hours=key.hours)
    return KeyedAnswer(key.value, key.fingerprint, expires_at, told.status, told.headers, told.body)


def _again(before: KeyedAnswer, key: Key) -> Told:
    if before.fingerprint != key.fingerprint:
        raise KeyReusedError("this key came with another request before; choose a new one")
    return Told(before.status, before.headers, before.body)
