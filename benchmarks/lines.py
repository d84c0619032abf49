"""Shipment files of any length, distinct or with the repetition of real trade, written as a stream."""

import csv
import random
import tomllib
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.material import Goods, Material

POSITIVE_SHARE = 0.01
REPETITION = 8
"""How often a text comes in a file with the repetition of real trade, on average; some once, some very often."""

HEADERS = (
    "record_id",
    "goods_description",
    "hs_code",
    "country_of_origin",
    "destination",
    "quantity",
    "unit",
    "shipment_date",
    "consignee",
    "invoice_value_usd",
)

_PAPERS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("papers.toml").read_text("utf-8"))
ELSEWHERE_SHARE = 0.1
"""Lines that touch a country whose law is not among the lists; the others travel where it is."""
FIELDS = ("record_id", "description", "hs_code", "origin", "destination", "quantity", "unit", "date", "consignee")
"""The record's fields that the columns are read as; the last column is carried through."""

_SEED = 1988
_SEEN_BITS = 30
_SIGNS = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXZ"}


class Clerk:
    """Writes lines of goods as clerks do: real descriptions and names among grades, packages, brands and codes."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._draw = random.Random(_SEED)
        self._seen = bytearray(1 << (_SEEN_BITS - 3))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield descriptions without end, no two the same, each with a customs code."""
        while True:
            text, code = self._line()
            while self._is_known(text):
                text, code = self._line()
            yield text, code

    def records(self) -> Iterator[dict[str, str]]:
        """Yield whole records without end, as fields."""
        for number, (text, code) in enumerate(self.texts()):
            yield dict(zip(FIELDS, (str(number), text, code, *self.papers()), strict=False))

    def papers(self) -> tuple[str, ...]:
        """Return the columns of a declaration that stand behind its text and code."""
        draw = self._draw
        return (
            self._country(),
            self._country(),
            str(draw.randrange(1, 40_000)) if draw.random() < 0.6 else f"{9_000 * draw.random():.3f}",
            draw.choice(_PAPERS["units"]),
            f"{draw.randrange(2023, 2026)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            f"{self._brand()} {draw.choice(_PAPERS['firms'])}",
            f"{400_000 * draw.random():.2f}",
        )

    def _country(self) -> str:
        return self._draw.choice(_PAPERS["elsewhere" if self._draw.random() < ELSEWHERE_SHARE / 2 else "countries"])

    def _is_known(self, text: str) -> bool:
        """Tell whether a text was seen; a few new ones are taken for seen ones, and drawn anew."""
        place = zlib.crc32(text.encode()) >> (32 - _SEEN_BITS)
        bit = 1 << (place & 7)
        known = bool(self._seen[place >> 3] & bit)
        self._seen[place >> 3] |= bit
        return known

    def _line(self) -> tuple[str, str]:
        draw, material = self._draw, self._material
        if draw.random() < POSITIVE_SHARE:
            name = draw.choice(material.listed if draw.random() < 0.5 else material.listed_known)
            return self._marked(name, _PAPERS["chemicals"]), draw.choice(_PAPERS["chemical_hs"])
        goods = draw.choice(material.goods)
        if goods.is_chemical:
            name = goods.text if draw.random() < 0.5 else draw.choice(material.lawful)
            return self._marked(name, _PAPERS["chemicals"]), draw.choice(_PAPERS["chemical_hs"])
        code = f"{draw.randrange(30, 97)}{draw.randrange(1, 30):02d}{draw.randrange(10, 100)}"
        return self._marked(self._recombined(goods), _PAPERS["goods"]), code + draw.choice(_PAPERS["hs_endings"])

    def _recombined(self, goods: Goods) -> str:
        """A description as it is, beside another one, or the beginning of one with the end of another."""
        draw = self._draw
        way = draw.random()
        if way < 0.25:
            return goods.text
        other = draw.choice(self._material.kin[goods.kin])
        if way < 0.5:
            return goods.text + draw.choice((", ", " / ", " & ", "; ")) + other
        head, tail = goods.text.split(), other.split()
        return " ".join((*head[: draw.randint(1, len(head))], *tail[draw.randrange(len(tail)) :]))

    def _marked(self, text: str, marks: list[str]) -> str:
        draw = self._draw
        for _ in range(draw.choice((0, 1, 1, 2, 2, 3))):
            mark = self._filled(draw.choice(marks))
            text = f"{mark} {text}" if draw.random() < 0.2 else text + draw.choice((" ", ", ", " - ", " ")) + mark
        return text.upper() if draw.random() < 0.3 else text

    def _filled(self, mark: str) -> str:
        draw = self._draw
        while "BRAND" in mark:
            mark = mark.replace("BRAND", self._brand(), 1)
        while "WORD" in mark:
            mark = mark.replace("WORD", draw.choice(draw.choice(self._material.goods).text.split()).lower(), 1)
        if "#" in mark or "@" in mark:
            mark = "".join(draw.choice(_SIGNS[sign]) if sign in _SIGNS else sign for sign in mark)
        return mark

    def _brand(self) -> str:
        """Few brands come often and many seldom."""
        brands = self._material.brands
        return brands[int(len(brands) * self._draw.random() ** 3)]


def write_distinct(material: Material, path: Path, rows: int) -> Path:
    """Write a file of distinct descriptions; nothing is done where it is there already."""
    clerk = Clerk(material)
    return path if path.is_file() else _write(clerk, path, islice(clerk.texts(), rows))


def write_repeated(material: Material, path: Path, rows: int) -> Path:
    """Write a file in which each description comes `REPETITION` times on average; nothing where it is there."""
    if path.is_file():
        return path
    clerk = Clerk(material)
    texts = list(islice(clerk.texts(), max(1, rows // REPETITION)))
    draw = np.random.default_rng(_SEED)
    weights = draw.lognormal(sigma=1.5, size=len(texts))
    more = draw.choice(len(texts), size=rows - len(texts), p=weights / weights.sum())
    chosen = draw.permutation(np.concatenate((np.arange(len(texts)), more)))
    return _write(clerk, path, (texts[number] for number in chosen.tolist()))


def _write(clerk: Clerk, path: Path, texts: Iterator[tuple[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number, (text, code) in enumerate(texts, 1):
            writer.writerow((f"L{number:08d}", text, code, *clerk.papers()))
    return aside.rename(path)
