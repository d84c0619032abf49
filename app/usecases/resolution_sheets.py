"""What a name means, as a table for a reader and as JSON for a program."""

from dataclasses import asdict
from typing import Any

from app.screening.resolution import Mention, Resolution
from app.usecases.sheets import Sheet


def resolution_sheets(resolution: Resolution) -> list[Sheet]:
    """Return the names found in a text, and the listed substances that were considered and rejected."""
    mentions = tuple(_mention(mention) for mention in resolution.mentions)
    headings = ("words", "reads as", "CAS", "standing", "by", "score")
    note = "" if mentions else "no name was found in it, listed or lawful"
    sheets = [Sheet(f"{resolution.text!r} reads as", headings, mentions, frozenset({"score"}), note)]
    rejected = tuple(
        (mention.text, each.substance, each.substance_id, each.why)
        for mention in resolution.mentions
        for each in mention.rejected
    )
    if rejected:
        sheets.append(Sheet("Considered and rejected", ("words", "substance", "id", "why"), rejected))
    return sheets


def resolution_json(resolution: Resolution) -> dict[str, Any]:
    """Return the resolution with every field, ready for JSON."""
    return asdict(resolution)


def _mention(mention: Mention) -> tuple[str, ...]:
    return (
        mention.text,
        mention.substance or "-",
        ", ".join(mention.cas),
        f"{mention.outcome} ({mention.substance_id})" if mention.substance_id else mention.outcome,
        mention.channel or "",
        "" if mention.score is None else f"{mention.score:.3f}",
    )
