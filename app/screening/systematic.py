"""The part of a description that may be a systematic name which the dictionary does not have."""

import re

from app.chemistry.english import english_of
from app.chemistry.fold import Words
from app.chemistry.nomenclature import is_chemical_word
from app.screening.context import NEUTRAL, is_balanced

_LONGEST = 200
_SHORTEST_WORD = 5
_CLAUSES = re.compile(r"[;:|]|\s\(|\)\s|\s/\s|\s-\s(?=[a-z]{3})")
"""Where a description's clauses part: a name may be followed by its use in brackets."""
_MOST_CLAUSES = 4
_HYPHEN = re.compile(r"\s*-\s*")
_COMMA = re.compile(r"\s*,\s*")
_LOCANT_COMMA = re.compile(r"(?<=\d), (?=\d+[,'a-z)-])|(?<=\d[rsez]), (?=\d[rsez])|(?<=\bn), (?=n\b)")


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
        if key not in NEUTRAL and not key.isdigit() and (len(key) > 1 or _is_bound(words, place))
    ]
    said = [words.keys[place] for place in telling if len(words.keys[place]) >= _SHORTEST_WORD]
    chemical = sum(is_chemical_word(key) for key in said)
    if not chemical or 3 * chemical < len(said):
        return ()
    folded = words.folded
    start = min(words.spans[place][0] for place in telling)
    end = max(words.spans[place][1] for place in telling)
    while start and not folded[start - 1].isspace():
        start -= 1
    while end < len(folded) and not folded[end].isspace():
        end += 1
    readings: list[str] = []
    parts = [folded[start:end], *(_CLAUSES.split(folded[start:end])[:_MOST_CLAUSES] if clauses else ())]
    for part in dict.fromkeys(parts):
        name = _tidy(part)
        if not _SHORTEST_WORD <= len(name) <= _LONGEST or not name.isascii() or not is_balanced(name):
            continue
        spellings = [name, english_of(name)]
        if ", " in name and not name.endswith("-"):  # inverted names often lose the hyphen they end with
            spellings += [f"{spelling}-" for spelling in spellings]
        readings += spellings
    return tuple(dict.fromkeys(readings))


def whole_key(words: Words) -> str:
    """Return the key of the text from the first word that says something to the last, empty where none does."""
    telling = [place for place, key in enumerate(words.keys) if key not in NEUTRAL]
    return words.squashed[words.starts[telling[0]] : words.ends[telling[-1]]] if telling else ""


def _is_bound(words: Words, place: int) -> bool:
    """Tell whether a single letter is tied to its neighbour by a hyphen or comma, as locants are."""
    end = words.spans[place][1]
    return words.folded[end : end + 1] in {"-", ","}


def _tidy(name: str) -> str:
    name = _COMMA.sub(", ", _HYPHEN.sub("-", name)).strip(" ,;.")
    return _LOCANT_COMMA.sub(",", re.sub(r"\s+", " ", name))
