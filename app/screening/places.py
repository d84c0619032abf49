"""Countries as declared, and whose law they stand under."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

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
    **dict.fromkeys(("GF", "GP", "MF", "MQ", "RE", "YT"), "EU"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
}
"""Places with a code of their own under another's law: TFEU, Article 349; 21 U.S.C. 802(28)."""

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
}


@lru_cache(maxsize=4_096)
def country_of(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country.

    Args:
        text: an alpha-2, alpha-3 or numeric code, or an English name (official, common or in wide use).

    Returns:
        The code; None where no country is known by that text. `EU` stands for itself.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    plain = re.sub(r"\s+", " ", plain.strip().upper().replace("\u2019", "'"))
    if plain in _ALSO:
        return _ALSO[plain]
    if plain in {"EU", "EUROPEAN UNION"}:
        return "EU"
    try:
        return str(pycountry.countries.lookup(plain).alpha_2)
    except LookupError:
        return None


def jurisdiction_of(country: str, day: date | None = None) -> str:
    """Return whose precursor law a country stands under.

    Args:
        country: ISO 3166-1 alpha-2 code.
        day: the day of law; today's membership where it is not given.

    Returns:
        `EU` for its members of that day and its outermost regions, `US` for the territories under its law, else the
        country itself.
    """
    if country in _UNDER:
        return _UNDER[country]
    if day is not None and country in _MEMBERSHIP:
        begins, ends = _MEMBERSHIP[country]
        return "EU" if begins <= day < ends else country
    return "EU" if country in EU else country
