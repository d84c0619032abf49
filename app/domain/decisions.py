"""What is answered: one decision for each record, with its findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.words import Verdict


@dataclass(frozen=True, slots=True)
class AppliedEntry:
    """An entry of law that covers a found substance on that day and route."""

    id: str
    instrument: str
    jurisdiction: str
    citation: str
    evidence: str
    duties: tuple[str, ...]
    verdict: Verdict
    why: str
    """Why this entry gives this verdict, in one clause an officer can read."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A listed substance that was considered and dropped, and why."""

    substance_id: str
    substance: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A substance, the entries that cover it on that day and route, and the clues for it."""

    substance_id: str
    substance: str
    cas: tuple[str, ...]
    """CAS numbers of the substance, the main one first; empty where none is published."""
    score: float
    """Confidence in the identity, 0 to 1."""
    channels: tuple[str, ...]
    matched: str
    """The words or identifier that matched, as they stand in the record."""
    entries: tuple[AppliedEntry, ...]
    verdict: Verdict
    notes: tuple[str, ...] = ()
    """What else an officer should know: repairs, contradictions, missing facts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one record, its findings, and what was and was not checked."""

    record_id: str | None
    verdict: Verdict
    score: float | None
    reason: str
    findings: tuple[Finding, ...]
    instruments: tuple[str, ...]
    date_of_law: str
    not_checked: tuple[str, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions(Sequence[Decision]):
    """The decisions on a batch of records: same length, same order, none missing.

    Records of which the same is to be said share one decision, which is told apart by its `record_id` only when it is
    looked at: most lines of trade say nothing.
    """

    kinds: Sequence[Decision]
    """What is said, each once."""
    which: Sequence[int]
    """For each record the place of its decision in `kinds`."""
    record_ids: Sequence[str | None]

    @classmethod
    def each(cls, decisions: Sequence[Decision]) -> "Decisions":
        """Put decisions together of which no two are the same."""
        return cls(decisions, range(len(decisions)), [decision.record_id for decision in decisions])

    def __len__(self) -> int:
        return len(self.which)

    def __getitem__(self, index: int) -> Decision:  # type: ignore[override]
        kind = self.kinds[self.which[index]]
        record_id = self.record_ids[index]
        return kind if kind.record_id == record_id else replace(kind, record_id=record_id)

    def __iter__(self) -> Iterator[Decision]:
        return (self[index] for index in range(len(self)))
