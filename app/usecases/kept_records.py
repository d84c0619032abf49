"""Records as they are kept for a later day: their fields, what was seen in them and what came out."""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa

from app.domain.decisions import Decision
from app.domain.records import FIELDS, RECORD_SCHEMA, UNREADABLE
from app.domain.words import ALARMS
from app.storage.records import RecordBlock
from app.usecases.describe_decision import Document

POSITION, VERDICT, SEEN, OUTCOME = "position", "verdict", "seen", "outcome"

_JUDGED = [
    pa.field(POSITION, pa.int32()),
    pa.field(VERDICT, pa.string()),
    pa.field(SEEN, pa.list_(pa.string())),
    pa.field(OUTCOME, pa.string()),
]

CONTENT_SCHEMA = pa.schema([*RECORD_SCHEMA, *_JUDGED])
"""The records of a block, and what was decided on each when it came."""

SHOWN_FINDINGS = 20
"""A decision shows no more findings than this (`app.screening.judging`), so others may have been seen."""

MORE = "*"
"""Stands among the substances seen where there may have been others."""

_COMPRESSED_FROM = 64
"""Records. Each column is compressed by itself: fewer would be longer than before, and it costs more than screening."""
_STREAM_HEAD = CONTENT_SCHEMA.serialize().to_pybytes()
_STREAM_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
"""Around the batches of an Arrow stream."""

Row = Sequence[str | None]
"""A record's fields in the order of `RECORD_SCHEMA`."""

_KEPT_ROW = pa.struct(list(CONTENT_SCHEMA))

_WORDING = frozenset({"score", "contradictions"})
"""What may differ in a finding although its outcome is the same; contradictions are among its notes."""


def outcome_of(document: Document) -> str:
    """Return a digest of what matters in a decision: two of one outcome ask the same of an officer.

    Args:
        document: the decision, as it is answered.

    Returns:
        32 hexadecimal digits over the verdict and the findings with their entries, clues and notes; not over scores,
        the sentence, and the lists of what was checked.
    """
    findings = [finding_key(finding) for finding in document["findings"]]
    text = orjson.dumps([document["verdict"], findings], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def finding_key(finding: dict[str, Any]) -> dict[str, Any]:
    """Return what matters in a finding: the substance, its clues, its entries and its notes."""
    return {name: value for name, value in finding.items() if name not in _WORDING}


def seen_in(document: Document) -> tuple[str, ...]:
    """Return the substances seen in a record, alarm or not; the last is `MORE` where there may have been others."""
    seen = tuple(finding["substance_id"] for finding in document["findings"])
    return (*seen, MORE) if len(seen) >= SHOWN_FINDINGS else seen


def make_block(
    records: pa.Table | Sequence[Row],
    decisions: Sequence[Decision],
    documents: Sequence[Document],
    first_position: int,
    *,
    only_alarms: bool = False,
) -> RecordBlock | None:
    """Return consecutive records ready to be kept.

    Args:
        records: one row each: a table in `RECORD_SCHEMA`, or the rows themselves where they are few.
        decisions: on the same records, in the same order.
        documents: the same decisions, as they are answered.
        first_position: place of the first record in its request or file, from 0.
        only_alarms: leave out the records without an alarm.

    Returns:
        The block; None where no record is left to keep.
    """
    seen = [seen_in(document) for document in documents]
    positions = range(first_position, first_position + len(decisions))
    verdicts = [decision.verdict.value for decision in decisions]
    batch = _batch_of(records, list(zip(positions, verdicts, seen, map(outcome_of, documents), strict=True)))
    if only_alarms:
        alarms = [decision.verdict in ALARMS for decision in decisions]
        batch = batch.filter(pa.array(alarms, pa.bool_()))
        seen = [each for each, alarm in zip(seen, alarms, strict=True) if alarm]
    if batch.num_rows == 0:
        return None
    return RecordBlock(
        first_position,
        batch.num_rows,
        tuple(sorted({slug for each in seen for slug in each})),
        _packed(batch),
    )


def unpack(content: bytes) -> pa.Table:
    """Return the records of a block in `CONTENT_SCHEMA`."""
    return pa.ipc.open_stream(content).read_all()


def record_at(content: bytes, position: int) -> pa.Table | None:
    """Return one record of a block in `CONTENT_SCHEMA`, None where it was left out or erased."""
    table = unpack(content)
    places = table.column(POSITION).to_pylist()
    if position not in places:
        return None
    return table.slice(places.index(position), 1)


def fields_of(record: pa.Table) -> dict[str, str | None]:
    """Return a record's fields by name."""
    row: dict[str, str | None] = record.select([*FIELDS, UNREADABLE]).to_pylist()[0]
    return row


def _batch_of(records: pa.Table | Sequence[Row], judged: Sequence[tuple[Any, ...]]) -> pa.RecordBatch:
    """Return records with what was decided on each, in `CONTENT_SCHEMA`."""
    if not isinstance(records, pa.Table):
        rows = [(*record, *each) for record, each in zip(records, judged, strict=True)]
        return pa.RecordBatch.from_struct_array(pa.array(rows, _KEPT_ROW))
    columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in records.columns]
    return pa.RecordBatch.from_arrays(
        [*columns, *pa.array(judged, pa.struct(_JUDGED)).flatten()], schema=CONTENT_SCHEMA
    )


def _packed(batch: pa.RecordBatch) -> bytes:
    if batch.num_rows < _COMPRESSED_FROM:
        return b"".join((_STREAM_HEAD, batch.serialize().to_pybytes(), _STREAM_END))
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content
