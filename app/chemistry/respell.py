"""Other ways to read a text that names nothing as it stands: locants behind their words, digits read for letters."""

import re

_LOCANT_BEHIND = re.compile(r"([a-z]{4,})-(\d(?:,\d)*)(?=[\s,;)]|$)")
_BRACKET_LOCANT_BEHIND = re.compile(r"(\([^()]{3,60}\))-(\d)(?=\s)")
_STRAY = re.compile(r"(?<=[a-z])([0-9$(|!@*&#%])(?=[a-z]{2})")
_LETTER = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "6": "b", "8": "b", "9": "g", "$": "s", "(": "c"}
_LETTER |= {"|": "l", "!": "i", "@": "a"}


def respellings(folded: str) -> list[str]:
    """Return other readings of a folded text.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        The text with French and Spanish locants put before their words (`phenyl-1 propanone-2` becomes `1-phenyl
        2-propanone`), and the text with digits and marks inside words read as the letters they look like; only those
        that differ from the text.
    """
    moved = _BRACKET_LOCANT_BEHIND.sub(r"\2-\1", _LOCANT_BEHIND.sub(r"\2-\1", folded))
    lettered = _STRAY.sub(lambda found: _LETTER.get(found[1], ""), folded)
    return [text for text in dict.fromkeys((moved, lettered)) if text != folded]
