"""What is answered of the watchlist: substances, instruments, entries and releases."""

from datetime import date, datetime

from pydantic import Field

from app.api.answers import NEXT, Answer
from app.domain.words import Evidence, InstrumentKind


class SubstanceLine(Answer):
    """A substance in a list."""

    id: str
    name: str
    cas: list[str]
    ec: list[str]
    un: list[str]
    hs: list[str] = Field(description="HS 2022 subheadings.")


class NameAnswer(Answer):
    """One name of a substance."""

    text: str
    language: str = Field(description="BCP 47 tag; zxx for codes and formulas.")
    kind: str
    source: str
    cas: str | None = Field(description="CAS number of the form this name means, where it is not the substance itself.")


class FormAnswer(Answer):
    """A salt, hydrate or isomer with a CAS number of its own."""

    cas: str
    name: str
    kind: str
    verified: str
    source: str
    base_share: float | None = Field(description="What of its weight is the substance itself; null where not known.")


class DensityAnswer(Answer):
    """What a litre of the liquid weighs."""

    kg_per_litre: float
    at_celsius: float
    source: str


class SubstanceEntryAnswer(Answer):
    """A line of law that names a substance, whether in force or not."""

    id: str
    instrument: str
    begins: date | None
    ends: date | None
    citation: str
    evidence: Evidence


class SubstanceAnswer(SubstanceLine):
    """One chemical identity, and where the law names it."""

    smiles: str | None
    inchikey: str | None
    structure_basis: str
    density: DensityAnswer | None = Field(description="null: none is listed, so litres and kilograms are not compared.")
    forms: list[FormAnswer]
    names: list[NameAnswer]
    entries: list[SubstanceEntryAnswer]


class InstrumentAnswer(Answer):
    """One law or treaty list."""

    id: str
    title: str
    short: str
    jurisdiction: str = Field(description="ISO 3166-1 alpha-2 code, EU or UN.")
    kind: InstrumentKind
    authority: str
    read: date = Field(description="The day its sources were read.")
    covers_from: date | None = Field(description="What its place had before this day is not here; null: no such day.")
    entries: int = Field(description="How many entries it has, in force or not.")
    totals_of: list[str] = Field(description="Whose amounts are added up over a month or year.")


class ThresholdAnswer(Answer):
    """An amount from which a duty applies."""

    movement: str
    quantity: float
    unit: str
    period: str
    words: str
    above: bool
    """True where the duty begins above the amount, false where it begins at it."""
    only_if: str = Field(description="The fact on which it hangs that the threshold is the goods' own; empty for none.")
    shown_by: list[str] = Field(description="Words in a description that say that it is so.")
    counts: str = Field(description="What is weighed: goods, substance (in them) or base.")


class ClauseAnswer(Answer):
    """What an entry covers beside the substance itself; null where its text is silent."""

    salts: bool | None
    isomers: bool | None
    esters: bool | None
    ethers: bool | None
    derivatives: bool | None
    excluded_salts: list[str]
    mixture_limit_percent: float | None
    mixture_words: str
    words: str
    relatives: list[str] = Field(description="Families the text names: amides, carbamates, halides, acetals.")
    excluded_isomers: list[str] = Field(description="Stereoisomers that the text takes out again.")
    limit_included: bool = Field(description="Whether a mixture of exactly the limit is covered.")
    mixture_with: list[str] = Field(description="Substances whose shares in a mixture are added to its own.")
    limit_of: list[str] = Field(description="Substances whose share is held against the limit; empty for its own.")
    mixture_movements: list[str] = Field(description="The movements whose mixtures are covered; empty for all.")
    hangs_on: str = Field(description="The fact on which the entry hangs for these goods; empty for none.")
    shown_by: list[str] = Field(description="Words in a description that say that it is so.")
    mixtures_hang_on: str = Field(description="The fact on which it hangs for a mixture; empty for none.")
    preparations: str = Field(description="Medicinal products: included, excluded or only; empty where silent.")


class LeadTimeAnswer(Answer):
    """How long before a movement its papers must be asked for or lodged."""

    movements: list[str]
    words: str
    citation: str
    evidence: Evidence


class DestinationsAnswer(Answer):
    """The countries to which alone an entry reaches."""

    countries: list[str] = Field(description="ISO 3166-1 alpha-2 codes.")
    citation: str
    evidence: Evidence


class EntryAnswer(Answer):
    """One line of an instrument, in force from `begins` until the day before `ends`."""

    id: str
    instrument: str
    list_name: str = Field(description="The table, schedule or category within the instrument.")
    printed: str = Field(description="The line as the law prints it.")
    substances: list[str]
    clause: ClauseAnswer
    begins: date | None = Field(description="null: in force as far back as the evidence goes.")
    begins_basis: str
    ends: date | None
    thresholds: list[ThresholdAnswer]
    no_threshold: list[str]
    duties: list[str]
    duty_words: str
    citation: str
    evidence: Evidence
    verified: str
    verified_source: str
    notes: str
    lead_times: list[LeadTimeAnswer]
    destinations: DestinationsAnswer | None = Field(description="null: whatever the destination.")
    export_only: list[str] = Field(description="Those of the duties that fall due with exports alone.")
    border_only: list[str] = Field(
        description="Those that fall due at a border, and not with trade inside the country."
    )


class ReleaseAnswer(Answer):
    """A release of the watchlist that is compiled on this machine."""

    release: str = Field(description="sha256 of the watchlist's files.")
    index: str = Field(description="Digest of the compiled index.")
    current: bool = Field(description="Whether new records are screened with it.")
    usable: bool = Field(description="Whether this version of the software can give its decisions again.")
    compiled_at: datetime = Field(description="UTC.")
    substances: int | None = Field(description="This and the other counts are null where it cannot be read any more.")
    names: int | None
    instruments: int | None
    entries: int | None
    newest_reading: date | None = Field(description="The day the most recently read instrument was read.")


class ActivatedAnswer(Answer):
    """A release that every process of this machine screens with."""

    release: str = Field(description="sha256 of the watchlist's files.")
    index: str = Field(description="Digest of the compiled index.")
    before: str | None = Field(description="The release that was active before; null where none had been activated.")
    activated_at: datetime = Field(description="UTC.")


class SubstancePage(Answer):
    """Some substances, in the order of their ids."""

    items: list[SubstanceLine]
    next: str | None = NEXT


class InstrumentPage(Answer):
    """Some instruments, in the order of their ids."""

    items: list[InstrumentAnswer]
    next: str | None = NEXT


class EntryPage(Answer):
    """Some entries in force on a day, in the order of their ids."""

    on: date
    items: list[EntryAnswer]
    next: str | None = NEXT


class ReleasePage(Answer):
    """Some releases, newest first."""

    items: list[ReleaseAnswer]
    next: str | None = NEXT
