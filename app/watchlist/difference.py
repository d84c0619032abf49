"""What changed from one release of the watchlist to another: the law line by line, the substances name by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import TypeVar

from app.watchlist.model import Entry, HsHeading, Instrument, Substance, Threshold, Watchlist

T = TypeVar("T", Instrument, Entry, Substance)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that reads otherwise."""

    field: str
    """Its name; the parts of a clause are `clause.salts` and so on."""
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One line of law that is not as it was."""

    id: str
    change: str
    """begun, ended, removed or changed; a line that only got its last day is ended."""
    substances: tuple[str, ...]
    """Preferred names of what it covers."""
    words: str
    """The change in a sentence."""
    fields: tuple[FieldChange, ...]
    """Every field that reads otherwise; empty for a line that begins or is removed."""


@dataclass(frozen=True, slots=True)
class InstrumentChange:
    """One law or treaty list that is not as it was."""

    id: str
    short: str
    jurisdiction: str
    concerns: str
    """Whose shipments it reaches."""
    change: str
    """added, removed or changed."""
    fields: tuple[FieldChange, ...]
    entries: tuple[EntryChange, ...]


@dataclass(frozen=True, slots=True)
class SubstanceChange:
    """One substance that is known otherwise than it was."""

    id: str
    name: str
    change: str
    """added, removed or changed."""
    gained: tuple[str, ...]
    """Names, numbers and forms under which it was not found before, each with its kind."""
    lost: tuple[str, ...]
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """From one release to another; both empty where they say the same."""

    old: str
    new: str
    instruments: tuple[InstrumentChange, ...]
    """In the order of jurisdictions, then ids."""
    substances: tuple[SubstanceChange, ...]
    headings: tuple[FieldChange, ...]
    """HS subheadings; the field is the code."""
    others: tuple[FieldChange, ...]
    """What else the watchlist says."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which records a difference can give another outcome."""

    everything: bool
    """True where the way substances are recognised changed, or whose law is asked: any record may be concerned."""
    substances: frozenset[str]
    """Otherwise: only records in which one of these was seen."""


_READER_ONLY = frozenset({"id", "instrument", "substances", "source_row", "entries"})
"""Fields that are told in another way, or concern only the file's keeper."""
_NUMBERS = ("cas", "ec", "un", "hs")
_FOUND_UNDER = frozenset({"names", "forms", *_NUMBERS})
"""Fields of a substance that are told as what it gained and lost."""


def difference_of(old: Watchlist, new: Watchlist) -> Difference:
    """Compare two releases.

    Args:
        old: the release before.
        new: the release after.

    Returns:
        Everything that reads otherwise, in words; nothing for two of the same content.
    """
    names = {each.id: each.name for watchlist in (old, new) for each in watchlist.substances}
    changes = (_instrument(was, now, names) for was, now in _pairs(old.instruments, new.instruments))
    instruments = sorted((each for each in changes if each), key=lambda each: (each.jurisdiction, each.id))
    substances = (_substance(was, now) for was, now in _pairs(old.substances, new.substances))
    return Difference(
        old.release,
        new.release,
        tuple(instruments),
        tuple(each for each in substances if each),
        tuple(_headings(old.headings, new.headings)),
        _fields(_rest(old), _rest(new)),
    )


def reach_of(old: Watchlist, new: Watchlist) -> Reach:
    """Return which records may come out otherwise under another release, all else being equal.

    Args:
        old: the release a record was judged by.
        new: the release it would be judged by.

    Returns:
        Everything, where more differs than lines of law: names, numbers, structures, subheadings, which instruments
        there are, or what they say of themselves, save the day they were read. Otherwise the substances whose lines
        of law, in their order, are not the same.
    """
    recognised = [tuple(replace(each, structure_basis="") for each in one.substances) for one in (old, new)]
    heads = [tuple(replace(each, entries=(), read=date.min) for each in one.instruments) for one in (old, new)]
    same = recognised[0] == recognised[1] and heads[0] == heads[1]
    if not same or old.headings != new.headings or _rest(old) != _rest(new):
        return Reach(True, frozenset())
    before, after = _law_of(old), _law_of(new)
    return Reach(False, frozenset(slug for slug in before.keys() | after.keys() if before.get(slug) != after.get(slug)))


def _law_of(watchlist: Watchlist) -> dict[str, list[Entry]]:
    """Return the lines of law of each substance."""
    law: dict[str, list[Entry]] = {}
    for instrument in watchlist.instruments:
        for entry in instrument.entries:
            for slug in entry.substances:
                law.setdefault(slug, []).append(entry)
    return law


def _rest(watchlist: Watchlist) -> Watchlist:
    return replace(watchlist, substances=(), instruments=(), headings=(), release="")


def _pairs(old: Iterable[T], new: Iterable[T]) -> Iterator[tuple[T | None, T | None]]:
    """Return what differs of two lists, side by side, in the order of the ids."""
    before, after = {each.id: each for each in old}, {each.id: each for each in new}
    for id_ in sorted(before.keys() | after.keys()):
        if before.get(id_) != after.get(id_):
            yield before.get(id_), after.get(id_)


def _instrument(old: Instrument | None, new: Instrument | None, names: dict[str, str]) -> InstrumentChange | None:
    shown = new or old
    if shown is None:
        return None
    lines = _pairs(old.entries if old else (), new.entries if new else ())
    return InstrumentChange(
        shown.id,
        shown.short,
        shown.jurisdiction,
        _concerned(shown.jurisdiction),
        _kind(old, new),
        _fields(old, new) if old and new else (),
        tuple(change for was, now in lines if (change := _entry(was, now, names))),
    )


def _concerned(jurisdiction: str) -> str:
    if jurisdiction == "UN":
        return "every shipment: treaty lists reach all"
    place = "a Member State of the European Union" if jurisdiction == "EU" else jurisdiction
    return f"shipments from, to or through {place}"


def _kind(old: object | None, new: object | None) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _entry(old: Entry | None, new: Entry | None, names: dict[str, str]) -> EntryChange | None:
    shown = new or old
    if shown is None:
        return None
    slugs = dict.fromkeys((*(old.substances if old else ()), *shown.substances))
    covered = tuple(names[slug] for slug in slugs)
    if old is None:
        return EntryChange(shown.id, "begun", covered, _begun(shown, ", ".join(covered)), ())
    if new is None:
        words = f"{', '.join(covered)}: the line is gone from the file, as if it had never been law"
        return EntryChange(shown.id, "removed", covered, words, ())
    changes = _fields(old, new)
    if old.substances != new.substances:
        listed = [", ".join(names[slug] for slug in each.substances) for each in (old, new)]
        changes = (FieldChange("substances", *listed), *changes)
    if not changes:
        return None
    if old.ends is None and new.ends is not None:
        words = f"{', '.join(covered)}: listed until the day before {new.ends.isoformat()} ({new.citation})"
        return EntryChange(shown.id, "ended", covered, words, changes)
    told = "; ".join(f"{each.field.replace('_', ' ')}: {each.was} → {each.now}" for each in changes)
    return EntryChange(shown.id, "changed", covered, f"{', '.join(covered)}: {told}", changes)


def _begun(entry: Entry, covered: str) -> str:
    since = f"listed from {entry.begins.isoformat()}" if entry.begins else "listed as far back as the evidence goes"
    until = f" until the day before {entry.ends.isoformat()}" if entry.ends else ""
    amounts = "; ".join(threshold.words for threshold in entry.thresholds)
    told = [f"{covered}: {since}{until} ({entry.citation})"]
    told += [f"duties: {', '.join(entry.duties)}"] if entry.duties else []
    told += [f"thresholds: {amounts}"] if amounts else []
    return "; ".join(told)


def _substance(old: Substance | None, new: Substance | None) -> SubstanceChange | None:
    shown = new or old
    if shown is None:
        return None
    before, after = _found_under(old), _found_under(new)
    gained = tuple(name for name in after if name not in before)
    lost = tuple(name for name in before if name not in after)
    others = tuple(each for each in _fields(old, new) if each.field not in _FOUND_UNDER) if old and new else ()
    if old and new and not (gained or lost or others):
        return None
    return SubstanceChange(shown.id, shown.name, _kind(old, new), gained, lost, others)


def _found_under(substance: Substance | None) -> dict[str, None]:
    """Return everything a substance is found under, each with its kind."""
    if substance is None:
        return {}
    found = [f"name '{name.text}' ({name.language})" for name in substance.names]
    found += [f"{kind.upper()} {number}" for kind in _NUMBERS for number in getattr(substance, kind)]
    found += [f"{form.kind} '{form.name}' (CAS {form.cas})" for form in substance.forms]
    return dict.fromkeys(found)


def _headings(old: tuple[HsHeading, ...], new: tuple[HsHeading, ...]) -> Iterator[FieldChange]:
    before, after = {each.code: each for each in old}, {each.code: each for each in new}
    for code in sorted(before.keys() | after.keys()):
        if before.get(code) != after.get(code):
            yield FieldChange(code, _heading(before.get(code)), _heading(after.get(code)))


def _heading(heading: HsHeading | None) -> str:
    if heading is None:
        return "none"
    return f"{'names' if heading.names_substance else 'supports'} {', '.join(heading.substances)} ({heading.edition})"


def _fields(old: object, new: object, within: str = "") -> tuple[FieldChange, ...]:
    """Return what reads otherwise in two records of one kind, and in what they are made of."""
    found: list[FieldChange] = []
    for each in fields(new):  # type: ignore[arg-type]  # both are dataclasses of this room
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was == now or (not within and each.name in _READER_ONLY):
            continue
        if is_dataclass(now) and is_dataclass(was):
            found += _fields(was, now, f"{within}{each.name}.")
        else:
            found.append(FieldChange(within + each.name, _text(was), _text(now)))
    return tuple(found)


def _text(value: object) -> str:
    match value:
        case None:
            return "not said"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(map(_text, value)) or "none"
        case Threshold():
            parts = [value.movement, f"only if {value.only_if}" if value.only_if else ""]
            parts.append(f"shown by {', '.join(value.shown_by)}" if value.shown_by else "")
            parts.append(f"of the {value.counts}" if value.counts != "goods" else "")
            return f"{value.words} ({'; '.join(part for part in parts if part)})"
        case date():
            return value.isoformat()
    if is_dataclass(value):
        told = ((each.name, getattr(value, each.name)) for each in fields(value))
        return ", ".join(f"{name.replace('_', ' ')}: {_text(said)}" for name, said in told if said not in (None, ()))
    return str(value) or "none"
