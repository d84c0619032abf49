"""What each place of a route says of a record: the findings sorted by whose law they rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.decisions import Finding, PlaceAnswer
from app.domain.words import ALARMS, LegalNoteKind, Verdict, worst
from app.screening.route import Place, Route

_NOT_FOUND = "nothing was found in its lists"


def answer_places(
    route: Route, asked: frozenset[str], findings: Sequence[Finding], cannot_tell: str | None
) -> tuple[PlaceAnswer, ...]:
    """Answer for each place.

    Args:
        route: the record's route.
        asked: the jurisdictions whose instruments were asked.
        findings: the record's findings.
        cannot_tell: why nothing can be said of the goods, None where they were read.

    Returns:
        One answer for each place, in the route's order. A place without a list here is `undetermined`, whatever was
        found; so is every place where the goods could not be read.
    """
    return tuple(_answer(place, asked, findings, cannot_tell) for place in route.places)


def _answer(place: Place, asked: frozenset[str], findings: Sequence[Finding], cannot_tell: str | None) -> PlaceAnswer:
    unasked = not_asked(place, asked)
    if unasked is not None:
        return unasked
    covering = [
        (finding, entry) for finding in findings for entry in finding.entries if entry.jurisdiction == place.law
    ]
    noted = [(finding, note) for finding in findings for note in finding.legal_notes if note.jurisdiction == place.law]
    elsewhere = [(finding, note) for finding, note in noted if note.kind is LegalNoteKind.OTHER_LAW]
    if not covering and not elsewhere:
        if cannot_tell:
            return _unknown(place, cannot_tell)
        why = noted[0][1].words if noted else _NOT_FOUND
        return PlaceAnswer(place.country, place.role, place.law, Verdict.NOT_LISTED, why)
    # A finding of doubtful identity is `review`, and so is then each of its entries.
    verdicts = [
        Verdict.REVIEW if finding.verdict is Verdict.REVIEW and entry.verdict in ALARMS else entry.verdict
        for finding, entry in covering
    ]
    verdict = worst([*verdicts, *(Verdict.REVIEW for _ in elsewhere)])
    whys = [entry.why for (_, entry), own in zip(covering, verdicts, strict=True) if own is verdict]
    acting = [entry for _, entry in covering]
    return PlaceAnswer(
        place=place.country,
        role=place.role,
        law=place.law,
        verdict=verdict,
        why=whys[0] if whys else elsewhere[0][1].words,
        substances=_once(finding.substance_id for finding, _ in (*covering, *elsewhere)),
        duties=_once(duty for entry in acting for duty in entry.duties),
        authorities=_once(entry.authority for entry in acting),
        lead_times=_once(entry.lead_time for entry in acting if entry.lead_time),
        citations=_once([*(entry.citation for entry in acting), *(other.citation for _, other in elsewhere)]),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What one law says of a single substance, whatever its amount; its verdict is still open."""

    covering: tuple[int, ...]
    """Which of the finding's entries are of this law."""
    elsewhere: str
    """What another law of its place says; empty for none."""
    not_covered: str
    """Why nothing here covers it."""
    duties: tuple[str, ...]
    authorities: tuple[str, ...]
    lead_times: tuple[str, ...]
    citations: tuple[str, ...]


def frame_of(law: str, finding: Finding) -> Frame:
    """Return what a jurisdiction's law says of a finding but for what hangs on its amount."""
    covering = tuple(n for n, entry in enumerate(finding.entries) if entry.jurisdiction == law)
    acting = [finding.entries[n] for n in covering]
    notes = [note for note in finding.legal_notes if note.jurisdiction == law]
    elsewhere = [note for note in notes if note.kind is LegalNoteKind.OTHER_LAW]
    return Frame(
        covering,
        elsewhere[0].words if elsewhere else "",
        notes[0].words if notes else _NOT_FOUND,
        _once(duty for entry in acting for duty in entry.duties),
        _once(entry.authority for entry in acting),
        _once(entry.lead_time for entry in acting if entry.lead_time),
        _once([*(entry.citation for entry in acting), *(other.citation for other in elsewhere)]),
    )


def answer_framed(place: Place, frame: Frame, finding: Finding, cannot_tell: str | None) -> PlaceAnswer:
    """Answer for a place whose law was asked where one finding is all there is: as `answer_places`, at less cost.

    Args:
        place: the place.
        frame: what its law says of a finding with the same entries and notes, whatever the verdicts.
        finding: the record's only finding.
        cannot_tell: as in `answer_places`.
    """
    if not frame.covering and not frame.elsewhere:
        if cannot_tell:
            return _unknown(place, cannot_tell)
        return PlaceAnswer(place.country, place.role, place.law, Verdict.NOT_LISTED, frame.not_covered)
    covering = [finding.entries[n] for n in frame.covering]
    in_doubt = finding.verdict is Verdict.REVIEW
    verdicts = [Verdict.REVIEW if in_doubt and entry.verdict in ALARMS else entry.verdict for entry in covering]
    verdict = worst([*verdicts, Verdict.REVIEW] if frame.elsewhere else verdicts)
    return PlaceAnswer(
        place=place.country,
        role=place.role,
        law=place.law,
        verdict=verdict,
        why=next((entry.why for entry, own in zip(covering, verdicts, strict=True) if own is verdict), frame.elsewhere),
        substances=(finding.substance_id,),
        duties=frame.duties,
        authorities=frame.authorities,
        lead_times=frame.lead_times,
        citations=frame.citations,
    )


def not_asked(place: Place, asked: frozenset[str]) -> PlaceAnswer | None:
    """Return the answer for a place whose law is not here or was not asked, None for another."""
    if place.law is None:
        return _unknown(place, place.gap)
    return None if place.law in asked else _unknown(place, "its law was not asked")


def _unknown(place: Place, why: str) -> PlaceAnswer:
    return PlaceAnswer(place.country, place.role, place.law, Verdict.UNDETERMINED, why)


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
