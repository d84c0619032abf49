"""What each place of a route says of a record: the findings sorted by whose law they rest on."""

from collections.abc import Iterable, Sequence

from app.domain.decisions import Finding, PlaceAnswer
from app.domain.words import ALARMS, LegalNoteKind, Verdict, worst
from app.screening.route import Place, Route


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
    def unknown(why: str) -> PlaceAnswer:
        return PlaceAnswer(place.country, place.role, place.law, Verdict.UNDETERMINED, why)

    if place.law is None:
        return unknown(place.gap)
    if place.law not in asked:
        return unknown("its law was not asked")
    covering = [
        (finding, entry) for finding in findings for entry in finding.entries if entry.jurisdiction == place.law
    ]
    noted = [(finding, note) for finding in findings for note in finding.legal_notes if note.jurisdiction == place.law]
    elsewhere = [(finding, note) for finding, note in noted if note.kind is LegalNoteKind.OTHER_LAW]
    if not covering and not elsewhere:
        if cannot_tell:
            return unknown(cannot_tell)
        why = noted[0][1].words if noted else "nothing was found in its lists"
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


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
