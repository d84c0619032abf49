"""Amounts in running text: numbers with what stands behind them, and the packages they are multiplied by."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from math import prod

from app.screening.numbers import NUMBER, plain_digits, read_numbers
from app.screening.units import DOSE, KILOGRAM, LITRE, PACKAGE, Unit, plain_units, unit_of

MARKS = "\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0970-\u0dff"
"""Vowel signs and other marks, which are of the word though they are no letters."""
_TOKEN = re.compile(
    rf"(?<![0-9a-wyzа-я.,\-\u2212])(?P<number>{NUMBER})|(?P<word>m3(?![0-9])|[^\W\d_](?:[^\W\d_]|[{MARKS}])*)|(?P<sign>[*×@/%()+=,;:|])"
    r"|(?P<other>[0-9]+)"  # digits that are no number of their own: the end of a range or of a registry number
)
_TIMES = frozenset(["x", "х", "*", "×", "@", "of", "de", "à", "zu", "по"])
_EACH = frozenset(["each", "ea", "per", "cada", "je", "jeweils", "chacun", "chaque", "ciascuno", "каждый", "/"])
_GRAM = Decimal("0.001")
_BETWEEN = frozenset("(,:=")
_NET = frozenset(
    ["net", "netto", "neto", "nett", "nw", "nwt", "netta", "нетто", "净重", "淨重", "net.", "líquido", "liquido"]
)
_GROSS = frozenset(["gross", "brutto", "bruto", "brut", "gw", "gwt", "lordo", "брутто", "毛重", "tare", "tara"])
MULTIPLES = {
    **dict.fromkeys(("dozen", "dozens"), Decimal(12)),
    **dict.fromkeys(("hundred", "hundreds", "hundert", "cent", "cien"), Decimal(100)),
    **dict.fromkeys(
        ("thousand", "thousands", "tausend", "mille", "mil", "тыс", "тысяч", "тысячи", "हज़ार"), Decimal(1_000)
    ),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "लाख"), Decimal(100_000)),
    **dict.fromkeys(("million", "millions", "millionen", "millones", "milhões", "milioni", "млн"), Decimal(1_000_000)),
    **dict.fromkeys(("crore", "crores", "करोड़"), Decimal(10_000_000)),
}
"""Words between a number and its unit that multiply it: `1 lakh kg`."""
_MOST_WORDS = 4
"""Words between a number and what it is multiplied with; more of them are a sentence."""
_MOST_FACTORS = 5
_MOST_IN_DOSE = Decimal("0.1")
"""Kilograms or litres that a dose holds at most, of syrup even; `25 KG TABLETS` are the goods."""
MOST = Decimal(10) ** 12
"""Kilograms or litres beyond which no shipment goes: the number means something else."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Numbers that are multiplied, with their unit, if one of them has one."""

    counts: tuple[tuple[Decimal, ...], ...]
    """Each number in all its readings; the order is the text's."""
    unit: Unit | None
    unit_word: str
    labels: tuple[str, ...]
    """The other words: drums, tablets."""
    weight: str = ""
    """net, gross or nothing."""
    behind_dose: bool = False
    """True where tablets or the like are named before it: `TABLETS 30 MG`."""

    @property
    def total(self) -> tuple[Decimal, Decimal]:
        """The smallest and largest amount it may mean, in kilograms or litres."""
        assert self.unit is not None
        least = prod((values[0] for values in self.counts), start=self.unit.least)
        return least, prod((values[-1] for values in self.counts), start=self.unit.most)

    @property
    def has_doses(self) -> bool:
        """True where tablets or the like are counted."""
        return any((unit := unit_of(label)) is not None and unit.dimension == DOSE for label in self.labels)

    @property
    def holds_package(self) -> bool:
        """True for what one package holds: `200 KG DRUMS`."""
        packages = ((unit_of(label)) for label in self.labels)
        return len(self.counts) == 1 and any(unit is not None and unit.dimension == PACKAGE for unit in packages)

    @property
    def is_strength(self) -> bool:
        """True for what one dose holds, `30 MG TABLETS`, `TABLETS 30 MG`: it is no amount of goods."""
        if len(self.counts) > 1 or not (self.has_doses or self.behind_dose):
            return False
        return self.unit is None or self.total[1] <= _MOST_IN_DOSE


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """Find the amounts and counts in a text, in time proportional to its length.

    Args:
        text: a quantity or a description, already cut to what is read.

    Returns:
        The phrases in the order of the text. A number before `%`, or whose unit is divided (`30 mg/ml`), is none.
    """
    tokens = [
        _Token(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(plain_units(plain_digits(text)))
    ]
    phrases: list[Phrase] = []
    pending, at = "", 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "number":
            part = at > 1 and tokens[at - 1].text == "/" and _divides(tokens[at - 2])
            behind_dose = _is_behind_dose(tokens, at)
            phrase, at = _phrase(tokens, at)
            if part:
                continue
            if phrase is not None:
                if phrase.unit is not None:
                    weight = pending
                    if not weight and at < len(tokens) and (weight := _weight_of(tokens[at])):
                        at += 1
                    phrase = replace(phrase, weight=weight, behind_dose=behind_dose)
                    pending = ""
                phrases.append(phrase)
            continue
        pending = _weight_of(token) or pending
        if token.text in ";|":
            pending = ""
        at += 1
    return tuple(phrases)


def _divides(before: _Token) -> bool:
    """Tell whether a number behind `X/` is no amount: `1/2 KG` is a fraction, and `30 MG/5 ML` a strength."""
    unit = unit_of(before.text) if before.kind == "word" else None
    small = unit is not None and unit.dimension == KILOGRAM and unit.most <= _GRAM
    return before.kind == "number" or small


def _is_behind_dose(tokens: list[_Token], at: int) -> bool:
    """Tell whether tablets or the like stand before a number, with nothing between but signs: `TABLETS (30 MG)`."""
    at -= 1
    while at >= 0 and (tokens[at].text in _BETWEEN or tokens[at].text in _TIMES):
        at -= 1
    unit = unit_of(tokens[at].text) if at >= 0 and tokens[at].kind == "word" else None
    return unit is not None and unit.dimension == DOSE


def _weight_of(token: _Token) -> str:
    if token.kind != "word":
        return ""
    if token.text in _NET:
        return "net"
    return "gross" if token.text in _GROSS else ""


def _phrase(tokens: list[_Token], at: int) -> tuple[Phrase | None, int]:
    """Read the phrase that begins with the number at `at`; the place behind it comes second."""
    counts: list[tuple[Decimal, ...]] = []
    labels: list[str] = []
    unit: Unit | None = None
    unit_word, sound = "", True
    while True:
        values = read_numbers(tokens[at].text.rstrip(".,' "))
        sound &= bool(values)
        counts.append(values)
        at += 1
        words, at, divided = _words(tokens, at)
        sound &= not divided
        for word, known in words:
            if word in MULTIPLES and unit is None:
                counts.append((MULTIPLES[word],))
            elif known is not None and known.dimension in (KILOGRAM, LITRE) and word not in _TIMES:
                sound &= unit is None
                unit, unit_word = known, word
            else:
                labels.append(word)
        times = _times(tokens, at)
        if times and len(counts) < _MOST_FACTORS:
            at += times
            continue
        if unit is None and labels and len(counts) == 1 and _is_each(tokens, at):
            continue
        break
    if not sound or (unit is None and not labels):
        return None, at
    phrase = Phrase(tuple(counts), unit, unit_word, tuple(labels))
    return (None if unit is not None and phrase.total[1] > MOST else phrase), at


def _times(tokens: list[_Token], at: int) -> int:
    """Return how many words say that the number behind them multiplies: `x`, `de`, `zu je`; 0 where none does."""
    if at >= len(tokens) or tokens[at].text not in _TIMES:
        return 0
    for words in (1, 2):
        if at + words < len(tokens) and tokens[at + words].kind == "number":
            return words
        if at + words >= len(tokens) or tokens[at + words].text not in _EACH:
            return 0
    return 0


def _words(tokens: list[_Token], at: int) -> tuple[list[tuple[str, Unit | None]], int, bool]:
    """Read the words behind a number, up to a number, a sign, or a word that multiplies or weighs."""
    words: list[tuple[str, Unit | None]] = []
    while at < len(tokens) and tokens[at].kind == "word" and len(words) < _MOST_WORDS:
        text = tokens[at].text
        if _weight_of(tokens[at]) or _times(tokens, at):
            break
        words.append(_with_unit(text))
        at += 1
    divided = at < len(tokens) and tokens[at].text in ("/", "%")
    if divided and tokens[at].text == "/" and at + 1 < len(tokens) and tokens[at + 1].kind == "number":
        last = words[-1][1] if words else None
        if last is not None and last.dimension in (PACKAGE, DOSE):  # `40 BAGS/25 KG`
            return words, at, False
    if divided and tokens[at].text == "/" and at + 1 < len(tokens):
        after = _with_unit(tokens[at + 1].text)[1]
        if _weight_of(tokens[at + 1]):  # `200 KGS / GW 220 KGS`
            return words, at, False
        # `25 KG/DRUM` says what a drum holds; `30 MG/ML` is no amount.
        divided = after is None or after.dimension in (KILOGRAM, LITRE)
        divided &= bool(words) and words[-1][1] is not None
        if not divided and words:
            words.append(_with_unit(tokens[at + 1].text))
            at += 2
    return words, at, divided


def _with_unit(word: str) -> tuple[str, Unit | None]:
    unit = unit_of(word)
    if unit is None and not word.isascii():  # scripts that put no spaces between words
        for length in (3, 2, 1):
            begins = unit_of(word[:length]) if len(word) > length and not word[0].isascii() else None
            if begins is not None:
                return word[:length], begins
    return word, unit


def _is_each(tokens: list[_Token], at: int) -> bool:
    """Say whether an amount follows that is meant for each of what was counted: `80 DRUMS 100 KG EACH`."""
    if at >= len(tokens) or tokens[at].kind != "number":
        return False
    words, after, _ = _words(tokens, at + 1)
    following = [word for word, _unit in words]
    if after < len(tokens):
        following.append(tokens[after].text)
    return any(unit is not None for _, unit in words) and any(word in _EACH for word in following[1:])
