"""Findings as lines of JSON: one for each finding, with the record and row it belongs to."""

import orjson

from app.domain.decisions import Decisions
from app.usecases.describe_decision import describe_decision


def findings_lines(decisions: Decisions, first_row: int) -> bytes:
    """Return one line of JSON for each finding, as the HTTP answers describe it.

    Args:
        decisions: the decisions on consecutive rows.
        first_row: number of the first of them, counted from 1 under the header.

    Returns:
        NDJSON in UTF-8: `row`, `record_id`, `checked`, then every field of the finding; strongest first within a row,
        empty where nothing was found.
    """
    lines: list[bytes] = []
    telling = [bool(kind.findings) for kind in decisions.kinds]
    for place, kind in enumerate(decisions.which):
        if telling[kind]:
            row, decision = first_row + place, decisions[place]
            document = describe_decision(decision)
            head = {"row": row, "record_id": decision.record_id, "checked": document["checked"]}
            lines += [
                orjson.dumps(head | finding, option=orjson.OPT_APPEND_NEWLINE) for finding in document["findings"]
            ]
    return b"".join(lines)
