"""Descriptions read, each once: a search over all of them first, then word by word those that can say anything."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import RLock
from typing import Any

import numpy as np

from app.chemistry.fold import split_words
from app.screening.clues import TextRead, add_structures, described, names_in_doubt, read_text
from app.screening.dictionary import Dictionary
from app.screening.search import Hits
from app.screening.sequences import Bools
from app.screening.structures import StructureIndex
from app.screening.systematic import systematic_readings, telling_clauses, whole_key

ReadNames = Callable[[Sequence[str]], list[str | None]]

_REMEMBERED = 65_536


class Texts:
    """The reader of descriptions."""

    def __init__(self, names: Dictionary, structures: StructureIndex, read_names: ReadNames | None) -> None:
        """Take the names, the listed structures, and what reads systematic names as SMILES where there is one."""
        self._names = names
        self._structures = structures
        self._read_names = read_names
        self._search = names.search()
        # What was learnt of words and texts is shared by all threads that screen: one at a time.
        self._turn = RLock()
        self._known: OrderedDict[str, TextRead] = OrderedDict()
        self._mentions: OrderedDict[str, bool] = OrderedDict()
        """Parts of texts that may be a systematic name: whether they are that of a listed molecule."""

    def read(self, text: str) -> TextRead:
        """Read one description, already cut to what is read."""
        with self._turn:
            read = self._known.get(text)
            if read is None:
                found = self._search.search([text])
                asked = self._ask_for(found.mentions)
                if asked and not any(asked.values()) and not found.hits:
                    # No systematic name of a listed molecule: nothing more is to be asked.
                    read = self._known[text] = replace(read_text(text, self._names, found.hits), readings=())
                else:
                    self._read_all([text], found.hits)
                    read = self._known[text]
                _forget(self._known)
            return read

    def look_through(self, texts: list[str]) -> tuple[Bools, Bools]:
        """Tell which descriptions say anything of a listed substance.

        Args:
            texts: n distinct descriptions, already cut to what is read.

        Returns:
            bool[n]: a name, a look-alike or an identifier is in it, so that `read` has more to say; bool[n]: no word
            names any goods in particular.
        """
        with self._turn:
            return self._look_through(texts)

    def _look_through(self, texts: list[str]) -> tuple[Bools, Bools]:
        found = self._search.search(texts)
        says = found.named | found.numbered
        for place, listed in self._ask_for(found.mentions).items():
            says[place] |= listed
        places = np.flatnonzero(says).tolist()
        self._read_all([texts[place] for place in places], found.hits)
        for place in places:
            says[place] = _says_something(self._known[texts[place]])
        _forget(self._known)
        return says, found.vague

    def _read_all(self, texts: list[str], hits: Mapping[str, Hits]) -> None:
        """Read texts and remember them; the structures of all their names are asked for at once."""
        new = {text: read_text(text, self._names, hits) for text in texts if text not in self._known}
        if self._read_names is not None:
            self._read_names([name for read in new.values() for name in names_in_doubt(read)])
            new = {text: add_structures(read, self._structures, self._read_name) for text, read in new.items()}
        self._known.update(new)

    def _ask_for(self, mentions: dict[int, str]) -> dict[int, bool]:
        """Tell which parts of texts are systematic names of listed molecules; each is asked for once."""
        if self._read_names is None:
            return {}
        new = [mention for mention in dict.fromkeys(mentions.values()) if mention not in self._mentions]
        clauses = {mention: telling_clauses(mention, self._structures.strangers) for mention in new}
        lawful = self._lawful({clause for each in clauses.values() for clause in each})
        readings = {
            mention: systematic_readings(split_words(mention)) if any(clause not in lawful for clause in each) else ()
            for mention, each in clauses.items()
        }
        # The first reading that is understood counts, and most names are understood as they stand.
        doubtful = [each for each in readings.values() if each]
        understood = self._read_names([each[0] for each in doubtful])
        others = [each[1:] for each, smiles in zip(doubtful, understood, strict=True) if smiles is None]
        self._read_names([reading for each in others for reading in each])
        for mention, each in readings.items():
            self._mentions[mention] = bool(described(each, self._structures, self._read_name))
        asked = {place: self._mentions[mention] for place, mention in mentions.items()}
        _forget(self._mentions)
        return asked

    def _lawful(self, clauses: set[str]) -> set[str]:
        """Return the clauses that name lawful chemicals of the dictionary."""
        asked = list(clauses)
        known = self._names.lawful([whole_key(split_words(clause)) for clause in asked])
        return {
            clause
            for clause, chemical in zip(asked, known, strict=True)
            if chemical is not None and self._names.family_of(chemical) is None
        }

    def _read_name(self, name: str) -> str | None:
        assert self._read_names is not None
        return self._read_names([name])[0]


def _forget(known: OrderedDict[str, Any]) -> None:
    """Drop what was learnt first when too much is remembered."""
    while len(known) > _REMEMBERED:
        known.popitem(last=False)


def _says_something(read: TextRead) -> bool:
    return bool(read.clues or read.look_alikes or read.cas or read.ec or read.un or read.inchikeys)
