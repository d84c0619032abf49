"""Why: one plain sentence for an officer, and the steps behind it."""

from app.domain.decisions import AppliedEntry, Finding, PlaceAnswer, Rejected
from app.domain.words import ALARMS, Evidence, LegalNoteKind, Role, Verdict
from app.screening.forms import OTHER_ISOMER, SeenForm
from app.screening.law import Joined
from app.screening.lines import WILL_BE
from app.screening.route import Route

_SEEN_AS = {
    "cas": "by its registry number",
    "structure": "by its structure",
    "name": "by name",
    "name-structure": "by the structure its name describes",
    "name-fuzzy": "by a misspelt name",
    "family": "as a derivative",
    "un": "by its UN number",
    "hs": "by its HS subheading",
    "similarity": "by a similar structure",
}

_POINTING = frozenset({"hs", "un"})
"""Channels that point at a substance and do not name it."""


def reason_of(
    verdict: Verdict,
    findings: tuple[Finding, ...],
    cannot_tell: str | None,
    rejected: tuple[Rejected, ...],
    places: tuple[PlaceAnswer, ...] = (),
) -> str:
    """Return the sentence that explains a verdict.

    Args:
        verdict: the record's verdict.
        findings: its findings, worst first.
        cannot_tell: why nothing can be said, for `undetermined`.
        rejected: the listed look-alikes that were dropped.
        places: what each place of the route says; those that act are named.
    """
    if cannot_tell:
        return f"Cannot tell: {cannot_tell}."
    alarms = [finding for finding in findings if finding.verdict in ALARMS]
    if verdict in ALARMS and alarms:
        return _alarm(alarms[0], len(alarms), places)
    if findings:
        finding = findings[0]
        why = _later(finding, cited=True) or (finding.notes[-1] if finding.notes else "")
        return f"{subject_of(finding)} was seen, but no entry that was checked covers it{f': {why}' if why else ''}."
    if rejected:
        return f"Nothing listed was found; '{rejected[0].substance}' was considered: {rejected[0].why}."
    return "Nothing was found in the lists that were checked."


def reasoning_of(
    substance: str, matched: str, channels: tuple[str, ...], form: SeenForm, joined: Joined
) -> tuple[str, ...]:
    """Return the steps from the words of the record to the duty.

    Args:
        substance: the listed substance's name.
        matched: the words or identifier that were seen.
        channels: how it was seen.
        form: the form that was seen.
        joined: what the law says of it.

    Returns:
        Sentences in order: what was seen, what form it is, then one for each entry, for what does not cover it, for
        what is enacted for later, and for another law of the place.
    """
    how = ", ".join(_SEEN_AS[channel] for channel in channels)
    steps = [f"'{matched}' points to {substance}, seen {how}."]
    if form.relation:
        article = "an" if form.relation[0] in "aeiou" else "a"
        steps.append(f"It is not the listed substance: it is {article} {form.relation} of {substance}.")
    if form.isomer == OTHER_ISOMER:
        steps.append(f"It is another stereoisomer than the listed one, which is {substance}.")
    elif form.isomer:
        steps.append(f"It is {form.isomer}, a stereoisomer; the listed substance is {substance}.")
    if form.labelled:
        steps.append(f"Its isotopes are removed; the parent is {substance}.")
    if form.salt and form.is_named:
        steps.append(f"It is {form.salt}, a salt; the parent is {substance}.")
    elif form.salt:
        steps.append(f"{form.salt.capitalize()} removed; the parent is {substance}.")
    if form.hydrate:
        steps.append(f"Water removed; the parent is {substance}.")
    steps += joined.reasoning
    steps += [f"{note.jurisdiction}, {_NOTED[note.kind]}{note.words} ({note.citation})." for note in joined.notes]
    return tuple(steps)


_NOTED = {LegalNoteKind.NOT_COVERED: "not covered: ", LegalNoteKind.PENDING: "", LegalNoteKind.OTHER_LAW: ""}


def _alarm(finding: Finding, alarms: int, places: tuple[PlaceAnswer, ...]) -> str:
    how = " and ".join(_SEEN_AS[channel] for channel in finding.channels[:2])
    others = f" {alarms - 1} more listed substance{'s' if alarms > 2 else ''} in the line." if alarms > 1 else ""
    in_doubt = _in_doubt(finding)
    treaties = _treaties(places)
    entry = _leading(finding, treaties, in_doubt=in_doubt)
    if entry is None:
        return (
            f"A person must look: {finding.substance}, seen {how} ('{finding.matched}'); {finding.notes[-1]}.{others}"
        )
    more = f" (and {len(finding.entries) - 1} more)" if len(finding.entries) > 1 else ""
    against = "; ".join(finding.contradictions)
    if in_doubt or (against and finding.verdict is Verdict.REVIEW):
        alone = "nothing else in the record says so" if _POINTING.issuperset(finding.channels) else ""
        doubt = against or alone or (finding.notes[0] if finding.notes else "the match is not certain")
        may_be = f"'{finding.matched}' may be {finding.substance}, seen {how}"
        return f"A person must look: {may_be}; {doubt}; {entry.citation}{more}.{others}"
    said = f"{subject_of(finding)}, seen {how} ('{finding.matched}'): {entry.citation}{more}; {entry.why}"
    before = "" if entry.jurisdiction in treaties else _duty(entry)
    later = _later(finding)
    but = f"but {against}" if against else ""
    return f"{'; '.join(filter(None, (said, before, later, _by_place(places), but)))}.{others}"


def subject_of(finding: Finding) -> str:
    """Return what was seen: the substance, with its form behind it, or the derivative of it."""
    if " of it" in finding.form:
        derivative = finding.form.replace(" of it", f" of {finding.substance}")
        return f"{derivative[0].upper()}{derivative[1:]}"
    return f"{finding.substance} ({finding.form})" if finding.form else finding.substance


def _in_doubt(finding: Finding) -> bool:
    """Say whether a person must look because of what was seen, and not because of the law alone."""
    return finding.verdict is Verdict.REVIEW and any(each.verdict is not Verdict.REVIEW for each in finding.entries)


def _leading(finding: Finding, treaties: set[str | None], *, in_doubt: bool) -> AppliedEntry | None:
    """Return the entry to read out: of the worst verdict, a country's law before a treaty's, the best evidenced."""
    worst = [entry for entry in finding.entries if entry.verdict is finding.verdict or in_doubt]
    if len(worst) == 1:
        return worst[0]
    return min(
        worst,
        key=lambda entry: (entry.jurisdiction in treaties, _GRADES[entry.evidence]),
        default=None,
    )


_GRADES = {grade.value: place for place, grade in enumerate(Evidence)}


def _treaties(places: tuple[PlaceAnswer, ...]) -> set[str | None]:
    return {place.law for place in places if place.role is Role.TREATY}


def _by_place(places: tuple[PlaceAnswer, ...]) -> str:
    """Return each place's own verdict, where a route is declared."""
    if not places or any(place.role is Role.ANY for place in places):
        return ""
    return f"by place: {', '.join(f'{place.place} {place.verdict.value}' for place in places)}"


def _duty(entry: AppliedEntry) -> str:
    """Return what must be done before the goods move, and by whose leave."""
    before = [duty for duty in entry.duties if duty not in _AFTERWARDS]
    return f"before it moves: {', '.join(before)} ({entry.authority})" if before else ""


_AFTERWARDS = frozenset({"record-keeping", "suspicion-report"})
"""Duties that do not come before the movement."""


def gaps_of(route: Route, findings: tuple[Finding, ...]) -> str:
    """Return which law is not here, and what the others said."""
    where: dict[str, list[str]] = {}
    for place, gap in route.gaps.items():
        where.setdefault(gap, []).append(place)
    missing = ", ".join(f"{gap} for {', '.join(places)}" for gap, places in where.items())
    if findings:
        seen = f"{subject_of(findings[0])} was seen, and no list that was checked covers it"
        return "; ".join(filter(None, (missing, seen, _later(findings[0]))))
    return f"{missing}; nothing was found in the lists that were checked"


def _later(finding: Finding, *, cited: bool = False) -> str:
    """Return what is enacted for later, the nearest first and by whom; empty for nothing."""
    pending = [note for note in finding.legal_notes if note.kind is LegalNoteKind.PENDING]
    if not pending:
        return ""
    first = pending[0]
    words = f"{first.jurisdiction}: {first.words} ({first.citation})" if cited else first.words
    rest = dict.fromkeys(note.words.removeprefix(f"{WILL_BE} ") for note in pending if note.words != first.words)
    return ", ".join((words, *rest))
