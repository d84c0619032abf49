"""Amounts as declared, in kilograms or litres, with how they were read; nothing is guessed."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import prod

from app.screening.amount_words import MOST, MULTIPLES, Phrase, phrases_of
from app.screening.numbers import NUMBER, has_digit, plain_digits, read_number, read_numbers, written
from app.screening.units import DOSE, KILOGRAM, LITRE, PACKAGE, PIECE, Unit, plain_units, unit_of

_WEIGHTS = ("", "net", "netto", "nett", "nw")
"""Words that may stand beside a unit, and change nothing of it."""
_MOST_IN_DRUM, _MOST_IN_BAG = Decimal(300), Decimal(1_500)
"""Kilograms or litres that a drum, keg, box or bottle holds at most, and a bag or bulk container."""
_NO_PACKAGE = frozenset({"pallet", "pallets", "plt", "plts", "px", "container", "containers", "cntr", "tank", "tanks"})
"""Packages of packages, and such as are counted in tonnes: an amount beside them is of all."""
_GROSS_WORDS = frozenset({"gross", "brutto", "bruto", "brut", "gw", "gwt"})
LONGEST = 200
"""Characters of a quantity that are read; a longer one is a text, not an amount."""
LONGEST_DESCRIPTION = 2_000
"""Characters of a description in which amounts are looked for."""

_phrases = lru_cache(maxsize=2_048)(phrases_of)
"""Quantities of trade repeat: they are read once."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its dimension; two values where it may mean either, the amount lying between them."""

    low: Decimal
    high: Decimal
    unit: str
    """kg or L."""
    words: str
    """How it was read: `80 x 100 kg = 8,000 kg`."""
    active: bool = False
    """True where it is what doses hold of the substance (tablets times milligrams), not the weight of the goods."""

    @property
    def is_certain(self) -> bool:
        """True where only one value is meant."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Declared:
    """What a record says of how much there is."""

    amounts: tuple[Amount, ...] = ()
    """At most one for each dimension."""
    problem: str = ""
    """Why nothing, or not all, could be read; empty where nothing is wrong."""
    anything: bool = False
    """True where the quantity was declared, readable or not."""

    def amount(self, unit: str) -> Amount | None:
        """Return the amount in kilograms or in litres, None where it is not declared so."""
        return next((amount for amount in self.amounts if amount.unit == unit), None)


def read_declared(quantity: str | None, unit: str | None, description: str | None) -> Declared:
    """Read how much of the goods there is.

    Args:
        quantity: a number (`25`, `1,000.5`, `1.000,5`), with its unit behind it (`25 kg`), packages
            (`80 DRUMS X 100 KG`, `500 BTL X 100 TAB X 30 MG`, `1X20FT STC 16 MT`), or net and gross weights, of which
            the net one counts.
        unit: the unit of a bare number: plain or a UN/ECE Recommendation 20 code (KGM, TNE, LTR).
        description: read for amounts where the quantity is empty, or counts packages or doses whose contents it tells.

    Returns:
        The amounts; where there is none, `problem` says why.
    """
    said = (quantity or "").strip()
    if not said and not has_digit(description or ""):
        return Declared()
    if not said:
        found = _of_text(description or "", LONGEST_DESCRIPTION)
        return found if found.amounts else Declared()
    if len(said) > LONGEST:
        return Declared(problem="the declared quantity is too long to be one", anything=True)
    alone = _of_field(said, (unit or "").strip())
    return alone if alone.amounts or not description else _read_field(said, (unit or "").strip(), description)


def _read_field(said: str, unit: str, description: str | None) -> Declared:
    values = read_numbers(said)
    if values:
        read = _bare(values, unit, said, description)
    else:
        read = _range_of(said) or _of_text(_unit_first(said), LONGEST)
        if not read.amounts:
            read = _counted(said, description) or read
    return Declared(_as_bounded(said, read.amounts), read.problem, anything=True)


@lru_cache(maxsize=4_096)
def _of_field(said: str, unit: str) -> Declared:
    """Return what a quantity says by itself; the same ones come again and again."""
    return _read_field(said, unit, None)


def read_amount(quantity: str, unit: str | None, description: str | None = None) -> Amount | None:
    """Return the one amount that is declared; None where there is none, or it could be two."""
    declared = read_declared(quantity, unit, description)
    return declared.amounts[0] if declared.amounts and declared.amounts[0].is_certain else None


def _bare(values: tuple[Decimal, ...], word: str, said: str, description: str | None) -> Declared:
    if not word:
        return Declared(problem=f"the quantity '{said}' has no unit")
    parts = re.split(r"[\s/()]+", plain_units(plain_digits(word)))
    if not MULTIPLES.keys().isdisjoint(parts):
        return _of_text(f"{said} {word}", LONGEST)
    plain = [part for part in parts if part not in _WEIGHTS and part not in _GROSS_WORDS]
    unit = unit_of(word) or (unit_of(plain[-1]) if plain else None)
    if unit is None:
        return Declared(problem=f"the unit '{word[:20]}' is not known")
    if unit.dimension in (PACKAGE, DOSE, PIECE):
        within = _within(values, unit, word.lower(), description) if len(values) == 1 else None
        return within or Declared(problem=f"the quantity is counted in '{word[:20]}'")
    amount = _amount(values, unit, f"{said} {word}")
    if any(part in _GROSS_WORDS for part in parts):
        amount = _as_gross(amount)
    return Declared(problem=f"'{said[:20]}' is too much to be an amount") if amount.high > MOST else _declared(amount)


_AT_LEAST = re.compile(r"(?:min(?:imum)?|at least|not less than|no less than|more than|over|above)(?![a-z])|[>≥]")
_AT_MOST = re.compile(r"(?:max(?:imum)?|up ?to|not (?:more than|exceeding|over)|less than|below|under)(?![a-z])|[<≤]")
_SPREAD = re.compile(rf"(?:\+ ?/ ?-|±) ?({NUMBER}) ?%")
_RANGE = re.compile(rf"({NUMBER}) ?(?:-|–|to|bis) ?({NUMBER}) ?([^\W\d_]+)\.?")
_HUNDRED = Decimal(100)


def _as_bounded(said: str, amounts: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """Return amounts as wide as they are declared: `max. 500 kg`, `500 kg +/- 5 %`."""
    if said[:1].isdigit() and "%" not in said:
        return amounts
    text = plain_digits(said)
    spread = _SPREAD.search(text)
    part = read_number(spread[1]) if spread else None
    shown = text[:40]
    if part is not None and part < _HUNDRED:
        less, more = 1 - part / _HUNDRED, 1 + part / _HUNDRED
        return tuple(replace(each, low=each.low * less, high=each.high * more, words=shown) for each in amounts)
    if _AT_LEAST.match(text):
        return tuple(replace(each, high=MOST, words=shown) for each in amounts)
    if _AT_MOST.match(text):
        return tuple(replace(each, low=Decimal(0), words=shown) for each in amounts)
    return amounts


def _range_of(said: str) -> Declared | None:
    """Read `500-600 kg` and `500 to 600 kg`."""
    match = _RANGE.fullmatch(plain_digits(said))
    unit = unit_of(match[3]) if match else None
    if match is None or unit is None or unit.dimension not in (KILOGRAM, LITRE):
        return None
    first, last = read_numbers(match[1]), read_numbers(match[2])
    if len(first) != 1 or len(last) != 1 or first[0] >= last[0] or last[0] * unit.most > MOST:
        return None
    return _declared(Amount(first[0] * unit.least, last[0] * unit.most, unit.dimension, match[0]))


def _unit_first(said: str) -> str:
    """Return `KGS 16000` as `16000 KGS`; a text of anything more as it stands."""
    first, _, rest = said.partition(" ")
    unit = unit_of(first)
    if unit is not None and unit.dimension in (KILOGRAM, LITRE) and read_numbers(rest):
        return f"{rest.strip()} {first}"
    return said


def _counted(said: str, description: str | None) -> Declared | None:
    """Return what `80 drums` hold, where the description tells."""
    for phrase in _phrases(said):
        if phrase.unit is None and all(len(values) == 1 for values in phrase.counts) and phrase.labels:
            unit = unit_of(phrase.labels[-1])
            if unit is not None:
                count = (prod((values[0] for values in phrase.counts), start=Decimal(1)),)
                return _within(count, unit, phrase.labels[-1], description) or Declared(
                    problem=f"the quantity is counted in '{phrase.labels[-1][:20]}'"
                )
    return None


def _within(values: tuple[Decimal, ...], unit: Unit, word: str, description: str | None) -> Declared | None:
    """Return the amount that so many packages or doses hold, where the description says what one of them holds."""
    phrases = [phrase for phrase in _phrases((description or "")[:LONGEST_DESCRIPTION]) if phrase.unit is not None]
    if unit.dimension == DOSE:
        strengths = {phrase.total for phrase in phrases if phrase.is_strength}
        if len(strengths) != 1:
            return None
        low, high = strengths.pop()
        words = f"{written(values[0])} {word} of {written(high * 1_000_000)} mg"
        return Declared((Amount(low * values[0], high * values[0], KILOGRAM, words, active=True),))
    whole = [phrase for phrase in phrases if values in phrase.counts and len(phrase.counts) > 1]
    if len({phrase.total for phrase in whole}) == 1:
        return _declared(_of_phrase(whole[0]))
    holding = [phrase for phrase in phrases if phrase.holds_package and not phrase.is_strength]
    if unit.dimension == PACKAGE and len({phrase.total for phrase in holding}) == 1:
        each = _of_phrase(holding[0])
        words = f"{written(values[0])} {word} of {each.words}"
        return _declared(replace(each, low=each.low * values[0], high=each.high * values[0], words=words))
    return None


def _of_text(text: str, longest: int) -> Declared:
    phrases = [phrase for phrase in _phrases(text[:longest]) if phrase.unit is not None]
    phrases = [phrase for phrase in phrases if not phrase.is_strength]
    amounts = []
    problem = "" if phrases else f"no amount can be read in '{text.strip()[:40]}'"
    for dimension in (KILOGRAM, LITRE):
        alike = [phrase for phrase in phrases if phrase.unit is not None and phrase.unit.dimension == dimension]
        net = [phrase for phrase in alike if phrase.weight == "net"]
        gross_only = bool(alike) and not net and all(phrase.weight == "gross" for phrase in alike)
        chosen = net or [phrase for phrase in alike if phrase.weight != "gross"] or alike
        chosen = [phrase for phrase in chosen if len(phrase.counts) > 1] or chosen
        totals = {phrase.total for phrase in chosen}
        if len(totals) > 1:
            shown = ", ".join(dict.fromkeys(_of_phrase(phrase).words for phrase in chosen[:4]))
            problem = f"several amounts are declared: {shown}"
        elif totals:
            amount = _of_phrase(chosen[0])
            if gross_only:
                amount = _as_gross(amount)
            amounts.append(_of_each(chosen[0], amount, text[:longest]))
    return Declared(tuple(amounts), "" if amounts else problem)


_HOLDS_MORE = frozenset(["bag", "bags", "bg", "sack", "sacks", "sac", "sacs", "saco", "sacos", "ibc", "ibcs"])


def _of_each(phrase: Phrase, amount: Amount, text: str) -> Amount:
    """Widen `10 DRUMS (55 GAL)`, which may be of all or of each, and `200 KG DRUMS`, which does not say how many.

    No drum holds 16 tonnes, so that is of all.
    """
    if phrase.holds_package and amount.low and len(_phrases(text)) == 1:
        return replace(amount, high=MOST, words=f"{amount.words} in each package, of which the number is not declared,")
    several = _phrases(text)
    if len(several) != 2 or several[1] is not phrase or phrase.weight or len(phrase.counts) != 1 or not amount.low:
        return amount
    count = several[0]
    units = [unit_of(label) for label in count.labels[:1]]
    if count.unit is not None or len(count.counts) != 1 or len(count.counts[0]) != 1:
        return amount
    if not any(unit is not None and unit.dimension == PACKAGE for unit in units) or count.labels[0] in _NO_PACKAGE:
        return amount
    most = _MOST_IN_BAG if count.labels[0] in _HOLDS_MORE else _MOST_IN_DRUM
    each = count.counts[0][0]
    if each <= 1 or amount.high > most:
        return amount
    words = f"{amount.words} of all or of each of {written(each)} {count.labels[0]}"
    return replace(amount, high=amount.high * each, words=words)


def _as_gross(amount: Amount) -> Amount:
    return replace(amount, low=Decimal(0), words=f"{amount.words} gross, the net weight is not declared")


def _of_phrase(phrase: Phrase) -> Amount:
    assert phrase.unit is not None
    low, high = phrase.total
    factors = " x ".join(written(values[0]) for values in phrase.counts)
    amount = Amount(low, high, phrase.unit.dimension, "", active=phrase.has_doses and len(phrase.counts) > 1)
    words = (
        f"{factors} {phrase.unit_word}"
        if len(phrase.counts) == 1
        else f"{factors} {phrase.unit_word} = {_range(amount)}"
    )
    return replace(amount, words=words if amount.is_certain else f"{factors} {phrase.unit_word}, {_range(amount)}")


def _amount(values: tuple[Decimal, ...], unit: Unit, words: str) -> Amount:
    amount = Amount(values[0] * unit.least, values[-1] * unit.most, unit.dimension, words)
    return amount if amount.is_certain else replace(amount, words=f"{words}, {_range(amount)}")


def _range(amount: Amount) -> str:
    if amount.is_certain:
        return f"{written(amount.low)} {amount.unit}"
    return f"which may mean {written(amount.low)} or {written(amount.high)} {amount.unit}"


def _declared(amount: Amount) -> Declared:
    return Declared((amount,))
