"""The identifiers of listed substances, and the readers of text and structures."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from app.chemistry.fold import split_words
from app.screening.clues import TextRead
from app.screening.contradictions import Expected
from app.screening.forms import SeenForm, form_of_words, isomer_signed, listed_forms
from app.screening.structures import StructureIndex
from app.watchlist.index import Index
from app.watchlist.model import Substance


class Lookup:
    """The identifiers of listed substances, and the readers of text and structures."""

    def __init__(self, index: Index, structures: StructureIndex, read: Callable[[str], TextRead]) -> None:
        """Take the compiled watchlist, its structures and the reader of descriptions."""
        self.index = index
        self.structures = structures
        self.read = read
        substances = index.watchlist.substances
        self.by_cas: dict[str, int] = {}
        self.by_ec: dict[str, int] = {}
        self.by_un: dict[str, list[int]] = defaultdict(list)
        self.by_inchikey: dict[str, list[int]] = defaultdict(list)
        for number, substance in enumerate(substances):
            for cas in (*substance.cas, *(form.cas for form in substance.forms)):
                self.by_cas[cas] = number
            for ec in substance.ec:
                self.by_ec[ec] = number
            for un in substance.un:
                self.by_un[un].append(number)
            if substance.inchikey:
                self.by_inchikey[substance.inchikey[:14]].append(number)
        position = index.position
        self.headings = {
            heading.code: (heading.names_substance, [position[slug] for slug in heading.substances])
            for heading in index.watchlist.headings
        }
        self.lawful_cas = {cas: row for row, cas in enumerate(index.chemicals.column("cas").to_pylist())}
        self.lawful_names = index.chemicals.column("name")
        self.expected = Expected(index.watchlist)
        self._families = index.chemicals.column("family").to_numpy()
        self._relations = index.chemicals.column("relation")
        self.forms = {cas: form for substance in substances for cas, form in listed_forms(substance).items()}
        names = index.names
        pairs = zip(names.column("key").to_pylist(), names.column("cas").to_pylist(), strict=True)
        self._form_names = {key: self.forms[cas] for key, cas in pairs if cas in self.forms}

    def relative_of(self, cas: str) -> tuple[int, SeenForm, str] | None:
        """Return the listed substance a lawful chemical is a relative of, how, and its name; None for no relative."""
        row = self.lawful_cas.get(cas)
        if row is None or self._families[row] < 0:
            return None
        form = SeenForm(relation=self._relations[row].as_py())
        return int(self._families[row]), form, str(self.lawful_names[row].as_py())

    def finds_in(self, read: TextRead) -> bool:
        """Tell whether a text may be of anything listed: a name, a number or an InChIKey, or any UN number at all."""
        return bool(
            read.clues
            or read.un
            or any(cas in self.by_cas or self.relative_of(cas) for cas in read.cas)
            or any(ec in self.by_ec for ec in read.ec)
            or any(key[:14] in self.by_inchikey for key in read.inchikeys)
        )

    def form_named(self, substance: Substance, matched: str, description: str) -> SeenForm:
        """Return the form that the words for a substance, and those behind them, speak of."""
        before, _, after = description.lower().partition(matched.lower())
        words = form_of_words(matched, after[:60], before[-30:])
        if substance.whole_molecule_only:
            return SeenForm(labelled=words.labelled)
        known = self._form_names.get(_key_of(matched), words)
        isomer = known.isomer or isomer_signed(substance, before[-8:] + matched)
        if isomer == known.isomer and known.salt and not words.labelled:
            return known
        return replace(known, salt=known.salt or words.salt, isomer=isomer, labelled=words.labelled)


@lru_cache(maxsize=16_384)
def _key_of(name: str) -> str:
    return split_words(name).squashed
