"""The keys of many words at once, as `app.chemistry.fold.key_of_word` makes one."""

import re

from app.chemistry.fold import (
    ABBREVIATION,
    DIPHTHONG,
    DOUBLE,
    HALIDE,
    HALIDE_ENDS,
    JOINING,
    LETTERS,
    LINK,
    SAME_WORD,
    SHORT,
    SILENT_END,
)

_END = re.compile(rf"(?<=[a-z]{{{ABBREVIATION}}}){SILENT_END}", re.MULTILINE)


def keys_of_words(words: list[str]) -> list[str]:
    """Return the key of each word.

    The words are laid one under the other, so that each spelling is replaced in all of them by one pass.

    Args:
        words: n words as `app.chemistry.fold.fold` leaves them.

    Returns:
        n keys: what `app.chemistry.fold.key_of_word` makes of each word.
    """
    keys = ["" if word in JOINING else word for word in words]
    asked = [place for place, key in enumerate(keys) if len(key) >= SHORT and key.isascii() and key.isalpha()]
    spelt = [SAME_WORD.get(keys[place], keys[place]) for place in asked]
    if asked:
        for place, key in zip(asked, _halides(_lettered(spelt)), strict=True):
            keys[place] = key
    return keys


def _lettered(words: list[str]) -> list[str]:
    """Return words with doubled letters and those of other languages put right."""
    long = "\n".join(word if len(word) > ABBREVIATION else "" for word in words)
    short = "\n".join(word if len(word) <= ABBREVIATION else "" for word in words)
    text = f"{DOUBLE.sub(_single, long)}\n\n{short}"
    for old, new in LETTERS:
        text = text.replace(old, new)
    lines = DIPHTHONG.sub("e", text).split("\n")
    count = len(words)
    return [one or other for one, other in zip(lines[:count], lines[count + 1 :], strict=True)]


def _single(found: re.Match[str]) -> str:
    return found.group()[0]


def _halides(keys: list[str]) -> list[str]:
    """Return keys of halides with their English ending, and the others without what ends or links them."""
    halide = {
        place: f"{found[1]}id"
        for place, key in enumerate(keys)
        if key.endswith(HALIDE_ENDS) and (found := HALIDE.match(key))
    }
    text = "\n".join(keys)
    plain = LINK.sub("", _END.sub("", text)).split("\n")
    return [halide.get(place, key) for place, key in enumerate(plain)]
