"""Spellings folded to one form: case, accents, Greek letters, transliteration and the vowels of many languages.

Systematic names share their morphemes across languages (`phenyl`, `phényle`, `fenilo`, `фенил`), so one fold serves
names of the dictionary and words of a shipment alike: two spellings are the same when their keys are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

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
WORD = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]"  # a Han character stands for itself: no spaces between words
    r"|[\u3040-\u309f]"  # and so does hiragana
    r"|[\u30a0-\u30ff]+"  # katakana writes foreign words: one run, one word
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff][^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0300-\u036f]*"
    r"(?:[\u0900-\u0dff\u0610-\u06ff][^\W\d_]*)*"  # vowel signs of Indic and Arabic scripts belong to the word
    r"|\d+"
)
ASCII_WORD = re.compile(r"[a-z]+|\d+")

# Words that mean the same in every language's names, after the letters were folded.
_SAME_WORD = {
    "acide": "acid",
    "acido": "acid",
    "acidos": "acid",
    "acids": "acid",
    "acidum": "acid",
    "asit": "acid",
    "asid": "acid",
    "asam": "acid",
    "axit": "acid",
    "kwas": "acid",
    "saure": "acid",
    "saeure": "acid",
    "zuur": "acid",
    "kislota": "acid",
    "kisloti": "acid",
    "ona": "one",
    "eno": "ene",
    "ano": "ane",
    "ina": "ine",
    "eter": "ether",
    "aether": "ether",
    "ather": "ether",
    "etere": "ether",
    "potasio": "potassium",
    "potassio": "potassium",
    "potasyum": "potassium",
    "kalium": "potassium",
    "kaliya": "potassium",
    "sodio": "sodium",
    "natrium": "sodium",
    "natriya": "sodium",
    "sodyum": "sodium",
    "calcio": "calcium",
    "kalsium": "calcium",
    "amonio": "ammonium",
    "ammonio": "ammonium",
    "idrogeno": "hydrogen",
    "hidrogeno": "hydrogen",
    "hydrogene": "hydrogen",
    "hidrogenio": "hydrogen",
    "vodoroda": "hydrogen",
    "sal": "salt",
    "sel": "salt",
    "salz": "salt",
    "clorhidrato": "hydrochloride",
    "cloridrato": "hydrochloride",
    "chlorhydrate": "hydrochloride",
    "gidrokhlorid": "hydrochloride",
}
_LETTERS = (
    ("ph", "f"),
    ("qu", "c"),
    ("ck", "c"),
    ("k", "c"),
    ("x", "cs"),
    ("th", "t"),
    ("ch", "c"),
    ("h", ""),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("benc", "benz"),
)
_SHORT = 3
"""Words below this length are symbols and descriptors, and stand for themselves."""
_ABBREVIATION = 4
"""Words up to this length (NPP, PMK, MEKO) keep their doubled letters and their ends."""
_HALIDE = re.compile(r"^(.*(?:clor|brom|iod|fluor|cian|sulf|fosf|nitr))(?:uro|ur|ure|uros|eto|etos|uri)$")
_DIPHTHONG = re.compile(r"[ao]e(?=[a-z])")
_DOUBLE = re.compile(r"([a-z])\1+")
_END = re.compile(r"(?<=[a-z]{2})(?:[ae]|(?<!in)o)$")
_LINK = re.compile(r"(?<=an|en|in|il|ol)[eo](?=[bcdfgmprstvz])")
_JOINING = frozenset({"de", "du", "des", "del", "of", "la", "le", "el", "da", "der", "von"})


@lru_cache(maxsize=262_144)
def key_of_word(word: str) -> str:
    """Return the language-neutral key of one folded word.

    Args:
        word: a word as `fold` leaves it: lower case, without accents.

    Returns:
        The key: `phenyl`, `fenilo` and `fenyl` all give `fenil`; a word in another script stands for itself; a joining
        word (`of`, `de`) has an empty key.
    """
    if not word.isascii() or not word.isalpha():
        return word
    if word in _JOINING:
        return ""
    if len(word) < _SHORT:
        return word
    word = _SAME_WORD.get(word, word)
    if len(word) > _ABBREVIATION:
        word = _DOUBLE.sub(r"\1", word)
    for old, new in _LETTERS:
        if old in word:
            word = word.replace(old, new)
    word = _DIPHTHONG.sub("e", word)
    halide = _HALIDE.match(word)
    if halide:
        return halide.group(1) + "id"
    return _LINK.sub("", _END.sub("", word) if len(word) > _ABBREVIATION else word)


def fold(text: str) -> str:
    """Fold case, width, accents, Greek letters and Cyrillic; keep separators and digits.

    Args:
        text: any text.

    Returns:
        Lower-case text in which Latin and Cyrillic letters are plain a-z; other scripts keep their letters.
    """
    if text.isascii():
        folded = text.lower()
    elif _TOGETHER.search(text):
        folded = " ".join(map(_folded_run, text.split(" ")))  # nothing depends on what stands behind a space
    else:
        folded = text.translate(_ALONE)
    if "." in folded:
        folded = DOTTED.sub(r" \1 ", folded)
    return folded


def fold_together(text: str) -> str:
    """Fold a text whose characters may depend on one another; `fold` spares most texts this."""
    folded = plain_scripts(unicodedata.normalize("NFKC", text).casefold()).translate(_SINGLE)
    if _CYRILLIC_RUN.search(folded):
        folded = _CYRILLIC_RUN.sub(_transliterate, folded)
    return folded if folded.isascii() else _strip_accents(folded)


_folded_run = lru_cache(maxsize=65_536)(fold_together)

_TOGETHER = re.compile(r"[^\u0000-\u02ff\u0400-\u0482\u048a-\u052f\u2000-\u206f]|гидр", re.IGNORECASE)
"""Marks on the letter before them, scripts other than Latin and Cyrillic, and `гидр`, which loses its first."""


class _Alone(dict[int, str]):
    """Characters folded each for itself, as they are met."""

    def __missing__(self, point: int) -> str:
        self[point] = fold_together(chr(point))
        return self[point]


_ALONE = _Alone()


DOTTED = re.compile(r"\. ?(alpha|beta|gamma|delta|omega|alfa|psi|\+/-|\+|-) ?\.")


def _transliterate(found: re.Match[str]) -> str:
    run = unicodedata.normalize("NFC", found.group()).replace("гидр", "идр")
    return run.translate(_CYRILLIC_TABLE)


_ACCENTED = re.compile(r"[\u0080-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Latin letters with their marks, and marks standing alone; other scripts keep theirs."""


def _strip_accents(text: str) -> str:
    return _ACCENTED.sub(_without_accent, text)


def _without_accent(found: re.Match[str]) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", found.group()) if not unicodedata.combining(part))


_MARKS_BEFORE = {mark: re.compile(rf"(?:{re.escape(mark)}[^\w\s]{{0,2}})?$") for mark in "([{"}
_MARKS_AFTER = {mark: re.compile(rf"(?:[^\w\s]{{0,2}}?{re.escape(mark)})?") for mark in ")]}"}
"""A bracket and what stands between it and a word, as in `(R*,S*)`; nothing where there is none."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text with their keys and where they stand.

    `squashed[starts[i]:ends[i]]` is the key of word i; nothing stands between the keys, so that hyphens, spaces and
    brackets neither help nor hurt.
    """

    text: str
    folded: str
    words: tuple[str, ...]
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    """Where each word stands in `folded`."""
    squashed: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    ranks: tuple[int, ...]
    """The place of each word in the text as it is written."""

    def as_written(self, first: int, last: int) -> str:
        """Return words `first` to `last` (exclusive) as written; folded where folding has changed the text's length.

        A bracket that is opened before the first word and closed within, or the other way round, is the words' own.
        """
        text = self.text if len(self.text) == len(self.folded) else self.folded
        start = min(span[0] for span in self.spans[first:last])
        end = max(span[1] for span in self.spans[first:last])
        for opening, closing in ("()", "[]", "{}"):
            missing = text.count(closing, start, end) - text.count(opening, start, end)
            for _ in range(missing):
                start = _MARKS_BEFORE[opening].search(text[:start]).start()  # type: ignore[union-attr]  # may be empty
            for _ in range(-missing):
                end += _MARKS_AFTER[closing].match(text[end:]).end()  # type: ignore[union-attr]  # may be empty
        return text[start:end]

    def stand_together(self, first: int, last: int) -> bool:
        """Tell whether words `first` to `last` (exclusive) of the reading order are neighbours as written."""
        ranks = self.ranks[first:last]
        return max(ranks) - min(ranks) == last - first - 1


CLASS = re.compile(r"(?:id|at|it|salt|ether|ceton)$")
_AHEAD = 5
"""Words among which the one that a class word belongs to is sought."""


def reading_order(keys: list[str]) -> list[int]:
    """Return the order in which words are read: class words last, as English has them.

    `ácido 2-aminobenzoico`, `anhydride acétique` and `cloruro de bencilo` are read as `2-aminobenzoic acid`, `acetic
    anhydride` and `benzyl chloride`. Words with an empty key are left out.
    """
    if "" not in keys and "acid" not in keys and "anidrid" not in keys:
        return list(range(len(keys)))
    order = [place for place, key in enumerate(keys) if key]
    at = 0
    while at < len(order) - 1:
        key, following = keys[order[at]], order[at + 1 : at + 1 + _AHEAD]
        target = None
        if key in {"acid", "anidrid"}:
            before = keys[order[at - 1]] if at else ""
            if not before.endswith(("ic", "acid")):
                target = next((step for step, place in enumerate(following) if keys[place].endswith("ic")), None)
        elif order[at + 1] > order[at] + 1 and CLASS.search(key):
            target = next((step for step, place in enumerate(following) if len(keys[place]) >= _SHORT), None)
        if target is not None:
            order.insert(at + 1 + target, order.pop(at))
            at += target + 1
        at += 1
    return order


@lru_cache(maxsize=32)
def split_words(text: str) -> Words:
    """Fold a text and split it into words, numbers and single Han characters.

    Args:
        text: any text.

    Returns:
        The words in reading order (class words such as `acid` last). A run of digits and a run of letters are two words
        even when nothing stands between.
    """
    folded = fold(text)
    pattern = ASCII_WORD if folded.isascii() else WORD
    found = list(pattern.finditer(folded))
    keys = [key_of_word(match.group()) for match in found]
    ranks = order = reading_order(keys)
    if order != list(range(len(keys))):
        found, keys = [found[place] for place in order], [keys[place] for place in order]
        written = sorted(range(len(order)), key=order.__getitem__)
        ranks = sorted(range(len(order)), key=written.__getitem__)
    ends = list(accumulate(map(len, keys)))
    return Words(
        text=text,
        folded=folded,
        words=tuple([match.group() for match in found]),
        keys=tuple(keys),
        spans=tuple([match.span() for match in found]),
        squashed="".join(keys),
        starts=(0, *ends[:-1]) if ends else (),
        ends=tuple(ends),
        ranks=tuple(ranks),
    )


def name_keys(text: str) -> tuple[str, list[str]]:
    """Return the key under which a name is stored and looked up, and the keys of its words in reading order.

    The key is the words' keys without anything between, so that hyphens, spaces and brackets neither help nor hurt.
    """
    folded = fold(text)
    pattern = ASCII_WORD if folded.isascii() else WORD
    every = [key_of_word(word) for word in pattern.findall(folded)]
    keys = [every[place] for place in reading_order(every)]
    return "".join(keys), keys
