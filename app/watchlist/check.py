"""What no file can tell alone: numbers, names, dates and counts checked over the whole watchlist."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.chemistry.cas import cas_is_valid, ec_is_valid
from app.chemistry.family import RULES, family_of_smiles
from app.chemistry.structure import inchikey_of_smiles
from app.domain.errors import Fault
from app.watchlist.exclusions import EXCLUSIONS, Exclusions
from app.watchlist.headings import Tariff
from app.watchlist.model import DangerousGoods, Entry, Instrument, Substance
from app.watchlist.substances import key_of

_SOURCE_ROW = re.compile(r"([a-z0-9_]+\.csv):([1-9][0-9]*)")
_UN_NUMBER = re.compile(r"[0-9]{4}")
_HS_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A watchlist as read, before it is known to be sound."""

    substances: tuple[Substance, ...]
    instruments: tuple[Instrument, ...]
    tariff: Tariff
    exclusions: Exclusions
    dangerous: tuple[DangerousGoods, ...]
    known: frozenset[str]
    """Slugs of all substance files, those that could not be read included."""


def faults_of(draft: Draft) -> tuple[Fault, ...]:
    """Return every fault of a watchlist that does not lie in one file alone.

    Args:
        draft: everything that could be read.

    Returns:
        The faults in the order of the checks; none means that the watchlist is sound.
    """
    return (
        *_registry_numbers(draft.substances),
        *_cas_claimed_twice(draft.substances),
        *_structures(draft.substances),
        *_names(draft.substances),
        *_entries(draft),
        *_overlaps(draft.instruments),
        *_headings(draft),
        *_dangerous(draft),
        *_not_here(draft),
        *_source_rows(draft),
    )


def place_of_substance(slug: str) -> str:
    """Return where a substance is edited."""
    return f"substances/{slug}.toml"


def place_of_entry(entry: Entry) -> str:
    """Return where an entry is edited."""
    return f"instruments/{entry.instrument}.toml: {entry.id.partition('/')[2]}"


def _registry_numbers(substances: Iterable[Substance]) -> Iterator[Fault]:
    for substance in substances:
        place = place_of_substance(substance.id)
        numbers = [*substance.cas, *(form.cas for form in substance.forms)]
        for cas in (*numbers, *(name.cas for name in substance.names if name.cas)):
            if not cas_is_valid(cas):
                yield Fault(f"{place}: cas", f"{cas!r} is not a CAS number, or its check digit is wrong")
        for ec in substance.ec:
            if not ec_is_valid(ec):
                yield Fault(f"{place}: ec", f"{ec!r} is not an EC number, or its check digit is wrong")
        for number in substance.un:
            if not _UN_NUMBER.fullmatch(number):
                yield Fault(f"{place}: un", f"{number!r} is not four digits")
        for code in substance.hs:
            if not _HS_CODE.fullmatch(code):
                yield Fault(f"{place}: hs", f"{code!r} is not six digits")


def _cas_claimed_twice(substances: Iterable[Substance]) -> Iterator[Fault]:
    claims: dict[str, list[str]] = defaultdict(list)
    named: list[tuple[str, str, str]] = []
    for substance in substances:
        for cas in (*substance.cas, *(form.cas for form in substance.forms)):
            claims[cas].append(substance.id)
        named += [(name.cas, substance.id, name.text) for name in substance.names if name.cas]
    for cas, owners in sorted(claims.items()):
        if len(owners) > 1:
            where = " and ".join(place_of_substance(slug) for slug in sorted(set(owners)))
            yield Fault(f"{where}: cas", f"{cas} is claimed {len(owners)} times")
    for cas, slug, text in named:
        if cas in claims and slug not in claims[cas]:
            yield Fault(f"{place_of_substance(slug)}: names", f"{text!r} carries {cas}, which is {claims[cas][0]}'s")


def _structures(substances: Iterable[Substance]) -> Iterator[Fault]:
    for substance in substances:
        place = place_of_substance(substance.id)
        if substance.smiles is None and substance.inchikey is None:
            continue
        if substance.smiles is None or substance.inchikey is None:
            yield Fault(f"{place}: smiles", "a SMILES and an InChIKey go together: one of them is missing")
            continue
        if not substance.structure_basis:
            yield Fault(f"{place}: structure_basis", "missing: how was the structure derived and verified?")
        key = inchikey_of_smiles(substance.smiles)
        if key is None:
            yield Fault(f"{place}: smiles", f"{substance.smiles!r} cannot be read")
        elif key != substance.inchikey:
            yield Fault(f"{place}: inchikey", f"{substance.inchikey} disagrees with the SMILES, which gives {key}")


def _names(substances: Iterable[Substance]) -> Iterator[Fault]:
    for substance in substances:
        seen = Counter(map(key_of, substance.names))
        for (text, language, _), times in seen.items():
            if times > 1:
                yield Fault(
                    f"{place_of_substance(substance.id)}: names", f"{text!r} ({language}) stands there {times} times"
                )


def _entries(draft: Draft) -> Iterator[Fault]:
    ids = Counter(entry.id for instrument in draft.instruments for entry in instrument.entries)
    for entry_id, times in ids.items():
        if times > 1:
            file, _, line = entry_id.partition("/")
            yield Fault(f"instruments/{file}.toml: {line}", f"the line stands there {times} times")
    structures = {substance.id: substance.smiles for substance in draft.substances}
    for instrument in draft.instruments:
        for entry in instrument.entries:
            for key, slugs in (
                ("substances", entry.substances),
                ("excluded_salts", entry.clause.excluded_salts),
                ("excluded_isomers", entry.clause.excluded_isomers),
                ("mixture_with", entry.clause.mixture_with),
                ("limit_of", entry.clause.limit_of),
            ):
                yield from _unknown(slugs, draft.known, f"{place_of_entry(entry)}: {key}")
            yield from _without_rule(entry, structures)


def _without_rule(entry: Entry, structures: Mapping[str, str | None]) -> Iterator[Fault]:
    """A clause on a family of derivatives is nothing as long as no structure rule says what belongs to the family."""
    clause = entry.clause
    named = [*clause.relatives, *(["esters"] if clause.esters else []), *(["ethers"] if clause.ethers else [])]
    parents = set(entry.substances) if named else set()
    # A line of a member of the family repeats the clause of the parent's.
    kin = (family_of_smiles(structures.get(slug) or "") for slug in tuple(parents))
    parents |= {each.parent for each in kin if each}
    for family in named:
        if not any((slug, family.removesuffix("s")) in RULES for slug in parents):
            yield Fault(f"{place_of_entry(entry)}: clause", f"no structure rule says what its {family} are")


def _unknown(slugs: Iterable[str], known: Collection[str], place: str) -> Iterator[Fault]:
    for slug in slugs:
        if slug not in known:
            yield Fault(place, f"no substance is called {slug!r}")


def _overlaps(instruments: Iterable[Instrument]) -> Iterator[Fault]:
    for instrument in instruments:
        lines: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in instrument.entries:
            for slug in entry.substances:
                lines[entry.list, slug].append(entry)
        for (listed, slug), entries in lines.items():
            for one, other in combinations(entries, 2):
                if _meet_in_time(one, other) and _meet_in_movement(one, other):
                    yield Fault(
                        f"{place_of_entry(one)} and {other.id.partition('/')[2]}",
                        f"both hold {slug!r} on list {listed!r} on the same day",
                    )


def _meet_in_time(one: Entry, other: Entry) -> bool:
    begins = max(one.begins or date.min, other.begins or date.min)
    return begins < min(one.ends or date.max, other.ends or date.max)


def _meet_in_movement(one: Entry, other: Entry) -> bool:
    return not one.movements or not other.movements or bool(set(one.movements) & set(other.movements))


def _headings(draft: Draft) -> Iterator[Fault]:
    codes = Counter((item.heading.edition, item.heading.code) for item in draft.tariff.headings)
    for item in draft.tariff.headings:
        if codes[item.heading.edition, item.heading.code] > 1:
            yield Fault(f"{item.place}: code", f"{item.heading.code} stands there twice")
        yield from _unknown(item.heading.substances, draft.known, f"{item.place}: substances")


def _dangerous(draft: Draft) -> Iterator[Fault]:
    """A table of UN numbers has those of the listed substances, so that a declared one can be compared with them."""
    known = {goods.number for goods in draft.dangerous}
    for substance in draft.substances if known else ():
        for number in substance.un:
            if number not in known:
                yield Fault(f"{place_of_substance(substance.id)}: un", f"UN {number} is not in the table of UN numbers")


def _not_here(draft: Draft) -> Iterator[Fault]:
    listed = {
        instrument.id: {slug for entry in instrument.entries for slug in entry.substances}
        for instrument in draft.instruments
    }
    for note in draft.exclusions.not_here:
        place = f"{EXCLUSIONS}: not_here ({note.instrument})"
        if note.instrument not in listed:
            yield Fault(place, f"no instrument is called {note.instrument!r}")
        yield from _unknown(note.substances, draft.known, place)
        for slug in note.substances:
            if slug in listed.get(note.instrument, set()):
                yield Fault(place, f"{slug!r} is said not to be here, but an entry names it")


def _source_rows(draft: Draft) -> Iterator[Fault]:
    """Every row of a counted source list is carried or excluded with its reason, and no other row is named."""
    rows = {source.file: source.rows for source in draft.exclusions.sources}
    used: dict[str, str] = {}
    for instrument in draft.instruments:
        for entry in instrument.entries:
            used |= dict.fromkeys(entry.source_row.split(), place_of_entry(entry))
    used |= {item.source_row: item.place for item in draft.tariff.headings}
    excluded = Counter(row.source_row for row in draft.exclusions.rows)
    for row, place in (*used.items(), *((row, f"{EXCLUSIONS}: row") for row in excluded)):
        found = _SOURCE_ROW.fullmatch(row)
        if found is None:
            yield Fault(place, f"{row!r} is not a file and a row, such as un1988.csv:1")
        elif int(found[2]) > rows.get(found[1], int(found[2])):
            yield Fault(place, f"{row}: the list has {rows[found[1]]} rows")
        elif found[1] not in rows and row in used:
            yield Fault(place, f"{row}: {found[1]} is not among the counted source lists of {EXCLUSIONS}")
    for row, times in excluded.items():
        if times > 1:
            yield Fault(f"{EXCLUSIONS}: row", f"{row} is excluded {times} times")
        if row in used:
            yield Fault(f"{EXCLUSIONS}: row", f"{row} is excluded, but {used[row]} carries it")
    for file, count in rows.items():
        missing = [str(n) for n in range(1, count + 1) if f"{file}:{n}" not in used and f"{file}:{n}" not in excluded]
        if missing:
            yield Fault(
                f"{EXCLUSIONS}: source ({file})", f"rows neither carried nor excluded: {', '.join(missing)} of {count}"
            )
