"""Write a decision out as the document every door answers with and the memory keeps."""

from typing import Any

from app.domain.decisions import AppliedEntry, Decision, Finding, PlaceAnswer

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
        "places": [_place(place) for place in decision.places],
        "checked": {
            "instruments": list(decision.instruments),
            "date_of_law": decision.date_of_law,
            "date_from": decision.date_from.value,
            "route": decision.route,
        },
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
        "contradictions": list(finding.contradictions),
        "form": finding.form,
        "reasoning": list(finding.reasoning),
        "legal_notes": [
            {
                "kind": note.kind.value,
                "jurisdiction": note.jurisdiction,
                "words": note.words,
                "citation": note.citation,
            }
            for note in finding.legal_notes
        ],
    }


def _place(place: PlaceAnswer) -> Document:
    return {
        "place": place.place,
        "role": place.role.value,
        "law": place.law,
        "verdict": place.verdict.value,
        "why": place.why,
        "substances": list(place.substances),
        "duties": list(place.duties),
        "authorities": list(place.authorities),
        "lead_times": list(place.lead_times),
        "citations": list(place.citations),
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
        "clause": entry.clause,
        "authority": entry.authority,
        "lead_time": entry.lead_time,
    }


def _score(score: float | None) -> float | None:
    return None if score is None else round(float(score), 3)
