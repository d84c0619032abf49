"""Slips of the hand and of optical reading that are common: neighbouring letters swapped, a letter lost or doubled."""

import re
from itertools import combinations, pairwise

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUND_ALIKE = ("aeiou", "sz", "cs", "ck", "iy", "mn", "td", "bp", "fv")
_LOOK_ALIKE = ("il", "ce", "uv", "hn", "ao", "rk", "gq")
_BESIDE = [row[place : place + 2] for row in _ROWS for place in range(len(row) - 1)]
_BELOW = [
    upper[place] + lower[other]
    for upper, lower in pairwise(_ROWS)
    for place in range(len(upper))
    for other in (place - 1, place)
    if 0 <= other < len(lower)
]
_CONFUSED = frozenset(
    frozenset(pair) for group in (*_SOUND_ALIKE, *_LOOK_ALIKE, *_BESIDE, *_BELOW) for pair in combinations(group, 2)
)
"""Letters taken for one another: alike in sound, alike in print, or neighbours on a keyboard."""

_MISREAD = {
    "rn": ("m",), "in": ("m",), "ni": ("m",), "xn": ("m",), "iii": ("m",), "m": ("rn", "in"), "nn": ("rm",),
    "rm": ("nn",), "ri": ("n",), "rr": ("n",), "ii": ("n", "u"), "n": ("ri",), "li": ("h",), "lr": ("h",),
    "lx": ("h",), "ll": ("h",), "cl": ("d",), "d": ("cl",), "di": ("th",), "un": ("im",), "ur": ("in",),
    "ux": ("in",), "vv": ("w",), "ld": ("ki",),
}  # fmt: skip
"""What print is read as, and what may have been printed. Source: the table of ambiguities of Tesseract for English."""
_SEEN = re.compile(f"(?=({'|'.join(sorted(_MISREAD, key=len, reverse=True))}))")
_RARE = re.compile("lx|lr|xn|ux|vv|iii")
"""Those that hardly any word has in it."""


def misread(word: str) -> list[str]:
    """Return what may have been printed where one group of letters of a word was taken for another that looks like it.

    Args:
        word: in small plain letters.
    """
    others = []
    for found in _SEEN.finditer(word):
        at, seen = found.start(), found[1]
        for group in (seen, seen[0]) if len(seen) > 1 else (seen,):
            others += [word[:at] + printed + word[at + len(group) :] for printed in _MISREAD.get(group, ())]
    return others


def is_oddly_misread(word: str) -> bool:
    """Tell whether a word has letters in it that hardly any word has, and that print is read as."""
    return _RARE.search(word) is not None


def is_common_slip(word: str, meant: str) -> bool:
    """Tell whether one common slip makes a word of another, its first and last letters kept.

    Args:
        word: what is written.
        meant: what may be meant.

    Returns:
        True for two neighbours swapped (anywhere), a letter lost or added within, and a letter taken for one that
        sounds or looks like it or lies beside it on the keyboard; False for equal words.

    Source: the kinds that are commonest in R. Mitton, Birkbeck spelling error corpus (1985).
    """
    head = next((place for place, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), None)
    if head is None:
        return False
    if len(word) == len(meant):
        if word[head + 1 :] == meant[head + 1 :]:
            return 0 < head < len(word) - 1 and frozenset((word[head], meant[head])) in _CONFUSED
        return word[head : head + 2] == meant[head : head + 2][::-1] and word[head + 2 :] == meant[head + 2 :]
    longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
    return head > 0 and longer[head + 1 :] == shorter[head:]
