"""One plain sentence for an officer."""

from app.domain.decisions import Finding, Rejected
from app.domain.words import ALARMS, Evidence, Verdict

_SEEN_AS = {
    "cas": "by its registry number",
    "structure": "by its structure",
    "name": "by name",
    "name-structure": "by the structure its name describes",
    "name-fuzzy": "by a misspelt name",
    "family": "as a derivative the law names with it",
    "un": "by its UN number",
    "hs": "by its HS subheading",
    "similarity": "by a similar structure",
}


def reason_of(
    verdict: Verdict, findings: tuple[Finding, ...], cannot_tell: str | None, rejected: tuple[Rejected, ...]
) -> str:
    """Return the sentence that explains a verdict.

    Args:
        verdict: the record's verdict.
        findings: its findings, worst first.
        cannot_tell: why nothing can be said, for `undetermined`.
        rejected: the listed look-alikes that were dropped.
    """
    if cannot_tell:
        return f"Cannot tell: {cannot_tell}."
    alarms = [finding for finding in findings if finding.verdict in ALARMS]
    if verdict in ALARMS and alarms:
        return _alarm(alarms[0], len(alarms))
    if findings:
        finding = findings[0]
        note = f": {finding.notes[-1]}" if finding.notes else ""
        return f"{finding.substance} was seen, but no entry that was checked covers it{note}."
    if rejected:
        return f"Nothing listed was found; '{rejected[0].substance}' was considered: {rejected[0].why}."
    return "Nothing was found in the lists that were checked."


def _alarm(finding: Finding, alarms: int) -> str:
    how = " and ".join(_SEEN_AS[channel] for channel in finding.channels[:2])
    worst = [entry for entry in finding.entries if entry.verdict is finding.verdict] or list(finding.entries)
    entry = min(worst, key=lambda entry: list(Evidence).index(Evidence(entry.evidence)))
    more = f" (and {len(finding.entries) - 1} more)" if len(finding.entries) > 1 else ""
    others = f" {alarms - 1} more listed substance{'s' if alarms > 2 else ''} in the line." if alarms > 1 else ""
    if finding.verdict is Verdict.REVIEW and entry.verdict is not Verdict.REVIEW:
        doubt = finding.notes[0] if finding.notes else "the match is not certain"
        may_be = f"'{finding.matched}' may be {finding.substance}, seen {how}"
        return f"A person must look: {may_be}; {doubt}; {entry.citation}{more}.{others}"
    return f"{finding.substance}, seen {how} ('{finding.matched}'): {entry.citation}{more}; {entry.why}.{others}"
