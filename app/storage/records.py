"""The records that were screened: kept apart from the decisions on them, some consecutive ones together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, not_, or_, select, update

from app.storage.engine import Database, storage_errors
from app.storage.tables import POLICIES, RECORD_BLOCKS, RUNS

_KEEP_BLOCK = insert(RECORD_BLOCKS)


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
    began: datetime
    """When their run began."""
    history: bool
    """Whether its totals were begun with what earlier runs had added up."""
    input_sha256: str | None


def insert_blocks(connection: Connection, blocks: Sequence[tuple[str, Judged, RecordBlock]]) -> None:
    """Write blocks as part of the transaction that keeps their decisions.

    Args:
        connection: the transaction.
        blocks: the id of the run of each, and what it was judged with.
    """
    if blocks:
        rows = [
            {
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
            for run_id, judged, block in blocks
        ]
        connection.execute(_KEEP_BLOCK, rows)


def blocks_not_judged_with(
    database: Database, judged: Judged, limit: int, after: tuple[str, int] | None = None
) -> list[KeptBlock]:
    """Return blocks whose content is there and that were judged with something else last.

    Args:
        database: the database.
        judged: what is left out.
        limit: at most so many.
        after: run and first position of the last one already seen.

    Returns:
        Oldest run first, and within a run in the order of its records.
    """
    table = RECORD_BLOCKS.c
    columns = (table.run_id, table.first_position, table.records, table.seen)
    query = (
        select(*columns, table.release, table.index_digest, table.policy, table.version)
        .add_columns(
            RUNS.c.today, RUNS.c.as_of, RUNS.c.instruments, RUNS.c.created_at, RUNS.c.history, RUNS.c.input_sha256
        )
        .join_from(RECORD_BLOCKS, RUNS)
        .where(RUNS.c.tenant == database.tenant, not_(_judged_with(judged)), table.content.is_not(None))
        .order_by(table.run_id, table.first_position)
        .limit(limit)
    )
    if after is not None:
        run, position = after
        query = query.where(or_(table.run_id > run, and_(table.run_id == run, table.first_position > position)))
    with storage_errors(), database.connect() as connection:
        rows = connection.execute(query).all()
    return [
        KeptBlock(
            row.run_id,
            row.first_position,
            row.records,
            tuple(row.seen),
            Judged(row.release, row.index_digest, row.policy, row.version),
            row.today or row.created_at.date(),
            row.as_of,
            None if row.instruments is None else tuple(row.instruments),
            row.created_at,
            bool(row.history),
            row.input_sha256,
        )
        for row in rows
    ]


def count_not_judged_with(database: Database, judged: Judged) -> int:
    """Return how many records whose content is there were judged with something else last."""
    table = RECORD_BLOCKS.c
    query = (
        select(func.coalesce(func.sum(table.records), 0))
        .join_from(RECORD_BLOCKS, RUNS)
        .where(RUNS.c.tenant == database.tenant, not_(_judged_with(judged)), table.content.is_not(None))
    )
    with storage_errors(), database.connect() as connection:
        return int(connection.execute(query).scalar_one())


def read_content(database: Database, run_id: str, position: int) -> bytes | None:
    """Return the content of the block a record is in, None where it was never kept or is erased."""
    table = RECORD_BLOCKS.c
    query = (
        select(table.content)
        .join_from(RECORD_BLOCKS, RUNS)
        .where(RUNS.c.tenant == database.tenant, table.run_id == run_id, table.first_position <= position)
        .order_by(table.first_position.desc())
        .limit(1)
    )
    with storage_errors(), database.connect() as connection:
        content: bytes | None = connection.execute(query).scalar_one_or_none()
    return content


def note_unreached(database: Database, blocks: Sequence[KeptBlock], judged: Judged) -> None:
    """Note of blocks that nothing new can reach that they stand as if they were judged with it."""
    if blocks:
        with storage_errors(), database.begin() as connection:
            for block in blocks:
                note_judged(connection, block, judged, block.seen)


def note_judged(connection: Connection, block: KeptBlock, judged: Judged, seen: tuple[str, ...]) -> bool:
    """Note, as part of a transaction, what a block's records were judged with now, and what was seen in them ever.

    Returns:
        False where somebody else did so since the block was read, or erased it: this transaction must not go on.
    """
    table = RECORD_BLOCKS.c
    statement = update(RECORD_BLOCKS).where(
        table.run_id == block.run_id,
        table.first_position == block.first_position,
        table.content.is_not(None),
        _judged_with(block.judged),
    )
    done = connection.execute(
        statement.values(
            release=judged.release,
            index_digest=judged.index_digest,
            policy=judged.policy,
            version=judged.version,
            seen=list(seen),
        )
    )
    return done.rowcount == 1


def read_knobs(database: Database, policy: str) -> dict[str, Any] | None:
    """Return the values of a policy, None where none were kept under its name."""
    with storage_errors(), database.connect() as connection:
        knobs: dict[str, Any] | None = connection.execute(
            select(POLICIES.c.knobs).where(POLICIES.c.id == policy)
        ).scalar_one_or_none()
    return knobs


def _judged_with(judged: Judged) -> ColumnElement[bool]:
    table = RECORD_BLOCKS.c
    return and_(
        table.index_digest == judged.index_digest, table.policy == judged.policy, table.version == judged.version
    )
