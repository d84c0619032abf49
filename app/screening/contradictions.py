"""Fields of one record that speak against each other: disguise shows as disagreement."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from app.watchlist.model import DangerousGoods, Substance, Watchlist

_ARTICLES = (range(1, 11), range(41, 68), range(84, 98))
"""Chapters of animals and food, of hides, wood, paper, textiles and footwear, and of machines, vehicles and other
articles: nothing there is a chemical by itself."""


@dataclass(frozen=True)
class Expected:
    """What the tariff code and the UN number of each listed substance should be."""

    watchlist: Watchlist
    _headings: dict[str, set[str]] = field(init=False)
    """Subheadings a substance falls under, those of former editions included."""
    _named: dict[str, list[str]] = field(init=False)
    """Substances that a subheading names, by code."""
    _elsewhere: dict[str, str] = field(init=False)
    _numbered: dict[str, list[str]] = field(init=False)
    """Substances of a UN number."""
    _dangerous: dict[str, DangerousGoods] = field(init=False)

    def __post_init__(self) -> None:
        headings: dict[str, set[str]] = defaultdict(set)
        named: dict[str, list[str]] = {}
        numbered: dict[str, list[str]] = defaultdict(list)
        for heading in self.watchlist.headings:
            for slug in heading.substances:
                headings[slug].add(heading.code)
            if heading.names_substance:
                named[heading.code] = list(heading.substances)
        for substance in self.watchlist.substances:
            headings[substance.id] |= set(substance.hs)
            for number in substance.un:
                numbered[number].append(substance.id)
            for former in self.watchlist.former_codes:
                if headings[substance.id] & set(former.now):
                    headings[substance.id].add(former.code)
        object.__setattr__(self, "_headings", dict(headings))
        object.__setattr__(self, "_named", named)
        object.__setattr__(self, "_elsewhere", {each.code: each.words for each in self.watchlist.elsewhere})
        object.__setattr__(self, "_numbered", dict(numbered))
        object.__setattr__(self, "_dangerous", {goods.number: goods for goods in self.watchlist.dangerous})

    def against_heading(self, substance: Substance, subheading: str | None, others: Collection[str]) -> str:
        """Say why a tariff code does not fit a substance.

        Args:
            substance: identified by its name, number or structure.
            subheading: six digits as declared, of any edition since 2012.
            others: slugs of the other substances identified in the record; a code that fits one of them fits a mixture.

        Returns:
            One clause with what was expected; empty where the code fits, is residual, or nothing is expected.
        """
        fitting = self._headings.get(substance.id)
        if subheading is None or not fitting or subheading in fitting:
            return ""
        if any(subheading in self._headings.get(other, ()) for other in others):
            return ""
        if subheading in self._named:
            words = " or ".join(self._name(slug) for slug in self._named[subheading])
        elif subheading in self._elsewhere:
            words = self._elsewhere[subheading]
        elif any(int(subheading[:2]) in chapters for chapters in _ARTICLES):
            words = "articles, not of chemicals"
        else:
            return ""
        expected = ", ".join(f"{code[:4]}.{code[4:]}" for code in sorted(set(substance.hs) or fitting))
        return f"HS {subheading[:4]}.{subheading[4:]} is a heading of {words}; {substance.name} falls under {expected}"

    def against_un(
        self, substance: Substance, numbers: Collection[str], others: Collection[str], *, as_it_stands: bool
    ) -> str:
        """Say why a UN number does not fit a substance.

        Args:
            substance: identified by its name, number or structure.
            numbers: four digits each, as declared.
            others: slugs of the other substances identified in the record.
            as_it_stands: the goods are the substance itself; the class of a salt or medicine of it may be another.

        Returns:
            One clause with what was expected; empty where a number fits, where it is of one of the substance's classes
            and no other listed substance's, or where nothing is expected.
        """
        if set(numbers) & set(substance.un):
            return ""
        own = {each for number in substance.un for each in self._classes(number)}
        for number in numbers:
            owners = self._numbered.get(number, [])
            if owners and not set(owners) & set(others):
                names = " or ".join(self._name(slug) for slug in owners)
                return f"UN {number} is the number of {names}{self._of_class(number)}; {self._expected_un(substance)}"
            if owners or not own or not as_it_stands or number not in self._dangerous:
                continue
            if not own & set(self._classes(number)):
                words = self._dangerous[number].words
                return f"UN {number} is '{words}'{self._of_class(number)}; {self._expected_un(substance)}"
        return ""

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
