"""What is answered: one decision for each record, with its findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.words import DayFrom, LegalNoteKind, Role, Verdict


@dataclass(frozen=True, slots=True)
class Counted:
    """What one record adds to a total that is compared with a threshold of an entry."""

    quantity: Decimal
    """The threshold, in `unit`."""
    unit: str
    above: bool
    period: str
    """month or year, of the calendar."""
    movement: str
    totals_of: tuple[str, ...]
    """Whose amounts are added up: consignor, consignee, or what passes between the two."""
    amount: Decimal | None
    """None where it is not known, or could be two."""


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
    counted: tuple[Counted, ...] = ()
    clause: str = ""
    """What it covers beside the substance itself, in the words of the law; empty where it says nothing."""
    authority: str = ""
    lead_time: str = ""
    """How long before the movement its papers are due; empty where no time is evidenced."""


@dataclass(frozen=True, slots=True)
class LegalNote:
    """What a law says of a found substance beside the entries that apply."""

    kind: LegalNoteKind
    jurisdiction: str
    words: str
    citation: str


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
    """What else an officer should know: contradictions, repairs, missing facts."""
    contradictions: tuple[str, ...] = ()
    """What in the record does not fit the substance, each with what was expected; they stand in `notes` too."""
    form: str = ""
    """The form that was seen, in words; empty for the listed substance itself."""
    reasoning: tuple[str, ...] = ()
    """From the words of the record to the duty, one sentence for each step and each entry."""
    legal_notes: tuple[LegalNote, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What the law of one place of the route says of a record."""

    place: str
    """ISO 3166-1 alpha-2 code, `EU`, `UN`, or the words of the record where no country is known by them."""
    role: Role
    law: str | None
    """The jurisdiction whose instruments were asked; None where there is no list here."""
    verdict: Verdict
    """By the law of this place alone; `undetermined` where there is no list here, or nothing could be read."""
    why: str
    substances: tuple[str, ...] = ()
    """Slugs of the substances this law covers in the record."""
    duties: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    lead_times: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """An amount, and the total it belongs to."""

    substance_id: str
    substance: str
    entry: str
    citation: str
    consignor: str
    """As compared; empty where it is not added up by the consignor, or not declared."""
    consignee: str
    period: str
    """`2025-03` or `2025`."""
    counted: Counted


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
    tallies: tuple[Tally, ...] = ()
    """What the record adds to totals over a file; nothing of it is answered as such."""
    places: tuple[PlaceAnswer, ...] = ()
    """One for each place of the route and for the UN Conventions; the worst verdict is the record's."""
    route: str = ""
    """The route as it was read, in words."""
    date_from: DayFrom = DayFrom.RECORD
    """Whether `date_of_law` is the record's own day, the one that was asked for, or the day of the screening."""


@dataclass(frozen=True, slots=True)
class Decisions(Sequence[Decision]):
    """The decisions on a batch of records: same length, same order, none missing.

    Records of which the same is to be said share one decision, which is told apart by record and day of law only when
    it is looked at: most lines of trade say nothing.
    """

    kinds: Sequence[Decision]
    """What is said, each once."""
    which: Sequence[int]
    """For each record the place of its decision in `kinds`."""
    record_ids: Sequence[str | None]
    days: Sequence[str]
    """For each record the day whose law was asked."""

    @classmethod
    def each(cls, decisions: Sequence[Decision]) -> "Decisions":
        """Put decisions together of which no two are the same."""
        return cls(
            decisions,
            range(len(decisions)),
            [decision.record_id for decision in decisions],
            [decision.date_of_law for decision in decisions],
        )

    @classmethod
    def joined(cls, parts: Sequence["Decisions"]) -> "Decisions":
        """Put the decisions on consecutive batches together, in order."""
        if len(parts) == 1:
            return parts[0]
        kinds: list[Decision] = []
        which: list[int] = []
        for part in parts:
            which += [len(kinds) + kind for kind in part.which]
            kinds += part.kinds
        names = [name for part in parts for name in part.record_ids]
        return cls(kinds, which, names, [day for part in parts for day in part.days])

    def places(self, claim: Callable[[Decision], bool]) -> list[int]:
        """Return the places of the records of whose decision something is true, in order."""
        true = [claim(kind) for kind in self.kinds]
        return [place for place, kind in enumerate(self.which) if true[kind]]

    def verdicts(self) -> list[Verdict]:
        """Return the verdict on each record, in order."""
        each = [kind.verdict for kind in self.kinds]
        return [each[kind] for kind in self.which]

    def replaced(self, others: Mapping[int, Decision]) -> "Decisions":
        """Return the decisions with others at some places."""
        if not others:
            return self
        which = list(self.which)
        for number, place in enumerate(others, len(self.kinds)):
            which[place] = number
        return Decisions([*self.kinds, *others.values()], which, self.record_ids, self.days)

    def __len__(self) -> int:
        return len(self.which)

    def __getitem__(self, index: int) -> Decision:  # type: ignore[override]
        kind = self.kinds[self.which[index]]
        record_id, day = self.record_ids[index], self.days[index]
        if kind.record_id == record_id and kind.date_of_law == day:
            return kind
        return replace(kind, record_id=record_id, date_of_law=day)

    def __iter__(self) -> Iterator[Decision]:
        return (self[index] for index in range(len(self)))
