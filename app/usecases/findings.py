"""Findings as lines of JSON: one for each finding, with the record and row it belongs to."""

from collections.abc import Mapping

import orjson

from app.domain.decisions import Decision, Decisions
from app.usecases.describe_decision import describe_decision


def findings_lines(decisions: Decisions, first_row: int) -> bytes:
    """Return one line of JSON for each finding, as the HTTP answers describe it.

    Args:
        decisions: the decisions on consecutive rows.
        first_row: number of the first of them, counted from 1 under the header.

    Returns:
        NDJSON in UTF-8: `row`, `record_id`, `record` (the decision without its findings), `checked`, then every field
        of the finding; strongest first within a row, empty where nothing was found.
    """
    lines: list[bytes] = []
    for place in decisions.places(lambda decision: bool(decision.findings)):
        row, decision = first_row + place, decisions[place]
        document = describe_decision(decision)
        findings, checked = document.pop("findings"), document.pop("checked")
        head = {"row": row, "record_id": decision.record_id, "record": document, "checked": checked}
        lines += [orjson.dumps(head | finding, option=orjson.OPT_APPEND_NEWLINE) for finding in findings]
    return b"".join(lines)


def with_findings(lines: bytes, decisions: Mapping[int, Decision]) -> bytes:
    """Put the findings of other decisions in the place of some rows'.

    Args:
        lines: as `findings_lines` makes them; each of the rows has findings there.
        decisions: by the number of their row.
    """
    kept: list[bytes] = []
    put: set[int] = set()
    for line in lines.splitlines(keepends=True):
        row = orjson.loads(line)["row"]
        if row not in decisions:
            kept.append(line)
        elif row not in put:
            put.add(row)
            kept.append(findings_lines(Decisions.each([decisions[row]]), row))
    return b"".join(kept)
