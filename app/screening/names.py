"""Listed names in text: found exactly or misspelt, and told from lawful look-alikes by the words around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.chemistry.alignment import quoted, written_span
from app.chemistry.fold import Words, split_words
from app.chemistry.nomenclature import is_chemical_word
from app.chemistry.respell import respellings
from app.screening.confidence import letters_worth
from app.screening.context import (
    ABSENT,
    CHANGING_WORDS,
    FUNCTIONAL,
    NEUTRAL,
    SALT_WORDS,
    is_balanced,
    is_group,
    is_negated,
    is_reacted,
    is_substituted,
)
from app.screening.dictionary import Dictionary
from app.screening.mending import Mended
from app.screening.neighbours import Neighbours, is_salt_word
from app.screening.ordinary import AS_SPELT, MOST_WORDS, ORDINARY
from app.screening.search import Hits
from app.screening.trade_words import TRADE_WORDS
from app.screening.windows import Window
from app.watchlist.lawful import SHORTEST_KEY

_REACH = 10
"""Words on either side of a hit that may belong to a longer name."""
LONG_WORD = 10
"""A word of so many letters is known by what slips leave of it."""
_SPELT_OTHERWISE = 0.01
"""What is taken from the confidence in a name of which no letter is spelt as it is listed."""
_BRAND_DOUBT = 0.15
"""What a brand stands for changes with country and year: a person must look."""


@dataclass(frozen=True, slots=True)
class NameClue:
    """A listed name seen in a text."""

    substance: int
    window: Window
    edits: int
    """0 for an exact key; else how many edits away."""
    score: float
    name: str
    """The dictionary's spelling."""
    matched: str
    """The words as they stand in the folded text."""
    told: float = 1.0
    """The share of the text's telling letters that the name accounts for, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A listed name that was considered and dropped."""

    substance: int
    window: Window
    matched: str
    why: str
    lawful: int | None
    """The row of the lawful chemical the words name, where they name one."""
    family: bool = False


@dataclass(frozen=True, slots=True)
class NamesRead:
    """What the names of one text say."""

    words: Words
    clues: tuple[NameClue, ...]
    look_alikes: tuple[LookAlike, ...]
    family: tuple[tuple[int, int, Window], ...] = ()
    """(substance, lawful row, window) for members of a family clause named in the text."""
    mended: tuple[Mended, ...] = ()
    """Ways to read the text with its slips mended, where nothing is named otherwise."""


def explains(look: LookAlike, words: Words) -> bool:
    """Tell whether a lawful name accounts for all the nomenclature of a text: else it may be part of another name."""
    if look.lawful is None:
        return False
    outside = (*words.keys[: look.window.first], *words.keys[look.window.last :])
    return not any(is_chemical_word(key) and key not in FUNCTIONAL and key not in SALT_WORDS for key in outside)


def read_names(text: str, dictionary: Dictionary, hits: Mapping[str, Hits]) -> NamesRead:
    """Find the listed names in a text and decide which of them are meant.

    Args:
        text: a description of goods, in any language.
        dictionary: the names.
        hits: where listed names may stand in the text, and in what it may be respelt as.

    Returns:
        The clues, and the look-alikes that were dropped, each with the words it stands on. A text that names nothing as
        it stands, or something misspelt, is read again as it may be spelt otherwise (`app.chemistry.respell`).
    """
    own = hits.get(text)
    read = _read_words(split_words(text), dictionary, own)
    others = [(read.words, own)]
    settled = read.family or any(explains(look, read.words) for look in read.look_alikes)
    told = max((clue.told for clue in read.clues), default=0.0)
    if hits and not settled and all(clue.edits for clue in read.clues):
        for respelt in filter(hits.__contains__, respellings(read.words.folded)):
            other = _read_words(split_words(respelt), dictionary, hits[respelt])
            named = [clue for clue in other.clues if not read.clues or (clue.edits == 0 and clue.told >= told)]
            if named or (other.family and not read.clues):
                return other
            others.append((other.words, hits[respelt]))
    if settled or any(clue.edits == 0 and clue.told == 1.0 for clue in read.clues):
        return read
    mendable = [words for words, found in others if found and found.mendable and AS_SPELT.isdisjoint(words.words)]
    mended = [each for words in mendable for each in dictionary.mending.readings(words)]
    for each in mended:
        if clues := _mended_clues(read, each, dictionary):
            return replace(read, clues=clues)
    return replace(read, mended=tuple(mended))


def _mended_clues(read: NamesRead, mended: Mended, dictionary: Dictionary) -> tuple[NameClue, ...]:
    """Return the names that a text has when its slips are mended, where they say more than it does as it stands."""
    if not dictionary.stands_in(mended.text):
        return ()
    words = split_words(mended.text)
    exact = dictionary.exact(words, dictionary.windows(words))
    found = _Reading(dictionary, words, exact).read([]) if exact else None
    if found is None or any(look.lawful is not None for look in found.look_alikes):
        return ()
    if _letters(words, found.clues) <= _letters(read.words, read.clues):
        return ()
    slips = max(1, mended.slips)
    text = read.words.text
    clues = []
    for clue in found.clues:
        telling = [key for key in words.keys[clue.window.first : clue.window.last] if len(key) > 2 and key.isalpha()]
        if len(telling) < 2 and max(map(len, telling), default=0) < LONG_WORD:
            continue  # a short name of one word is near enough, or is another word
        spans = words.spans[clue.window.first : clue.window.last]
        start, end = mended.written(min(first for first, _ in spans), max(last for _, last in spans))
        key = words.squashed[words.starts[clue.window.first] : words.ends[clue.window.last - 1]]
        score = clue.score - (_score(key, 0, 1) - _score(key, slips, 1))
        clues.append(replace(clue, edits=slips, score=score, matched=text[slice(*written_span(text, start, end))]))
    return tuple(clues)


def _letters(words: Words, clues: Iterable[NameClue]) -> int:
    """Return how many letters the longest of some names has."""
    return max((words.ends[clue.window.last - 1] - words.starts[clue.window.first] for clue in clues), default=0)


def _read_words(words: Words, dictionary: Dictionary, hits: Hits | None) -> NamesRead:
    exact = dictionary.exact(words, hits.exact) if hits else {}
    near = dictionary.anchors.measured(words, hits.near) if hits else []
    if not exact and not near:
        return NamesRead(words, (), ())
    return _Reading(dictionary, words, exact).read(near)


class _Reading:
    """One text being read."""

    def __init__(self, names: Dictionary, words: Words, exact: dict[Window, str]) -> None:
        self._names = names
        self._words = words
        self._exact = exact
        self._neighbours = Neighbours(names, words, exact)
        self._lawful = names.lawful_runs(words)
        self.clues: list[NameClue] = []
        self.dropped: list[LookAlike] = []
        self.family: dict[Window, tuple[int, int, Window]] = {}

    def read(self, near: list[tuple[Window, str, int]]) -> NamesRead:
        """Judge exact hits first, then misspelt ones; a misspelt name that holds a shorter exact one goes before it."""
        waiting = {window for window in self._exact if any(self._says_more(other, window) for other, _, _ in near)}
        for window, key in self._exact.items():
            if window not in waiting:
                self._judge(window, key, 0)
        settled = [clue.window for clue in self.clues] + [
            look.window for look in self.dropped if look.lawful is not None
        ]
        widest: dict[int, Window] = {}
        for window, key, edits in sorted(near, key=lambda item: (item[0].first - item[0].last, item[2])):
            if any(window.overlaps(other) for other in settled):
                continue
            rivals = [other for other in widest.values() if other.overlaps(window)]
            if any(other != window for other in rivals):
                continue
            if rivals and edits > min(known for place, _, known in near if place == window):
                continue
            widest[len(widest)] = window
            self._judge(window, key, edits)
        judged = {clue.window for clue in self.clues} | {
            look.window for look in self.dropped if look.lawful is not None
        }
        for window, key in self._exact.items():
            if window in waiting and not any(window.overlaps(other) for other in judged):
                self._judge(window, key, 0)
        self._leave_out_groups()
        return NamesRead(self._words, tuple(self.clues), tuple(self.dropped), tuple(self.family.values()))

    def _leave_out_groups(self) -> None:
        """Drop what is named as a group only that it is itself excepted from, as tariffs do."""
        absent = {look.substance for look in self.dropped if look.why == ABSENT}
        ends = {clue: self._words.spans[clue.window.last - 1][1] for clue in self.clues if clue.substance in absent}
        groups = [clue for clue, end in ends.items() if is_group(self._words.folded, end)]
        self.clues = [clue for clue in self.clues if clue not in groups]
        self.dropped += [LookAlike(clue.substance, clue.window, clue.matched, ABSENT, None) for clue in groups]

    def _says_more(self, wide: Window, window: Window) -> bool:
        """Tell whether a window holds another and adds a word of a name to it, no number, letter or word of trade."""
        if wide == window or not wide.holds(window):
            return False
        added = (*self._words.keys[wide.first : window.first], *self._words.keys[window.last : wide.last])
        return any(len(key) > 2 and key not in TRADE_WORDS for key in added)

    def _judge(self, window: Window, key: str, edits: int) -> None:
        words = self._words
        spans = words.spans[window.first : window.last]
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        rows = self._names.rows_of(key)
        longer = self._lawful_around(window, equal=edits > 0)
        if longer is not None:
            lawful, place = longer
            family = self._names.family_of(lawful)
            whole = is_balanced(words.as_written(place.first, place.last)) and not is_substituted(words.folded, start)
            if family is not None and whole:
                self.family[place] = (family, lawful, place)
                return
            self._drop(rows, place, f"reads as {self._names.name_of(lawful)}", lawful)
            return
        if edits and window.last - window.first == 1 and is_salt_word(words.keys[window.first]):
            self._drop(rows, window, "a word that salts are named with", None)
            return
        ordinary = self._ordinary_around(window)
        if ordinary is not None:
            self._drop(rows, window, f"reads as {ordinary}", None)
            return
        if is_reacted(words.folded, start, end, whole=self._names.is_whole(key)):
            self._drop(rows, window, "named only as what another substance is made of", None)
            return
        neighbour = self._neighbours.changing(window, whole=self._names.is_whole(key))
        if neighbour is not None:
            self._drop(rows, window, f"part of a longer name with '{neighbour}'", None)
            return
        if is_negated(words.folded, start, end):
            self._drop(rows, window, ABSENT, None)
            return
        fills = self._neighbours.fill_clause(window)
        if self._names.is_weak(key) and (not fills or self._neighbours.is_part_of_a_code(window)):
            self._drop(rows, window, "a short name among other words", None)
            return
        if not self._names.is_spelt_as_listed(key, "".join(words.words[window.first : window.last])):
            self._drop(rows, window, "spelt otherwise than the abbreviation", None)
            return
        own = "".join(words.keys[window.first : window.last])
        if edits > 1 and (nearer := self._names.lawful_near(own)) is not None:
            self._drop(rows, window, f"reads sooner as {self._names.name_of(nearer)}", nearer)
            return
        seen = set()
        for row in rows:
            substance = self._names.substance_of(row)
            if substance not in seen:
                seen.add(substance)
                score = _score(key, edits, self._coverage(window)) - 0.01 * (len(seen) - 1)
                score -= _SPELT_OTHERWISE * self._names.spelt_apart(
                    key, "".join(words.words[window.first : window.last])
                )
                if self._names.is_brand(key):
                    score -= _BRAND_DOUBT
                matched = quoted(words, window.first, window.last)
                name, told = self._names.text_of(row), self._told(window)
                self.clues.append(NameClue(substance, window, edits, score, name, matched, told))

    def _coverage(self, window: Window) -> float:
        words = self._words
        return (words.ends[window.last - 1] - words.starts[window.first]) / len(words.squashed)

    def _told(self, window: Window) -> float:
        keys = self._words.keys
        inside = sum(map(len, keys[window.first : window.last]))
        outside = sum(
            len(key)
            for key in (*keys[: window.first], *keys[window.last :])
            if key not in NEUTRAL and key not in SALT_WORDS and key not in TRADE_WORDS and not key.isdigit()
        )
        return inside / max(1, inside + outside)

    def _drop(self, rows: list[int], window: Window, why: str, lawful: int | None) -> None:
        matched = quoted(self._words, window.first, window.last)
        for substance in dict.fromkeys(self._names.substance_of(row) for row in rows):
            self.dropped.append(LookAlike(substance, window, matched, why, lawful))

    def _lawful_around(self, window: Window, *, equal: bool) -> tuple[int, Window] | None:
        """Return the longest lawful name that holds the window (and is longer, unless `equal` is asked for)."""
        words = self._words
        found = [
            held
            for held in self._lawful.holding(window, _REACH)
            if (equal or held[1] != window) and not self._ends_apart(held[1].last, window)
        ]
        if equal:
            found += [held for held in self._lawful.inside(window) if self._explains(held[1], window)]
        return max(found, key=lambda item: words.ends[item[1].last - 1] - words.starts[item[1].first], default=None)

    def _ends_apart(self, last: int, window: Window) -> bool:
        """Tell whether words behind the window end with a lone `in`: `ACETONE IN DRUMS` is no acetonin."""
        words = self._words
        begin = words.spans[last - 1][0]
        return last > window.last and words.words[last - 1] == "in" and words.folded[begin - 1 : begin] == " "

    def _ordinary_around(self, window: Window) -> str | None:
        """Return the ordinary words that hold the window, None for none."""
        words = self._words
        if window.last - window.first == 1 and words.words[window.first] in AS_SPELT:
            return words.words[window.first]
        for first in range(max(0, window.last - MOST_WORDS), window.first + 1):
            for last in range(window.last, min(len(words.keys), first + MOST_WORDS) + 1):
                key = words.squashed[words.starts[first] : words.ends[last - 1]]
                if key in ORDINARY and not self._names.is_listed_key(key):
                    return ORDINARY[key]
        return None

    def _explains(self, part: Window, window: Window) -> bool:
        """Tell whether what a part leaves of the window is only numbers and words that say nothing."""
        words = self._words
        if words.ends[part.last - 1] - words.starts[part.first] < SHORTEST_KEY:
            return False
        rest = (*words.keys[window.first : part.first], *words.keys[part.last : window.last])
        return all(key in NEUTRAL or key.isdigit() or (len(key) < 3 and key not in CHANGING_WORDS) for key in rest)


def _score(key: str, edits: int, coverage: float) -> float:
    """Return the confidence that a hit is the name it looks like.

    Args:
        key: the name's key; a longer one is less likely met by chance.
        edits: how many edits away; each weighs more in a short name.
        coverage: the share of the text's letters that the name accounts for, 0 to 1.
    """
    length = letters_worth(key)
    score = 0.995 - 0.24 / max(4, length) - 0.03 * (1 - coverage)
    return max(0.5, score - 1.2 * edits / max(length, 6))
