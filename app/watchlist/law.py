"""Instruments and their entries, as read from watchlists/instruments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import Fault
from app.domain.words import Evidence, InstrumentKind, Movement
from app.watchlist.fields import Fields
from app.watchlist.files import Document
from app.watchlist.model import Clause, Destinations, Entry, Instrument, LeadTime, Threshold

MOVEMENTS = tuple(movement.value for movement in Movement)
UNITS = ("kg", "L")
PERIODS = ("transaction", "package", "month", "year")
VERIFIED = ("yes", "partial", "no")
COUNTS = ("goods", "substance", "base")
PARTIES = ("consignor", "consignee")
RELATIVES = ("amides", "carbamates", "halides", "acetals")
PREPARATIONS = ("included", "excluded", "only")
DUTIES = (
    "licence",
    "registration",
    "permit",
    "export-authorisation",
    "import-authorisation",
    "pen",
    "noc",
    "declaration",
    "end-user-statement",
    "record-keeping",
    "suspicion-report",
)
"""Short codes of duties; `pen` is the pre-export notification, `noc` a no objection certificate."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_SILENT = Clause(None, None, None, None, None, (), None, "", "")


@dataclass(frozen=True, slots=True)
class _Heading:
    """What a table or schedule says for all its entries; an entry's own words go before."""

    title: str
    movements: tuple[str, ...]
    duties: tuple[str, ...]
    duty_words: str
    clause: Clause
    threshold_counts: str = "goods"
    lead_times: tuple[LeadTime, ...] = ()
    export_only: tuple[str, ...] = ()
    border_only: tuple[str, ...] = ()


def read_instrument(document: Document, faults: list[Fault]) -> Instrument:
    """Read one instrument.

    Args:
        document: a file of watchlists/instruments.
        faults: added to for everything in this file that is wrong by itself.

    Returns:
        The instrument with its entries in the order of the file.
    """
    fields = Fields(document.table, document.name, faults)
    identity = fields.text("id")
    if identity and identity != document.stem:
        fields.fault("id", f"{identity!r} must be the file's name, {document.stem!r}")
    expected = fields.count("expected_entries")
    sources = _read_sources(fields.table("sources"))
    lists = _read_lists(fields.table("lists"))
    unused_sources, unused_lists = set(sources), set(lists)
    entries = []
    for item in fields.tables("entry", "line"):
        entry, own_sources = _read_entry(item, document.stem, lists, sources)
        unused_sources -= set(own_sources)
        unused_lists.discard(entry.list)
        entries.append(entry)
    if len(entries) != expected:
        fields.fault("expected_entries", f"says {expected}, but there are {len(entries)} entries")
    for key in sorted(unused_sources):
        fields.fault(f"sources: {key}", "no entry names this source")
    for key in sorted(unused_lists):
        fields.fault(f"lists: {key}", "no entry stands on this list")
    kind = fields.choice("kind", tuple(InstrumentKind))
    read_on = fields.day("read")
    if read_on is None:
        fields.fault("read", "missing: the day its sources were read")
    instrument = Instrument(
        id=document.stem,
        title=fields.text("title"),
        short=fields.text("short"),
        jurisdiction=fields.text("jurisdiction"),
        kind=InstrumentKind(kind) if kind in tuple(InstrumentKind) else InstrumentKind.LAW,
        authority=fields.text("authority"),
        read=read_on or date.min,
        entries=tuple(entries),
        totals_of=fields.texts("totals_of", PARTIES),
        covers_from=fields.day("covers_from"),
    )
    fields.close()
    return instrument


def _read_sources(fields: Fields | None) -> dict[str, str]:
    return {} if fields is None else {key: fields.text(key) for key in fields.left()}


def _read_lists(fields: Fields | None) -> dict[str, _Heading]:
    lists = {}
    for key in fields.left() if fields else ():
        item = fields.table(key) if fields else None
        if item is None:
            continue
        lists[key] = _Heading(
            title=item.text("title"),
            movements=item.texts("movements", MOVEMENTS),
            duties=item.texts("duties", DUTIES),
            duty_words=item.text("duty_words", ""),
            clause=_read_clause(item.table("clause"), _SILENT),
            threshold_counts=item.choice("threshold_counts", COUNTS, "goods"),
            lead_times=tuple(map(_read_lead_time, item.tables("lead_time", "words"))),
            export_only=item.texts("export_only", DUTIES),
            border_only=item.texts("border_only", DUTIES),
        )
        item.close()
    return lists


def _read_entry(
    fields: Fields, instrument: str, lists: Mapping[str, _Heading], sources: Mapping[str, str]
) -> tuple[Entry, tuple[str, ...]]:
    """Read one entry; what it leaves unsaid is taken from its list."""
    line = fields.text("line")
    listed = fields.choice("list", tuple(lists))
    heading = lists.get(listed, _Heading("", (), (), "", _SILENT))
    begins_known_to = fields.known_to("from")
    begins, ends = fields.day("from"), fields.day("until")
    if begins and ends and begins >= ends:
        fields.fault("until", f"the entry would end ({ends}) before it begins ({begins})")
    evidence = fields.choice("evidence", tuple(Evidence))
    verified = fields.choice("verified", VERIFIED)
    if evidence == Evidence.PRIMARY and verified != "yes":
        fields.fault("evidence", f"cannot be primary where verified is {verified!r}")
    if verified == "no" and evidence != Evidence.RECONSTRUCTED:
        fields.fault("evidence", "must be reconstructed where verified is 'no'")
    named = fields.texts("verified_source", tuple(sources))
    if not named and verified != "no":
        fields.fault("verified_source", "missing: where was it seen?")
    counts = fields.choice("threshold_counts", COUNTS, heading.threshold_counts)
    entry = Entry(
        id=f"{instrument}/{line}",
        instrument=instrument,
        list=listed,
        printed=fields.text("printed"),
        substances=fields.texts("substances", required=True),
        clause=_read_clause(fields.table("clause"), heading.clause),
        begins=begins,
        begins_basis=fields.text("from_basis"),
        ends=ends,
        thresholds=tuple(_read_threshold(item, counts) for item in fields.tables("threshold", "movement")),
        no_threshold=fields.texts("no_threshold", MOVEMENTS),
        duties=fields.texts("duties", DUTIES) or heading.duties,
        duty_words=fields.text("duty_words", "") or heading.duty_words,
        citation=fields.text("citation"),
        evidence=Evidence(evidence) if evidence in tuple(Evidence) else Evidence.RECONSTRUCTED,
        verified=verified,
        verified_source="; ".join(sources.get(key, key) for key in named),
        notes=fields.text("notes", ""),
        source_row=" ".join(fields.texts("source_rows", required=True)),
        movements=fields.texts("movements", MOVEMENTS) or heading.movements,
        lead_times=tuple(map(_read_lead_time, fields.tables("lead_time", "words"))) or heading.lead_times,
        destinations=_read_destinations(fields.table("destinations")),
        export_only=fields.texts("export_only", DUTIES) or heading.export_only,
        border_only=fields.texts("border_only", DUTIES) or heading.border_only,
        begins_known_to=begins_known_to,
    )
    for key, duties in (("export_only", entry.export_only), ("border_only", entry.border_only)):
        for duty in duties:
            if duty not in entry.duties:
                fields.fault(key, f"{duty!r} is no duty of this line")
    fields.close()
    return entry, named


def _read_clause(fields: Fields | None, of_list: Clause) -> Clause:
    """Read what an entry covers beside the substance; a key it does not have is taken from its list."""
    if fields is None:
        return of_list
    said = fields.left()
    own = Clause(
        salts=fields.flag("salts"),
        isomers=fields.flag("isomers"),
        esters=fields.flag("esters"),
        ethers=fields.flag("ethers"),
        derivatives=fields.flag("derivatives"),
        excluded_salts=fields.texts("excluded_salts"),
        mixture_limit_percent=fields.number("mixture_limit_percent"),
        mixture_words=fields.text("mixture_words", ""),
        words=fields.text("words", ""),
        relatives=fields.texts("relatives", RELATIVES),
        excluded_isomers=fields.texts("excluded_isomers"),
        limit_included=fields.flag("limit_included") or False,
        mixture_with=fields.texts("mixture_with"),
        limit_of=fields.texts("limit_of"),
        mixture_movements=fields.texts("mixture_movements", MOVEMENTS),
        hangs_on=fields.text("hangs_on", ""),
        shown_by=fields.texts("shown_by"),
        mixtures_hang_on=fields.text("mixtures_hang_on", ""),
        preparations=fields.choice("preparations", PREPARATIONS, ""),
    )
    if own.mixture_limit_percent is not None and own.mixture_limit_percent > 100:
        fields.fault("mixture_limit_percent", f"{own.mixture_limit_percent} is not a percentage")
    fields.close()
    return replace(of_list, **{key: getattr(own, key) for key in said if hasattr(own, key)})


def _read_lead_time(fields: Fields) -> LeadTime:
    lead_time = LeadTime(
        movements=fields.texts("movements", MOVEMENTS, required=True),
        words=fields.text("words"),
        citation=fields.text("citation"),
        evidence=_read_evidence(fields),
    )
    fields.close()
    return lead_time


def _read_destinations(fields: Fields | None) -> Destinations | None:
    if fields is None:
        return None
    countries = fields.texts("countries", required=True)
    for country in countries:
        if not _COUNTRY.fullmatch(country):
            fields.fault("countries", f"{country!r} is not an ISO 3166-1 alpha-2 code")
    destinations = Destinations(countries, fields.text("citation"), _read_evidence(fields))
    fields.close()
    return destinations


def _read_evidence(fields: Fields) -> Evidence:
    evidence = fields.choice("evidence", tuple(Evidence))
    return Evidence(evidence) if evidence in tuple(Evidence) else Evidence.RECONSTRUCTED


def _read_threshold(fields: Fields, counts: str) -> Threshold:
    quantity = fields.number("quantity")
    if quantity is None:
        fields.fault("quantity", "missing: an amount that is only words belongs in the notes")
    threshold = Threshold(
        movement=fields.choice("movement", (*MOVEMENTS, "any")),
        quantity=quantity or 0.0,
        unit=fields.choice("unit", UNITS),
        period=fields.choice("period", PERIODS),
        words=fields.text("words"),
        only_if=fields.text("only_if", ""),
        shown_by=fields.texts("shown_by"),
        above=fields.flag("above") or False,
        counts=fields.choice("counts", COUNTS, counts),
    )
    fields.close()
    return threshold
