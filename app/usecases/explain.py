"""A decision told in lines for a terminal: the same content as the JSON, in the order an officer asks."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import orjson

from app.usecases.describe_decision import Document

_DAYS = {"record": "the record's own day", "as_of": "the day asked for", "today": "today"}


def explain_decision(document: Document) -> list[str]:
    """Tell one decision.

    Args:
        document: a decision as `describe_decision` writes it.

    Returns:
        Lines without markup: verdict and reason, each finding with its reasoning and clauses, each place with what must
        be done there, and what was and was not checked.
    """
    lines = [f"{document['verdict']}: {document['reason']}"]
    for finding in document["findings"]:
        lines.append(
            f"  {finding['substance']} ({', '.join(finding['cas'])}): {finding['verdict']}, {finding['score']}"
        )
        lines += [f"    {number}. {step}" for number, step in enumerate(finding["reasoning"], 1)]
        lines += [f"    {entry['id']} reads: {entry['clause']}" for entry in finding["entries"] if entry["clause"]]
        lines += [f"    contradiction: {words}" for words in finding["contradictions"]]
        lines += [f"    note: {note}" for note in finding["notes"] if note not in finding["contradictions"]]
    for place in document["places"]:
        lines.append(f"  {place['place']} ({place['role']}): {place['verdict']}; {place['why']}")
        for key in ("duties", "authorities", "lead_times", "citations"):
            if place[key]:
                lines.append(f"    {key.replace('_', ' ')}: {'; '.join(place[key])}")
    checked = document["checked"]
    instruments = ", ".join(checked["instruments"])
    day = f"law of {checked['date_of_law']} ({_DAYS[checked['date_from']]})"
    lines.append(f"  checked: {instruments}; {day}; {checked['route']}")
    lines += [f"  not checked: {what}" for what in document["not_checked"]]
    for each in document["rejected"]:
        lines.append(f"  considered and dropped: {each['substance']}, {each['why']}")
    return lines


def explain_findings(lines: bytes) -> Iterator[list[str]]:
    """Tell the decisions of a block of findings.

    Args:
        lines: NDJSON as `findings_lines` writes it.

    Yields:
        The lines of one decision after the other, the first naming the row.
    """
    findings = [orjson.loads(line) for line in lines.splitlines()]
    for row, group in groupby(findings, key=itemgetter("row")):
        own = list(group)
        told = explain_decision({**own[0]["record"], "checked": own[0]["checked"], "findings": own})
        yield [f"row {row}: {told[0]}", *told[1:]]
