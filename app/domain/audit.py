"""The audit trail: what an entry says, and the hash that chains it to the one before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby

from app.domain.words import Verdict

FORMAT = "precursor-watch audit 1"
"""Stands before every hash, so that no other hash of this or another system can be taken for an entry's."""

BEGINNING = "0" * 64
"""What the first entry of a chain has for the hash of the one before."""

LETTERS = {
    Verdict.CONTROLLED: "C",
    Verdict.CONDITIONAL: "D",
    Verdict.REVIEW: "R",
    Verdict.UNDETERMINED: "U",
    Verdict.NOT_LISTED: "N",
}
"""How an entry writes the verdicts of consecutive records."""


class Action(StrEnum):
    """What an entry tells of."""

    SCREENED = "screened"
    """Records were screened, and the alarms among them kept."""
    FINISHED = "finished"
    """The last record of a run was screened."""
    RESCREENED = "rescreened"
    """Kept records were judged again, and the changed outcomes kept."""
    REVIEWED = "reviewed"
    """An officer said what was made of a decision."""
    ERASED = "erased"
    """The words of records and decisions were erased."""
    ADOPTED = "adopted"
    """What was kept before there was a trail, as it was found."""
    KEY_CREATED = "key-created"
    KEY_REVOKED = "key-revoked"
    RELEASE_ACTIVATED = "release-activated"


SCREENINGS = frozenset({Action.SCREENED, Action.RESCREENED, Action.ADOPTED})
"""What tells of decisions."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain; kept elsewhere, it shows later that nothing before it was changed or cut off."""

    tenant: str
    number: int
    """Of the last entry, 0 for none."""
    hash: str
    at: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of a tenant's chain."""

    tenant: str
    number: int
    """From 1, without a gap."""
    at: str
    """UTC, RFC 3339, always with six decimals of the second."""
    key_id: str
    """The key it was asked with; never the key itself."""
    action: str
    subject: str
    """The run, decision, key or release it tells of."""
    facts: str
    """JSON, as it was hashed."""
    previous: str
    hash: str
    """In hexadecimal; see `entry_hash`."""


def entry_hash(fields: Sequence[str | int]) -> str:
    """Return the SHA-256 of an entry.

    Args:
        fields: tenant, number, at, key_id, action, subject, facts and the hash of the entry before.

    Returns:
        64 hexadecimal digits, over `FORMAT` and the fields, each as a netstring: its length in bytes of UTF-8, a colon,
        the bytes and a comma. No two entries are written alike.

    Source:
        D. J. Bernstein, Netstrings (1997).
    """
    parts = [str(field).encode() for field in (FORMAT, *fields)]
    return hashlib.sha256(b"".join(b"%d:%b," % (len(part), part) for part in parts)).hexdigest()


def is_chained(entry: AuditEntry, before: Head) -> bool:
    """Return whether an entry is the next one of its chain, and as it was written."""
    return (
        (entry.tenant, entry.number, entry.previous) == (before.tenant, before.number + 1, before.hash)
        and entry.hash == hash_of(entry)
    )  # fmt: skip


def hash_of(entry: AuditEntry) -> str:
    """Return the hash an entry should have."""
    named = (entry.tenant, entry.number, entry.at, entry.key_id, entry.action, entry.subject)
    return entry_hash((*named, entry.facts, entry.previous))


def write_moment(moment: datetime) -> str:
    """Return a moment as entries write it: UTC, with six decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_verdicts(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts of consecutive records, equal ones counted: `512N1C2N`."""
    return "".join(f"{len(list(same))}{letter}" for letter, same in groupby(LETTERS[each] for each in verdicts))
