"""The audit trail: entries are added at its end, within the transaction that does what they tell of, and read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.audit import BEGINNING, Action, AuditEntry, Head, entry_hash, hash_of, write_moment
from app.storage.engine import Database, storage_errors
from app.storage.tables import AUDIT, AUDIT_HEADS

# Written once: to build a statement costs more than to execute it.
_HEAD = update(AUDIT_HEADS).where(AUDIT_HEADS.c.tenant == bindparam("whose"))
_LOCK = _HEAD.values(number=AUDIT_HEADS.c.number).returning(AUDIT_HEADS)
_MOVE = _HEAD.values(number=bindparam("last"), hash=bindparam("digest"), at=bindparam("moment"))
_ADD = insert(AUDIT)


@dataclass(frozen=True, slots=True)
class ToEnter:
    """What is to be added to a chain."""

    database: Database
    """As the one sees it who does it."""
    action: Action
    subject: str
    facts: dict[str, Any]
    at: datetime | None = None
    """None for now."""


def append(
    connection: Connection,
    database: Database,
    action: Action,
    subject: str,
    facts: dict[str, Any],
    *,
    at: datetime | None = None,
) -> AuditEntry:
    """Add an entry to the caller's chain as part of a transaction.

    The end of the chain stays locked until the transaction ends. So whoever only writes rows of its own adds its entry
    last, and whoever changes rows that others may change calls `lock_head` before it touches them: two who wait for
    each other would both be refused.

    Args:
        connection: the transaction that does what the entry tells of.
        database: as the one sees it who does it.
        action: what is done.
        subject: the run, decision, key or release it is done to.
        facts: what else an auditor must know; nothing that may have to be erased, for an entry never is.
        at: when; None for now.
    """
    return append_several(connection, [ToEnter(database, action, subject, facts, at)])[0]


def append_several(connection: Connection, told: Sequence[ToEnter]) -> list[AuditEntry]:
    """Add entries to their callers' chains as part of a transaction; see `append`.

    Args:
        connection: the transaction that does what the entries tell of.
        told: those of a tenant one after another; every transaction takes its tenants in the order of their names.
    """
    entries: list[AuditEntry] = []
    for tenant, of_tenant in groupby(told, key=lambda each: each.database.tenant):
        some = list(of_tenant)
        head = lock_head(connection, some[0].database)
        for each in some:
            moment = write_moment(each.at or datetime.now(UTC))
            text = orjson.dumps(each.facts, option=orjson.OPT_SORT_KEYS).decode()
            key_id = each.database.caller.key_id
            fields = (tenant, head.number + 1, moment, key_id, each.action.value, each.subject, text, head.hash)
            entries.append(AuditEntry(*fields, hash=entry_hash(fields)))
            head = Head(tenant, entries[-1].number, entries[-1].hash, moment)
        moved = {"whose": tenant, "last": head.number, "digest": head.hash, "moment": head.at}
        connection.execute(_MOVE, moved)
    connection.execute(_ADD, [_row_of(entry) for entry in entries])
    return entries


def lock_head(connection: Connection, database: Database) -> Head:
    """Lock the end of the caller's chain until the transaction ends, and return it."""
    whose = {"whose": database.tenant}
    row = connection.execute(_LOCK, whose).one_or_none()
    if row is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        first = {"tenant": database.tenant, "number": 0, "hash": BEGINNING, "at": write_moment(datetime.now(UTC))}
        connection.execute(dialect.insert(AUDIT_HEADS).values(first).on_conflict_do_nothing())
        row = connection.execute(_LOCK, whose).one()
    return Head(*row)


def read_head(database: Database) -> Head:
    """Return the end of the caller's chain; number 0 where it has no entry."""
    with storage_errors(), database.connect() as connection:
        return head_of(connection, database.tenant)


def head_of(connection: Connection, tenant: str) -> Head:
    """Return the end of a chain, as a transaction sees it."""
    row = connection.execute(select(AUDIT_HEADS).where(AUDIT_HEADS.c.tenant == tenant)).one_or_none()
    return Head(tenant, 0, BEGINNING, "") if row is None else Head(*row)


def list_entries(database: Database, limit: int, after: int = 0) -> list[AuditEntry]:
    """Return entries of the caller's chain in their order.

    Args:
        database: the database.
        limit: at most so many.
        after: the number of the last one already seen.
    """
    with storage_errors(), database.connect() as connection:
        return read_entries(connection, database.tenant, limit, after)


def read_entries(connection: Connection, tenant: str, limit: int, after: int) -> list[AuditEntry]:
    """Return entries of a chain in their order, as a transaction sees them."""
    table = AUDIT.c
    query = select(AUDIT).where(table.tenant == tenant, table.number > after).order_by(table.number).limit(limit)
    return [_entry(row) for row in connection.execute(query)]


def entries_about(connection: Connection, tenant: str, subjects: Iterable[str]) -> Iterator[AuditEntry]:
    """Yield the entries about some subjects that are as they were written, as a transaction sees them."""
    query = select(AUDIT).where(AUDIT.c.tenant == tenant, AUDIT.c.subject.in_(list(subjects))).order_by(AUDIT.c.number)
    return (entry for entry in map(_entry, connection.execute(query)) if hash_of(entry) == entry.hash)


_COLUMNS = attrgetter(*AUDIT.c.keys())


def _row_of(entry: AuditEntry) -> dict[str, Any]:
    return dict(zip(AUDIT.c.keys(), _COLUMNS(entry), strict=True))


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row._asdict())


def keep_entry(database: Database, action: Action, subject: str, facts: dict[str, Any]) -> None:
    """Add an entry of what was done elsewhere than in the database."""
    with storage_errors(), database.begin() as connection:
        append(connection, database, action, subject, facts)
