"""Misspelt names: where a word comes near a long word of a listed name, the whole name is measured around it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import OSA

from app.chemistry.fold import Words, key_of_word
from app.chemistry.keyhash import HashSet, hash_keys, hash_of_key
from app.chemistry.nomenclature import is_chemical_word
from app.screening.context import NEUTRAL, is_balanced
from app.screening.made_once import MadeOnce
from app.screening.near_words import NearWords
from app.screening.policy import Policy
from app.screening.slips import is_common_slip
from app.screening.spellings import letters_of, letters_of_all
from app.screening.windows import Window
from app.watchlist.index import numbers_of

SHORTEST_ANCHOR = 5
"""Words of fewer characters are too common to be an anchor."""
_TWO_EDIT_ANCHOR = 6
"""Anchors of at least this many characters may carry both edits of a long name."""
_ANCHORS = 2
"""A name has its longest words as anchors: two edits leave one of two within one edit."""
_SHORTEST_PART, _SHORTEST_RUN = 3, 9
"""What two words make without anything between is an anchor from these lengths of each and of both."""
_RUN_OF_WORDS = 3
"""Three words are written as one in German and its like: `Methylisobutylketon`."""
_LONG_RUN = 12
"""What words make together from this length on is as sure as a word of its own: Germanic tongues write it as one."""
_LONG_WORD = 8
"""A single word of fewer characters has misspelt neighbours only where it reads as a chemical's name, or by a common
slip."""
_SURE_WORD, _SURE_KEY = 8, 12
"""Two edits need a long word or a long name: `éter fenílico` is within two edits of `ethylic ether`."""
MOST_WORDS = 400
"""Words of a text that are looked at for misspellings; a longer line is no goods description."""
MOST_EDITS = 2
PARTED_EDITS = 1
"""What has parted a word is a slip already."""

_SAME_CLASS = tuple(
    frozenset(key_of_word(word) for word in words.split())
    for words in (
        "acid kyselina kyslina kislina kiselina",
        "alcohol alcool alkohol alkoholi alcoholes alcools",
        "hydrochloride gydrochloride",
    )
)
"""Keys of class words that mean the same in many languages: one of them is a slip for another, or no slip at all."""
_INFLECTIONS = "isu"
"""Letters that end plurals and cases, and are left at the end of a key."""

_NO_LETTERS = np.empty(0, dtype=np.uint64)
_NO_EDITS = np.empty(0, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class AnchoredName:
    """A listed name that may be misspelt."""

    key: str
    raw: str
    """The name's words as they are spelt, nothing between."""
    edits: int
    digits: str
    words: int
    """How many words it has."""
    common: bool
    """Only a common slip makes it; it is a short word that is no nomenclature."""
    edges: tuple[str, str]
    """The single letters it begins and ends with, each empty where a longer word stands there: they are no slips."""


class Anchors:
    """Every listed name under its longest words, and these anchors by the lengths of words that come near them."""

    def __init__(
        self,
        names: Iterable[tuple[str, Words]],
        vocabulary: npt.NDArray[np.uint64],
        policy: Policy,
        once: MadeOnce | None = None,
    ) -> None:
        """Prepare the names.

        Args:
            names: (key, words as they are spelt) of every listed name; looked at only where the once has not what is
                made of them.
            vocabulary: uint64[m], sorted hashes of the words that names of chemicals are made of.
            policy: how many edits a name of which length may have.
            once: keeps it.
        """
        self._vocabulary = frozenset(vocabulary.tolist())
        self._known = HashSet(vocabulary)
        made = (once or MadeOnce()).take("anchors", lambda: self._made_of(list(names), policy))
        read = {name: array.to_pylist() for name, array in made.items()}
        edges = zip(read["first"], read["last"], strict=True)
        columns = (read[name] for name in ("key", "raw", "edits", "digits", "words", "common"))
        self.listed = [*map(AnchoredName, *columns, edges)]
        self.pairs = numbers_of(made["name"]), numbers_of(made["before"]), numbers_of(made["count"])
        """int32[n] the names of all anchors, as places in `listed`; int32[n] the letters of each before its anchor;
        int32[m] how many of them each anchor has."""
        held = [*zip(map(self.listed.__getitem__, read["name"]), read["before"], strict=True)]
        bounds = accumulate(read["count"])
        self.anchored: dict[str, list[tuple[AnchoredName, int]]] = {
            anchor: held[end - count : end]
            for anchor, count, end in zip(read["anchor"], read["count"], bounds, strict=True)
        }
        """Anchor to the names that have it, each with the letters of its key before the anchor."""
        self.spelt: dict[str, str] = dict(zip(read["part"], read["spelt"], strict=True))
        """The keys of the words of names, each as the first name that has it spells it."""
        self.near_words = NearWords(self.spelt)
        self.runs = frozenset(read["run"])
        """Anchors that are words run together: what is run together is a slip already."""
        self.near = lru_cache(maxsize=32_768)(self._near)
        """The anchors near a key; a key of several words that a mark or space has parted may be one edit away only."""

    def _made_of(self, names: list[tuple[str, Words]], policy: Policy) -> dict[str, pa.Array]:
        """Return names, anchors, the names of each, and the words of names, in columns."""
        listed: list[AnchoredName] = []
        anchored: dict[str, list[tuple[int, int]]] = defaultdict(list)
        whole: set[str] = set()
        spelt: dict[str, str] = {}
        orders = [_order_of(key, words) for key, words in names]
        every = list({part for order in orders for _, part in order})
        known = {part for part, is_known in zip(every, self.are_known(every).tolist(), strict=True) if is_known}
        for (key, _), order in zip(names, orders, strict=True):
            for word, part in order:
                if part in known:
                    spelt.setdefault(part, word)
            if not order or not key.isascii() or len(key) < policy.shortest_fuzzy_key:
                continue
            longest = max(len(part) for _, part in order)
            edits = 2 if len(key) >= policy.two_edits_from and (longest >= _SURE_WORD or len(key) >= _SURE_KEY) else 1
            raw = "".join(word for word, _ in order)
            common = len(order) == 1 and len(key) < _LONG_WORD and not is_chemical_word(key)
            parts = [part for _, part in order]
            edges = (parts[0] if len(parts[0]) == 1 else "", parts[-1] if len(parts[-1]) == 1 else "")
            for part, start in anchors_of(parts):
                anchored[part].append((len(listed), start))
            listed.append(AnchoredName(key, raw, edits, _digits(key), len(order), common, edges))
            whole.update(parts)
        held = [pair for pairs in anchored.values() for pair in pairs]
        return {
            "key": pa.array([name.key for name in listed], pa.string()),
            "raw": pa.array([name.raw for name in listed], pa.string()),
            "edits": pa.array([name.edits for name in listed], pa.uint8()),
            "digits": pa.array([name.digits for name in listed], pa.string()),
            "words": pa.array([name.words for name in listed], pa.int32()),
            "common": pa.array([name.common for name in listed], pa.bool_()),
            "first": pa.array([name.edges[0] for name in listed], pa.string()),
            "last": pa.array([name.edges[1] for name in listed], pa.string()),
            "anchor": pa.array(list(anchored), pa.string()),
            "count": pa.array(map(len, anchored.values()), pa.int32()),
            "name": pa.array([name for name, _ in held], pa.int32()),
            "before": pa.array([before for _, before in held], pa.int32()),
            "run": pa.array(sorted(anchored.keys() - whole), pa.string()),
            "part": pa.array(list(spelt), pa.string()),
            "spelt": pa.array(list(spelt.values()), pa.string()),
        }

    @cached_property
    def _by_length(self) -> dict[int, tuple[list[str], npt.NDArray[np.uint64], npt.NDArray[np.uint8]]]:
        """For each length of a word: the anchors that may be near it, their letters and their edits."""
        letters = dict(zip(self.anchored, letters_of_all(list(self.anchored)), strict=True))
        lengths: dict[int, list[str]] = defaultdict(list)
        for anchor in self.anchored:
            edits = self.edits_of(anchor)
            for length in range(len(anchor) - edits, len(anchor) + edits + 1):
                lengths[length].append(anchor)
        return {
            length: (
                anchors,
                np.array([letters[anchor] for anchor in anchors], dtype=np.uint64),
                np.array([self.edits_of(anchor) for anchor in anchors], dtype=np.uint8),
            )
            for length, anchors in lengths.items()
        }

    def _near(self, word: str, most: int = MOST_EDITS) -> tuple[str, ...]:
        """Return the anchors within their edits of a word, and within `most`.

        Of a word that is spelt as chemicals are, it is the word itself or nothing.

        One edit takes at most one letter from a word and brings at most one: anchors whose letters differ by more are
        left out before any distance is measured, and no other is.
        """
        if self.is_known(word):
            return (word,) if word in self.anchored and self.edits_of(word, most) else ()
        anchors, letters, edits_of = self._by_length.get(len(word), ((), _NO_LETTERS, _NO_EDITS))
        differ = np.bitwise_count(letters ^ letters_of(word))
        likely = (differ <= 2 * np.minimum(edits_of, most)).nonzero()[0]
        near = []
        for place in likely.tolist():
            anchor = anchors[place]
            edits = self.edits_of(anchor, most)
            if edits and OSA.distance(word, anchor, score_cutoff=edits) <= edits:
                near.append(anchor)
        return tuple(near)

    def edits_of(self, anchor: str, most: int = MOST_EDITS) -> int:
        """Return how many edits a word may be away from an anchor, at most `most`; 0 where it is not looked for."""
        if anchor in self.runs and not (most == MOST_EDITS and len(anchor) >= _LONG_RUN):
            return most - 1
        return min(most, 2 if len(anchor) >= _TWO_EDIT_ANCHOR else 1)

    def is_known(self, word: str) -> bool:
        """Tell whether a word is spelt as names of chemicals spell it: then it is no slip for another."""
        return hash_of_key(word) in self._vocabulary

    def are_known(self, words: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return bool[n]: `is_known` of each word."""
        return self._known.contains(hash_keys(words))

    def measured(self, words: Words, near: Iterable[tuple[Window, AnchoredName]]) -> list[tuple[Window, str, int]]:
        """Measure windows that may be misspelt names.

        Args:
            words: the text's words.
            near: what `app.screening.misspellings` found in it.

        Returns:
            (window, key of the name, edits), edits at least 1. The digits of window and name are the same, and every
            word of the window that is spelt as names of chemicals spell it stands in the name.
        """
        found = {(window, name.key): self._edits(words, window, name) for window, name in near}
        return [(window, key, edits) for (window, key), edits in found.items() if edits]

    def _edits(self, words: Words, window: Window, name: AnchoredName) -> int | None:
        """Return how many edits part a window from a name, as keys or as spelt; None for none or too many."""
        keys, spelt = words.keys[window.first : window.last], words.words[window.first : window.last]
        text = "".join(keys)
        if _digits(text) != name.digits:
            return None
        edits = OSA.distance(text, name.key, score_cutoff=name.edits)
        if edits > name.edits:
            edits = OSA.distance("".join(spelt), name.raw, score_cutoff=name.edits)
            if edits > name.edits:
                return None
        if edits == 0 or not self.could_be(keys, spelt, name, edits):
            return None
        if not words.stand_together(window.first, window.last):
            return None
        if window.last - window.first > 1 and not is_balanced(words.as_written(window.first, window.last)):
            return None
        if window.last - window.first > name.words and _is_spaced(words, window):
            edits += 1  # a space that parts a word of the name is a slip like any other
            if edits > name.edits:
                return None
        return edits

    def could_be(self, keys: Sequence[str], spelt: Sequence[str], name: AnchoredName, edits: int) -> bool:
        """Tell whether words so many edits from a name could be the name, whatever stands between and around them.

        Args:
            keys: of the words, in their order.
            spelt: the same words as they are spelt.
            name: within its edits of them.
            edits: how many there are, at least 1.
        """
        text = "".join(keys)
        if not (text.startswith(name.edges[0]) and text.endswith(name.edges[1])):
            return False
        if edits > 1 and text[0] != name.key[0] and _means_its_beginning(keys[0], name):
            return False
        if name.common and not is_common_slip("".join(spelt), name.raw):
            return False
        first, last = keys[0], keys[-1]
        # A word at an edge that says nothing is not the name's, unless it is so in the name.
        if (first in NEUTRAL and not name.key.startswith(first)) or (last in NEUTRAL and not name.key.endswith(last)):
            return False
        others = (key for key in keys if len(key) >= SHORTEST_ANCHOR and key not in name.key)
        return not any(self.is_known(key) and not _is_the_names(key, name.key) for key in others)


def _is_the_names(key: str, name: str) -> bool:
    """Tell whether a word is one of a name as other languages have it: `anidridi`, `safrols`, `alcol`."""
    for same in _SAME_CLASS:
        if key in same and any(other in name for other in same):
            return True
    return (key[-1] in _INFLECTIONS and key[:-1] in name) or ("s" in key and key.replace("s", "z") in name)


def _means_its_beginning(first: str, name: AnchoredName) -> bool:
    """Tell whether a first word with another first letter is no slip: the name is short, or it is nomenclature."""
    return len(name.key) < _SURE_KEY or is_chemical_word(first)


def _is_spaced(words: Words, window: Window) -> bool:
    return any(mark.isspace() for mark in words.as_written(window.first, window.last))


def _order_of(key: str, words: Words) -> list[tuple[str, str]]:
    """Return a name's words with their keys in the order that makes up its key; nothing where none does."""
    read = list(zip(words.words, words.keys, strict=True))
    if "".join(words.keys) == key:
        return read
    written = [read[place] for place in sorted(range(len(read)), key=lambda place: words.spans[place])]
    return next((order for order in (written, read[::-1]) if "".join(part for _, part in order) == key), [])


def anchors_of(parts: Sequence[str]) -> list[tuple[str, int]]:
    """Return the anchors of a name, each with the letters before it.

    Args:
        parts: the keys of its words, in the order that makes up its key.

    Returns:
        Its longest words, what the longest makes with a neighbour when nothing is written between them, and what three
        words make so.
    """
    starts = list(accumulate(map(len, parts), initial=0))
    longest = sorted(range(len(parts)), key=lambda place: -len(parts[place]))[:_ANCHORS]
    runs = [(place, place + 1) for place in longest]
    runs += [
        (place, place + 2)
        for place in (longest[0] - 1, longest[0])
        if 0 <= place < len(parts) - 1
        and min(map(len, parts[place : place + 2])) >= _SHORTEST_PART
        and sum(map(len, parts[place : place + 2])) >= _SHORTEST_RUN
    ]
    if len(parts) == _RUN_OF_WORDS and min(map(len, parts)) >= _SHORTEST_PART:
        runs.append((0, len(parts)))
    anchors = [("".join(parts[first:last]), starts[first]) for first, last in runs]
    return [(anchor, start) for anchor, start in anchors if len(anchor) >= SHORTEST_ANCHOR and anchor.isalpha()]


def _digits(text: str) -> str:
    return "" if text.isalpha() else "".join(char for char in text if char.isdigit())
