"""The real texts that lines are made of: the evaluation sets and the dictionary."""

import hashlib
import os
import random
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from app.settings import ROOT, Settings
from app.usecases.quality_sets import Expectation, read_quality_sets
from app.watchlist.index import open_index
from app.watchlist.lawful import is_a_name
from app.watchlist.read import release_of

DEVELOPMENT = Path(os.environ.get("EVAL_DIR", ROOT.parent / "shared" / "eval"))
PUBLIC = ROOT / "quality"

_BRANDS = 20_000
_WAYS = ("material.py", "lines.py", "papers.toml", "molecules.py", "wider.py")
"""The files that say how lines, structures and names are made."""
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True)
class Goods:
    """One harmless text of a benign set."""

    text: str
    is_chemical: bool
    """Whether it is a chemical's name, which is never cut; else goods in words."""
    kin: str
    """Texts of one kin, the same set and script, may be recombined."""


@dataclass(frozen=True)
class Material:
    """Everything that lines are drawn from."""

    goods: tuple[Goods, ...]
    kin: dict[str, tuple[str, ...]]
    lawful: tuple[str, ...]
    """Names of lawful chemicals, from the dictionary."""
    listed: tuple[str, ...]
    """Texts that mean a listed substance: half of what is drawn is from the sets, half from the dictionary."""
    listed_known: tuple[str, ...]
    brands: tuple[str, ...]
    note: str


def digest_of_material(settings: Settings) -> str:
    """Return what files built from the material are named by: the sets, the dictionary and how lines are made."""
    sets = [folder / name for folder in (DEVELOPMENT, PUBLIC) for name in ("names.csv", "structures.csv")]
    ways = [Path(__file__).with_name(name) for name in _WAYS]
    digest = hashlib.sha256(release_of(settings.watchlists).encode())
    for path in (*sets, *ways):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def read_material(settings: Settings) -> Material:
    """Read the sets at `EVAL_DIR` with the public one, or the public one alone, and the compiled dictionary."""
    sets = read_quality_sets(DEVELOPMENT, PUBLIC)
    goods, listed = [], []
    for row in sets.rows:
        if row.field != "description" or not row.text.strip():
            continue
        if row.expectation is Expectation.FOUND:
            listed.append(row.text)
        elif row.expectation is Expectation.SILENT:
            is_chemical = row.set.endswith(("chemical", "hard", "-known"))
            goods.append(Goods(row.text, is_chemical, f"{row.set} {_script(row.text)}"))
    kin: dict[str, list[str]] = defaultdict(list)
    for one in goods:
        kin[one.kin].append(one.text)
    index = open_index(settings.index, settings.watchlists)
    chemicals = zip(
        index.chemicals.column("name").to_pylist(), index.chemicals.column("family").to_pylist(), strict=True
    )
    return Material(
        goods=tuple(goods),
        kin={name: tuple(texts) for name, texts in kin.items()},
        lawful=tuple(dict.fromkeys(name for name, family in chemicals if family < 0 and is_a_name(name))),
        listed=tuple(dict.fromkeys(listed)),
        listed_known=tuple(dict.fromkeys(index.names.column("text").to_pylist())),
        brands=_brands(sorted({word for one in goods for word in _WORD.findall(one.text) if word.isascii()})),
        note="; ".join(sets.notes),
    )


def _script(text: str) -> str:
    """Return the script of the first letter outside ASCII (LATIN, CYRILLIC, CJK, …), LATIN where there is none."""
    return next((unicodedata.name(c, "LATIN").split()[0] for c in text if not c.isascii() and c.isalpha()), "LATIN")


def _brands(words: list[str]) -> tuple[str, ...]:
    """Make names that nobody has read before out of the beginnings and ends of real words, as brands are made."""
    draw = random.Random(3)
    made: dict[str, None] = {}
    while len(made) < _BRANDS:
        head, tail = draw.choice(words), draw.choice(words)
        made[(head[: draw.randint(2, 4)] + tail[-draw.randint(2, 5) :]).capitalize()] = None
    return tuple(made)
