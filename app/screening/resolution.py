"""What the names in a text mean."""

from dataclasses import dataclass

from app.domain.decisions import Rejected


@dataclass(frozen=True, slots=True)
class Mention:
    """One name found in a text."""

    text: str
    outcome: str
    """listed, lawful, ambiguous or unknown."""
    substance_id: str | None
    substance: str | None
    """The listed substance, or the lawful chemical the name means."""
    cas: tuple[str, ...]
    channel: str | None
    score: float | None
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """A text and the names found in it, in order."""

    text: str
    folded: str
    mentions: tuple[Mention, ...]
