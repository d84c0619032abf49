"""What can be told of whole columns by their marks alone: identifiers written in them, and slips of typesetting."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.identifiers import find_cas_in_text, find_ec_numbers, find_inchikeys, find_un_in_text
from app.chemistry.respell import RESPELLABLE, respellings

# Wider than the patterns they stand for: what they find is looked at again.
_DASH = "[-_\u2010-\u2015\u2212\ufe63\uff0d]"
_DIGIT = "[0-9OoQlI|SB]"
_IDENTIFIERS = "|".join(
    (
        rf"{_DIGIT}.?{_DASH}.?{_DIGIT}{{2}}.?{_DASH}.?{_DIGIT}",
        r"(?i:\bcas(?:rn)?\b).*\d",
        rf"\d{{3}}.?{_DASH}.?\d{{3}}.?{_DASH}.?\d",
        r"(?i:\b(?:ec|eg|ce|einecs|elincs)\b).{0,40}\d{3}.?\d{3}.?\d",
        r"(?i:\bun)\W*(?i:no|nr|number|id)?\W*\d{4}",
        r"[A-Z]{14}-[A-Z]{10}-[A-Z]",
    )
)


FEW = 8
"""So many texts are looked at one by one sooner than together."""


def has_identifiers(texts: list[str]) -> npt.NDArray[np.bool_]:
    """Return bool[n]: whether a registry number, UN number or InChIKey stands in each text."""
    found = np.ones(len(texts), dtype=np.bool_)
    if len(texts) > FEW:
        found &= _matches(pa.array(texts, pa.large_string()), _IDENTIFIERS)
    for place in np.flatnonzero(found).tolist():
        text = texts[place]
        found[place] = bool(
            find_cas_in_text(text) or find_ec_numbers(text) or find_un_in_text(text) or find_inchikeys(text)
        )
    return found


def respelt(folded: pa.Array) -> tuple[list[int], list[str]]:
    """Return the places of texts, and what these may be respelt as (`app.chemistry.respell`)."""
    places = range(len(folded)) if len(folded) <= FEW else np.flatnonzero(_matches(folded, RESPELLABLE)).tolist()
    pairs = [(place, other) for place in places for other in respellings(folded[place].as_py())]
    return [place for place, _ in pairs], [other for _, other in pairs]


def _matches(texts: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found
