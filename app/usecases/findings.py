"""Findings as lines of JSON: one for each finding, with the record and row it belongs to."""

from collections.abc import Sequence

import orjson

from app.domain.decisions import Decisions
from app.usecases.describe_decision import describe_decision


def findings_lines(decisions: Decisions, rows: Sequence[int]) -> dict[int, bytes]:
    """Return one line of JSON for each finding, as the HTTP answers describe it.

    Args:
        decisions: the decisions on some rows.
        rows: the number of each row, counted from 1 under the header.

    Returns:
        By the number of its row, for each row with findings: NDJSON in UTF-8: `row`, `record_id`, `record` (the
        decision without its findings), `checked`, then every field of the finding; strongest first.
    """
    lines: dict[int, bytes] = {}
    for place in decisions.places(lambda decision: bool(decision.findings)):
        row, decision = rows[place], decisions[place]
        document = describe_decision(decision)
        findings, checked = document.pop("findings"), document.pop("checked")
        head = {"row": row, "record_id": decision.record_id, "record": document, "checked": checked}
        lines[row] = b"".join(orjson.dumps(head | finding, option=orjson.OPT_APPEND_NEWLINE) for finding in findings)
    return lines
