"""Answers that are given again to a request that comes again under the same key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.engine import Database, storage_errors
from app.storage.tables import IDEMPOTENCY


@dataclass(frozen=True, slots=True)
class KeyedAnswer:
    """What was answered to a request with an `Idempotency-Key`."""

    key: str
    fingerprint: str
    """sha256 of all that makes the request what it is, in hex."""
    expires_at: datetime
    status: int
    headers: dict[str, str]
    body: bytes


def read_keyed(database: Database, key: str, now: datetime) -> KeyedAnswer | None:
    """Return what was answered under a tenant's key, None where it is new or has expired."""
    with storage_errors(), database.connect() as connection:
        return _read(connection, database.tenant, key, now)


def write_keyed(connection: Connection, tenant: str, answer: KeyedAnswer, now: datetime) -> KeyedAnswer | None:
    """Write an answer as part of the transaction that makes what it tells of.

    Returns:
        None where it was written; where another request with the same key came first, what that was answered: this
        transaction has written nothing, and must not go on.
    """
    connection.execute(
        delete(IDEMPOTENCY).where(
            IDEMPOTENCY.c.tenant == tenant, IDEMPOTENCY.c.key == answer.key, IDEMPOTENCY.c.expires_at <= now
        )
    )
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {
        "tenant": tenant,
        "key": answer.key,
        "fingerprint": answer.fingerprint,
        "expires_at": answer.expires_at,
        "status": answer.status,
        "headers": answer.headers,
        "body": answer.body,
    }
    # Drivers do not count the rows of such an insert alike; what it returns is counted by none.
    insert = dialect.insert(IDEMPOTENCY).values(row).on_conflict_do_nothing().returning(IDEMPOTENCY.c.key)
    return None if connection.execute(insert).first() is not None else _read(connection, tenant, answer.key, now)


def forget_keyed(database: Database, now: datetime) -> int:
    """Delete the answers of every tenant that have expired; return how many."""
    with storage_errors(), database.begin() as connection:
        return connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.expires_at <= now)).rowcount


def _read(connection: Connection, tenant: str, key: str, now: datetime) -> KeyedAnswer | None:
    table = IDEMPOTENCY.c
    columns = (table.key, table.fingerprint, table.expires_at, table.status, table.headers, table.body)
    query = select(*columns).where(table.tenant == tenant, table.key == key, table.expires_at > now)
    row = connection.execute(query).one_or_none()
    return None if row is None else KeyedAnswer(**row._mapping)
