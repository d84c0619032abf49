"""Descriptions read, each once: a search over all of them first, then word by word those that can say anything."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np

from app.chemistry.opsin import ReadNames
from app.screening.clues import TextRead, add_structures, described, names_in_doubt, read_text
from app.screening.dictionary import Dictionary
from app.screening.line_search import LineFound, LineSearch
from app.screening.mentions import Mentions
from app.screening.recent import Recent
from app.screening.search import Hits, Search
from app.screening.sequences import Bools, Ints
from app.screening.structures import StructureIndex
from app.screening.systematic import IsStrangeWord, is_never_strange

_REMEMBERED = 16_384
_FEW_ALONE = 64
"""So many texts that come alone are searched as a column is, before tables are made for such texts: a file has few."""

NOTHING, CONSIDERED, SPEAKS = range(3)
"""What a text says of listed substances: nothing; names that were considered and dropped; names or identifiers."""
_SAYS, _VAGUE = 3, 4
"""What was found of a text, as bits: what it says, and that no word of it names any goods in particular."""


class Texts:
    """The reader of descriptions."""

    def __init__(
        self,
        names: Dictionary,
        structures: StructureIndex,
        read_names: ReadNames | None,
        is_strange_word: IsStrangeWord = is_never_strange,
    ) -> None:
        """Take the names, the listed structures, and what reads systematic names as SMILES where there is one.

        `is_strange_word` tells of a word of letters that nothing is read which has it in it.
        """
        self._names = names
        self._structures = structures
        self._read_names = read_names
        # What was learnt of words and texts is shared by all threads that screen: one at a time.
        self._turn = RLock()
        self._known: OrderedDict[str, TextRead] = OrderedDict()
        self._alone = 0
        self._recent = Recent()
        self._mentions = Mentions(names, structures.strangers, is_strange_word, self.are_listed)

    @cached_property
    def _lines(self) -> LineSearch:
        """The search of single lines, for whom it is as `_columns`."""
        return self._names.line_search()

    @cached_property
    def _columns(self) -> Search:
        """The search of whole columns; its tables take long to make, and who reads only single lines needs none."""
        return self._names.search()

    def read(self, text: str) -> TextRead:
        """Read one description, already cut to what is read."""
        with self._turn:
            read = self._known.get(text)
            if read is None:
                found = self._search_line(text)
                if found.mention is not None and not self._names_listed(found.mention):
                    # No systematic name of a listed molecule: nothing more is to be asked.
                    read = self._known[text] = read_text(text, self._names, found.hits, systematic=False)
                else:
                    self._read_all({text: (True, True)}, found.hits)
                    read = self._known[text]
                _forget(self._known)
            return read

    def _search_line(self, text: str) -> LineFound:
        """Search one text, in the tables of the columns where these are there and nearly no text comes alone."""
        if "_columns" not in vars(self) or "_lines" in vars(self) or self._alone == _FEW_ALONE:
            return self._lines.search(text)
        self._alone += 1
        found = self._columns.search([text])
        return LineFound(found.hits, None if found.hits else found.mentions.get(0))

    def look_through(self, texts: list[str]) -> tuple[Ints, Bools]:
        """Tell what descriptions say of listed substances.

        Args:
            texts: n distinct descriptions, already cut to what is read.

        Returns:
            int[n]: `NOTHING`, or `CONSIDERED` or `SPEAKS`, of which `read` has more to say; bool[n]: no word names any
            goods in particular.
        """
        with self._turn:
            return self._look_through(texts)

    def _look_through(self, texts: list[str]) -> tuple[Ints, Bools]:
        met = self._recent.look_up(texts)
        told = np.array([each or 0 for each in met], dtype=np.int64)
        new = [
            place
            for place, each in enumerate(met)
            if each is None or (each & _SAYS and texts[place] not in self._known)
        ]
        if new:
            fresh = [texts[place] for place in new]
            says, vague = self._search(fresh)
            told[new] = says | _VAGUE * vague
            self._recent.learn(zip(fresh, told[new].tolist(), strict=True))
        return told & _SAYS, (told & _VAGUE) != 0

    def _search(self, texts: list[str]) -> tuple[Ints, Bools]:
        found = self._columns.search(texts)
        read = found.named | found.numbered
        systematic = np.ones(len(texts), dtype=np.bool_)
        if self._read_names is not None:
            listed = self._mentions.name_listed(found.mentions.values())
            systematic[:] = False
            systematic[[place for place, mention in found.mentions.items() if listed[mention]]] = True
            read |= systematic
        places = np.flatnonzero(read)
        asked = zip(places.tolist(), systematic[places].tolist(), found.numbered[places].tolist(), strict=True)
        self._read_all({texts[place]: each for place, *each in asked}, found.hits)
        says = np.zeros(len(texts), dtype=np.int64)
        says[places] = [_says(self._known[texts[place]]) for place in places.tolist()]
        _forget(self._known)
        return says, found.vague

    def _read_all(self, texts: Mapping[str, Sequence[bool]], hits: Mapping[str, Hits]) -> None:
        """Read texts and remember them; the structures of all their names are asked for at once.

        Args:
            texts: each with two truths: it may be a systematic name of a listed molecule; a registry number, UN number
                or InChIKey may stand in it.
            hits: where listed names may stand in them.
        """
        new = {
            text: read_text(text, self._names, hits, systematic=systematic, numbered=numbered)
            for text, (systematic, numbered) in texts.items()
            if text not in self._known
        }
        if self._read_names is not None:
            self._read_names([name for read in new.values() for name in names_in_doubt(read)])
            new = {text: add_structures(read, self._structures, self._read_name) for text, read in new.items()}
        self._known.update(new)

    def _names_listed(self, mention: str) -> bool:
        """Tell whether a mention must be read: it names a listed molecule, or nothing here reads names at all."""
        return self._read_names is None or self._mentions.name_listed([mention])[mention]

    def are_listed(self, readings: Sequence[Sequence[str]]) -> list[bool | None]:
        """Tell of the readings of some names whether the first that is understood is a listed molecule."""
        if self._read_names is None:
            return [None] * len(readings)
        understood = iter(self._read_names([reading for each in readings for reading in each]))
        smiles = [[next(understood) for _ in each] for each in readings]
        return [
            bool(described(each, self._structures, self._read_name)) if any(those) else None
            for each, those in zip(readings, smiles, strict=True)
        ]

    def _read_name(self, name: str) -> str | None:
        assert self._read_names is not None
        return self._read_names([name])[0]


def _forget(known: OrderedDict[str, Any]) -> None:
    """Drop what was learnt first when too much is remembered."""
    while len(known) > _REMEMBERED:
        known.popitem(last=False)


def _says(read: TextRead) -> int:
    if read.clues or read.cas or read.ec or read.un or read.inchikeys:
        return SPEAKS
    return CONSIDERED if read.look_alikes else NOTHING
