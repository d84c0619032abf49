"""The trade's vocabulary: verdicts, channels, movements, evidence grades."""

from enum import StrEnum


class Verdict(StrEnum):
    """What is said of one record. Declared from worst to mildest; see `worst`."""

    CONTROLLED = "controlled"
    CONDITIONAL = "conditional"
    REVIEW = "review"
    UNDETERMINED = "undetermined"
    NOT_LISTED = "not_listed"


ALARMS = frozenset({Verdict.CONTROLLED, Verdict.CONDITIONAL, Verdict.REVIEW})
"""The verdicts that ask a person to act."""

VERDICTS: tuple[Verdict, ...] = tuple(Verdict)
"""All verdicts, worst first; the position is the code used in arrays."""
_RANK = {verdict: place for place, verdict in enumerate(VERDICTS)}


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the worst of several verdicts (`not_listed` for none)."""
    return min(verdicts, key=_RANK.__getitem__, default=Verdict.NOT_LISTED)


class Channel(StrEnum):
    """How a clue was found, cheapest first."""

    CAS = "cas"
    STRUCTURE = "structure"
    NAME = "name"
    NAME_STRUCTURE = "name-structure"
    NAME_FUZZY = "name-fuzzy"
    FAMILY = "family"
    UN = "un"
    HS = "hs"
    SIMILARITY = "similarity"


class Movement(StrEnum):
    """Which way the goods go, seen from the law that is asked."""

    EXPORT = "export"
    IMPORT = "import"
    TRANSIT = "transit"
    DOMESTIC = "domestic"


class Role(StrEnum):
    """Why a place's law is asked."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    TRANSIT = "transit"
    TREATY = "treaty"
    """The UN Conventions, which reach every route."""
    ANY = "any"
    """No route is declared: every law here is asked."""


class LegalNoteKind(StrEnum):
    """What a law may say of a found substance beside an entry that applies."""

    NOT_COVERED = "not-covered"
    """An entry in force names it or its parent, and its clause does not reach what was seen."""
    PENDING = "pending"
    """An enacted entry begins after the record's day."""
    OTHER_LAW = "other-law"
    """It is not in this instrument, because another law of the same place governs it, which is not here."""


class Evidence(StrEnum):
    """How far the text of an entry was seen, best first."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    RECONSTRUCTED = "reconstructed"


class DayFrom(StrEnum):
    """Where the day comes from whose law is asked."""

    RECORD = "record"
    AS_OF = "as_of"
    TODAY = "today"


class InstrumentKind(StrEnum):
    """What an instrument is in law."""

    TREATY = "treaty"
    LAW = "law"
    NOTICE = "notice"


class Disposition(StrEnum):
    """What an officer made of a decision."""

    CLEARED = "cleared"
    """Looked at: no duty, or no such goods."""
    CONFIRMED = "confirmed"
    """The alarm is right, and acted upon."""
    ESCALATED = "escalated"
    """Handed to somebody else to decide."""


class Status(StrEnum):
    """Where a kept decision stands."""

    OPEN = "open"
    """An alarm that nobody has reviewed."""
    AWAITING_SECOND = "awaiting_second"
    """One person has cleared it, and another must say the same before that holds."""
    ESCALATED = "escalated"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    """A rescreening came to another outcome; the newer decision says which."""
    NO_ALARM = "no_alarm"
    """The outcome of a rescreening that asks nobody to act."""


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """It was done, and its result is no longer kept."""


class JobFailure(StrEnum):
    """Why a job came to nothing."""

    UNREADABLE_FILE = "unreadable-file"
    """The file turned out further down not to be one that can be read."""
    MAPPING = "mapping"
    """A field or header of the mapping is not there."""
    FILE_GONE = "file-gone"
    """What was sent, or a part of what was made of it, is no longer on disk."""
    NO_ROOM = "no-room"
    """The disk is full."""
    DISK = "disk"
    """The disk did not do its part."""
    RELEASE_NOT_HERE = "release-not-here"
    """The release, policy or version the job was made with is no longer here."""
    POISON = "poison"
    """One and the same block ended the worker again and again."""
    INTERNAL = "internal"
    """A fault of the service; its log says more."""
