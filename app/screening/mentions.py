"""Parts of descriptions that may be systematic names: which of them name a listed molecule.

Most say so by their words: no nomenclature, a lawful name, a morpheme that no listed molecule has, or a word that no
name has in it. What is left is read as a structure, each mention once.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.chemistry.fold import ASCII_WORD, key_of_word, reading_order
from app.chemistry.nomenclature import is_chemical_word
from app.chemistry.strangers import Strangers, marks_of_relatives, may_be_a_relative
from app.screening.context import DESCRIPTORS, FUNCTIONAL, NEUTRAL, is_balanced
from app.screening.dictionary import Dictionary
from app.screening.systematic import (
    ENDING,
    SHORTEST_WORD,
    IsStrangeWord,
    cannot_be_read,
    clauses_of,
    first_reading_of,
    readings_of,
)

_REMEMBERED = 65_536
_WORDS_REMEMBERED = 65_536
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word of letters says of the clause it stands in."""

    key: str
    holders: int
    """The listed molecules, as bits, that have all that its morphemes name."""
    marks: int
    """What it has of the name of a relative that the law names with its parent, as bits."""
    said: bool
    """It is long enough to count where nomenclature is looked for."""
    known: bool
    """It is nomenclature or a class word."""
    ends_so: bool
    """It ends as nomenclature does; what does not is in no name, and what else it says is not asked."""


class Mentions:
    """The reader of mentions, with what it has learnt of words and mentions."""

    def __init__(
        self,
        names: Dictionary,
        strangers: Strangers,
        is_strange_word: IsStrangeWord,
        are_listed: Callable[[Sequence[Sequence[str]]], list[bool | None]],
    ) -> None:
        """Take what mentions are told by.

        Args:
            names: knows lawful names.
            strangers: knows the names that no listed molecule has.
            is_strange_word: tells of a word of letters that no name has it in it.
            are_listed: tells of the readings of some names whether the first that is understood is a listed molecule,
                None where none is understood.
        """
        self._names = names
        self._strangers = strangers
        self._is_strange_word = is_strange_word
        self._are_listed = are_listed
        self._words: dict[str, _Word] = {}
        self._lawful_cores: dict[str, bool] = {}
        """Cores of clauses: whether each names a lawful chemical."""
        self._known: OrderedDict[str, bool] = OrderedDict()

    def name_listed(self, mentions: Iterable[str]) -> dict[str, bool]:
        """Tell which mentions may be systematic names of listed molecules.

        Args:
            mentions: parts of folded texts, as `app.screening.systematic.mention_in` gives them.

        Returns:
            False for a mention that reading it (`app.screening.clues.read_text`) finds no molecule in.
        """
        for known in (self._words, self._lawful_cores):
            if len(known) > _WORDS_REMEMBERED:
                known.clear()
        clauses = {mention: clauses_of(mention) for mention in mentions}
        self._tell_lawful(dict.fromkeys(core for each in clauses.values() for _, core in each))
        telling = {mention: self._telling(each) for mention, each in clauses.items()}
        self._learn(dict.fromkeys(part for each in telling.values() for part in each if part not in self._known))
        answers = {mention: any(map(self._known.__getitem__, each)) for mention, each in telling.items()}
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return answers

    def _tell_lawful(self, cores: Iterable[str]) -> None:
        """Remember of some cores whether each names a lawful chemical of the dictionary."""
        new = [core for core in cores if core not in self._lawful_cores]
        self._lawful_cores.update(dict.fromkeys(new, False))
        self._lawful_cores.update(dict.fromkeys(self._lawful(new), True))

    def _telling(self, clauses: list[tuple[str, str]]) -> list[str]:
        """Return the clauses and cores that are nomenclature which a listed molecule's name may have.

        A clause whose core names a lawful chemical names that, whatever stands beside the name.
        """
        parts = [part for clause, core in clauses if not self._lawful_cores[core] for part in (clause, core)]
        return [part for part in dict.fromkeys(parts) if self._may_be_listed(part)]

    def _learn(self, parts: Iterable[str]) -> None:
        """Remember of some parts whether each is a listed molecule's name; most are told by their first reading."""
        asked = list(parts)
        self._known.update(dict.fromkeys(asked, False))
        lawful = self._lawful([part for part in asked if part not in self._lawful_cores])
        doubtful = [part for part in asked if part not in lawful and not cannot_be_read(part, self._is_strange_word)]
        first = [[reading] if (reading := first_reading_of(part)) else [] for part in doubtful]
        told = dict(zip(doubtful, self._are_listed(first), strict=True))
        others = [part for part, is_listed in told.items() if is_listed is None]
        told.update(zip(others, self._are_listed([readings_of(part) for part in others]), strict=True))
        self._known.update((part, bool(is_listed)) for part, is_listed in told.items())

    def _may_be_listed(self, part: str) -> bool:
        if not part.isascii():
            return False
        said = others = marks = 0
        holders = self._strangers.everyone
        known = self._words
        for each in _LETTERS.findall(part):
            word = known.get(each) or self._word(each)
            holders &= word.holders
            marks |= word.marks
            if word.said:
                said += 1
                if not word.known:
                    others += 1 if word.ends_so else 2
        return others <= 1 and said > others and (holders != 0 or may_be_a_relative(marks)) and is_balanced(part)

    def _word(self, word: str) -> _Word:
        key = key_of_word(word)
        known = is_chemical_word(key) or key in FUNCTIONAL
        ends_so = known or ENDING.search(key) is not None
        self._words[word] = _Word(
            key=key,
            holders=self._strangers.holders_of(key) if ends_so else self._strangers.everyone,
            marks=marks_of_relatives(key) if ends_so else 0,
            said=len(key) >= SHORTEST_WORD and key not in NEUTRAL and key not in DESCRIPTORS,
            known=known,
            ends_so=ends_so,
        )
        return self._words[word]

    def _lawful(self, parts: list[str]) -> set[str]:
        """Return those of some parts that name lawful chemicals of the dictionary."""
        known = self._names.lawful([_whole_key(part) for part in parts])
        return {
            part
            for part, chemical in zip(parts, known, strict=True)
            if chemical is not None and self._names.family_of(chemical) is None
        }


def _whole_key(part: str) -> str:
    """Return the key of a folded clause from the first word that says something to the last, empty where none does."""
    keys = [key_of_word(word) for word in ASCII_WORD.findall(part)]
    keys = [keys[place] for place in reading_order(keys)]
    telling = [place for place, key in enumerate(keys) if key not in NEUTRAL]
    return "".join(keys[telling[0] : telling[-1] + 1]) if telling else ""
