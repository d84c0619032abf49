"""Concentrations, and which constituent of a mixture each of them belongs to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from app.screening.numbers import has_digit, plain_digits, read_number, written

_FIGURE = re.compile(
    r"(?P<bound>[<>≤≥]=?|min\.?|minimum|max\.?|maximum|not less than|up to|below|above)?\s?"
    r"(?<![0-9.,])(?P<low>[0-9]{1,3}(?:[.,][0-9]{1,4})?)(?:\s?(?:-|–|to|\.\.)\s?(?P<high>[0-9]{1,3}(?:[.,][0-9]{1,4})?))?"
    r"\s?(?P<sign>%|percent|pct|vol\.?-?%|g\s?/\s?l\b|mg\s?/\s?ml\b|mg\s?/\s?l\b)"
    r"\s?(?P<basis>\(?(?:w|v|m|vol|wt)\s?/\s?(?:w|v|m|vol|wt)\b\)?)?"
)
_SIGNS = ("%", "percent", "pct", "vol", "/")
"""One of them is in every figure."""
_RATIO = re.compile(
    r"(?<![0-9.,:/])([0-9]{1,3}(?:\.[0-9]{1,2})?(?:\s?[:/]\s?[0-9]{1,3}(?:\.[0-9]{1,2})?){1,4})(?![0-9.,:/%])"
)
_BREAK = re.compile(r"[;|+&\n]|,(?![0-9])|/(?=\s?[^\W\d_]{3})|\b(?:and|und|et|y|with|mit|avec|con)\b|[、，；]")
_PART = re.compile(r"[/+&:,|-]|\b(?:and|und|et|y)\b")
_IN = re.compile(r"\b(?:in|dans|en|im|solution in)\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OF_PURITY = frozenset(
    [
        "purity",
        "assay",
        "min",
        "minimum",
        "max",
        "maximum",
        "conc",
        "concentration",
        "grade",
        "tech",
        "technical",
        "solution",
        "soln",
        "content",
        "about",
        "approx",
        "not",
        "less",
        "than",
        "up",
        "to",
        "above",
        "below",
        "pure",
        "reinheit",
        "gehalt",
        "pureza",
        "pureté",
        "purete",
        "titre",
        "titer",
        "strength",
        "vol",
        "wt",
        "percent",
        "pct",
        "of",
        "the",
        "by",
        "weight",
        "volume",
        "mass",
        "hplc",
        "gc",
        "reagent",
    ]
)
_LONGEST = 2_000
_WHOLE = Decimal(100)
PURE = Decimal(95)
"""A declared content from here on is a purity, and the goods are the substance itself."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the goods is the substance; two figures where a range or a bound is declared."""

    low: Decimal
    high: Decimal
    basis: str
    """weight, volume, or g/L for grams in a litre of the goods."""
    words: str

    @property
    def is_certain(self) -> bool:
        """True where one figure is declared."""
        return self.low == self.high


def read_share(concentration: str | None) -> Share | None:
    """Read the concentration field.

    Args:
        concentration: `30`, `30 % w/w`, `5-10 %`, `min 98%`, `AR 99.5%` or `30 g/L`.

    Returns:
        The share; None where the field is empty or has not one figure.
    """
    if not concentration:
        return None
    text = plain_digits(concentration.strip()[:_LONGEST])
    figures = _figures(text)
    if len(figures) == 1:
        return figures[0][1]
    value = read_number(text)
    return None if value is None or value > _WHOLE else Share(value, value, "weight", f"{written(value)} %")


def shares_of(description: str, mentions: Mapping[int, str]) -> dict[int, Share]:
    """Give each constituent the share that is declared for it.

    Args:
        description: `60% toluene, 40% acetone`, `acetone 30% w/w in water`, `toluene/MEK 50:50`.
        mentions: what the record says for each substance found, as it is written there.

    Returns:
        The shares by the same keys; without those for which none, or more than one, is declared.
    """
    text = plain_digits(description[:_LONGEST])
    if not has_digit(text):
        return {}
    said = {key: plain_digits(matched) for key, matched in mentions.items()}
    found = _of_ratio(text, said)
    figures = [] if found else _figures(text)
    if not figures:
        return found
    parts = _segments(text)
    for part in parts:
        found |= _in_turns(text, part, figures, said)
    for key, name in said.items():
        place = text.find(name) if name and key not in found else -1
        own = next((part for part in parts if part[0] <= place < part[1]), None)
        if own is None:
            continue
        inside = [share for at, share in figures if own[0] <= at < own[1]]
        others = [other for other in said if other != key and own[0] <= text.find(said[other]) < own[1]]
        solute = _IN.search(text, own[0], place)
        if len(inside) == 1 and not others and solute is None:
            found[key] = inside[0]
        elif len(inside) == 1 and solute is not None and inside[0].basis == "weight":
            rest = _WHOLE - inside[0].low
            found[key] = Share(Decimal(0), rest, "weight", f"at most {written(rest)} %, the rest of a solution")
        elif len(inside) == 1 and others and not any(text.find(said[other]) < place for other in others):
            behind = [other for other in others if _IN.search(text, own[0], text.find(said[other]))]
            if len(behind) == len(others):
                found[key] = inside[0]
    if not found and len(said) == 1 and len(figures) == 1:
        found = _purity_elsewhere(text, parts, figures[0], next(iter(said)))
    return found


def _in_turns(
    text: str, part: tuple[int, int], figures: list[tuple[int, Share]], said: Mapping[int, str]
) -> dict[int, Share]:
    """Read names and figures that take turns: `toluene 60 % acetone 40 %`."""
    begin, end = part
    shares = [(at, share) for at, share in figures if begin <= at < end]
    names = sorted((place, key) for key, name in said.items() if name and begin <= (place := text.find(name)) < end)
    if len(shares) != len(names) or len(names) < 2:
        return {}
    first = [min(shares[n][0], names[n][0]) for n in range(len(names))]
    second = [max(shares[n][0], names[n][0]) for n in range(len(names))]
    named_first = {names[n][0] < shares[n][0] for n in range(len(names))}
    turns = len(named_first) == 1 and all(one < two for one, two in zip(second, first[1:], strict=False))
    return {names[n][1]: shares[n][1] for n in range(len(names))} if turns else {}


def together(share: Share | None, others: Iterable[Share | None]) -> Share | None:
    """Add up the shares of substances that a limit counts together.

    Args:
        share: of the substance itself; None where none is declared, and then nothing is added.
        others: of the other substances that are in the goods; None where none is declared: it may be all the rest.
    """
    others = tuple(others)
    if share is None or not others or share.basis == "g/L":
        return share
    low, high, words = share.low, share.high, [share.words]
    for other in others:
        known = other is not None and other.basis != "g/L"
        low += other.low if other is not None and known else Decimal(0)
        high = min(_WHOLE, high + (other.high if other is not None and known else _WHOLE))
        words.append(other.words if other is not None else "an undeclared share")
    total = written(low) if low == high else f"{written(low)} to {written(high)}"
    return Share(min(low, _WHOLE), high, share.basis, f"{' and '.join(words)}, together {total} %,")


def not_above(share: Share | None, limit_percent: float, *, included: bool = False) -> str:
    """Say why a mixture may be outside an entry that covers what is above a concentration.

    Args:
        share: what is declared; None where nothing is, which puts nothing outside.
        limit_percent: covered is what is above it.
        included: a mixture of exactly the limit is covered too.

    Returns:
        One clause; empty where the share is above the limit, or is declared in grams to a litre, which tells no share.
    """
    limit = Decimal(str(limit_percent))
    if share is None or share.basis == "g/L" or share.low > limit or (included and share.low == limit):
        return ""
    outside = "below" if included else "not above"
    if share.high < limit or (share.high == limit and not included):
        return f"declared concentration {share.words} is {outside} {limit_percent:g} %"
    return f"declared concentration {share.words} may be {outside} {limit_percent:g} %"


def _purity_elsewhere(text: str, parts: list[tuple[int, int]], figure: tuple[int, Share], key: int) -> dict[int, Share]:
    """Take the only figure for the only substance, unless it stands beside words that may be another constituent."""
    at, share = figure
    begin, end = next(part for part in parts if part[0] <= at < part[1])
    beside = set(_WORD.findall(text[begin:end])) - _OF_PURITY
    return {} if beside else {key: share}


def _segments(text: str) -> list[tuple[int, int]]:
    edges = [0]
    for match in _BREAK.finditer(text):
        edges += [match.start(), match.end()]
    edges.append(len(text) + 1)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _figures(text: str) -> list[tuple[int, Share]]:
    figures: list[tuple[int, Share]] = []
    if not any(sign in text for sign in _SIGNS):
        return figures
    for match in _FIGURE.finditer(text):
        low, high = read_number(match["low"]), read_number(match["high"] or match["low"])
        sign = match["sign"].replace(" ", "")
        if low is None or high is None or low > high:
            continue
        basis = _basis(sign, (match["basis"] or "").replace(" ", "").strip("()"))
        if sign == "mg/l":
            low, high = low / 1000, high / 1000
        elif basis == "g/L" and sign not in ("g/l", "mg/ml"):
            low, high = low * 10, high * 10
        if basis != "g/L" and high > _WHOLE:
            continue
        share = Share(low, high, basis, match.group().strip())
        figures.append((match.start("low"), _bounded(share, (match["bound"] or "").strip("."))))
    return figures


def _basis(sign: str, basis: str) -> str:
    if "/" in sign or basis in ("w/v", "m/v", "wt/vol", "w/vol", "wt/v"):
        return "g/L"
    return "volume" if "vol" in sign or basis in ("v/v", "vol/vol") else "weight"


def _bounded(share: Share, bound: str) -> Share:
    if not bound or share.basis == "g/L":
        return share
    if bound[0] in ">≥" or bound in ("min", "minimum", "not less than", "above"):
        return replace(share, high=_WHOLE)
    return replace(share, low=Decimal(0))


def _of_ratio(text: str, said: Mapping[int, str]) -> dict[int, Share]:
    """Read `toluene/MEK 50:50`: as many names as figures, which make a hundred."""
    found: dict[int, Share] = {}
    for match in _RATIO.finditer(text):
        figures = [Decimal(figure) for figure in re.split(r"\s?[:/]\s?", match[1])]
        if sum(figures) != _WHOLE:
            continue
        before = text[: match.start()].rstrip(" (")
        ends = [edge.start() for edge in _PART.finditer(before)]
        begins = [0, *(edge.end() for edge in _PART.finditer(before))]
        names = list(zip(begins, [*ends, len(before)], strict=True))[-len(figures) :]
        if len(names) < len(figures):
            continue
        for key, name in said.items():
            place = text.find(name) if name else -1
            at = next((n for n, (begin, end) in enumerate(names) if begin <= place < end), None)
            if at is not None:
                found[key] = Share(figures[at], figures[at], "weight", f"{written(figures[at])} of 100 parts")
    return found
