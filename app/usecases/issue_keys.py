"""Make, list and revoke the keys that open the service."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.callers import LONGEST_DAYS, TENANT, Key, Right
from app.domain.errors import InputError
from app.storage import keys
from app.storage.engine import Database
from app.usecases.sheets import Sheet

LONGEST_NAME = 100


def make_key(
    database: Database, name: str, tenant: str, rights: frozenset[Right], *, days: int, now: datetime
) -> tuple[Key, str]:
    """Make a key and keep it.

    Args:
        database: migrated.
        name: what the operator calls it.
        tenant: whose records it opens.
        rights: what it is good for.
        days: for how long, 1 to `LONGEST_DAYS`.
        now: the moment it begins.

    Returns:
        The key as it is kept, and its text, `pw_` with 12 and 64 hexadecimal digits, which cannot be had again.

    Raises:
        InputError: the name, tenant, rights or days cannot be.
        StorageError: it could not be kept.
    """
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise InputError(f"a key's name has 1 to {LONGEST_NAME} printable characters")
    if not TENANT.fullmatch(tenant):
        raise InputError(f"{tenant!r} cannot be a tenant: up to 64 of a-z, 0-9, '.', '_' and '-', no sign first")
    if not rights:
        raise InputError("a key without any scope opens nothing; name one at least")
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError(f"a key lasts 1 to {LONGEST_DAYS} days")
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    key = Key(key_id, tenant, name, rights, digest_of(secret), now, now + timedelta(days=days))
    keys.insert_key(database, key)
    return key, f"pw_{key_id}_{secret}"


def digest_of(secret: str) -> str:
    """Return what is kept of a secret.

    It is 256 random bits, which nobody finds by trying: a slow hash, made for passwords, would guard nothing more.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def list_keys(database: Database) -> tuple[Key, ...]:
    """Return every key there ever was, the oldest first."""
    return keys.read_keys(database)


def revoke_key(database: Database, key_id: str) -> None:
    """Make a key open nothing any more.

    Raises:
        UnknownNameError: there is no such key.
    """
    keys.revoke_key(database, key_id, datetime.now(UTC))


def key_json(key: Key, now: datetime) -> dict[str, Any]:
    """Return a key as it is written as JSON."""
    return {
        "id": key.id,
        "name": key.name,
        "tenant": key.tenant,
        "scopes": sorted(key.rights),
        "state": _state(key, now),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
        "last_used": None if key.last_used is None else key.last_used.isoformat(),
    }


def keys_sheet(listed: tuple[Key, ...], now: datetime) -> Sheet:
    """Return keys as a table."""
    rows = tuple(
        (
            key.id,
            key.name,
            key.tenant,
            " ".join(sorted(key.rights)),
            _state(key, now),
            f"{key.expires_at:%Y-%m-%d}",
            "never" if key.last_used is None else f"{key.last_used:%Y-%m-%d}",
        )
        for key in listed
    )
    note = "" if rows else "no key was ever made: the service asks nobody who they are, and listens on loopback only"
    return Sheet("Keys", ("id", "name", "tenant", "scopes", "state", "until", "last used"), rows, note=note)


def _state(key: Key, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "good" if key.opens(now) else "expired"
