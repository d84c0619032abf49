"""Which column is which field: headers of export systems recognised, by their whole spelling."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.errors import MappingError
from app.domain.records import FIELDS
from app.records import vocabulary

_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_WORD = re.compile(r"[^\W_]+")


def squash(header: str) -> str:
    """Reduce a header to its letters and digits: no case, accents, spaces or marks (`Código_SH ` is `codigosh`)."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", header).casefold())
    # Turkish dotless i and the dotted capital fold apart; headers in capitals would lose their i.
    folded = folded.replace("ı", "i")
    return "".join(character for character in folded if character.isalnum())


def _ranks(*groups: Iterable[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for spelling in (spelling for group in groups for spelling in group):
        ranks.setdefault(squash(spelling), len(ranks))
    return ranks


_FIELD_OF = {
    squash(spelling): (name, rank)
    for name, spellings in reversed(vocabulary.HEADERS.items())
    for rank, spelling in reversed(list(enumerate(spellings)))
}
_GOODS = _ranks(vocabulary.GOODS)
_GOODS_NAMES = _ranks(vocabulary.GOODS_NAMES)
_GOODS_WEAK = _ranks(vocabulary.GOODS_WEAK)
_GOODS_TARIFF = _ranks(vocabulary.GOODS_TARIFF)
_GOODS_ALSO = _ranks(vocabulary.GOODS_ALSO)
_MASS_IN_KG = _ranks(vocabulary.MASS_IN_KG)
_NET_MASS = _ranks(vocabulary.NET_MASS)
_WEIGHT_IN_KG = _ranks(vocabulary.WEIGHT_IN_KG)
_ALONE = _ranks(vocabulary.QUANTITIES_ALONE)
_PAIRS = tuple((_ranks(quantities), _ranks(units)) for quantities, units in vocabulary.QUANTITIES)
_OTHER = frozenset(squash(word) for word in vocabulary.OTHER_HEADERS)
_AMOUNTS = frozenset().union(_MASS_IN_KG, _NET_MASS, _WEIGHT_IN_KG, _ALONE, *(part for pair in _PAIRS for part in pair))
_TRADE = frozenset().union(_FIELD_OF, _GOODS, _GOODS_NAMES, _GOODS_TARIFF, _AMOUNTS)
_LOOSE = frozenset().union(_GOODS_WEAK, _GOODS_ALSO, _OTHER)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The forms under which one header is looked up."""

    whole: str
    plain: str
    """Without a unit in brackets and without a language suffix."""
    english: bool
    """True where a suffix says that the column is a translation into English."""


@lru_cache(maxsize=65_536)
def spell(header: str) -> Spelling:
    """Take a header apart into what it names and what is only unit or language."""
    whole = squash(header)
    bare = header
    for bracket in _BRACKETS.finditer(header):
        words = [squash(word) for word in _WORD.findall(bracket.group(1))]
        if all(word in vocabulary.UNIT_WORDS or word.isdigit() for word in words):
            bare = bare.replace(bracket.group(0), " ")
    words = [squash(word) for word in _WORD.findall(unicodedata.normalize("NFKC", bare).replace("_", " "))]
    english = len(words) > 1 and words[-1] in vocabulary.LANGUAGE_SUFFIXES
    if english or (len(words) > 1 and words[-1] in vocabulary.LOCAL_SUFFIXES and "".join(words) not in _TRADE):
        words.pop()
    plain = "".join(words)
    return Spelling(whole, plain if plain else whole, english)


def known_header(cell: str) -> float:
    """How surely a cell is a header: 1 for a word of the trade, 0.5 for one that often heads a column, else 0."""
    if not cell or len(cell) > 80:
        return 0.0
    spelling = spell(cell)
    if spelling.whole in _TRADE or spelling.plain in _TRADE:
        return 1.0
    return 0.5 if spelling.whole in _LOOSE or spelling.plain in _LOOSE else 0.0


def unique_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """Make headers unique and none empty: a second `a` becomes `a_2`, an empty third one `column_3`."""
    taken = {header for header in headers if header}
    seen: set[str] = set()
    names = []
    for position, header in enumerate(headers, 1):
        name = header or f"column_{position}"
        number = 2
        while name in seen or (name != header and name in taken):
            name = f"{header or f'column_{position}'}_{number}"
            number += 1
        seen.add(name)
        names.append(name)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column feeds which field."""

    fields: dict[str, int]
    """Field to position of its column."""
    also: tuple[int, ...] = ()
    """Columns whose text is read after the description's."""
    unit: str | None = None
    """The unit of every quantity, where the column itself fixes it."""
    notes: tuple[str, ...] = field(default=())


def _best(spellings: Sequence[Spelling], ranks: Mapping[str, int], taken: Iterable[int] = ()) -> int | None:
    """Position of the column whose spelling stands highest; the exact header before a translated one."""
    found = []
    for position, spelling in enumerate(spellings):
        if position in taken:
            continue
        if spelling.whole in ranks:
            found.append((ranks[spelling.whole], 0, position))
        elif spelling.plain in ranks:
            found.append((ranks[spelling.plain], 1 + spelling.english, position))
    return min(found)[2] if found else None


def _goods(spellings: Sequence[Spelling]) -> tuple[int | None, tuple[int, ...], str | None]:
    """The goods' column, those read after it, and a note where it is a makeshift."""

    def matches(ranks: Mapping[str, int]) -> list[int]:
        found = [
            (ranks.get(s.whole, ranks.get(s.plain, 0)), s.english, position)
            for position, s in enumerate(spellings)
            if s.whole in ranks or s.plain in ranks
        ]
        # The declarant's own language first; its translation is read after it.
        return [position for _, _, position in sorted(found, key=lambda match: (match[1], match[0], match[2]))]

    described, named = matches(_GOODS), matches(_GOODS_NAMES)
    first = described or named
    if first:
        rest = dict.fromkeys([*described, *named, *matches(_GOODS_ALSO)])
        rest.pop(first[0], None)
        return first[0], tuple(rest), None
    weak, tariff = matches(_GOODS_WEAK), matches(_GOODS_TARIFF)
    if tariff:
        return tariff[0], (), "no column describes the goods themselves; the tariff's own words are read as description"
    return (weak[0], (), None) if weak else (None, (), None)


def _amount(
    spellings: Sequence[Spelling], taken: Iterable[int]
) -> tuple[int | None, int | None, str | None, str | None]:
    """Quantity column, unit column, fixed unit, and a note."""
    position = _best(spellings, _MASS_IN_KG, taken)
    if position is not None:
        return position, None, "kg", None
    for quantities, units in _PAIRS:
        quantity, unit = _best(spellings, quantities, taken), _best(spellings, units, taken)
        if quantity is not None and unit is not None and quantity != unit:
            return quantity, unit, None, None
    position = _best(spellings, _NET_MASS, taken)
    if position is not None:
        return position, None, "kg", "net mass without a unit is read as kilograms, as customs declare it"
    position = _best(spellings, _WEIGHT_IN_KG, taken)
    if position is not None:
        return position, None, "kg", None
    for quantities, _ in _PAIRS[:-1]:
        position = _best(spellings, quantities, taken)
        if position is not None:
            return position, None, None, None
    return _best(spellings, _ALONE, taken), None, None, None


def recognise_headers(headers: Sequence[str]) -> Layout:
    """Find the column of each field by the headers alone.

    Args:
        headers: as they stand in the file, in order.

    Returns:
        The layout. One column feeds one field; where several could, the best spelling wins, then the first.
    """
    spellings = [spell(header) for header in headers]
    fields: dict[str, int] = {}
    notes: list[str] = []
    goods, also, note = _goods(spellings)
    for name in vocabulary.HEADERS:
        ranks = {key: rank for key, (owner, rank) in _FIELD_OF.items() if owner == name}
        position = _best(spellings, ranks, (*fields.values(), *([] if goods is None else [goods])))
        if position is not None:
            fields[name] = position
    if goods is not None:
        fields["description"] = goods
        also = tuple(position for position in also if position not in fields.values())
        notes += [note] if note else []
        if also:
            notes.append("read with the description: " + ", ".join(headers[position] for position in also))
    quantity, unit_column, unit, note = _amount(spellings, (*fields.values(), *also))
    if quantity is not None:
        fields["quantity"] = quantity
        notes += [f"{headers[quantity]}: {note}"] if note else []
    if unit_column is not None:
        fields["unit"] = unit_column
    ordered = {name: fields[name] for name in FIELDS if name in fields}
    return Layout(ordered, also, unit, tuple(notes))


def _position(columns: Sequence[str], headers: Sequence[str], wanted: str) -> int:
    for names in (columns, headers):
        if wanted in names:
            return names.index(wanted)
    folded = wanted.strip().casefold()
    for position, name in enumerate(columns):
        if name.strip().casefold() == folded:
            return position
    raise MappingError(f"no column is called {wanted!r}; the file has: {', '.join(columns)}")


def map_headers(layout: Layout, columns: Sequence[str], headers: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """Put a user's choice over what was recognised.

    Args:
        layout: what was recognised.
        columns: unique column names.
        headers: the headers as they stand in the file.
        mapping: field to header, exact or else without regard to case.

    Returns:
        The layout with each mapped field fed by the column asked for, and by that one alone.

    Raises:
        MappingError: no such field or no such column; the message names those there are.
    """
    fields, also, unit = dict(layout.fields), layout.also, layout.unit
    chosen: dict[str, int] = {}
    for name, wanted in mapping.items():
        if name not in FIELDS:
            raise MappingError(f"no field is called {name!r}; the fields are: {', '.join(FIELDS)}")
        chosen[name] = _position(columns, headers, wanted)
    for name, position in chosen.items():
        fields = {other: at for other, at in fields.items() if at != position or other in chosen}
        fields[name] = position
        also = () if name == "description" else tuple(at for at in also if at != position)
    if "quantity" in chosen:
        spelling = spell(headers[chosen["quantity"]])
        unit = "kg" if {spelling.whole, spelling.plain} & {*_MASS_IN_KG, *_NET_MASS, *_WEIGHT_IN_KG} else None
        if "unit" not in chosen and unit:
            fields.pop("unit", None)
    if "unit" in chosen:
        unit = None
    return Layout({name: fields[name] for name in FIELDS if name in fields}, also, unit, layout.notes)
