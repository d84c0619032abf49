"""Other ways to read a text that names nothing as it stands: locants behind their words, digits read for letters."""

import re

from app.chemistry.eastern import EASTERN, english_of_eastern
from app.chemistry.glycidates import GLYCIDATES, glycidate_in_english

_LOCANT_BEHIND = re.compile(r"([a-z]{4,})-(\d(?:,\d)*)(?=[\s;)]|,(?!\d)|$)")
_BRACKET_LOCANT_BEHIND = re.compile(r"(\([^()]{3,60}\))-(\d)(?=\s)")
_CLASS = r"acide?|acido|anhydride|anhidrido|anidride|ether|eter|etere|oxyde|alcool"
_CLASS_BEHIND = re.compile(
    rf"([a-z0-9][a-z0-9,'-]{{3,40}})[ ,]*[(\[]\s*([a-z]{{4,12}}(?: (?:de|d'|di|of))|{_CLASS})\s*[)\]]"
    r"(?:\s*[\[(][a-z]+[)\]])?"
)
"""French and Italian tariffs put the class behind: `benzyle (chlorure de)`, `sulfurique (acide)`."""
_CLASS_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:[a-z]{{4,12}} (?:de|d'|di|of)|{_CLASS})\s*[)\]]")
"""Stands in all that the pattern before finds, and is found sooner."""
_LOST_GREEK = re.compile(r"\|([abg])(?=[-'rs)\]])")
_GREEK = {"a": "alpha", "b": "beta", "g": "gamma"}
"""An old encoding has turned Greek letters into a bar and a Latin one."""
_MARK = r"[0-9$(|!@*&#%^<>]"
_MARK_WITHIN = r"[0-9$|!@&#]"
_MARK_BEHIND = r"[01$!@#]"
_STRAY = re.compile(
    rf"{_MARK}(?<=[a-z].)(?=[a-z]{{2}})|{_MARK_WITHIN}(?<=[a-z]{{3}}.)(?=[a-z])|{_MARK_BEHIND}(?<=[a-z]{{6}}.)(?![a-z0-9])"
)
"""Marks and digits where a letter was: within a word, and behind a long one."""
_MISREAD = re.compile(r"(?:11|[rl]1|1[li])(?<=[a-z]..)(?=[a-z])")
_PRINTED = {"11": "n", "r1": "n", "l1": "h", "1l": "h", "1i": "h"}
"""Two strokes of a letter that were read as a digit and another."""
_LETTER = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "6": "b", "8": "b", "9": "g", "$": "s", "(": "c"}
_LETTER |= {"|": "l", "!": "i", "@": "a"}

_BRACKET_IN_WORD = re.compile(r"^[^(\[{]*[a-z-][)\]}][a-z]")
"""A bracket that closes what was never opened stands where a letter was."""
_DIGIT_BEFORE = re.compile(r"\d(?:(?<=\d-\d)(?=[a-z]{4})|(?<![a-z0-9.,'-]\d)(?=[a-z]{5}))")
"""A locant has a hyphen behind it: a digit between the two and a word is one of its letters, as is one before a long
word."""

STRAY = "|".join(
    (
        rf"[a-z]{_MARK}[a-z]{{2}}",
        rf"[a-z]{{3}}{_MARK_WITHIN}[a-z]",
        rf"[a-z]{{6}}{_MARK_BEHIND}",
        r"[a-z](?:11|[rl]1|1[li])[a-z]",
        r"\d-\d[a-z]{4}",
        r"(?:^|[^a-z0-9.,'-])\d[a-z]{5}",
    )
)
"""A plain pattern: a text without it has no digit or mark that may be read as a letter, but for brackets and bars."""

RESPELLABLE = "|".join(
    (
        r"[a-z]{4}-\d(?:,\d)*(?:[^a-z0-9,-]|,[^0-9]|,?$)",
        r"\)-\d(?:\s|[^\x00-\x7f])",
        rf"[(\[][^a-z]*(?:[a-z]{{4,12}} (?:de|d'|di|of)|{_CLASS})[^a-z]*[)\]]",
        r"\|[abg][-'rs)\]]",
        STRAY,
        _BRACKET_IN_WORD.pattern,
        EASTERN,
        GLYCIDATES,
    )
)
"""A plain pattern, fit for whole columns: a text without it has no other reading."""


def respellings(folded: str) -> list[str]:
    """Return other readings of a folded text.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        The text with class words put first (`benzyle (chlorure de)` becomes `chlorure de benzyle`), with lost Greek
        letters found again, with French and Spanish locants put before their words (`phenyl-1 propanone-2` becomes
        `1-phenyl 2-propanone`), with digits and marks inside words read as the letters they look like or left out
        where no locant or bracket can stand, with Chinese, Japanese and Korean nomenclature in English, and with
        glycidates named as in English; only those that differ from the text.
    """
    turned = _CLASS_BEHIND.sub(r"\2 \1", folded) if _CLASS_IN_BRACKETS.search(folded) else folded
    greek = _LOST_GREEK.sub(lambda found: f" {_GREEK[found[1]]} ", folded)
    moved = _BRACKET_LOCANT_BEHIND.sub(r"\2-\1", _LOCANT_BEHIND.sub(r"\2-\1", folded))
    lettered = _STRAY.sub(lambda found: _LETTER.get(found[0], ""), folded)
    printed = _MISREAD.sub(lambda found: _PRINTED[found[0]], folded) if "1" in folded else folded
    others = dict.fromkeys(
        (
            turned,
            greek,
            moved,
            lettered,
            printed,
            _BRACKET_IN_WORD.sub(lambda found: re.sub(r"[)\]}]", "", found.group()), folded),
            _DIGIT_BEFORE.sub("", folded),
            english_of_eastern(folded),
            glycidate_in_english(folded),
        )
    )
    return [text for text in others if text != folded]
