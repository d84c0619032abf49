"""The part of a description that may be a systematic name which the dictionary does not have."""

import re
from collections.abc import Callable
from functools import lru_cache

from app.chemistry.english import english_of
from app.chemistry.fold import Words, key_of_word
from app.chemistry.nomenclature import is_chemical_word, is_morpheme
from app.chemistry.respell import STRAY, respellings
from app.chemistry.vocabulary import has_strange_marks
from app.screening.context import CHANGING_WORDS, DESCRIPTORS, FUNCTIONAL, NEUTRAL, SALT_WORDS, is_balanced
from app.screening.trade_words import TRADE_WORDS

IsStrangeWord = Callable[[str], bool]

_LONGEST = 200
SHORTEST_WORD = 5
_CLAUSES = re.compile(r"[;:|]|\s\(|\)\s|\s/\s|\s-\s(?=[a-z]{3})")
"""Where a description's clauses part: a name may be followed by its use in brackets."""
_MOST_CLAUSES = 4
_MAY_VANISH = re.compile(rf"\||[$&][a-z]| \[[a-z]|{STRAY}|gl[iy][cs][iy]d|\.[a-z]{{1,7}}\.")
"""Where readings are made with other words than the clause has: slips mended, tags taken off, glycidates spelt out."""
_HYPHEN = re.compile(r"\s*-\s*")
_COMMA = re.compile(r"\s*,\s*")
_LOCANT = r"(?:\d+[a-z]{0,2}'*|[a-z]\*?\d?'*|\d*'*(?:alpha|beta|gamma))"
_LOCANT_COMMA = re.compile(rf"(?:(?<=[\s,(\[{{-])|^)({_LOCANT}), (?={_LOCANT}(?:[,)\]\s-]|$))")
_COUNTRIES = frozenset({"india", "indian"})
"""Their keys are those of an element."""
_LONE_LOCANT = re.compile(r"\d{1,2}'*")
_TAG = re.compile(r"(?: \[[a-z][a-z :.-]{2,24}\])+$")
"""What public tables put behind a name: its language, or who printed it."""
_LETTERS = re.compile(r"[A-Za-z]+")
ENDING = re.compile(r"(?:il|in|an|on|ol|at|id|en|ic|but|pent|ecs|ept|oct|non|dec)$")
"""How keys of nomenclature end, whatever they begin with."""
_SUFFIX = re.compile(r"(?:il|in|an|on|ol|at|id|en|ic)$")
"""Those of them that are no numbers: brands end with these too, as `XYLOTEX`."""
_HYDROGEN = frozenset(map(key_of_word, ("hydrogen", "dihydrogen")))
_LEADING_LOCANT = re.compile(r"(?:\d[\d,']*\s*-\s*\(?)?$")
_PRIME = str.maketrans(dict.fromkeys("\u2032\u2019\u2018\u00b4\u0060\u02b9", "'"))
_NITROGEN = re.compile(r"(?<![a-z0-9])n(?=\d?'*[-,(])")
"""A locant that folding has made small: `n-` is also `normal`, so both are read."""
_CENTRE = r"\d*'?[a-z]?(?:alpha|beta)?[rsezdl+]\*?"
_CENTRES = rf"{_CENTRE}(?:[-, (]+{_CENTRE})*"
_STEREO = re.compile(
    rf"^(?:rel-|\(?[+-](?:/-)?\)-|(?:dl?|l|rac|erythro|threo|cis|trans|meso)-|\({_CENTRES}\)-?)+"
    rf"|(?:,? ?[(\[]{_CENTRES}[)\]]{{1,2}}(?:-?rel)?-?)+$"
)
"""Stereodescriptors before a name and behind an inverted one: OPSIN refuses a name with one that it cannot place."""


_DOUBLED = re.compile(r"([bdfghituvxyz])\1")
"""Letters that no English name doubles, and OPSIN does not read so."""


def is_never_strange(word: str) -> bool:
    """Tell of any word that a name may have it in it, where nothing is known of what reads names."""
    return word == ""


def systematic_readings(words: Words, *, clauses: bool = True) -> tuple[str, ...]:
    """Return the ways in which a description may be a systematic name.

    Args:
        words: the description's words.
        clauses: read it clause by clause as well.

    Returns:
        The text from the first word that says something to the last, as written and in English nomenclature; nothing
        where fewer than a third of its longer words are chemical nomenclature or it is too long to be one name.
    """
    telling = [
        place
        for place, key in enumerate(words.keys)
        if key not in NEUTRAL and not key.isdigit() and (len(key) > 1 or is_bound(words, place))
    ]
    said = [words.keys[place] for place in telling if len(words.keys[place]) >= SHORTEST_WORD]
    chemical = sum(is_chemical_word(key) for key in said)
    if not chemical or 3 * chemical < len(said):
        return ()
    start = min(words.spans[place][0] for place in telling)
    end = max(words.spans[place][1] for place in telling)
    name = mention_in(words.folded, start, end).translate(_PRIME)
    readings = [reading for part in _parts(name, clauses=clauses) for reading in readings_of(part)]
    return tuple(dict.fromkeys(readings))


def readings_of(part: str) -> list[str]:
    """Return the ways in which one clause may be written as a systematic name, the one as it stands first."""
    name = _tidy(part)
    if not SHORTEST_WORD <= len(name) <= _LONGEST or not name.isascii() or not is_balanced(name):
        return []
    return [spelling for spelling in _spellings(name) if not _is_class(spelling)]


def first_reading_of(part: str) -> str | None:
    """Return the first of `readings_of` where it can be told without the others, None where it cannot."""
    name = _NITROGEN.sub("N", _tidy(part))
    is_first = SHORTEST_WORD <= len(name) <= _LONGEST and name.isascii() and is_balanced(name) and not _is_class(name)
    return name if is_first else None


def mention_in(folded: str, start: int, end: int) -> str:
    """Return the part of a folded text that may be a name.

    Args:
        folded: the text.
        start: where the first word begins that says something.
        end: where the last one ends.

    Returns:
        What stands between, with what stands against it on either side and the locant before it.
    """
    start = _LEADING_LOCANT.search(folded, 0, start).start()  # type: ignore[union-attr]  # may be empty
    while start and not folded[start - 1].isspace():
        start -= 1
    while end < len(folded) and not folded[end].isspace():
        end += 1
    return folded[start:end]


def clauses_of(mention: str) -> list[tuple[str, str]]:
    """Return a mention and the first of its clauses, each with its core (`core_of`), primes written plainly."""
    return [(part, core_of(part)) for part in _whole_clauses(mention.translate(_PRIME))]


def cannot_be_read(part: str, is_strange_word: IsStrangeWord) -> bool:
    """Tell whether a word, mark or number stands in every reading of a clause that stands in no name.

    Args:
        part: a clause or its core, as `clauses_of` gives them.
        is_strange_word: tells of a word of letters that no name has it in it.
    """
    is_strange = has_strange_marks(part) or any(
        is_strange_word(word) and all(any(map(is_strange_word, words)) for words in _spelt_otherwise(word))
        for word in _LETTERS.findall(part)
    )
    return is_strange and _MAY_VANISH.search(part) is None


@lru_cache(maxsize=32_768)
def _spelt_otherwise(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the words that may stand for a word in the readings of a name."""
    english = english_of(word)
    others = dict.fromkeys((english, _DOUBLED.sub(r"\1", word), _DOUBLED.sub(r"\1", english)))
    return tuple(tuple(_LETTERS.findall(other)) for other in others if other != word)


def _parts(mention: str, *, clauses: bool) -> list[str]:
    """Return the mention and its clauses, as far as each is made of nomenclature."""
    return [
        part
        for part in _split(mention, clauses=clauses)
        if _is_nomenclature([key_of_word(word) for word in _LETTERS.findall(part)])
    ]


def _split(mention: str, *, clauses: bool) -> list[str]:
    if not clauses:
        return [mention]
    parts = _whole_clauses(mention)
    return list(dict.fromkeys([*parts, *map(core_of, parts)]))


def _whole_clauses(mention: str) -> list[str]:
    return [mention, *_CLAUSES.split(mention)[:_MOST_CLAUSES]] if _CLAUSES.search(mention) else [mention]


def core_of(part: str) -> str:
    """Return a clause from the first run between spaces that may belong to a name to the last, whatever else is there.

    Brands, makers and lots stand beside a name; OPSIN reads no name with one.
    """
    if " " not in part:
        return part
    runs = part.split(" ")
    first, last = 0, len(runs)
    while first < last and not _is_core(runs[first]):
        first += 1
    while last > first and not _is_core(runs[last - 1]):
        last -= 1
    if first == last:
        return part
    if first and _LONE_LOCANT.fullmatch(runs[first - 1]):
        first -= 1
    return " ".join(runs[first:last])


@lru_cache(maxsize=32_768)
def _is_core(run: str) -> bool:
    return run[:1] == "-" or run[-1:] == "-" or any(map(_is_core_word, _LETTERS.findall(run)))


@lru_cache(maxsize=32_768)
def _is_core_word(word: str) -> bool:
    """Tell whether a word may belong to a name, by its ending too; grades, packages and most brands do not."""
    key = key_of_word(word)
    if key in NEUTRAL or word in _COUNTRIES:
        return False
    if is_chemical_word(key) or key in FUNCTIONAL or key in CHANGING_WORDS or key in DESCRIPTORS or is_morpheme(key):
        return True
    return len(key) >= SHORTEST_WORD and key not in TRADE_WORDS and _SUFFIX.search(key) is not None


def _is_nomenclature(keys: list[str]) -> bool:
    """Tell whether the longer words of a clause are chemical nomenclature; one may be so by its ending only."""
    said = [key for key in keys if len(key) >= SHORTEST_WORD and key not in NEUTRAL and key not in DESCRIPTORS]
    others = [key for key in said if not is_chemical_word(key) and key not in FUNCTIONAL]
    if len(said) == len(others):
        return False
    return not others or (len(others) == 1 and ENDING.search(others[0]) is not None)


def _spellings(name: str) -> list[str]:
    """Return a name as it stands and in English nomenclature, then with what OPSIN stumbles over put right."""
    english = english_of(name)
    spellings = list(dict.fromkeys((name, english, *map(english_of, respellings(name)))))
    spellings = [other for one in spellings for other in dict.fromkeys((_NITROGEN.sub("N", one), one))]
    if ", " in name and not name.endswith("-"):  # inverted names often lose the hyphen they end with
        spellings += [f"{spelling}-" for spelling in spellings]
    spellings += [_DOUBLED.sub(r"\1", each) for each in (spellings[0], english)]
    spellings = list(dict.fromkeys(spellings))
    bare = _STEREO.sub("", _TAG.sub("", spellings[0])).strip(" ,")
    return [*spellings, bare] if len(bare) >= SHORTEST_WORD else spellings


def _is_class(name: str) -> bool:
    """Tell whether a name is only a class word, as in `(chloride)`: what it is a chloride of stands elsewhere."""
    keys = [key_of_word(word) for word in _LETTERS.findall(name)]
    return all(key in FUNCTIONAL or key in SALT_WORDS or key in NEUTRAL or key in _HYDROGEN for key in keys)


def whole_key(words: Words) -> str:
    """Return the key of the text from the first word that says something to the last, empty where none does."""
    telling = [place for place, key in enumerate(words.keys) if key not in NEUTRAL]
    return words.squashed[words.starts[telling[0]] : words.ends[telling[-1]]] if telling else ""


def is_bound(words: Words, place: int) -> bool:
    """Tell whether a single letter is tied to its neighbour by a hyphen or comma, as locants are."""
    end = words.spans[place][1]
    return words.folded[end : end + 1] in {"-", ","}


def _tidy(name: str) -> str:
    name = _COMMA.sub(", ", _HYPHEN.sub("-", name)).strip(" ,;.")
    return _LOCANT_COMMA.sub(r"\1,", re.sub(r"\s+", " ", name))
