"""The watchlist as read from its files: substances, instruments and entries."""

from dataclasses import dataclass
from datetime import date

from app.domain.words import Evidence, InstrumentKind


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a substance, with where it comes from."""

    text: str
    language: str
    """BCP 47 tag; `zxx` for codes and formulas."""
    kind: str
    """statute, inn, iupac, cas-inverted, systematic, common, abbreviation, historical, trade, form, misspelling."""
    source: str
    cas: str | None = None
    """The CAS number of the form this name means, where it is not the substance itself."""


@dataclass(frozen=True, slots=True)
class Form:
    """A salt, hydrate or isomer of a substance that has a CAS number of its own."""

    cas: str
    name: str
    kind: str
    """salt, hydrate, isomer, solution or mixture."""
    verified: str
    """yes, partial or no; only `yes` and `partial` are loaded."""
    source: str
    base_share: float | None = None
    """What of a salt's or hydrate's weight is the substance itself; computed when the watchlist is compiled."""


@dataclass(frozen=True, slots=True)
class Density:
    """What a litre of a liquid weighs."""

    kg_per_litre: float
    at_celsius: float
    source: str


@dataclass(frozen=True, slots=True)
class Substance:
    """One chemical identity; nothing of the law."""

    id: str
    """A slug, such as `acetic-anhydride`."""
    name: str
    """The preferred name."""
    cas: tuple[str, ...]
    """The substance's own CAS numbers, the main one first; may be empty."""
    ec: tuple[str, ...]
    un: tuple[str, ...]
    hs: tuple[str, ...]
    """HS 2022 subheadings, six digits without a dot."""
    smiles: str | None
    inchikey: str | None
    structure_basis: str
    """How the structure was derived and verified."""
    whole_molecule_only: bool
    """True for acids, solvents and elements that are matched as they stand, never as a salt's parent."""
    forms: tuple[Form, ...]
    names: tuple[Name, ...]
    density: Density | None = None
    """Of the liquid itself, never of a solution; None where none is listed."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount from which a duty applies."""

    movement: str
    """export, import, domestic or any."""
    quantity: float
    unit: str
    """kg or L."""
    period: str
    """transaction, month, year or package."""
    words: str
    above: bool = False
    """True where the duty begins above the amount; False where it begins at it."""
    only_if: str = ""
    """The fact on which it hangs that this threshold is the goods' own; empty where it is."""
    shown_by: tuple[str, ...] = ()
    """Words in a description that say that it is so, in small letters."""
    counts: str = "goods"
    """What is weighed: the goods as they are, the substance in them, or the substance as its base."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What an entry covers beside the substance itself; None where its text is silent."""

    salts: bool | None
    isomers: bool | None
    esters: bool | None
    ethers: bool | None
    derivatives: bool | None
    excluded_salts: tuple[str, ...]
    mixture_limit_percent: float | None
    mixture_words: str
    words: str
    relatives: tuple[str, ...] = ()
    """Families the text names beside esters and ethers: amides, carbamates, halides, acetals."""
    excluded_isomers: tuple[str, ...] = ()
    """Substances that are stereoisomers of the listed one and that the text takes out again, with their salts."""
    limit_included: bool = False
    """True where a mixture of exactly the limit is covered ("4 % or more"); False where it must be above it."""
    mixture_with: tuple[str, ...] = ()
    """Substances whose shares are added to its own before a mixture is held against the limit."""
    limit_of: tuple[str, ...] = ()
    """Substances whose share is held against the limit, in natural products that contain them; empty for its own."""
    mixture_movements: tuple[str, ...] = ()
    """The movements whose mixtures are covered; empty for all."""
    hangs_on: str = ""
    """The fact on which the entry hangs for these goods, in words; empty where it covers them as they stand."""
    shown_by: tuple[str, ...] = ()
    """Words in a description that say that it is so, in small letters."""
    mixtures_hang_on: str = ""
    """The fact on which the entry hangs for goods that are a mixture, in words; empty where it covers them as they
    stand."""
    preparations: str = ""
    """Medicinal products: included, excluded or only (nothing else is covered); empty where the text is silent."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long before a movement its papers must be asked for or lodged."""

    movements: tuple[str, ...]
    words: str
    citation: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Destinations:
    """The countries to which alone an entry reaches."""

    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes."""
    citation: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an instrument, in force from `begins` until the day before `ends`."""

    id: str
    """Unique over all instruments: `INSTRUMENT/LINE`."""
    instrument: str
    list: str
    printed: str
    """The line as the law prints it."""
    substances: tuple[str, ...]
    clause: Clause
    begins: date | None
    """None: in force as far back as the evidence goes; the first day was not seen."""
    begins_basis: str
    ends: date | None
    thresholds: tuple[Threshold, ...]
    no_threshold: tuple[str, ...]
    """Movements for which the law says that every amount counts."""
    duties: tuple[str, ...]
    duty_words: str
    citation: str
    evidence: Evidence
    verified: str
    verified_source: str
    notes: str
    source_row: str
    """File and row (counted from 1 under the header) of the source list."""
    movements: tuple[str, ...] = ()
    """The movements the line reaches (export, import, transit, domestic); empty for all."""
    lead_times: tuple[LeadTime, ...] = ()
    destinations: Destinations | None = None
    """None: whatever the destination."""
    export_only: tuple[str, ...] = ()
    """Those of its duties that fall due with exports and with nothing else."""
    border_only: tuple[str, ...] = ()
    """Those of its duties that fall due where goods cross a border, and not with trade inside the country."""
    begins_known_to: str = ""
    """The year or month it began in, where the day was not seen and the first one counts: `1992`, `2022-03`."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One law or treaty list."""

    id: str
    title: str
    short: str
    jurisdiction: str
    """ISO 3166-1 alpha-2 code, `EU` or `UN`."""
    kind: InstrumentKind
    authority: str
    read: date
    """The day its sources were read."""
    entries: tuple[Entry, ...]
    totals_of: tuple[str, ...] = ()
    """Whose amounts the law adds up over a month or year: consignor, consignee, or what passes between the two."""
    covers_from: date | None = None
    """The first day whose law this is: what its place had before is not here. None: as far back as its entries go."""


@dataclass(frozen=True, slots=True)
class HsHeading:
    """An HS subheading and the listed substances that fall under it."""

    code: str
    """Six digits without a dot."""
    edition: str
    words: str
    names_substance: bool
    """False for a residual heading, which only supports other clues."""
    substances: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class FormerCode:
    """An HS code under which listed substances fell before an edition of the nomenclature divided it."""

    code: str
    edition: str
    """The last edition in which they did."""
    now: tuple[str, ...]
    source: str
    until: date
    """The first day of the edition that followed."""


@dataclass(frozen=True, slots=True)
class ElsewhereHeading:
    """An HS subheading, or a chapter by its two digits, whose goods are no listed substance."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class DangerousGoods:
    """A UN number, and what it stands for."""

    number: str
    """Four digits."""
    words: str
    classes: tuple[str, ...]
    """The class, and those of further dangers."""


@dataclass(frozen=True, slots=True)
class NotHere:
    """Substances that are not in an instrument because another law of the same place governs them."""

    instrument: str
    substances: tuple[str, ...]
    words: str
    """One sentence for the answer."""
    citation: str
    begins: date | None = None
    """The first day of that other law; None: as far back as the evidence goes."""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Everything in the watchlist's folder, checked."""

    substances: tuple[Substance, ...]
    instruments: tuple[Instrument, ...]
    headings: tuple[HsHeading, ...]
    release: str
    """sha256 of the files' content, in hex: the release digest."""
    former_codes: tuple[FormerCode, ...] = ()
    elsewhere: tuple[ElsewhereHeading, ...] = ()
    not_here: tuple[NotHere, ...] = ()
    dangerous: tuple[DangerousGoods, ...] = ()
