"""Spellings folded to one form: case, accents, Greek letters, transliteration and the vowels of many languages.

Systematic names share their morphemes across languages (`phenyl`, `phényle`, `fenilo`, `фенил`), so one fold serves
names of the dictionary and words of a shipment alike: two spellings are the same when their keys are.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from app.chemistry.brackets import with_brackets
from app.chemistry.letters import fold_letters

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
SAME_WORD = {
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
LETTERS = (
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
SHORT = 3
"""Words below this length are symbols and descriptors, and stand for themselves."""
ABBREVIATION = 4
"""Words up to this length (NPP, PMK, MEKO) keep their doubled letters and their ends."""
HALIDE_ENDS = ("uro", "ur", "ure", "uros", "eto", "etos", "uri")
HALIDE = re.compile(rf"^(.*(?:clor|brom|iod|fluor|cian|sulf|fosf|nitr))(?:{'|'.join(HALIDE_ENDS)})$")
DIPHTHONG = re.compile(r"[ao]e(?!n$)(?=[a-z])", re.MULTILINE)
"""`ä` and `ö` written as two letters; `ketoen` and `hexaen` are no `ketön` and `hexän`."""
DOUBLE = re.compile(r"([a-z])\1+")
SILENT_END = r"(?:a|(?<!in)o|(?<![eiou])(?<![^r]a)e)$"
"""The vowel that ends a word in some languages; behind another vowel it may stand for `-ane`, `-ine` or `-one` with a
letter lost, but for Latin `-rae`."""
_END = re.compile(rf"(?<=[a-z]{{2}}){SILENT_END}")
LINK = re.compile(r"(?<=an|en|in|il|ol)[eo](?=[bcdfgmprstvz])")
JOINING = frozenset({"de", "du", "des", "del", "of", "la", "le", "el", "da", "der", "von"})


@lru_cache(maxsize=65_536)
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
    if word in JOINING:
        return ""
    if len(word) < SHORT:
        return word
    word = SAME_WORD.get(word, word)
    if len(word) > ABBREVIATION:
        word = DOUBLE.sub(r"\1", word)
    for old, new in LETTERS:
        if old in word:
            word = word.replace(old, new)
    word = DIPHTHONG.sub("e", word)
    halide = HALIDE.match(word)
    if halide:
        return halide.group(1) + "id"
    return LINK.sub("", _END.sub("", word) if len(word) > ABBREVIATION else word)


def fold(text: str) -> str:
    """Fold case, width, accents, Greek letters and Cyrillic; keep separators and digits.

    Args:
        text: any text.

    Returns:
        Lower-case text in which Latin and Cyrillic letters are plain a-z; other scripts keep their letters.
    """
    folded = fold_letters(text)
    if "." in folded:
        folded = DOTTED.sub(r" \1 ", folded)
    return folded


DOTTED = re.compile(r"\. ?(alpha|beta|gamma|delta|omega|alfa|psi|\+/-|\+|-) ?\.")


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
        """Return words `first` to `last` (exclusive) as written; folded where folding has changed the text's length."""
        text = self.text if len(self.text) == len(self.folded) else self.folded
        return text[slice(*self.span_in(text, first, last))]

    def span_in(self, text: str, first: int, last: int) -> tuple[int, int]:
        """Return where words `first` to `last` (exclusive) and their brackets stand in a text as long as `folded`."""
        spans = self.spans[first:last]
        return with_brackets(text, min(span[0] for span in spans), max(span[1] for span in spans))

    def stand_together(self, first: int, last: int) -> bool:
        """Tell whether words `first` to `last` (exclusive) of the reading order are neighbours as written."""
        ranks = self.ranks[first:last]
        return max(ranks) - min(ranks) == last - first - 1


CLASS_ENDS = ("id", "at", "it", "salt", "ether", "ceton")
_CLASSES = frozenset(["acid", "anidrid"])
_TURNING = _CLASSES | {""}
"""Where none of these is among a text's keys, it is read as it is written."""
_AHEAD = 5
"""Words among which the one that a class word belongs to is sought."""


def reading_order(keys: list[str]) -> list[int]:
    """Return the order in which words are read: class words last, as English has them.

    `ácido 2-aminobenzoico`, `anhydride acétique` and `cloruro de bencilo` are read as `2-aminobenzoic acid`, `acetic
    anhydride` and `benzyl chloride`. Words with an empty key are left out.
    """
    if _TURNING.isdisjoint(keys):
        return list(range(len(keys)))
    order = [place for place, key in enumerate(keys) if key]
    at = 0
    while at < len(order) - 1:
        key, following = keys[order[at]], order[at + 1 : at + 1 + _AHEAD]
        target = None
        if key in _CLASSES:
            before = keys[order[at - 1]] if at else ""
            if not before.endswith(("ic", "acid")):
                target = next((step for step, place in enumerate(following) if keys[place].endswith("ic")), None)
        elif order[at + 1] > order[at] + 1 and key.endswith(CLASS_ENDS):
            target = next((step for step, place in enumerate(following) if len(keys[place]) >= SHORT), None)
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
