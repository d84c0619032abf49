"""The words that OPSIN's nomenclature is made of: what has others in it cannot be read, and need not be asked."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

_RESOURCES = "uk/ac/cam/ch/wwmm/opsin/resources/"
_RUN = re.compile(r"[a-z]+")
_CHAIN = re.compile(r"([^a-z]?)([a-z]+(?: [a-z]+)*)(?=([^a-z]?))")
"""OPSIN may take a space away between two words, so that words a space apart are looked at together."""
_NEVER = re.compile(
    r"[%=#!@_]|[$&](?![a-z])"
    r"|/(?:(?<![rs+\d? -]/)|(?![s+\d? -])|(?<=[^rs+-] /)|(?= (?![s+-])))"
    r"|\d{5}(?<![^ a-z]\d{5})\d*(?![^ ,-])"
)
"""Marks that no token has, a stroke that stands in no `R/S`, `+/-` or `(1/2)`, and a locant that no molecule has: names
are shorter than their chains."""
_ENCODED = re.compile(r"[$&][a-z]|\.[a-z]{1,7}\.")
"""OPSIN reads Greek letters in old encodings."""
_BRACKETED = 6
"""So many letters in a bracket may say how something is turned, or where rings are fused: more only in their order."""
_CLOSING = frozenset("])},:;'*^/")
_LOCANT_ENDS = frozenset("'0123456789")
_LOCANT_MARKS = _LOCANT_ENDS | frozenset("-,")

_SYMBOLS = """h he li be b c n o f ne na mg al si p s cl ar k ca sc ti v cr mn fe co ni cu zn ga ge as se br kr rb
sr y zr nb mo tc ru rh pd ag cd in sn sb te i xe cs ba la ce pr nd pm sm eu gd tb dy ho er tm yb lu hf ta w re os
ir pt au hg tl pb bi po at rn fr ra ac th pa u np pu am cm bk cf es fm md no lr rf db sg bh hs mt ds"""
_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omega xi"
_DESCRIPTORS = """spiro cyclo annulen annuleny annulyn dispiroter ortho meta para exo endo syn anti cis trans erythro
threo meso"""
_APART = "and or compound compd with rel rac racem racemic sup ci"
"""What the patterns of OPSIN's grammar spell beside its lists of words; the latter have a mark on both sides."""
_ENDINGS = (("ate", "ic"), ("at", "ic"), ("ite", "ous"), ("it", "ous"), ("inate", "ine"), ("inat", "ine"))
"""An ester in an inverted name is written as its acid, and read as its salt."""


class Vocabulary:
    """Every run of letters in a token of OPSIN."""

    def __init__(self, tokens: Iterable[str]) -> None:
        """Take the tokens of OPSIN's lists."""
        self._symbols = frozenset(_SYMBOLS.split()) | frozenset("abcdefghijklmnopqrstuvwxyz")
        self._inner = {*_DESCRIPTORS.split(), *_GREEK.split()}
        self._first = {"e", "z", "ez", *(symbol + greek for symbol in self._symbols for greek in _GREEK.split())}
        self._last, self._apart = set[str](), {*_APART.split(), *self._symbols}
        """What may stand anywhere in a word, at its beginning, at its end, and alone."""
        for token in tokens:
            self._take(token.lower())
        self._inner -= {"d", "l", "r"}  # stereodescriptors and a multiplier's end: never among letters
        runs = self._inner | self._first | self._last | self._apart
        self._longest = max(map(len, runs))
        self._beginnings = frozenset(run[:end] for run in runs for end in range(1, len(run) + 1))
        self._ends = frozenset(run[start:] for run in runs for start in range(len(run)))
        self._all = " ".join(runs)
        self._within = frozenset(
            run[start : start + _BRACKETED] for run in runs for start in range(len(run) - _BRACKETED + 1)
        )
        """Pieces of tokens as long as the shortest word that is looked for within tokens."""
        self._is_made = lru_cache(maxsize=65_536)(self._made)
        self.is_strange = lru_cache(maxsize=65_536)(self._strange)
        """Tell whether a word of letters can be no part of a name, whatever stands beside it: however tokens are cut,
        it is not what lies between two cuts."""

    def _take(self, token: str) -> None:
        for found in _RUN.finditer(token):
            run = found.group()
            begins, ends = found.start() == 0, found.end() == len(token)
            held = self._inner if begins and ends else self._last if begins else self._first if ends else self._apart
            held.add(run)
            held.update(run.removesuffix(old) + new for old, new in _ENDINGS if run.endswith(old))

    def may_read(self, name: str) -> bool:
        """Tell whether OPSIN may read a name.

        Args:
            name: any text.

        Returns:
            False only where it cannot: some run of letters is no concatenation of runs of its tokens, whichever spaces
            it takes away, or a mark or number stands in it that no name has.
        """
        folded = name.lower()
        if not folded.isascii():
            return True
        if has_strange_marks(folded):
            return False
        if _ENCODED.search(folded):
            return True
        folded = folded.replace("sulph", "sulf")
        return all(self._is_made(*found.groups()) for found in _CHAIN.finditer(folded))

    def _made(self, before: str, chain: str, behind: str) -> bool:
        words = chain.split(" ")
        letters = "".join(words)
        bounds = list(accumulate(map(len, words), initial=0))
        ends = dict(pairwise(bounds))
        reached = {0, 1} if before in _LOCANT_ENDS else {0}  # `4a` and `1h` may stand right before a name
        for place in range(len(letters)):
            if place in reached:
                reached.update(self._steps(letters, place, ends, behind))
        return len(letters) in reached

    def _steps(self, letters: str, place: int, ends: dict[int, int], behind: str) -> Iterator[int]:
        """Yield how far a token may reach that begins at a place; `ends` are those of words, by where they begin."""
        last = len(letters)
        end = ends.get(place)
        stops = ends.values()
        for after in range(place + 1, min(last, place + self._longest) + 1):
            run = letters[place:after]
            if run not in self._beginnings:
                break
            if (
                run in self._inner
                or (end is not None and (run in self._first or (after == end and run in self._apart)))
                or (run in self._last and after in stops)
            ):
                yield after
        if end == last and behind in _CLOSING and _may_be_bracketed(letters[place:]):
            yield last
        if behind in _LOCANT_MARKS and letters[place:] in self._symbols:
            yield last

    def _strange(self, word: str) -> bool:
        if _may_be_bracketed(word):
            return False
        word = word.replace("sulph", "sulf")
        if word[:_BRACKETED] in self._within and word in self._all:
            return False
        reached = {0, 1, *(place for place in range(1, len(word)) if word[:place] in self._ends)}
        for place in range(len(word)):
            if place in reached:
                if word[place:] in self._beginnings:
                    return False
                reached.update(self._steps(word, place, {0: len(word)}, "-"))
        return len(word) not in reached


def _may_be_bracketed(letters: str) -> bool:
    return len(letters) <= _BRACKETED or list(letters) == sorted(letters)


def has_strange_marks(name: str) -> bool:
    """Tell whether a mark or number stands in a text that stands in no name."""
    return _NEVER.search(name) is not None


@cache
def read_vocabulary(jar: Path) -> Vocabulary:
    """Return the vocabulary of the OPSIN in a jar."""
    with ZipFile(jar) as archive:

        def elements(name: str, tag: str) -> list[str]:
            return [each.text or "" for each in ElementTree.fromstring(archive.read(_RESOURCES + name)).iter(tag)]

        return Vocabulary(
            token
            for name in elements("index.xml", "tokenFile")
            for text in elements(name, "token")
            for token in text.split("|")
        )
