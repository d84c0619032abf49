"""Fields of one record that speak against each other: disguise shows as disagreement."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from app.watchlist.model import Substance, Watchlist

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

    def against_un(self, substance: Substance, numbers: Collection[str], others: Collection[str]) -> str:
        """Say why a UN number does not fit a substance.

        Args:
            substance: identified by its name, number or structure.
            numbers: four digits each, as declared.
            others: slugs of the other substances identified in the record.

        Returns:
            One clause with what was expected; empty where a number fits, is no listed substance's, or none is expected.
        """
        if not substance.un or set(numbers) & set(substance.un):
            return ""
        for number in numbers:
            owners = self._numbered.get(number, [])
            if owners and not set(owners) & set(others):
                names = " or ".join(self._name(slug) for slug in owners)
                expected = " or ".join(f"UN {own}" for own in substance.un)
                return f"UN {number} is the number of {names}; {substance.name} has {expected}"
        return ""

    def _name(self, slug: str) -> str:
        return next(substance.name for substance in self.watchlist.substances if substance.id == slug)
