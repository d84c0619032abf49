"""The keys under which listed names are found."""

import re

import pyarrow as pa

from app.chemistry.fold import Words, key_of_word, split_words
from app.watchlist.model import Name, Watchlist

NAMES_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("substance", pa.int32()),
        ("text", pa.string()),
        ("kind", pa.string()),
        ("language", pa.string()),
        ("cas", pa.string()),
    ]
)

# In names of two words the class word stands first in Romance languages and last in Germanic ones.
_CLASS_WORDS = frozenset(
    {"acid", "clorid", "bromid", "iodid", "cianid", "anidrid", "eter", "ceton", "alcool", "permanganat", "aldeid"}
)

_SHORTEST_KEY = 3

# What stands for a Greek letter where the keyboard has none; `y` is also how a psi is read.
_FOR_GREEK = {"alpha": ("a",), "beta": ("b",), "gamma": ("g", "y"), "delta": ("d",), "omega": ("w",), "psi": ("y",)}


def listed_names(watchlist: Watchlist) -> pa.Table:
    """Return every listed name under its keys.

    Args:
        watchlist: the checked watchlist.

    Returns:
        A table of `NAMES_SCHEMA`, one row for each distinct (key, substance), in the watchlist's order. A two-word name
        with a class word (acid, chloride, anhydride) is found in both orders.
    """
    rows: dict[tuple[str, int], dict[str, object]] = {}
    siblings = _siblings(watchlist)
    for number, substance in enumerate(watchlist.substances):
        own = Name(substance.name, "en", "common", "preferred name")
        for name in (own, *substance.names):
            owners = (number, *siblings[number]) if _leaves_stereo_open(name) else (number,)
            for key in _keys(name):
                for owner in owners:
                    rows.setdefault(
                        (key, owner),
                        {
                            "key": key,
                            "substance": owner,
                            "text": name.text,
                            "kind": name.kind,
                            "language": name.language,
                            "cas": name.cas,
                        },
                    )
    return pa.Table.from_pylist(list(rows.values()), schema=NAMES_SCHEMA)


def _siblings(watchlist: Watchlist) -> list[tuple[int, ...]]:
    """Return for each substance the others of its skeleton: they differ in stereochemistry only."""
    skeletons: dict[str, list[int]] = {}
    for number, substance in enumerate(watchlist.substances):
        skeletons.setdefault((substance.inchikey or substance.id)[:14], []).append(number)
    return [
        tuple(other for other in skeletons[(substance.inchikey or substance.id)[:14]] if other != number)
        for number, substance in enumerate(watchlist.substances)
    ]


_SYSTEMATIC = re.compile(r"phenyl|fenil|benz|fen[iy]l|propan", re.IGNORECASE)
_STEREO = re.compile(r"\d[rs]\b|\b[rs]\*|\b[rsdl]\b|[+]|threo|erythro|eritro|\(-\)|pseudo|-rel", re.IGNORECASE)


def _leaves_stereo_open(name: Name) -> bool:
    """Tell whether a systematic name says nothing of the stereochemistry, so that each isomer may be meant."""
    return bool(_SYSTEMATIC.search(name.text)) and not _STEREO.search(name.text)


def _keys(name: Name) -> tuple[str, ...]:
    """Return the keys of a name: as read, in the order in which it is written, and with Latin letters for Greek."""
    words = split_words(name.text)
    keys = {words.squashed: None}
    if all(key.isascii() for key in words.keys):
        written = sorted(range(len(words.keys)), key=lambda place: words.spans[place])
        keys["".join(words.keys[place] for place in written)] = None
        one, other = (words.keys[0], words.keys[-1]) if len(words.keys) == 2 else ("", "")
        turned = name.language != "en" or other != "acid" or one.endswith("ic")  # no battery is a `battery acid`
        if turned and {one, other} & _CLASS_WORDS:
            keys[other + one] = None
        keys.update(_without_greek(words))
    return tuple(key for key in keys if len(key) >= _SHORTEST_KEY or not key.isascii())


def _without_greek(words: Words) -> dict[str, None]:
    """Return the keys of a name whose Greek letters were typed as Latin ones, as in `a-phenylacetoacetonitrile`."""
    found = {word for word in words.words if word in _FOR_GREEK}
    keys: dict[str, None] = {}
    for number in range(2 if found else 0):
        latin = {key_of_word(word): _FOR_GREEK[word][-1 if number else 0] for word in found}
        keys["".join(latin.get(key, key) for key in words.keys)] = None
    return keys
