"""Keys, and what they were used for.

They are read before anybody knows who asks: these functions, alone in this room, do not keep to one tenant. Only the
door and the operator's terminal may call them.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, insert, or_, select, update

from app.domain.audit import Action, write_moment
from app.domain.callers import Key, Right
from app.domain.errors import UnknownNameError
from app.storage.audit import append, lock_head
from app.storage.engine import Database, storage_errors
from app.storage.tables import KEYS, RUNS


def insert_key(database: Database, key: Key) -> None:
    """Keep a new key."""
    row = {
        "id": key.id,
        "tenant": key.tenant,
        "name": key.name,
        "rights": sorted(key.rights),
        "sha256": key.sha256,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }
    told = {"scopes": row["rights"], "expires_at": write_moment(key.expires_at)}
    theirs = database.seen_by(database.caller.of_tenant(key.tenant))
    with storage_errors(), database.begin() as connection:
        connection.execute(insert(KEYS).values(**row))
        append(connection, theirs, Action.KEY_CREATED, key.id, told)


def read_keys(database: Database) -> tuple[Key, ...]:
    """Return every key there ever was, of every tenant, the oldest first."""
    with storage_errors(), database.connect() as connection:
        rows = connection.execute(select(KEYS).order_by(KEYS.c.created_at, KEYS.c.id)).mappings().all()
    return tuple(Key(**{**row, "rights": frozenset(map(Right, row["rights"]))}) for row in rows)


def revoke_key(database: Database, key_id: str, at: datetime) -> None:
    """Make a key open nothing any more; the moment of the first time stays.

    Raises:
        UnknownNameError: there is no such key.
    """
    with storage_errors(), database.begin() as connection:
        tenant = connection.execute(select(KEYS.c.tenant).where(KEYS.c.id == key_id)).scalar_one_or_none()
        if tenant is None:
            raise UnknownNameError("key", key_id)
        theirs = database.seen_by(database.caller.of_tenant(tenant))
        lock_head(connection, theirs)
        statement = update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None))
        if connection.execute(statement.values(revoked_at=at)).rowcount == 1:
            append(connection, theirs, Action.KEY_REVOKED, key_id, {})


def note_used(database: Database, key_ids: Iterable[str], day: date) -> None:
    """Write down that keys were shown on a day; nothing is written where it stands there already."""
    older = or_(KEYS.c.last_used.is_(None), KEYS.c.last_used < day)
    with storage_errors(), database.begin() as connection:
        connection.execute(update(KEYS).where(KEYS.c.id.in_(list(key_ids)), older).values(last_used=day))


def records_since(database: Database, key_id: str, since: datetime) -> int:
    """Return how many records a key had screened in runs that began at `since` or later and are finished."""
    total = select(func.coalesce(func.sum(RUNS.c.records), 0))
    with storage_errors(), database.connect() as connection:
        statement = total.where(RUNS.c.key_id == key_id, RUNS.c.created_at >= since)
        return int(connection.execute(statement).scalar_one())
