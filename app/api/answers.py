"""What is answered as JSON: the shapes an integrator can rely on; fields may be added, none renamed."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.words import DayFrom, Disposition, Evidence, LegalNoteKind, Role, Status, Verdict

Score = float | None


class Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class AppliedEntryAnswer(Answer):
    """An entry of law that covers a found substance on that day and route."""

    id: str = Field(description="Instrument and line.")
    instrument: str
    jurisdiction: str = Field(description="ISO 3166-1 alpha-2 code, EU or UN.")
    citation: str
    evidence: Evidence = Field(description="How far the entry's text was seen.")
    duties: list[str] = Field(description="Short codes, such as licence, registration or declaration.")
    verdict: Verdict
    why: str
    clause: str = Field(description="What it covers beside the substance itself; empty where its text says nothing.")
    authority: str
    lead_time: str = Field(
        description="How long before the movement its papers are due; empty where none is evidenced."
    )


class LegalNoteAnswer(Answer):
    """What a law says of a found substance beside the entries that apply."""

    kind: LegalNoteKind = Field(
        description="not-covered: its clause does not reach the form seen; pending: enacted for a later day; "
        "other-law: another law of the place, not loaded here, governs it."
    )
    jurisdiction: str
    words: str
    citation: str


class FindingAnswer(Answer):
    """A substance, the entries that cover it on that day and route, and the clues for it."""

    substance_id: str
    substance: str = Field(description="The preferred name.")
    cas: list[str] = Field(description="CAS numbers, the main one first.")
    score: float = Field(ge=0, le=1, description="Confidence in the identity.")
    verdict: Verdict
    channels: list[str] = Field(description="How it was found.")
    matched: str = Field(description="The words or identifier that matched, as they stand in the record.")
    entries: list[AppliedEntryAnswer]
    notes: list[str] = Field(description="Contradictions, repairs and missing facts.")
    contradictions: list[str] = Field(
        description="What in the record does not fit the substance, each with what was expected; in `notes` too."
    )
    form: str = Field(description="The salt, isomer or derivative that was seen; empty for the substance itself.")
    reasoning: list[str] = Field(description="From the words of the record to the duty, step by step.")
    legal_notes: list[LegalNoteAnswer]


class CheckedAnswer(Answer):
    """What the record was checked against."""

    instruments: list[str]
    date_of_law: str = Field(description="The day whose law was applied, ISO 8601.")
    date_from: DayFrom = Field(description="Whose day that is: the record's own, the one asked for, or today's.")
    route: str = Field(description="The route as it was read; says so where none was declared.")


class PlaceAnswer(Answer):
    """What the law of one place of the route says; a place without a list here is undetermined."""

    place: str = Field(description="ISO 3166-1 alpha-2 code, EU, UN, or the record's words for an unknown country.")
    role: Role
    law: str | None = Field(description="The jurisdiction whose instruments were asked; null where no list is here.")
    verdict: Verdict = Field(description="By the law of this place alone.")
    why: str
    substances: list[str] = Field(description="Ids of the substances its law covers in the record.")
    duties: list[str]
    authorities: list[str]
    lead_times: list[str] = Field(description="Empty where no time is evidenced.")
    citations: list[str]


class RejectedAnswer(Answer):
    """A listed substance that was considered and dropped."""

    substance_id: str
    substance: str
    why: str


class DecisionAnswer(Answer):
    """The verdict on one record, its findings, and what was and was not checked."""

    record_id: str | None
    verdict: Verdict
    score: Score = Field(ge=0, le=1, description="Confidence of the strongest finding; null without one.")
    reason: str = Field(description="One plain sentence for an officer.")
    findings: list[FindingAnswer] = Field(description="Strongest first.")
    places: list[PlaceAnswer] = Field(description="One for each place of the route, and for the UN Conventions.")
    checked: CheckedAnswer
    not_checked: list[str] = Field(description="What could not be checked, and why.")
    rejected: list[RejectedAnswer] = Field(description="Listed substances that were considered and dropped.")


class CountsAnswer(Answer):
    """Records by verdict."""

    controlled: int
    conditional: int
    review: int
    undetermined: int
    not_listed: int


class TotalAnswer(Answer):
    """What several records add up to in a month or year, where a law compares the total with a threshold."""

    substance_id: str
    substance: str
    entry: str = Field(description="Instrument and line.")
    citation: str
    movement: str
    period: str = Field(description="Calendar month or year: 2025-03 or 2025.")
    consignor: str = Field(description="As compared, in lower case; empty where the law does not ask, or not declared.")
    consignee: str = Field(description="As compared, in lower case; empty where the law does not ask, or not declared.")
    total: float
    unit: str = Field(description="kg or L.")
    threshold: float
    threshold_words: str
    reached: bool
    reached_at_row: int | None = Field(
        description="The record at which it was reached; it and later ones are raised. 0: earlier runs had reached it."
    )
    rows_added: int
    rows: list[int] = Field(description="The records added up, counted from 1; the first thousand of them.")
    rows_of_unknown_amount: int = Field(description="Records of the same total whose amount is not known.")
    earlier_total: float = Field(description="What records of earlier runs add; 0 unless `history` was asked for.")
    earlier_records: list[str] = Field(description="Those records, as run and position; decisions have the same names.")
    earlier_of_unknown_amount: int = Field(description="Earlier records of the same total whose amount is not known.")


class ScreeningAnswer(Answer):
    """A run and its decisions."""

    run_id: str = Field(description="UUID of version 7; the run is kept under it.")
    release: str = Field(description="sha256 of the watchlist's files.")
    index: str = Field(description="Digest of the compiled index.")
    policy: str
    version: str = Field(description="Version of this software.")
    counts: CountsAnswer
    decisions: list[DecisionAnswer] = Field(description="One for each record, in order.")
    totals: list[TotalAnswer] = Field(description="Amounts of several records that a law adds up.")


class MentionAnswer(Answer):
    """One name found in a text."""

    text: str
    outcome: Literal["listed", "lawful", "ambiguous", "unknown"]
    substance_id: str | None
    substance: str | None = Field(description="The listed substance, or the lawful chemical the name means.")
    cas: list[str]
    channel: str | None
    score: Score
    rejected: list[RejectedAnswer] = Field(description="Listed look-alikes that were considered and dropped.")


class ResolutionAnswer(Answer):
    """A text and the names found in it."""

    text: str
    folded: str = Field(description="The text as names are compared: case, accents and punctuation folded.")
    mentions: list[MentionAnswer]


class ResolvingAnswer(Answer):
    """What names mean."""

    release: str
    policy: str
    version: str
    resolutions: list[ResolutionAnswer] = Field(description="One for each name, in order.")


STATUS = Field(
    description="open: an alarm nobody has reviewed; awaiting_second: cleared, and a second person must do so too; "
    "replaced: a rescreening came to another outcome."
)
REPLACES = Field(
    description="A rescreening's decisions: the one it stands in the place of; null where the record was no alarm "
    "before, of which only its run's counts and the record's fields are kept (`origin`)."
)


class OriginAnswer(Answer):
    """Where a record came in."""

    run_id: str = Field(description="The run it came with.")
    position: int = Field(ge=0, description="Its place in that request or file, from 0.")


class ReviewAnswer(Answer):
    """What one officer made of a decision."""

    disposition: Disposition
    reason: str
    reviewer: str
    created_at: datetime = Field(description="UTC.")
    carried_from: str | None = Field(
        description="The decision it was said of, where a rescreening left every finding that was cleared as it was."
    )
    key_id: str = Field(description="The key it was said with; `local` where the service asks nobody who they are.")
    awaits_second: bool = Field(description="A clearance that does not hold before another person has said the same.")


class DecisionLine(Answer):
    """A kept decision in a list."""

    id: str
    run_id: str
    position: int = Field(ge=0, description="Place of the record in its request or file, from 0.")
    created_at: datetime = Field(description="UTC.")
    record_id: str | None
    verdict: Verdict
    score: Score
    reason: str = Field(description="Empty once its words were erased, and `record_id` null.")
    substance_ids: list[str]
    status: Status = STATUS
    replaces: str | None = REPLACES
    origin: OriginAnswer


class KeptDecisionAnswer(Answer):
    """A kept decision, as it was answered, what it was decided with, and what came of it."""

    id: str
    run_id: str
    position: int = Field(ge=0, description="Place of the record in its request or file, from 0.")
    created_at: datetime = Field(description="UTC.")
    door: str = Field(description="http-json, http-file or rescreen.")
    release: str
    index: str
    policy: str
    version: str
    as_of: date | None
    instruments: list[str] | None = Field(description="The instruments asked for; null: all that the route reaches.")
    status: Status = STATUS
    replaces: str | None = REPLACES
    origin: OriginAnswer
    trigger: str | None = Field(
        description="What had changed when a rescreening made it: release, policy or software; null otherwise."
    )
    replaced_by: str | None = Field(description="The newer decision a rescreening came to.")
    reviews: list[ReviewAnswer] = Field(description="In the order in which they were said; the last one holds.")
    decision: DecisionAnswer | None = Field(description="null once its words were erased.")


NEXT = Field(description="Send this as `cursor` for the next page; null on the last one.")


class DecisionPage(Answer):
    """Some kept decisions: newest run first, in a run by position; the open ones the surest first."""

    items: list[DecisionLine]
    next: str | None = NEXT


class HealthAnswer(Answer):
    """The process is alive."""

    status: Literal["ok"]
    version: str


class ReadyAnswer(Answer):
    """The service can screen and keep."""

    status: Literal["ready"]
    version: str
    release: str
    index: str
    policy: str
    database: str = Field(description="Revision of the database's tables.")


class FaultAnswer(Answer):
    """One thing wrong with a request."""

    place: str = Field(
        description="JSON pointer into the body (`#/records/3/date`), `?` and a query parameter, or a part's name."
    )
    what: str


class Problem(Answer):
    """RFC 9457 problem details."""

    type: str = Field(description="Stable name of the kind of problem, as a URI reference; see docs/http.md.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Path of the request.")
    request_id: str = Field(description="As in the header `X-Request-ID` and in the service's log.")
    errors: list[FaultAnswer] = Field(description="Every field, parameter or part at fault; empty where none is.")
