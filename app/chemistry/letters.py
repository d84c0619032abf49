"""Letters of any script folded to plain ones: what of a text is folded character by character, and what together."""

import re
import unicodedata
from functools import lru_cache

from app.chemistry.scripts import plain_scripts

_GREEK = {
    "α": " alpha ",
    "β": " beta ",
    "γ": " gamma ",
    "δ": " delta ",
    "ε": " epsilon ",
    "ζ": " zeta ",
    "η": " eta ",
    "θ": " theta ",
    "κ": " kappa ",
    "λ": " lambda ",
    "ν": "n",
    "ο": "o",
    "π": " pi ",
    "σ": " sigma ",
    "ς": " sigma ",
    "τ": " tau ",
    "φ": " phi ",
    "χ": " chi ",
    "ψ": " psi ",
    "ω": " omega ",
    "ϕ": " phi ",
}
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "ch", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
    "і": "i", "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
_LATIN = {"ß": "ss", "æ": "e", "œ": "e", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "þ": "t"}
_SINGLE = str.maketrans({**_GREEK, **_LATIN})
_CYRILLIC_TABLE = str.maketrans(_CYRILLIC)

_CYRILLIC_RUN = re.compile(r"[\u0400-\u04ff]+")


def fold_letters(text: str) -> str:
    """Fold the letters of a text; `app.chemistry.fold.fold` does so, and takes the dots from Greek letters."""
    if text.isascii():
        return text.lower()
    if TOGETHER.search(text):
        return " ".join(map(fold_run, text.split(" ")))  # nothing depends on what stands behind a space
    return text.translate(ALONE)


def fold_together(text: str) -> str:
    """Fold a text whose characters may depend on one another; `fold_letters` spares most texts this."""
    folded = plain_scripts(unicodedata.normalize("NFKC", _MARK.sub(" ", text)).casefold()).translate(_SINGLE)
    if _CYRILLIC_RUN.search(folded):
        folded = _CYRILLIC_RUN.sub(_transliterate, folded)
    return folded if folded.isascii() else _strip_accents(folded)


def fold_run(run: str) -> str:
    """Fold the letters of what stands between two spaces of a text; what is short is remembered."""
    return _fold_short_run(run) if len(run) <= LONGEST_REMEMBERED else _fold_run(run)


def _fold_run(run: str) -> str:
    return fold_together(run) if TOGETHER.search(run) else run.translate(ALONE)


_fold_short_run = lru_cache(maxsize=65_536)(_fold_run)

LONGEST_REMEMBERED = 64
"""Longer runs seldom come twice, and would fill the memory."""


_RAISED = "\u00aa\u00ba\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2071\u207f"
_MARK = re.compile(rf"[\u2120\u2122]|(?<=[^\W\d_]{{3}})[{_RAISED}\u24b6-\u24e9]+(?![^\W\d_])")
"""Trade marks, and the raised or circled letter of a footnote behind a word: no letters of it, though NFKC says so."""

TOGETHER = re.compile(
    r"[^\u0000-\u00a9\u00ab-\u00b9\u00bb-\u02af\u02b9-\u02df\u02e5-\u02ff\u0400-\u0482\u048a-\u052f"
    r"\u1e00-\u1eff\u2000-\u206f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
    "|[гГ][иИ][дД][рР]"
)
"""Marks on the letter before them or behind its word, scripts other than Latin, Cyrillic, Han and Hangul, and `гидр`,
which loses its first."""


class _Alone(dict[int, str]):
    """Characters folded each for itself, as they are met."""

    def __missing__(self, point: int) -> str:
        self[point] = fold_together(chr(point))
        return self[point]


ALONE = _Alone()


def _transliterate(found: re.Match[str]) -> str:
    run = unicodedata.normalize("NFC", found.group()).replace("гидр", "идр")
    return run.translate(_CYRILLIC_TABLE)


_ACCENTED = re.compile(r"[\u0080-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Latin letters with their marks, and marks standing alone; other scripts keep theirs."""


def _strip_accents(text: str) -> str:
    return _ACCENTED.sub(_without_accent, text)


def _without_accent(found: re.Match[str]) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", found.group()) if not unicodedata.combining(part))
