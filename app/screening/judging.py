"""The clues of one record joined with the law: its findings and its verdict."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from app.domain.decisions import Decision, Finding
from app.domain.words import ALARMS, VERDICTS, Channel, Verdict, worst
from app.screening.dates import read_date
from app.screening.evidence import Evidence, Lookup
from app.screening.goods import Goods, goods_of, unread_amounts
from app.screening.law import Facts, Law, Route, route_of
from app.screening.policy import Policy
from app.screening.reasons import reason_of
from app.screening.scope import Scope
from app.screening.totals import tallies_of

_IDENTIFYING = frozenset(
    {Channel.CAS, Channel.STRUCTURE, Channel.NAME, Channel.NAME_STRUCTURE, Channel.NAME_FUZZY, Channel.FAMILY}
)
_MOST_FINDINGS = 20
"""A line that names more listed substances than this is a list of chemicals; the strongest are shown."""


class Judge:
    """Everything a judgement needs that does not change from record to record."""

    def __init__(self, lookup: Lookup, policy: Policy, law: Law) -> None:
        """Take the identifiers, the knobs and the law."""
        self.lookup = lookup
        self.index = lookup.index
        self.policy = policy
        self.law = law
        self.route = lru_cache(maxsize=16_384)(partial(route_of, lookup.index))

    def open(self, scope: Scope) -> "Session":
        """Start judging records under one scope."""
        return Session(self, scope, self.law.chosen(scope.instruments))


@dataclass(frozen=True)
class Session:
    """A judge who knows which law was asked for."""

    judge: Judge
    scope: Scope
    chosen: frozenset[str]

    def decide(
        self,
        record_id: str | None,
        description: str | None,
        cas: str | None,
        smiles: str | None,
        inchi: str | None,
        inchikey: str | None,
        hs_code: str | None,
        un_number: str | None,
        quantity: str | None,
        unit: str | None,
        concentration: str | None,
        origin: str | None,
        destination: str | None,
        transit: str | None,
        movement: str | None,
        declared_date: str | None,
        consignor: str | None,
        consignee: str | None,
        unreadable: str | None,
    ) -> Decision:
        """Judge one record, given field by field in the order of `RECORD_SCHEMA`."""
        judge = self.judge
        day, day_note = self._day_of_law(declared_date)
        route = judge.route(origin, destination, transit, movement)
        checked = judge.law.checked(route, self.chosen)
        evidence = Evidence(judge.lookup)
        evidence.take_text(description)
        evidence.take_cas(cas)
        evidence.take_structures(smiles, inchi, inchikey)
        evidence.take_codes(hs_code, un_number)
        found = {
            number: (judge.index.watchlist.substances[number], [clue.matched for clue in clues])
            for number, clues in evidence.by_substance().items()
        }
        goods = goods_of(quantity, unit, concentration, description, found) if found else {}
        findings = self._findings(evidence, goods, day, route, checked)
        not_checked = [f"the law of {place}: no list here" for place in route.unlisted]
        not_checked += [*route.notes, *evidence.unread]
        not_checked += unread_amounts(goods)
        if day_note:
            not_checked.append(day_note)
        verdict = worst([finding.verdict for finding in findings])
        cannot_tell = self._cannot_tell(verdict, evidence, route, unreadable, description)
        if cannot_tell:
            verdict = Verdict.UNDETERMINED
        score = max((finding.score for finding in findings if finding.verdict in ALARMS), default=None)
        return Decision(
            record_id=record_id,
            verdict=verdict,
            score=None if score is None else round(score, 4),
            reason=reason_of(verdict, findings, cannot_tell, evidence.rejected),
            findings=findings,
            instruments=checked,
            date_of_law=day.isoformat(),
            not_checked=tuple(not_checked),
            rejected=evidence.rejected,
            tallies=tallies_of(findings, consignor, consignee, declared_date),
        )

    def _day_of_law(self, declared: str | None) -> tuple[date, str | None]:
        if self.scope.as_of is not None:
            return self.scope.as_of, None
        if declared is None or not declared.strip():
            return self.scope.today, None
        day = read_date(declared)
        if day is None:
            said = declared.strip()[:40]
            return self.scope.today, f"the date '{said}' cannot be read or is ambiguous; today's law was asked"
        return day, None

    def _findings(
        self, evidence: Evidence, goods: dict[int, Goods], day: date, route: Route, checked: tuple[str, ...]
    ) -> tuple[Finding, ...]:
        findings = []
        for number, clues in evidence.by_substance().items():
            substance = self.judge.index.watchlist.substances[number]
            score = _fused([clue.score for clue in clues])
            channels = {clue.channel for clue in clues}
            if not channels & _IDENTIFYING:
                score = min(score, self.judge.policy.high_confidence - 0.01)
            notes = list(dict.fromkeys(clue.note for clue in clues if clue.note))
            contradictions = evidence.contradictions(number, channels)
            if contradictions:
                score = min(score, self.judge.policy.high_confidence - 0.02)
                notes = contradictions + notes
            ester = all(clue.ester for clue in clues if clue.channel in _IDENTIFYING)
            ester = ester and bool(channels & _IDENTIFYING)
            facts = Facts(day, goods[number])
            entries, later = self.judge.law.applied(substance.id, facts, route, checked, ester=ester)
            notes += later
            verdict = worst([entry.verdict for entry in entries])
            if score < self.judge.policy.high_confidence and verdict in ALARMS:
                verdict = Verdict.REVIEW
            if not entries and not later:
                elsewhere = ", ".join(self.judge.law.listed_in(substance.id))
                notes.append(
                    f"a derivative that is not listed here; its parent is in: {elsewhere}"
                    if ester
                    else f"no entry in force on this day and route; listed in: {elsewhere}"
                )
            strongest = max(clues, key=lambda clue: clue.score)
            findings.append(
                Finding(
                    substance_id=substance.id,
                    substance=substance.name,
                    cas=substance.cas,
                    score=round(score, 4),
                    channels=tuple(channel.value for channel in Channel if channel in channels),
                    matched=strongest.matched,
                    entries=tuple(entries),
                    verdict=verdict,
                    notes=tuple(notes),
                )
            )
        findings.sort(key=lambda finding: (VERDICTS.index(finding.verdict), -finding.score, finding.substance_id))
        return tuple(findings[:_MOST_FINDINGS])

    def _cannot_tell(
        self, verdict: Verdict, evidence: Evidence, route: Route, unreadable: str | None, description: str | None
    ) -> str | None:
        if verdict in ALARMS:
            return None
        if unreadable:
            return f"the row could not be read: {unreadable}"
        if not evidence.anything:
            if evidence.unread:
                return evidence.unread[0]
            return "the description is too general to tell" if description else "there is nothing to screen"
        if route.unlisted:
            return f"no list here for {', '.join(route.unlisted)}; nothing was found in the lists that were checked"
        return None


def _fused(scores: list[float]) -> float:
    """Return the confidence of independent clues together, below 1."""
    doubt = 1.0
    for score in scores:
        doubt *= 1.0 - score
    return min(1.0 - doubt, 0.9999)
