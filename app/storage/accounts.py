"""What the audit trail says of rows: told when they are written, and told again when they are verified."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.audit import write_moment, write_verdicts
from app.domain.words import Verdict

Row = Mapping[str, Any]
"""A row by column, before it is written or as it was read."""


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def plain_text(value: str | None) -> str | None:
    """Return text as a column keeps it: PostgreSQL's cannot hold U+0000, and the document keeps the spelling."""
    return None if value is None else value.replace("\x00", "\ufffd")


def tell_run(row: Row) -> dict[str, Any]:
    """Return what was asked of a run, and what it was screened with."""
    return {
        "door": row["door"],
        "began": write_moment(row["created_at"]),
        "input": row["input_sha256"],
        "release": row["release"],
        "index": row["index_digest"],
        "policy": row["policy"],
        "version": row["version"],
        "today": _day(row["today"]),
        "as_of": _day(row["as_of"]),
        "instruments": row["instruments"],
    }


def tell_end(row: Row) -> dict[str, Any] | None:
    """Return when a run ended and how many records had which verdict; None where it has not ended."""
    if row["finished_at"] is None:
        return None
    counts = {name: row[name] for name in ("records", *(verdict.value for verdict in Verdict))}
    return {"at": write_moment(row["finished_at"]), **counts}


def tell_decision(row: Row, document_sha256: str) -> dict[str, Any]:
    """Return a kept decision without its words.

    Args:
        row: of `decisions`.
        document_sha256: of the document as JSON text, as the database holds it.
    """
    told = {
        "position": row["position"],
        "verdict": row["verdict"],
        "score": row["score"],
        "substances": row["substance_ids"],
        "document": document_sha256,
        "at": write_moment(row["created_at"]),
    }
    if row["replaces"] is None:
        return told
    origin = {"origin_run": row["origin_run_id"], "origin_position": row["origin_position"]}
    return {**told, "replaces": row["replaces"], "trigger": row["trigger"], **origin}


def tell_block(first_position: int, content: bytes) -> dict[str, Any]:
    """Return where the kept fields of some records begin, and their digest."""
    return {"first": first_position, "content": sha256(content)}


def tell_stretch(first: int, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return which consecutive records of a run were screened, and the verdict of each."""
    return {"first": first, "until": first + len(verdicts), "verdicts": write_verdicts(verdicts)}


def tell_review(row: Row) -> dict[str, Any]:
    """Return what an officer made of a decision; of the reason only its digest, which may quote a record."""
    return {
        "number": row["number"],
        "disposition": row["disposition"],
        "reviewer": row["reviewer"],
        "reason": sha256(row["reason"].encode()),
        "carried_from": row["carried_from"],
        "awaits_second": bool(row["awaits_second"]),
        "key_id": row["key_id"],
        "at": write_moment(row["created_at"]),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
