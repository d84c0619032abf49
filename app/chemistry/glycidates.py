"""Glycidic acids and their esters that are named after a ketone's abbreviation, in any language, named as in English.

Tariffs, reports and public tables write `PMK glicydan metylu`, `metilglicidato de P-2-P`, `BMK-Glycidsäure`, `asam
glisidat PMK`: an abbreviation, perhaps an alcohol, and one word for acid or ester, in the order of the language.
"""

import re

GLYCIDATES = "gl[iy](?:c|s|z|k|ts)[iy]"
"""A plain pattern, fit for whole columns: what is no glycidate is not looked at."""

_IS_GLYCIDATE = re.compile(GLYCIDATES)
_KETONE = r"(?:bmk|pmk|(?:3[, ]{1,2}4-?)?mdp-?2-?p|p-?2-?p)"
_ALCOHOLS = (
    ("tert-butyl", "te?r[ctz]?t?-?b[uy]t[iy]+l"),
    ("sec-butyl", "se[ck]-?b[uy]t[iy]+l"),
    ("isobutyl", "i[sz]ob[uy]t[iy]+l"),
    ("isopropyl", "i[sz]oprop[iy]+l"),
    ("butyl", "b[uy]t[iy]+l"),
    ("propyl", "prop[iy]+l"),
    ("methyl", "met?h?[iy]+l"),
    ("ethyl", "(?:a|\\b|(?<=[^m]))eth?[iy]+l"),
)
_ALCOHOL = "|".join(pattern for _, pattern in _ALCOHOLS)
_WHICH = tuple((english, re.compile(pattern)) for english, pattern in _ALCOHOLS)
_PART = (
    rf"(?:d')?(?:{_KETONE}|(?:(?:{_ALCOHOL})[a-z]{{0,3}})?{GLYCIDATES}[a-z]*|(?:{_ALCOHOL})[a-z]{{0,4}}"
    r"|acid[eo]?|asam|axit|kwas|kyselina|kiselina|kislota|asit|est[eh]r|sodium|natrium|sodio|salt|sal|sel"
    r"|d[eiou]s?|del|of|tu|von)"
)
_NAMED = re.compile(rf"(?<![a-z0-9]){_PART}(?:[ ,-]{{1,2}}{_PART})++(?![a-z])")
_HAS_KETONE = re.compile(rf"(?<![a-z0-9])({_KETONE})(?![a-z0-9])")
_ACID = re.compile(
    "acid|asam|axit|kwas|kyselina|kiselina|kislota|asit|s(?:au|aeu|y)re?|zuur|syra|happo|sav|sodium|natr|sodio"
)


def glycidate_in_english(folded: str) -> str:
    """Return a text with such a name as English tables write it.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        `pmk glicydan metylu` as `pmk methyl glycidate`, `acido glicidico de bmk` as `bmk glycidic acid`; any other text
        as it is.
    """
    return _NAMED.sub(_put_over, folded) if _IS_GLYCIDATE.search(folded) else folded


def _put_over(found: re.Match[str]) -> str:
    name = found.group()
    ketone = _HAS_KETONE.search(name)
    if ketone is None or _IS_GLYCIDATE.search(name) is None:
        return name
    ketones = "pmk" if "m" in ketone[1].replace("bmk", "") else "bmk"
    named_ester = re.search("est[eh]r", name) is not None
    if _ACID.search(name) and not named_ester:
        return f"{ketones} glycidic acid"
    which = [english for english, pattern in _WHICH if pattern.search(name)]
    if named_ester and len(which) > 1 and "methyl" in which:  # `P-2-P methyl glycidic acid ethyl ester`
        which.remove("methyl")
    return " ".join((ketones, *which[:1], "glycidate"))
