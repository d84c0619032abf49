"""Fields of one record that speak against each other: disguise shows as disagreement."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from app.watchlist.model import DangerousGoods, FormerCode, Substance, Watchlist

_CHEMICALS = {"28": "inorganic chemicals", "29": "organic chemicals"}
_EITHER = ("2843", "2844", "2845", "2846", "2852", "2853")
"""Headings of chapter 28 that organic compounds fall under too: of precious metals, isotopes, rare earths, mercury."""
_ANY_GOODS = {
    "77": "chapter 77, which is reserved and has no goods",
    "98": "chapter 98, which each country uses for itself",
    "99": "chapter 99, of goods not specified by kind",
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One field that does not fit a substance that another field stands for."""

    words: str
    """One clause: what was declared, and what was expected."""
    doubtful: bool = True
    """The field stands for other goods, so that a person must look; else it only is not where the substance falls."""


@dataclass(frozen=True)
class Expected:
    """What the tariff code and the UN number of each listed substance should be."""

    watchlist: Watchlist
    _headings: dict[str, set[str]] = field(init=False)
    """Subheadings a substance falls under, those of former editions included."""
    _formerly: dict[tuple[str, str], FormerCode] = field(init=False)
    """Those of former editions alone, by substance and code."""
    _named: dict[str, list[str]] = field(init=False)
    """Substances that a subheading names, by code."""
    _with_own: frozenset[str] = field(init=False)
    """Substances that a subheading names: no residual one can be right for them."""
    _elsewhere: dict[str, str] = field(init=False)
    """What subheadings and whole chapters are of that have no listed substance."""
    _numbered: dict[str, list[str]] = field(init=False)
    """Substances of a UN number."""
    _dangerous: dict[str, DangerousGoods] = field(init=False)

    def __post_init__(self) -> None:
        headings: dict[str, set[str]] = defaultdict(set)
        formerly: dict[tuple[str, str], FormerCode] = {}
        named: dict[str, list[str]] = {}
        numbered: dict[str, list[str]] = defaultdict(list)
        for heading in self.watchlist.headings:
            for slug in heading.substances:
                headings[slug].add(heading.code)
            if heading.names_substance:
                named[heading.code] = list(heading.substances)
        with_own = frozenset(slug for slugs in named.values() for slug in slugs)
        for substance in self.watchlist.substances:
            headings[substance.id] |= set(substance.hs)
            for number in substance.un:
                numbered[number].append(substance.id)
            for former in self.watchlist.former_codes:
                if headings[substance.id] & set(former.now) and former.code not in headings[substance.id]:
                    formerly[substance.id, former.code] = former
            headings[substance.id] |= {code for slug, code in formerly if slug == substance.id}
        object.__setattr__(self, "_headings", dict(headings))
        object.__setattr__(self, "_formerly", formerly)
        object.__setattr__(self, "_named", named)
        object.__setattr__(self, "_with_own", with_own)
        object.__setattr__(self, "_elsewhere", {each.code: each.words for each in self.watchlist.elsewhere})
        object.__setattr__(self, "_numbered", dict(numbered))
        object.__setattr__(self, "_dangerous", {goods.number: goods for goods in self.watchlist.dangerous})

    def fits(self, substance: Substance, subheading: str | None, day: date, numbers: Collection[str]) -> bool:
        """Tell whether the tariff code and one of the UN numbers are the substance's, as far as they are declared."""
        if subheading is not None and subheading not in self._headings.get(substance.id, ()):
            return False
        if subheading is not None and self._outdated(substance, subheading, day):
            return False
        return not numbers or not set(substance.un).isdisjoint(numbers)

    def _outdated(self, substance: Substance, subheading: str, day: date) -> str:
        """Return the last edition in which a substance fell under a code, empty where it does on the day."""
        former = self._formerly.get((substance.id, subheading))
        return former.edition if former is not None and former.until <= day else ""

    def against_heading(
        self, substance: Substance, subheading: str | None, day: date, others: Collection[str]
    ) -> Contradiction | None:
        """Say why a tariff code does not fit a substance.

        Args:
            substance: identified by its name, number or structure, or pointed at by its UN number.
            subheading: six digits as declared, of any edition since 2012.
            day: of the law that is asked; codes of an edition that was followed by then are told.
            others: slugs of the other substances identified in the record; a code that fits one of them fits a mixture.

        Returns:
            What was expected. None where the code fits, is one that mixtures and preparations fall under, is residual
            and the substance's own is residual too, or nothing is expected.
        """
        fitting = self._headings.get(substance.id)
        if subheading is None or not fitting:
            return None
        edition = self._outdated(substance, subheading, day)
        if subheading in fitting and not edition:
            return None
        if any(subheading in self._headings.get(other, ()) for other in others):
            return None
        if edition:
            return self._misplaced(substance, subheading, f"where it stood up to {edition}")
        chapter = subheading[:2]
        own = {code[:2] for code in fitting}
        if subheading in self._named:
            words = f"a heading of {' or '.join(map(self._name, self._named[subheading]))}"
        elif subheading in self._elsewhere:
            words = f"a heading of {self._elsewhere[subheading]}"
        elif chapter in self._elsewhere:
            words = f"of chapter {chapter} ({self._elsewhere[chapter]})"
        elif chapter in _CHEMICALS and chapter not in own and not subheading.startswith(_EITHER):
            words = f"of chapter {chapter} ({_CHEMICALS[chapter]})"
        elif chapter in _ANY_GOODS:
            return self._misplaced(substance, subheading, f"of {_ANY_GOODS[chapter]}")
        elif chapter in own and substance.id in self._with_own:
            return self._misplaced(substance, subheading, "not its heading")
        else:
            return None
        return replace(self._misplaced(substance, subheading, words), doubtful=True)

    def _misplaced(self, substance: Substance, subheading: str, words: str) -> Contradiction:
        expected = ", ".join(map(_dotted, sorted(set(substance.hs) or self._headings[substance.id])))
        return Contradiction(f"HS {_dotted(subheading)} is {words}; {substance.name} falls under {expected}", False)

    def against_un(
        self, substance: Substance, numbers: Collection[str], others: Collection[str], *, as_it_stands: bool
    ) -> Contradiction | None:
        """Say why a UN number does not fit a substance.

        Args:
            substance: identified by its name, number or structure.
            numbers: four digits each, as declared.
            others: slugs of the other substances identified in the record.
            as_it_stands: the goods are the substance itself; the class of a salt or medicine of it may be another.

        Returns:
            What was expected. None where a number fits, where it is of one of the substance's classes and no other
            listed substance's, or where nothing is expected.
        """
        if set(numbers) & set(substance.un):
            return None
        own = {each for number in substance.un for each in self._classes(number)}
        for number in numbers:
            owners = self._numbered.get(number, [])
            if owners and not set(owners) & set(others):
                names = " or ".join(self._name(slug) for slug in owners)
                return Contradiction(
                    f"UN {number} is the number of {names}{self._of_class(number)}; {self._expected_un(substance)}"
                )
            if owners or not own or not as_it_stands or number not in self._dangerous:
                continue
            if not own & set(self._classes(number)):
                words = self._dangerous[number].words
                return Contradiction(
                    f"UN {number} is '{words}'{self._of_class(number)}; {self._expected_un(substance)}"
                )
        return None

    def _expected_un(self, substance: Substance) -> str:
        if not substance.un:
            return f"{substance.name} has no number of its own"
        expected = " or ".join(f"UN {own}{self._of_class(own)}" for own in substance.un)
        return f"{substance.name} has {expected}"

    def _of_class(self, number: str) -> str:
        classes = self._classes(number)
        return f" (class {', '.join(classes)})" if classes else ""

    def _classes(self, number: str) -> tuple[str, ...]:
        goods = self._dangerous.get(number)
        return goods.classes if goods else ()

    def _name(self, slug: str) -> str:
        return next(substance.name for substance in self.watchlist.substances if substance.id == slug)


def _dotted(code: str) -> str:
    return f"{code[:4]}.{code[4:]}"
