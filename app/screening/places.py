"""Countries as declared, and whose law they stand under."""

import gettext
import re
import unicodedata
from collections import defaultdict
from datetime import date
from functools import cache, lru_cache
from typing import Any

import pycountry

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member states of the European Union, ISO 3166-1 alpha-2."""

_MEMBERSHIP = {"HR": (date(2013, 7, 1), date.max), "GB": (date(1973, 1, 1), date(2021, 1, 1))}
"""Members that joined or left since the regulations began; the United Kingdom until the end of its transition period.

Source: Treaty of Accession of Croatia (2013-07-01); Withdrawal Agreement, Articles 126 and 127 (until 2020-12-31).
"""

MEMBERSHIP_CHANGES = tuple(sorted({day for days in _MEMBERSHIP.values() for day in days}))
"""The days on which the answer of `jurisdiction_of` changes for some country."""

_UNDER = {
    **dict.fromkeys(("AX", "GF", "GP", "MF", "MQ", "RE", "YT"), "EU"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
}
"""Places with a code of their own under another's law: TFEU, Articles 349 and 355(4); 21 U.S.C. 802(28)."""

_ALSO = {
    "USA": "US",
    "U.S.A.": "US",
    "U.S.": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "UK": "GB",
    "GREAT BRITAIN": "GB",
    "ENGLAND": "GB",
    "EL": "GR",
    "RUSSIA": "RU",
    "SOUTH KOREA": "KR",
    "KOREA": "KR",
    "KOREA, REPUBLIC OF": "KR",
    "REPUBLIC OF KOREA": "KR",
    "NORTH KOREA": "KP",
    "VIETNAM": "VN",
    "TURKEY": "TR",
    "TURKIYE": "TR",
    "IVORY COAST": "CI",
    "COTE D'IVOIRE": "CI",
    "CONGO, DRC": "CD",
    "DEUTSCHLAND": "DE",
    "ESPANA": "ES",
    "BRASIL": "BR",
    "BHARAT": "IN",
    "HOLLAND": "NL",
    "UAE": "AE",
    "HONG KONG": "HK",
    "MACAU": "MO",
    "TAIWAN": "TW",
    "BURMA": "MM",
    "CZECH REPUBLIC": "CZ",
    "MACEDONIA": "MK",
    "SWAZILAND": "SZ",
    "CAPE VERDE": "CV",
    "PALESTINE": "PS",
    **dict.fromkeys(("PR CHINA", "P R CHINA", "PRC", "PEOPLES REPUBLIC OF CHINA"), "CN"),
    **dict.fromkeys(("SCOTLAND", "WALES", "NORTHERN IRELAND"), "GB"),
    **dict.fromkeys(("REPUBLIC OF IRELAND", "EIRE"), "IE"),
    **dict.fromkeys(("AZORES", "MADEIRA"), "PT"),
    "CANARY ISLANDS": "ES",
    "ALAND": "AX",
    "SAINT MARTIN": "MF",
    "SINT MAARTEN": "SX",
    "BRUNEI": "BN",
    "DR CONGO": "CD",
    "EAST TIMOR": "TL",
    "MICRONESIA": "FM",
    "HOLY SEE": "VA",
    "VATICAN": "VA",
    "VATICAN CITY": "VA",
}

_LANGUAGES = (
    "ar", "cs", "da", "de", "el", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru",
    "sv", "th", "tr", "uk", "vi", "zh_CN", "zh_TW",
)  # fmt: skip
"""Languages of trade in which names of countries are known, as `pycountry` brings them."""


@lru_cache(maxsize=4_096)
def country_of(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country.

    Args:
        text: an alpha-2, alpha-3 or numeric code, or a name (official, common or in wide use) in English or one of
            `_LANGUAGES`; with or without the article, accents and dots.

    Returns:
        The code; None where no country is known by that text. `EU` stands for itself.
    """
    plain = _plain(text)
    if plain in {"EU", "EUROPEAN UNION"}:
        return "EU"
    spellings = (plain, plain.replace(".", ""), _ARTICLE.sub("", plain))
    for names in (_ALSO, _english_names()):
        for spelling in spellings:
            if spelling in names:
                return names[spelling]
    foreign = _foreign_names()
    return next((foreign[spelling] for spelling in spellings if spelling in foreign), None)


_ARTICLE = re.compile(r"^(?:(?:THE|LA|LE|LES|DIE) |L')(?=.)")


def _plain(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", bare.strip().upper().replace("\u2019", "'"))


def _names_of(country: Any) -> list[str]:
    return [getattr(country, key) for key in ("name", "official_name", "common_name") if hasattr(country, key)]


@cache
def _english_names() -> dict[str, str]:
    """Return the codes and English names of all countries, plain, with their alpha-2 codes."""
    known: dict[str, str] = {}
    for country in pycountry.countries:
        names = _names_of(country)
        names += [f"{last.strip()} {first}" for name in names for first, comma, last in [name.partition(",")] if comma]
        for name in (country.alpha_2, country.alpha_3, country.numeric, *names):
            for spelling in (_plain(name), _ARTICLE.sub("", _plain(name))):
                known.setdefault(spelling, country.alpha_2)
    return known


@cache
def _foreign_names() -> dict[str, str]:
    """Return the names of all countries in the languages of trade, but for those that mean several."""
    known: dict[str, set[str]] = defaultdict(set)
    for language in _LANGUAGES:
        words = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for country in pycountry.countries:
            for name in _names_of(country):
                known[_plain(words.gettext(name))].add(country.alpha_2)
    return {name: codes.pop() for name, codes in known.items() if len(codes) == 1}


def jurisdiction_of(country: str, day: date | None = None) -> str:
    """Return whose precursor law a country stands under.

    Args:
        country: ISO 3166-1 alpha-2 code.
        day: the day of law; today's membership where it is not given.

    Returns:
        `EU` for its members of that day, its outermost regions and Åland, `US` for the territories under its law, else
        the country itself.
    """
    if country in _UNDER:
        return _UNDER[country]
    if day is not None and country in _MEMBERSHIP:
        begins, ends = _MEMBERSHIP[country]
        return "EU" if begins <= day < ends else country
    return "EU" if country in EU else country
