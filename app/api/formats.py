"""The formats a screened file is answered in, and the choice between them."""

from dataclasses import dataclass

from app.api.problems import ProblemError


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write rows with their answers."""

    name: str
    media_type: str
    content_type: str
    ending: str


CSV = Format("csv", "text/csv", "text/csv; charset=utf-8; header=present", "csv")
NDJSON = Format("ndjson", "application/x-ndjson", "application/x-ndjson", "ndjson")
ARROW = Format("arrow", "application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream", "arrows")

FORMATS = (CSV, NDJSON, ARROW)
"""Best first: what a caller gets who takes anything."""


def choose_format(accept: str) -> Format:
    """Return the format an `Accept` header asks for most.

    Args:
        accept: the header's value, "" for none, which takes anything.

    Raises:
        ProblemError: `not-acceptable`: it takes none of ours.
    """
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    wishes = [(_wish(each, ranges), -place, each) for place, each in enumerate(FORMATS)]
    wish, _, chosen = max(wishes)
    if wish <= 0:
        known = ", ".join(each.media_type for each in FORMATS)
        raise ProblemError("not-acceptable", f"The answer can be given as {known}")
    return chosen


def _wish(offered: Format, ranges: list[tuple[str, float]]) -> float:
    """Return how much a format is wanted: the weight of the most exact range that covers it (RFC 9110, 12.5.1)."""
    covering = (offered.media_type, offered.media_type.partition("/")[0] + "/*", "*/*")
    for pattern in covering:
        weights = [weight for text, weight in ranges if text == pattern]
        if weights:
            return max(weights)
    return 0.0


def _media_range(part: str) -> tuple[str, float]:
    text, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            weight = _weight(value.strip())
    return text, weight


def _weight(text: str) -> float:
    # A weight that is none is taken as no wish at all rather than as a full one.
    digits = text.replace(".", "", 1)
    return min(float(text), 1.0) if digits.isascii() and digits.isdigit() else 0.0
