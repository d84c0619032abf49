"""Every name known, listed and lawful: exact windows of a text, and what a key means."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA

from app.chemistry.fold import Words, name_keys, split_words
from app.chemistry.keyhash import hash_keys, hash_neighbours, hash_of_key
from app.screening.anchors import Anchors
from app.screening.context import SALT_WORDS, is_balanced
from app.screening.lawful_runs import LawfulNames, LawfulRuns
from app.screening.line_search import LineSearch
from app.screening.made_once import MadeOnce, open_made
from app.screening.mending import Mending
from app.screening.policy import Policy
from app.screening.search import Search
from app.screening.windows import Window
from app.watchlist.index import Index
from app.watchlist.lawful import find_hashes

_WEAK_KEY = 5
"""Keys up to this length are abbreviations and formulas: they count only where they fill their clause."""
_WEAK_HAN = 2
"""Two characters of another script are as short as an abbreviation."""
_FIRST_ELEMENT, _LAST_ELEMENT = "2801", "2805"
"""HS headings of the chemical elements: their bare names stand in many descriptions of other goods."""
_LONG_BRAND = {"trade": 7, "misspelling": 9, "abbreviation": 9}
"""Shorter brand names and the like are made-up words, and so are their neighbours: they match exactly only."""
_FEW = 4
"""So many keys are looked up sooner one by one."""


class Dictionary:
    """Listed and lawful names, prepared for reading texts."""

    def __init__(self, index: Index, policy: Policy, once: MadeOnce | None = None) -> None:
        """Prepare the names.

        Args:
            index: the compiled watchlist.
            policy: how far a misspelt name may be from a listed one.
            once: keeps the tables that are made of the names; the one that is kept with the index where none is given.
        """
        self._index = index
        self._policy = policy
        self._once = open_made(index.place, policy) if once is None else once
        names = index.names
        self._texts: list[str] = names.column("text").to_pylist()
        self._substances: list[int] = names.column("substance").to_pylist()
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(names.column("key").to_pylist()):
            self._rows[key].append(row)
        self._keys = list(self._rows)
        made = self._once.take("listed", self._made)
        self._bracketed, self._abbreviations, self._weak, self._brands = (
            frozenset(made[name].to_pylist()) for name in ("bracketed", "abbreviations", "weak", "brands")
        )
        self._lawful = lru_cache(maxsize=4_096)(self._find_lawful)
        self._families = index.chemicals.column("family").to_numpy()
        self._lawful_near = lru_cache(maxsize=4_096)(self._find_lawful_near)
        self._spellings = lru_cache(maxsize=4_096)(self._find_spellings)
        self._lawful_names = LawfulNames(index.lawful_hashes, index.lawful_chemicals)
        self._whole = [substance.whole_molecule_only for substance in index.watchlist.substances]
        self.anchors = Anchors(self._misspellable(), index.vocabulary, policy, self._once)
        self.mending = Mending(self.anchors.near_words, self._is_lawful_word)

    def _made(self) -> dict[str, pa.Array]:
        """Return the keys of which something is true, by what is."""
        kinds = self._index.names.column("kind").to_pylist()
        elements = {
            number
            for number, substance in enumerate(self._index.watchlist.substances)
            if any(_FIRST_ELEMENT <= code[:4] <= _LAST_ELEMENT for code in substance.hs)
        }
        rows_of = self._rows.items()
        bracketed = [key for key, rows in rows_of if any(mark in self._texts[row] for row in rows for mark in "([{")]
        abbreviations = [key for key, rows in rows_of if all(kinds[row] == "abbreviation" for row in rows)]
        brands = [key for key, rows in rows_of if all(kinds[row] == "trade" for row in rows)]
        known, surely_weak = frozenset(abbreviations), {*abbreviations, *brands}
        weak = [
            key
            for key, rows in rows_of
            if len(key) <= (_WEAK_KEY if key.isascii() else _WEAK_HAN)
            or key in surely_weak
            or _is_weak_salt(split_words(self._texts[rows[0]]).keys, known)
            or (" " not in self._texts[rows[0]] and self._substances[rows[0]] in elements)
        ]
        made = {"bracketed": bracketed, "abbreviations": abbreviations, "weak": weak, "brands": brands}
        return {name: pa.array(keys, pa.string()) for name, keys in made.items()}

    def _misspellable(self) -> Iterator[tuple[str, Words]]:
        """Yield the names that may be met misspelt, with their words; those that are English come first."""
        kinds = self._index.names.column("kind").to_pylist()
        english = [language == "en" for language in self._index.names.column("language").to_pylist()]
        for key, rows in sorted(self._rows.items(), key=lambda item: not english[item[1][0]]):
            if any(len(key) >= _LONG_BRAND.get(kinds[row], 0) for row in rows):
                yield key, split_words(self._texts[rows[0]])

    def search(self) -> Search:
        """Return what searches whole columns for these names."""
        esters = self._index.lawful_hashes[self._families[self._index.lawful_chemicals] >= 0]
        return Search(self._keys, self.anchors, self._index.lawful_hashes, esters, self.mending, self._once)

    def line_search(self) -> LineSearch:
        """Return what searches single lines for these names."""
        return LineSearch(self._keys, self.anchors, self.is_lawful, self.mending)

    def exact(self, words: Words, windows: Iterable[Window]) -> dict[Window, str]:
        """Return the windows of a text that are listed names letter for letter, the longest of those that overlap.

        Args:
            words: the text's words.
            windows: those whose key is a listed name's, as `app.screening.search` found them.

        Returns:
            Window to the key it bears; no window lies inside another.
        """
        found: dict[Window, str] = {}
        for window in windows:
            key = words.squashed[words.starts[window.first] : words.ends[window.last - 1]]
            if words.stand_together(window.first, window.last) and (
                key in self._bracketed or is_balanced(words.as_written(window.first, window.last))
            ):
                found[window] = key
        longest: dict[Window, str] = {}
        reached = 0
        for window in sorted(found, key=lambda window: (window.first, -window.last)):
            if window.last > reached:  # else a window that began before, or with it, holds it
                longest[window] = found[window]
                reached = window.last
        return longest

    def windows(self, words: Words) -> list[Window]:
        """Return the windows of a text that have a listed name's key, each looked up by itself."""
        return list(self._named(words.squashed, words.starts, words.ends))

    def stands_in(self, text: str) -> bool:
        """Tell whether a text has a window that has a listed name's key, sooner than by `split_words` and `windows`."""
        squashed, keys = name_keys(text)
        ends = list(accumulate(map(len, keys)))
        return next(self._named(squashed, [0, *ends[:-1]], ends), None) is not None

    def _named(self, squashed: str, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Window]:
        rows = self._rows
        for first, start in enumerate(starts):
            for last, end in enumerate(ends[first:], first + 1):
                if squashed[start:end] in rows:
                    yield Window(first, last)

    def _is_lawful_word(self, key: str) -> bool:
        """Tell whether a word is one that names of chemicals are made of, or names a lawful one."""
        return self.anchors.is_known(key) or self.lawful([key])[0] is not None

    def is_weak(self, key: str) -> bool:
        """Tell whether a key counts only where it fills its clause."""
        return key in self._weak

    def is_spelt_as_listed(self, key: str, word: str) -> bool:
        """Tell whether an abbreviation is spelt as it is listed: what shares its key only is another word."""
        if key not in self._abbreviations:
            return True
        return any(word == "".join(split_words(self._texts[row]).words) for row in self._rows[key])

    def is_brand(self, key: str) -> bool:
        """Tell whether a key is only ever a brand: what it stands for changes with country and year."""
        return key in self._brands

    def is_whole(self, key: str) -> bool:
        """Tell whether a key names only substances that are listed as they stand, never as a salt's parent."""
        return all(self._whole[self._substances[row]] for row in self._rows[key])

    def rows_of(self, key: str) -> list[int]:
        """Return the dictionary's rows under a key."""
        return self._rows[key]

    def substance_of(self, row: int) -> int:
        """Return the substance a row of the dictionary names."""
        return self._substances[row]

    def text_of(self, row: int) -> str:
        """Return a name as the dictionary spells it."""
        return self._texts[row]

    def spelt_apart(self, key: str, spelt: str) -> float:
        """Return how far letters and digits are from the nearest spelling of a name, 0 to 1: its key has fewer."""
        return min(OSA.normalized_distance(spelt, other) for other in self._spellings(key))

    def _find_spellings(self, key: str) -> tuple[str, ...]:
        return tuple({"".join(split_words(self._texts[row]).words) for row in self._rows[key]})

    def is_listed_key(self, key: str) -> bool:
        """Tell whether a key is a listed name's."""
        return key in self._rows

    def lawful(self, keys: list[str]) -> list[int | None]:
        """Return the lawful chemical each key names, None where it names none."""
        if len(keys) <= _FEW:
            return [self._lawful(key) for key in keys]
        at = find_hashes(self._index.lawful_hashes, hash_keys(keys))
        return [None if place < 0 else int(self._index.lawful_chemicals[place]) for place in at]

    def is_lawful(self, key: str) -> bool:
        """Tell whether a key names a lawful chemical."""
        return self._lawful(key) is not None

    def lawful_near(self, key: str) -> int | None:
        """Return a lawful chemical that a key names with one edit mended, None for none."""
        return self._lawful_near(key)

    def _find_lawful_near(self, key: str) -> int | None:
        hashes = hash_neighbours(key)
        likely = np.sort(hashes[self._lawful_names.may_be(hashes)])  # in their order they are found much sooner
        at = find_hashes(self._index.lawful_hashes, likely)
        found = at[at >= 0]
        return int(self._index.lawful_chemicals[found[0]]) if found.size else None

    def is_slip_of_a_word(self, key: str) -> bool:
        """Tell whether a word is an edit away from one that names of chemicals are made of."""
        return bool((find_hashes(self._index.vocabulary, hash_neighbours(key)) >= 0).any())

    def _find_lawful(self, key: str) -> int | None:
        return self._lawful_names.chemical_of(hash_of_key(key))

    def lawful_runs(self, words: Words) -> LawfulRuns:
        """Return what tells which runs of a text's words name lawful chemicals."""
        return LawfulRuns(self._lawful_names, words)

    def family_of(self, lawful: int) -> int | None:
        """Return the substance of whose family clause a chemical is a member, None for none."""
        family = int(self._families[lawful])
        return None if family < 0 else family

    def relation_of(self, lawful: int) -> str:
        """Return how a member of a family clause is related to its parent: ester, amide, carbamate, halide, acetal."""
        return str(self._index.chemicals.column("relation")[lawful].as_py())

    def name_of(self, lawful: int) -> str:
        """Return a lawful chemical's name."""
        return str(self._index.chemicals.column("name")[lawful].as_py())


def keep_tables(index: Index, policy: Policy) -> Path:
    """Make what the search of names needs, and keep it with the index.

    Returns:
        The file that holds it.

    Raises:
        OSError: the folder of the index cannot be written.
    """
    once = MadeOnce()
    Dictionary(index, policy, once).search()
    return once.save(index.place, policy)


def _is_weak_salt(keys: Sequence[str], abbreviations: Collection[str]) -> bool:
    """Tell whether what a name is a salt of is too short to count, or an abbreviation."""
    parent = "".join(key for key in keys if key not in SALT_WORDS)
    return keys[-1] in SALT_WORDS and (len(parent) <= _WEAK_KEY or parent in abbreviations)
