"""Write a decision out as the document every door answers with and the memory keeps."""

from typing import Any

from app.domain.decisions import AppliedEntry, Decision, Finding

Document = dict[str, Any]
"""A decision as JSON's types, with the names of the contract."""


def describe_decision(decision: Decision) -> Document:
    """Return the document of one decision.

    Args:
        decision: what the core said of one record.

    Returns:
        JSON's types only, in the contract's names and order; scores rounded to three decimals.
    """
    return {
        "record_id": decision.record_id,
        "verdict": decision.verdict.value,
        "score": _score(decision.score),
        "reason": decision.reason,
        "findings": [_finding(finding) for finding in decision.findings],
        "checked": {"instruments": list(decision.instruments), "date_of_law": decision.date_of_law},
        "not_checked": list(decision.not_checked),
        "rejected": [
            {"substance_id": each.substance_id, "substance": each.substance, "why": each.why}
            for each in decision.rejected
        ],
    }


def _finding(finding: Finding) -> Document:
    return {
        "substance_id": finding.substance_id,
        "substance": finding.substance,
        "cas": list(finding.cas),
        "score": _score(finding.score),
        "verdict": finding.verdict.value,
        "channels": [str(channel) for channel in finding.channels],
        "matched": finding.matched,
        "entries": [_entry(entry) for entry in finding.entries],
        "notes": list(finding.notes),
    }


def _entry(entry: AppliedEntry) -> Document:
    return {
        "id": entry.id,
        "instrument": entry.instrument,
        "jurisdiction": entry.jurisdiction,
        "citation": entry.citation,
        "evidence": str(entry.evidence),
        "duties": list(entry.duties),
        "verdict": entry.verdict.value,
        "why": entry.why,
    }


def _score(score: float | None) -> float | None:
    return None if score is None else round(float(score), 3)
