"""What one description says: every clue that needs nothing but its text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.chemistry.alignment import quoted
from app.chemistry.fold import Words, split_words
from app.chemistry.identifiers import find_cas_in_text, find_ec_numbers, find_inchikeys, find_un_in_text
from app.domain.words import Channel
from app.screening.confidence import letters_worth
from app.screening.context import GENERIC, NEUTRAL
from app.screening.dictionary import Dictionary
from app.screening.forms import PARENT, SeenForm
from app.screening.names import LONG_WORD, LookAlike, NamesRead, explains, read_names
from app.screening.ordinary import ORDINARY
from app.screening.search import Hits
from app.screening.structures import StructureIndex
from app.screening.systematic import systematic_readings, whole_key
from app.screening.windows import Window

ReadName = Callable[[str], str | None]

_MOST_MENDED = 3
"""Readings of a text with slips that are asked for as structures, and ways to spell each."""
_SWAPPED_END = re.compile(r"[ao]en\b", re.IGNORECASE)
"""`ethaen` and `propanoen` are no names, though OPSIN reads an ethene in one: two letters of an end are swapped."""
_MISREAD = 0.029
"""What is taken from the confidence in a molecule that was read from a name, and more where the name is short."""
_SLIP_DOUBT = 0.08
"""What each slip takes from the confidence in a name that is only known by the molecule it describes."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A listed substance seen by one channel."""

    substance: int
    channel: Channel
    score: float
    matched: str
    note: str = ""
    form: SeenForm = PARENT
    """What form of the substance was seen, where the channel knows it."""
    told: float = 1.0
    """The share of the text's telling letters that the name accounts for, 0 to 1; 1 where there is no such text."""


@dataclass(frozen=True, slots=True)
class TextRead:
    """The clues of one text, and what was considered and dropped."""

    folded: str
    clues: tuple[Clue, ...]
    look_alikes: tuple[LookAlike, ...]
    cas: tuple[str, ...]
    """Every valid CAS number written in the text, listed or not."""
    ec: tuple[str, ...]
    un: tuple[str, ...]
    inchikeys: tuple[str, ...]
    generic: bool
    """True where no word names any goods in particular."""
    readings: tuple[str, ...] = ()
    """Ways in which the text may be a systematic name that no dictionary here has."""
    mended: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    """(slips, words as they stand, what they may be a systematic name of) where slips were mended."""
    lawful: str | None = None
    """The lawful chemical that the text as a whole names."""


def read_text(
    text: str, names: Dictionary, hits: Mapping[str, Hits], *, systematic: bool = True, numbered: bool = True
) -> TextRead:
    """Read one description.

    Args:
        text: the description, already cut to what is read.
        names: the dictionary.
        hits: where listed names may stand in it, as `app.screening.search` found them.
        systematic: return its readings as a systematic name; False where they are known to describe nothing listed, and
            count only where it can be read with its slips mended.
        numbered: look for registry numbers, UN numbers and InChIKeys; False where none is known to stand in it.
    """
    read = read_names(text, names, hits)
    clues = [
        Clue(
            clue.substance,
            Channel.NAME_FUZZY if clue.edits else Channel.NAME,
            clue.score,
            clue.matched,
            f"read as '{clue.name}', {clue.edits} edit{'s' if clue.edits > 1 else ''} away" if clue.edits else "",
            told=clue.told,
        )
        for clue in read.clues
    ]
    for substance, lawful, window in read.family:
        matched = quoted(read.words, window.first, window.last)
        clues.append(_relative(substance, lawful, matched, names))
    words = read.words
    readings: tuple[str, ...] = ()
    mended: list[tuple[int, str, tuple[str, ...]]] = []
    lawful_name = None
    if not clues and not any(explains(look, words) for look in read.look_alikes):
        key = whole_key(words)
        known = names.lawful([key])[0]
        if known is None:
            mended = [
                (each.slips, text.strip(), others)
                for each in read.mended[:_MOST_MENDED]
                if each.slips < 2 or _says_enough(words)
                if (others := systematic_readings(split_words(each.text), clauses=False)[:_MOST_MENDED])
            ]
            readings = _not_dropped(systematic_readings(words), read) if systematic or mended else ()
        elif (family := names.family_of(known)) is None or key in ORDINARY:
            lawful_name = names.name_of(known)
        else:
            clues.append(_relative(family, known, text.strip(), names))
    generic = all(
        key in NEUTRAL or key.isdigit() or (len(word) == 1 and word.isascii()) or word in GENERIC
        for key, word in zip(words.keys, words.words, strict=True)
    )
    return TextRead(
        folded=words.folded,
        clues=tuple(clues),
        look_alikes=read.look_alikes,
        cas=tuple(written.cas for written in find_cas_in_text(text)) if numbered else (),
        ec=find_ec_numbers(text) if numbered else (),
        un=find_un_in_text(text) if numbered else (),
        inchikeys=find_inchikeys(text) if numbered else (),
        generic=generic,
        readings=readings,
        mended=tuple(mended),
        lawful=lawful_name,
    )


def _says_enough(words: Words) -> bool:
    """Tell whether words say so much that two slips among them leave it plain what they are: a long one, or several."""
    telling = [
        len(word)
        for word, key in zip(words.words, words.keys, strict=True)
        if len(key) > 2 and key.isalpha() and key not in NEUTRAL
    ]
    return len(telling) > 1 or max(telling, default=0) >= LONG_WORD


def _not_dropped(readings: tuple[str, ...], read: NamesRead) -> tuple[str, ...]:
    """Return the readings that are no name which the text was already found not to mean, as in `toluene-free`."""
    dropped = {whole_key(split_words(look.matched)) for look in read.look_alikes}
    return tuple(each for each in readings if whole_key(split_words(each)) not in dropped) if dropped else readings


def _relative(substance: int, lawful: int, matched: str, names: Dictionary) -> Clue:
    """Return the clue for a chemical that a law may list together with its parent."""
    relation = names.relation_of(lawful)
    note = f"{names.name_of(lawful)} is an {relation} of it".replace("an carb", "a carb").replace("an hal", "a hal")
    score = 0.965 - 0.1 / max(4.0, letters_worth(split_words(matched).squashed))
    return Clue(substance, Channel.FAMILY, score, matched, note, SeenForm(relation=relation))


def add_structures(read: TextRead, structures: StructureIndex, read_name: ReadName) -> TextRead:
    """Let chemistry arbitrate spelling: read names as structures where the dictionary is silent or doubtful.

    A text that the dictionary does not know may still be a systematic name of a listed substance; and a misspelt name
    whose words, as they stand, describe another molecule is no slip.

    Args:
        read: what the text says without structures.
        structures: the listed structures.
        read_name: reads one name as a SMILES, None where it cannot.
    """
    if read.readings or read.mended:
        clues = described(read.readings, structures, read_name)
        if not clues and not any(map(read_name, read.readings)):
            clues = _described_with_slips(read, structures, read_name)
        return replace(read, clues=(*read.clues, *clues))
    if any(clue.channel is Channel.NAME_FUZZY for clue in read.clues):
        kept: list[Clue] = []
        dropped, others = [], []
        for clue in read.clues:
            doubtful = clue.channel is Channel.NAME_FUZZY and not _SWAPPED_END.search(clue.matched)
            smiles = _first_structure(clue.matched, read_name) if doubtful else None
            meant = structures.identify_smiles(smiles).clues if smiles else ()
            if smiles is None or any(found.substance == clue.substance for found in meant):
                kept.append(clue)
            else:
                why = "the words as they stand describe another molecule"
                dropped.append(LookAlike(clue.substance, Window(0, 0), clue.matched, why, None))
                others += _named_structure(smiles, clue.matched, structures) if meant else []
        if not kept:
            kept = list({clue.substance: clue for clue in others}.values())
        return replace(read, clues=tuple(kept), look_alikes=(*read.look_alikes, *dropped))
    return read


def described(readings: Sequence[str], structures: StructureIndex, read_name: ReadName) -> list[Clue]:
    """Return the clues for the molecule that the first readable one of several readings describes."""
    for reading in readings:
        smiles = read_name(reading)
        if smiles:
            return _named_structure(smiles, reading, structures)
    return []


def _described_with_slips(read: TextRead, structures: StructureIndex, read_name: ReadName) -> list[Clue]:
    """Return the clues for a listed molecule that the text describes when its slips are mended."""
    for slips, matched, readings in read.mended:
        clues = [
            replace(clue, channel=Channel.NAME_FUZZY, score=clue.score - _SLIP_DOUBT * slips, matched=matched)
            if slips and clue.channel is Channel.NAME_STRUCTURE
            else replace(clue, matched=matched)
            for clue in described(readings, structures, read_name)
        ]
        if clues:
            return [clue for clue in clues if not slips or clue.channel is Channel.NAME_FUZZY]
    return []


def names_in_doubt(read: TextRead) -> list[str]:
    """Return the names that `add_structures` will ask about."""
    fuzzy = [clue.matched for clue in read.clues if clue.channel is Channel.NAME_FUZZY]
    names = [name for text in fuzzy for name in systematic_readings(split_words(text), clauses=False)]
    return [*read.readings, *(reading for _, _, readings in read.mended for reading in readings), *names]


def _first_structure(text: str, read_name: ReadName) -> str | None:
    return next(
        (smiles for reading in systematic_readings(split_words(text), clauses=False) if (smiles := read_name(reading))),
        None,
    )


def _named_structure(smiles: str, reading: str, structures: StructureIndex) -> list[Clue]:
    clues = []
    doubt = _MISREAD + 0.05 / max(8.0, letters_worth(split_words(reading).squashed))
    for clue in structures.identify_smiles(smiles).clues:
        channel = Channel.FAMILY if clue.channel is Channel.FAMILY else Channel.NAME_STRUCTURE
        note = f"the name describes {smiles}" + (f"; {clue.note}" if clue.note else "")
        clues.append(Clue(clue.substance, channel, clue.score - doubt, reading, note, form=clue.form))
    return clues
