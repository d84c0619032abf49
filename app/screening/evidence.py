"""The clues of one record, gathered field by field."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from app.chemistry.alignment import quoted_reading
from app.chemistry.identifiers import (
    WrittenCas,
    find_cas_in_field,
    find_cas_in_text,
    find_ec_numbers,
    find_inchikeys,
    find_un_in_field,
    find_un_in_text,
    subheading_of,
)
from app.domain.decisions import Rejected
from app.domain.records import MAX_DESCRIPTION
from app.domain.words import Channel
from app.screening.clues import Clue, TextRead
from app.screening.contradictions import Contradiction
from app.screening.forms import OTHER_ISOMER, PARENT, SeenForm
from app.screening.lookup import Lookup

_POINTING = {Channel.HS: 0.60, Channel.UN: 0.62}
"""What an HS subheading or UN number that names a listed substance is worth alone: a person must look."""
_DICTIONARY = frozenset({Channel.NAME, Channel.NAME_FUZZY})
_NO_STEREO = "UHFFFAOYSA"
"""The second block of an InChIKey without stereochemistry or isotopes."""
_NAMING = frozenset({Channel.NAME, Channel.NAME_FUZZY, Channel.NAME_STRUCTURE, Channel.FAMILY})
_NAMED = frozenset({Channel.NAME, Channel.NAME_FUZZY, Channel.NAME_STRUCTURE})
_NUMBERED = frozenset({Channel.CAS, Channel.STRUCTURE})
_DRAWN = frozenset({Channel.STRUCTURE})
_IDENTIFYING = _NAMING | {Channel.CAS, Channel.STRUCTURE}
_LONGEST_SHOWN = 200
"""Characters of a name or structure that are shown as what was seen."""
_SUPPORT = 0.25
"""What a residual heading adds to other clues; alone it is nothing."""


def rejected_in(lookup: Lookup, read: TextRead) -> tuple[Rejected, ...]:
    """Return the listed substances that were considered in a text and dropped, each with its reason."""
    substances = lookup.index.watchlist.substances
    return tuple(
        [
            Rejected(substances[look.substance].id, substances[look.substance].name, look.why)
            for look in read.look_alikes
        ]
    )


class Evidence:
    """The clues of one record, gathered field by field."""

    def __init__(self, lookup: Lookup) -> None:
        """Start with nothing gathered."""
        self._lookup = lookup
        self._clues: dict[int, list[Clue]] = defaultdict(list)
        self._cas: dict[str, int | None] = {}
        self._drawn: list[tuple[str, str, set[int], set[int]]] = []
        """Structures that were read: what each is, its text, which substances it is, and which it is a relative of."""
        self._headings: tuple[bool, list[int]] = (False, [])
        self._subheading: str | None = None
        self._un: list[str] = []
        self._lawful: str | None = None
        self.anything = False
        self.unread: list[str] = []
        self.rejected: tuple[Rejected, ...] = ()

    def take_text(self, description: str | None) -> None:
        """Take the names and identifiers in the description."""
        if description is None or not description.strip():
            return
        if len(description) > MAX_DESCRIPTION:
            self.unread.append(f"only the first {MAX_DESCRIPTION} characters of the description were read")
        read = self._lookup.read(description[:MAX_DESCRIPTION])
        self.anything |= not read.generic or bool(read.clues)
        self._lawful = read.lawful
        for clue in read.clues:
            if clue.channel in _DICTIONARY:
                substance = self._lookup.index.watchlist.substances[clue.substance]
                form = self._lookup.form_named(substance, clue.matched, description)
                clue = clue if form == PARENT else replace(clue, form=form)
            elif clue.matched not in description:
                clue = replace(clue, matched=quoted_reading(description, clue.matched)[:_LONGEST_SHOWN])
            self._clues[clue.substance].append(clue)
        for cas in read.cas:
            self._take_cas(WrittenCas(cas, cas, repaired=False), 0.96)
        for ec in read.ec:
            self._take_ec(ec)
        for un in read.un:
            self._take_un(un)
        for key in read.inchikeys:
            self._take_inchikey(key)
        self.rejected = rejected_in(self._lookup, read)

    def take_cas(self, field: str | None) -> None:
        """Take the numbers in the CAS column; EC numbers and InChIKeys that stand there count as well."""
        if field is None or not field.strip():
            return
        found = find_cas_in_field(field)
        others = find_ec_numbers(field), find_inchikeys(field)
        for ec in others[0]:
            self._take_ec(ec)
        for key in others[1]:
            self._take_inchikey(key)
        if not found and not any(others):
            self.unread.append(f"no valid CAS number in '{field.strip()[:40]}'")
        for written in found:
            self._take_cas(written, 0.985 if written.repaired else 0.995)

    def _take_cas(self, written: WrittenCas, score: float) -> None:
        self.anything = True
        number = self._lookup.by_cas.get(written.cas)
        self._cas[written.cas] = number
        if number is not None:
            note = f"CAS number {written.cas} read from '{written.written}'" if written.repaired else ""
            form = self._lookup.forms.get(written.cas, PARENT)
            self._clues[number].append(Clue(number, Channel.CAS, score, written.cas, note, form=form))
        elif (relative := self._lookup.relative_of(written.cas)) is not None:
            parent, form, name = relative
            self._cas[written.cas] = parent
            note = f"CAS number {written.cas} is {name}, a relative ({form.relation}) of it"
            self._clues[parent].append(Clue(parent, Channel.FAMILY, score - 0.03, written.cas, note, form=form))

    def _take_ec(self, ec: str) -> None:
        self.anything = True
        number = self._lookup.by_ec.get(ec)
        if number is not None:
            self._clues[number].append(Clue(number, Channel.CAS, 0.96, f"EC {ec}", f"EC {ec} is its number"))

    def take_misplaced(self, *fields: str | None) -> None:
        """Take registry numbers and structure keys out of columns that are meant for other codes."""
        for field in fields:
            if not field or field.replace(".", "").isdecimal():  # a plain code has no other number in it
                continue
            for written in find_cas_in_text(field):
                self._take_cas(written, 0.96)
            for ec in find_ec_numbers(field):
                self._take_ec(ec)
            for un in find_un_in_text(field):
                self._take_un(un)
            for key in find_inchikeys(field):
                self._take_inchikey(key)

    def take_structures(self, smiles: str | None, inchi: str | None, inchikey: str | None) -> None:
        """Take drawn structures and structure keys."""
        drawn = [(smiles, self._lookup.structures.read_smiles, "SMILES")] if smiles and smiles.strip() else []
        drawn += [(inchi, self._lookup.structures.read_inchi, "InChI")] if inchi and inchi.strip() else []
        for text, reader, kind in drawn:
            read = reader(text.strip())
            if read.problem:
                self.unread.append(f"the {kind} {read.problem}")
                continue
            identical = {clue.substance for clue in read.clues if clue.channel is Channel.STRUCTURE}
            others = {clue.substance for clue in read.clues} - identical
            self._drawn.append((f"the {kind}", text.strip(), identical, others))
            self.anything = True
            for clue in read.clues:
                self._clues[clue.substance].append(
                    Clue(
                        clue.substance,
                        clue.channel,
                        clue.score,
                        text.strip()[:_LONGEST_SHOWN],
                        clue.note,
                        form=clue.form,
                    )
                )
        for key in find_inchikeys(inchikey or ""):
            self._take_inchikey(key)

    def _take_inchikey(self, key: str) -> None:
        self.anything = True
        substances = self._lookup.index.watchlist.substances
        numbers = self._lookup.by_inchikey.get(key[:14], [])
        exact = [number for number in numbers if (substances[number].inchikey or "")[:25] == key[:25]]
        drawn = (f"InChIKey {key}", "", set(numbers), set[int]())
        if numbers and drawn not in self._drawn:
            self._drawn.append(drawn)
        for number in exact or numbers:
            note = "" if exact else "same skeleton, other or no stereochemistry in the InChIKey"
            other = not exact and not key[15:].startswith(_NO_STEREO)
            form = SeenForm(isomer=OTHER_ISOMER) if other else PARENT
            self._clues[number].append(Clue(number, Channel.STRUCTURE, 0.99 if exact else 0.97, key, note, form=form))

    def take_codes(self, hs_code: str | None, un_number: str | None) -> None:
        """Take the tariff code and the UN number."""
        if un_number and un_number.strip():
            for un in find_un_in_field(un_number):
                self._take_un(un)
        subheading = subheading_of(hs_code) if hs_code else None
        self._subheading = subheading
        if subheading in self._lookup.headings:
            self._headings = self._lookup.headings[subheading]
            names_substance, numbers = self._headings
            for number in numbers:
                if names_substance:
                    note = f"HS {subheading[:4]}.{subheading[4:]} names it"
                    score = _POINTING[Channel.HS] - 0.02 * (len(numbers) - 1)
                    self._clues[number].append(Clue(number, Channel.HS, score, hs_code or "", note))
                elif self._clues.get(number):
                    note = f"HS {subheading[:4]}.{subheading[4:]} is a heading it falls under"
                    self._clues[number].append(Clue(number, Channel.HS, _SUPPORT, hs_code or "", note))

    def _take_un(self, un: str) -> None:
        self._un.append(un)
        for number in self._lookup.by_un.get(un, ()):
            self._clues[number].append(
                Clue(number, Channel.UN, _POINTING[Channel.UN], f"UN {un}", f"UN {un} is its number")
            )

    def by_substance(self) -> dict[int, list[Clue]]:
        """Return the clues, by substance; one that was seen alike in two fields counts once.

        A subheading or UN number of a substance that something else identifies points at no other of its substances.
        """
        seen = {
            number: clues[:] if len(clues) == 1 else list(dict.fromkeys(clues))
            for number, clues in self._clues.items()
            if clues
        }
        identified = {number for number, clues in seen.items() if any(clue.channel in _IDENTIFYING for clue in clues)}
        if len(identified) == len(seen):
            return seen
        fitting = {clue.matched for number in identified for clue in seen[number] if clue.channel in _POINTING}
        return {
            number: clues
            for number, clues in seen.items()
            if number in identified or not all(clue.matched in fitting for clue in clues)
        }

    def contradictions(self, number: int, channels: set[Channel], day: date) -> list[Contradiction]:
        """Return what in the record speaks against a substance on the day of law."""
        others = [Contradiction(words) for words in self._names_against(number, channels)]
        others += self._codes_against(number, day)
        others += self._structures_against(number, channels)
        if Channel.CAS in channels or not self._cas:
            return others
        substances = self._lookup.index.watchlist.substances
        for cas, owner in self._cas.items():
            if owner is not None and any(clue.channel in _NAMING for clue in self._clues[owner]):
                continue  # another constituent, named as well
            if owner == number:
                continue
            if owner is not None:
                others.append(Contradiction(f"CAS number {cas} belongs to {substances[owner].name}"))
            elif cas in self._lookup.lawful_cas:
                row = self._lookup.lawful_cas[cas]
                others.append(Contradiction(f"CAS number {cas} belongs to {self._lookup.lawful_names[row].as_py()}"))
        return others

    def _names_against(self, number: int, channels: set[Channel]) -> list[str]:
        """Return what the description names instead of a substance that a number, structure or code stands for."""
        if channels & _NAMING:
            return []
        if self._lawful is not None:
            return [f"the description names {self._lawful}"]
        substances = self._lookup.index.watchlist.substances
        # A CAS number may be of another constituent, named as well; a record has one structure, and it is of its goods.
        apart = _DRAWN if channels & _NUMBERED == _DRAWN else _NUMBERED
        named = [
            substances[other].name
            for other, clues in self._clues.items()
            if any(clue.channel in _NAMED for clue in clues) and not any(clue.channel in apart for clue in clues)
        ]
        return [f"the description names {' and '.join(named)}"] if named else []

    def _structures_against(self, number: int, channels: set[Channel]) -> list[Contradiction]:
        """Return which structures are of something else than a substance that its name or number stands for."""
        if not self._drawn or not channels & _IDENTIFYING:
            return []
        substances = self._lookup.index.watchlist.substances
        if not substances[number].smiles:
            return []
        doubtful = not (Channel.CAS in channels and channels & _NAMED)  # a name and a number that agree outweigh it
        against = []
        for kind, text, identical, relatives in self._drawn:
            named = any(clue.channel in _NAMED for owner in identical for clue in self._clues[owner])
            if number in identical or number in relatives or named:  # or it is of another constituent, named as well
                continue
            formulas = self._lookup.structures.other_formulas(text, substances[number]) if text else None
            expected = f"; {substances[number].name} is {formulas[1]}" if formulas else ""
            if identical:
                names = " or ".join(substances[owner].name for owner in sorted(identical))
                against.append(Contradiction(f"{kind} is of {names}{expected}", doubtful))
            elif formulas:
                against.append(Contradiction(f"{kind} is of another molecule, {formulas[0]}{expected}", doubtful))
        return against

    def _codes_against(self, number: int, day: date) -> list[Contradiction]:
        """Return how the tariff code and the UN number speak against a substance that something else stands for."""
        if self._subheading is None and not self._un:
            return []
        substances = self._lookup.index.watchlist.substances
        expected, substance = self._lookup.expected, substances[number]
        if expected.fits(substance, self._subheading, day, self._un):
            return []
        identified = [
            substances[other].id
            for other, clues in self._clues.items()
            if other != number and any(clue.channel in _IDENTIFYING for clue in clues)
        ]
        own = [clue for clue in self._clues[number] if clue.channel in _IDENTIFYING]
        if own and all(clue.form.relation for clue in own):
            return []
        heading = expected.against_heading(substance, self._subheading, day, identified)
        danger = expected.against_un(
            substance,
            self._un,
            identified,
            as_it_stands=bool(own) and all(not clue.form.salt and not clue.form.hydrate for clue in own),
        )
        return [each for each in (heading, danger) if each]
