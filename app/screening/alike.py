"""Records of which the same is to be said: most lines of trade say nothing listed, and are judged together."""

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.identifiers import subheading_of
from app.domain.records import FIELDS, MAX_DESCRIPTION, RECORD_SCHEMA, UNREADABLE
from app.screening.evidence import Evidence
from app.screening.lookup import Lookup
from app.screening.texts import CONSIDERED, NOTHING, SPEAKS, Texts

_DRAWN = ("cas", "inchi", "inchikey")
"""A cell of these is always looked at."""
_CODES = ("hs_code", "un_number")
"""Most cells of these say nothing, and few are distinct."""
_PLAIN_CODES = frozenset((6, 8, 10, 12))
"""Digits of a tariff code that has lost none."""
_STILL_TELLING = (UNREADABLE, "origin", "destination", "transit", "movement", "date")
"""What the answer to a line that says nothing still depends on."""
_DATE = RECORD_SCHEMA.get_field_index("date")
_STAND_INS = ("", "wood", "goods")
"""What such a line is judged by: nothing at all, goods that are no chemicals, and a word that names no goods."""
_NOTHING, _PLAIN, _VAGUE = range(3)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Cells = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Records put together that are judged alike."""

    which: list[int]
    """For each record the place of its group."""
    cells: list[Cells]
    """For each group the fields to judge it by, in the order of `RECORD_SCHEMA`."""
    speaking: int
    """So many groups, the first ones, are records that say something, each for itself."""
    considered: dict[int, str]
    """By their rows, the descriptions of others in which names were considered and dropped: the answer says so."""


class Alike:
    """Tells which records say something, and puts together the others."""

    def __init__(self, texts: Texts, lookup: Lookup) -> None:
        """Take the reader of descriptions and the identifiers of listed substances."""
        self._texts = texts
        self._lookup = lookup
        self._code_says = lru_cache(maxsize=65_536)(self._says)

    def group(self, records: pa.Table, days: list[str]) -> Groups:
        """Put together records that are answered alike.

        Args:
            records: a table of `RECORD_SCHEMA` with n rows.
            days: of each row what its date says to a record in which nothing is found.

        Returns:
            The groups. A record that says anything is a group of its own, with its own fields.
        """
        says, kinds = self._descriptions(records.column("description"))
        speaks = says == SPEAKS
        for name in _DRAWN:
            speaks |= _filled(records.column(name))
        for name in _CODES:
            speaks |= self._codes(records.column(name), name)
        speaks |= self._structures(records.column("smiles"), kinds)
        rows = np.flatnonzero(speaks)
        which = np.zeros(len(speaks), dtype=np.int64)
        which[rows] = np.arange(len(rows))
        columns = [records.column(name).take(pa.array(rows)).to_pylist() for name in (*FIELDS, UNREADABLE)]
        groups: list[Cells] = list(zip(*columns, strict=True))
        silent = np.flatnonzero(~speaks)
        if silent.size:
            first, inverse = _distinct(records.set_column(_DATE, "date", pa.array(days)), silent, kinds[silent])
            which[silent] = len(groups) + inverse
            groups += _stand_ins(records, silent[first], kinds[silent[first]])
        considered = np.flatnonzero(~speaks & (says == CONSIDERED))
        texts = records.column("description").take(pa.array(considered)).to_pylist()
        return Groups(which.tolist(), groups, len(rows), dict(zip(considered.tolist(), texts, strict=True)))

    def _descriptions(self, column: pa.ChunkedArray) -> tuple[Ints, Ints]:
        """Return what each row's description says, and what stands in for it where nothing in the row speaks."""
        encoded = column.combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        kept = [place for place, text in enumerate(texts) if text.strip() and len(text) <= MAX_DESCRIPTION]
        found, vague = self._texts.look_through([texts[place] for place in kept])
        # One more place than texts: that of no description. Blank ones and those that are cut are read for themselves.
        says = np.full(len(texts) + 1, SPEAKS)
        says[kept] = found
        kinds = np.zeros(len(texts) + 1, dtype=np.int64)
        kinds[kept] = np.where(vague, _VAGUE, _PLAIN)
        for place in itertools.compress(kept, (found == SPEAKS).tolist()):
            read = self._texts.read(texts[place])
            if not self._lookup.finds_in(read):  # a registry number of other goods
                says[place] = CONSIDERED if read.look_alikes else NOTHING
                kinds[place] = _PLAIN
        for nothing in (len(texts), *(place for place, text in enumerate(texts) if not text)):
            says[nothing] = NOTHING
            kinds[nothing] = _NOTHING
        places = _codes_of(encoded)
        return says[places], kinds[places]

    def _structures(self, column: pa.ChunkedArray, kinds: Ints) -> Bools:
        """Return which rows' SMILES must be read; what stands in for the others is set in `kinds`: they name goods."""
        speaks = _filled(column)
        rows = np.flatnonzero(speaks)
        if rows.size:
            texts = column.take(pa.array(rows)).to_pylist()
            silent = rows[self._lookup.structures.say_nothing([text.strip() for text in texts])]
            speaks[silent] = False
            kinds[silent] = _PLAIN
        return speaks

    def _codes(self, column: pa.ChunkedArray, name: str) -> Bools:
        encoded = column.combine_chunks().dictionary_encode()
        says = [
            not (name == "hs_code" and self._is_other_subheading(text))
            and bool(text.strip())
            and self._code_says(name, text)
            for text in encoded.dictionary.to_pylist()
        ]
        return np.array([*says, False], dtype=np.bool_)[_codes_of(encoded)]

    def _is_other_subheading(self, code: str) -> bool:
        """Tell of a plain tariff code, as most are, that no listed substance falls under it."""
        return len(code) in _PLAIN_CODES and code.isascii() and code.isdigit() and code[:6] not in self._lookup.headings

    def _says(self, name: str, code: str) -> bool:
        """Tell whether a code alone is evidence of anything."""
        if name == "hs_code" and code.replace(".", "").isdigit() and subheading_of(code) not in self._lookup.headings:
            return False
        evidence = Evidence(self._lookup)
        evidence.take_misplaced(code)
        evidence.take_codes(**{"hs_code": None, "un_number": None, name: code})
        return evidence.anything or bool(evidence.unread or evidence.by_substance())


def _filled(column: pa.ChunkedArray) -> Bools:
    if column.null_count == len(column):
        return np.zeros(len(column), dtype=np.bool_)
    filled: Bools = pc.fill_null(pc.not_equal(column, ""), False).to_numpy()
    return filled


def _codes_of(encoded: pa.DictionaryArray) -> Ints:
    """Return int64[n]: the place of each value in the dictionary, one past its end for none."""
    places: Ints = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    return places.astype(np.int64)


def _distinct(records: pa.Table, rows: Ints, kinds: Ints) -> tuple[Ints, Ints]:
    """Return the first row of each distinct combination, and for each row which combination it has."""
    combined = kinds
    for name in _STILL_TELLING:
        column = records.column(name)
        if column.null_count < len(column):
            encoded = column.combine_chunks().dictionary_encode()
            combined = combined * (len(encoded.dictionary) + 1) + _codes_of(encoded)[rows]
            combined = np.unique(combined, return_inverse=True)[1]  # stays small, however many columns
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    return first, inverse


def _stand_ins(records: pa.Table, rows: Ints, kinds: Ints) -> list[Cells]:
    taken = records.take(pa.array(rows))
    columns: list[list[str | None]] = []
    for name in (*FIELDS, UNREADABLE):
        if name == "description":
            columns.append([_STAND_INS[kind] for kind in kinds.tolist()])
        elif name in _STILL_TELLING:
            columns.append(taken.column(name).to_pylist())
        else:
            columns.append([None] * len(rows))
    return list(zip(*columns, strict=True))
