"""The records that were screened: kept apart from the decisions on them, some consecutive ones together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, insert, not_, select, update

from app.storage.engine import Database, storage_errors
from app.storage.tables import POLICIES, RECORD_BLOCKS, RUNS


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """Some consecutive records of a run, ready to be kept."""

    first_position: int
    records: int
    seen: tuple[str, ...]
    """Substances seen in any of them, alarm or not."""
    content: bytes
    """The fields as they were screened, with the outcome of each; see `app.usecases.kept_records`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What records were judged with."""

    release: str
    index_digest: str
    policy: str
    version: str


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """Some consecutive records of a run, without their content."""

    run_id: str
    first_position: int
    records: int
    seen: tuple[str, ...]
    judged: Judged
    today: date
    as_of: date | None
    instruments: tuple[str, ...] | None


def insert_block(connection: Connection, run_id: str, judged: Judged, block: RecordBlock) -> None:
    """Write a block as part of the transaction that keeps its decisions."""
    row: dict[str, Any] = {
        "run_id": run_id,
        "first_position": block.first_position,
        "records": block.records,
        "seen": list(block.seen),
        "release": judged.release,
        "index_digest": judged.index_digest,
        "policy": judged.policy,
        "version": judged.version,
        "content": block.content,
    }
    connection.execute(insert(RECORD_BLOCKS).values(row))


def blocks_not_judged_with(engine: Database, judged: Judged) -> Iterator[KeptBlock]:
    """Yield the blocks whose content is there and that were judged with something else last, oldest run first."""
    current = and_(
        RECORD_BLOCKS.c.index_digest == judged.index_digest,
        RECORD_BLOCKS.c.policy == judged.policy,
        RECORD_BLOCKS.c.version == judged.version,
    )
    table = RECORD_BLOCKS.c
    columns = (table.run_id, table.first_position, table.records, table.seen)
    query = (
        select(*columns, table.release, table.index_digest, table.policy, table.version)
        .add_columns(RUNS.c.today, RUNS.c.as_of, RUNS.c.instruments, RUNS.c.created_at)
        .join_from(RECORD_BLOCKS, RUNS)
        .where(not_(current), table.content.is_not(None))
        .order_by(table.run_id, table.first_position)
    )
    with storage_errors(), engine.connect() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        yield KeptBlock(
            row.run_id,
            row.first_position,
            row.records,
            tuple(row.seen),
            Judged(row.release, row.index_digest, row.policy, row.version),
            row.today or row.created_at.date(),
            row.as_of,
            None if row.instruments is None else tuple(row.instruments),
        )


def read_content(engine: Database, run_id: str, position: int) -> bytes | None:
    """Return the content of the block a record is in, None where it was never kept or is erased."""
    table = RECORD_BLOCKS.c
    query = (
        select(table.content)
        .where(table.run_id == run_id, table.first_position <= position)
        .order_by(table.first_position.desc())
        .limit(1)
    )
    with storage_errors(), engine.connect() as connection:
        content: bytes | None = connection.execute(query).scalar_one_or_none()
    return content


def note_judged(connection: Connection, block: KeptBlock, judged: Judged) -> bool:
    """Note, as part of a transaction, what a block's records were judged with now.

    Returns:
        False where somebody else did so since the block was read: this transaction must not go on.
    """
    table = RECORD_BLOCKS.c
    unchanged = (
        table.index_digest == block.judged.index_digest,
        table.policy == block.judged.policy,
        table.version == block.judged.version,
    )
    statement = update(RECORD_BLOCKS).where(
        table.run_id == block.run_id, table.first_position == block.first_position, *unchanged
    )
    done = connection.execute(
        statement.values(
            release=judged.release,
            index_digest=judged.index_digest,
            policy=judged.policy,
            version=judged.version,
        )
    )
    return done.rowcount == 1


def read_knobs(engine: Database, policy: str) -> dict[str, Any] | None:
    """Return the values of a policy, None where none were kept under its name."""
    with storage_errors(), engine.connect() as connection:
        knobs: dict[str, Any] | None = connection.execute(
            select(POLICIES.c.knobs).where(POLICIES.c.id == policy)
        ).scalar_one_or_none()
    return knobs
