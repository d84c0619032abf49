"""What is answered of the past: reviews, replays, rescreenings, and the difference of two releases."""

from typing import Any

from pydantic import Field

from app.api.answers import NEXT, Answer, DecisionAnswer, ReviewAnswer
from app.domain.words import Status, Verdict


class ReviewedAnswer(Answer):
    """A decision as it stands after a review."""

    id: str
    status: Status
    reviews: list[ReviewAnswer] = Field(description="In the order in which they were said; the last one holds.")


class ChangeAnswer(Answer):
    """One place where two decisions differ."""

    place: str = Field(description="JSON pointer into the decision, such as `/findings/0/score`.")
    was: Any
    now: Any


class ReplayAnswer(Answer):
    """A decision given again."""

    id: str
    identical: bool = Field(description="Whether the two are the same to the byte.")
    release: str = Field(description="The release of both.")
    policy: str = Field(description="The policy of both.")
    index: str = Field(description="Digest of the compiled index it was given again with.")
    version: str = Field(description="Version of the software it was given again with.")
    decided_with_index: str = Field(description="Digest of the index of the kept decision.")
    decided_with_version: str = Field(description="Version of the software of the kept decision.")
    differences: list[ChangeAnswer] = Field(description="Every place where they differ; `nothing` for what is absent.")
    decision: DecisionAnswer = Field(description="As it is given now.")


class TransitionAnswer(Answer):
    """Changed outcomes of one kind."""

    was: Verdict
    now: Verdict = Field(description="May be the same verdict on other grounds.")
    records: int


class RescreeningAnswer(Answer):
    """What a rescreening came to."""

    run_id: str = Field(description="Its changed outcomes are at `GET /v1/decisions?run_id=`.")
    release: str
    index: str
    policy: str
    version: str
    passed: int = Field(description="Records that were judged with something else last, and stand as judged now.")
    screened: int = Field(description="Those of them that the change can reach, and that were judged again.")
    changed: int = Field(description="Outcomes that changed: as many new decisions were kept.")
    outcomes: list[TransitionAnswer]
    kept_clear: int = Field(description="Changed outcomes whose alarming findings were all cleared, and are the same.")
    not_asked: int = Field(description="Records that were screened only for instruments this release does not have.")
    left: int = Field(description="Records still to be rescreened; send the request again until it is 0.")


class FieldChangeAnswer(Answer):
    """One field that reads otherwise."""

    field: str
    was: str
    now: str


class EntryChangeAnswer(Answer):
    """One line of law that is not as it was."""

    id: str
    change: str = Field(description="begun, ended, removed or changed.")
    substances: list[str] = Field(description="Preferred names of what it covers.")
    words: str = Field(description="The change in a sentence.")
    fields: list[FieldChangeAnswer]


class InstrumentChangeAnswer(Answer):
    """One law or treaty list that is not as it was."""

    id: str
    short: str
    jurisdiction: str
    concerns: str = Field(description="Whose shipments it reaches.")
    change: str = Field(description="added, removed or changed.")
    fields: list[FieldChangeAnswer]
    entries: list[EntryChangeAnswer]


class SubstanceChangeAnswer(Answer):
    """One substance that is known otherwise than it was."""

    id: str
    name: str
    change: str = Field(description="added, removed or changed.")
    gained: list[str] = Field(description="Names, numbers and forms under which it was not found before.")
    lost: list[str]
    fields: list[FieldChangeAnswer]


class DifferenceAnswer(Answer):
    """From one release to another."""

    old: str = Field(description="Digest of the release before.")
    new: str = Field(description="Digest of the release after.")
    instruments: list[InstrumentChangeAnswer] = Field(description="In the order of jurisdictions, then ids.")
    substances: list[SubstanceChangeAnswer]
    headings: list[FieldChangeAnswer] = Field(description="HS subheadings; the field is the code.")
    others: list[FieldChangeAnswer] = Field(description="What else the watchlist says.")


class AuditEntryAnswer(Answer):
    """One entry of the audit trail."""

    tenant: str
    number: int = Field(ge=1, description="Without a gap.")
    at: str = Field(description="UTC, RFC 3339, always with six decimals of the second.")
    key_id: str = Field(description="The key it was asked with; `local` where nobody is asked who they are.")
    action: str = Field(description="screened, finished, rescreened, reviewed, erased, adopted and others to come.")
    subject: str = Field(description="The run, decision, key or release it tells of.")
    facts: str = Field(description="JSON in a text, because it is this text that is hashed.")
    previous: str = Field(description="Hash of the entry before; zeros in the first.")
    hash: str = Field(description="SHA-256 over all of the above; see docs/audit.md.")


class AuditPage(Answer):
    """Some consecutive entries."""

    items: list[AuditEntryAnswer]
    next: str | None = NEXT


class AuditHeadAnswer(Answer):
    """The end of a chain."""

    tenant: str
    number: int = Field(ge=0, description="Of the last entry; 0 where there is none.")
    hash: str
    at: str


class ErasedAnswer(Answer):
    """What was erased."""

    run_id: str
    blocks: int = Field(description="Blocks of some thousand records whose fields were there to erase.")
    decisions: int = Field(description="Decisions whose words were there to erase.")
    reviews: int = Field(description="Reviews whose reason was there to erase.")
