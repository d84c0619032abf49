"""Know who shows a key: every key is read together, and read again every few seconds."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.callers import Key
from app.storage.engine import Database
from app.storage.keys import note_used, read_keys
from app.usecases.issue_keys import digest_of

PREFIX = "pw_"
"""What every key begins with."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key there ever was, as it stood when it was read."""

    keys: Mapping[str, Key]

    def find(self, text: str) -> Key | None:
        """Return the key that a text is, good or not any more; None where it is none."""
        key_id, _, secret = text.removeprefix(PREFIX).partition("_")
        key = self.keys.get(key_id)
        return key if key is not None and hmac.compare_digest(key.sha256, digest_of(secret)) else None


def read_ring(database: Database, used: Iterable[str] = ()) -> KeyRing:
    """Read every key.

    Args:
        database: where they are kept.
        used: ids of keys that were shown since they were read last; the day is noted with them.

    Raises:
        StorageError: they cannot be read: nobody can be let in.
    """
    today = datetime.now(UTC).date()
    ring = KeyRing({key.id: key for key in read_keys(database)})
    if late := [each for each in used if each in ring.keys and ring.keys[each].last_used != today]:
        note_used(database, late, today)
    return ring
