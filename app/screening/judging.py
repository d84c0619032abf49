"""The clues of one record joined with the law: its findings and its verdict."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial

from app.domain.decisions import Decision, Finding, PlaceAnswer
from app.domain.records import RECORD_SCHEMA
from app.domain.words import ALARMS, VERDICTS, Channel, DayFrom, LegalNoteKind, Verdict, worst
from app.screening.clauses import preparation_in
from app.screening.clues import Clue
from app.screening.confidence import fused, together
from app.screening.dates import read_date
from app.screening.evidence import Evidence, rejected_in
from app.screening.forms import merged
from app.screening.goods import goods_of, unread_amounts
from app.screening.law import Facts, Joined, Law, Reaching
from app.screening.lookup import Lookup
from app.screening.places import MEMBERSHIP_CHANGES
from app.screening.policy import Policy
from app.screening.reasons import gaps_of, reason_of, reasoning_of
from app.screening.route import Route, route_of
from app.screening.scope import Scope
from app.screening.standing import Frame, answer_framed, answer_places, frame_of, not_asked
from app.screening.totals import tallies_of

_IDENTIFYING = frozenset(
    {Channel.CAS, Channel.STRUCTURE, Channel.NAME, Channel.NAME_STRUCTURE, Channel.NAME_FUZZY, Channel.FAMILY}
)
_CHANNELS = tuple((channel, channel.value) for channel in Channel)
_DATE = RECORD_SCHEMA.get_field_index("date")
_MOST_KEPT = 16_384
"""Answers to records that say nothing, and declared dates."""
_MOST_SESSIONS = 8
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
        begun = {instrument.covers_from for instrument in law.instruments if instrument.covers_from}
        self._eras = (date.min, *sorted({*MEMBERSHIP_CHANGES, *begun}))
        self.checked = lru_cache(maxsize=16_384)(law.checked)
        self.asked = lru_cache(maxsize=1_024)(self._jurisdictions)
        self.silent: dict[tuple[object, ...], Decision] = {}
        self.frames: dict[tuple[Reaching, str], Frame] = {}
        self.quiet = lru_cache(maxsize=16_384)(self._answer_nothing)
        self.open = lru_cache(maxsize=_MOST_SESSIONS)(self._open)
        """Start judging records under one scope, or go on with it: declared dates are read once."""

    def _open(self, scope: Scope) -> "Session":
        return Session(self, scope, self.law.chosen(scope.instruments))

    def era_of(self, day: date) -> date:
        """Return the first day of the time whose memberships and lists were those of a day: routes are kept by it."""
        return self._eras[bisect_right(self._eras, day) - 1]

    def answer_one(
        self, route: Route, checked: tuple[str, ...], finding: Finding, reaching: Reaching, cannot_tell: str | None
    ) -> tuple[PlaceAnswer, ...]:
        """Return the places' answers where one substance was found; what does not hang on its amount is kept."""
        asked = self.asked(checked)
        return tuple(
            [
                not_asked(place, asked)
                or answer_framed(place, self._frame(place.law or "", finding, reaching), finding, cannot_tell)
                for place in route.places
            ]
        )

    def _frame(self, law: str, finding: Finding, reaching: Reaching) -> Frame:
        frame = self.frames.get((reaching, law))
        if frame is None:
            if len(self.frames) >= _MOST_KEPT:
                self.frames.clear()
            frame = self.frames[reaching, law] = frame_of(law, finding)
        return frame

    def _jurisdictions(self, checked: tuple[str, ...]) -> frozenset[str]:
        return frozenset(each.jurisdiction for each in self.law.instruments if each.id in checked)

    def _answer_nothing(
        self, route: Route, checked: tuple[str, ...], cannot_tell: str | None
    ) -> tuple[PlaceAnswer, ...]:
        """Return the places' answers where nothing was found: they depend on the route alone, and are kept."""
        return answer_places(route, self.asked(checked), (), cannot_tell)


@dataclass(frozen=True, slots=True)
class Day:
    """What a declared date means."""

    date: date
    """The day whose law is asked."""
    law: str
    """The same, ISO 8601."""
    source: DayFrom
    """Whose day it is."""
    note: str | None
    """Why it is another than the declared one."""
    kind: str
    """The same for all dates of which the same is to be said where nothing was found."""


@dataclass(frozen=True)
class Session:
    """A judge who knows which law was asked for."""

    judge: Judge
    scope: Scope
    chosen: frozenset[str]
    _days: dict[str | None, Day] = field(default_factory=dict)

    def day_of(self, declared: str | None) -> Day:
        """Return the day of law for a declared date."""
        known = self._days.get(declared)
        if known is None:
            day, source, note = self._day_of_law(declared)
            kind = f"{self.judge.era_of(day)} {source} {note or ''}"
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            known = self._days[declared] = Day(day, day.isoformat(), source, note, kind)
        return known

    def decide_silent(self, cells: tuple[str | None, ...]) -> Decision:
        """Judge a record in which nothing is found, given by its fields; the answer is kept for others like it.

        It bears the day of the first of them: days of one kind are told apart where the answers are put together.
        """
        kept = self.judge.silent
        key = (self.scope, *cells[:_DATE], self.day_of(cells[_DATE]).kind, *cells[_DATE + 1 :])
        decision = kept.get(key)
        if decision is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            decision = kept[key] = self.decide(*cells)
        return decision

    def consider(self, silent: Decision, description: str) -> Decision:
        """Return the decision on a record in whose description names were considered and dropped, and nothing found.

        Args:
            silent: the decision on a record in which nothing is found, and which is like this one otherwise.
            description: the record's.
        """
        rejected = rejected_in(self.judge.lookup, self.judge.lookup.read(description))
        told = silent.verdict is not Verdict.UNDETERMINED
        reason = reason_of(silent.verdict, (), None, rejected) if told else silent.reason
        return replace(silent, rejected=rejected, reason=reason)

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
        asked = self.day_of(declared_date)
        day = asked.date
        route = judge.route(origin, destination, transit, movement, judge.era_of(day))
        checked = judge.checked(route, self.chosen)
        evidence = Evidence(judge.lookup)
        evidence.take_text(description)
        evidence.take_cas(cas)
        evidence.take_structures(smiles, inchi, inchikey)
        evidence.take_misplaced(smiles, inchi, inchikey, hs_code, un_number)
        evidence.take_codes(hs_code, un_number)
        seen = evidence.by_substance()
        preparation = preparation_in(description, hs_code) if seen else ""
        found = {
            number: (judge.index.watchlist.substances[number], [clue.matched for clue in clues])
            for number, clues in seen.items()
        }
        goods = goods_of(quantity, unit, concentration, description, found) if found else {}
        facts = {number: Facts(day, own, preparation) for number, own in goods.items()}
        findings, reaching = self._findings(seen, evidence, facts, route, checked)
        not_checked = [f"the law of {place}: {gap}" for place, gap in route.gaps.items()]
        not_checked += [*route.notes, *evidence.unread]
        not_checked += unread_amounts(goods)
        if asked.note:
            not_checked.append(asked.note)
        verdict = worst([finding.verdict for finding in findings])
        unread = None if verdict in ALARMS else _unread(evidence, unreadable, description)
        cannot_tell = unread
        if verdict not in ALARMS and unread is None and route.gaps and not route.everything:
            cannot_tell = gaps_of(route, findings)
        if cannot_tell:
            verdict = Verdict.UNDETERMINED
        if reaching is not None:
            places = judge.answer_one(route, checked, findings[0], reaching, unread)
        elif findings:
            places = answer_places(route, judge.asked(checked), findings, unread)
        else:
            places = judge.quiet(route, checked, unread)
        score = max((finding.score for finding in findings if finding.verdict in ALARMS), default=None)
        return Decision(
            record_id=record_id,
            verdict=verdict,
            score=score,
            reason=reason_of(verdict, findings, cannot_tell, evidence.rejected, places),
            findings=findings,
            instruments=checked,
            date_of_law=asked.law,
            not_checked=tuple(not_checked),
            rejected=evidence.rejected,
            places=places,
            route=route.words,
            date_from=asked.source,
            tallies=tallies_of(findings, consignor, consignee, declared_date),
        )

    def _day_of_law(self, declared: str | None) -> tuple[date, DayFrom, str | None]:
        if self.scope.as_of is not None:
            return self.scope.as_of, DayFrom.AS_OF, None
        if declared is None or not declared.strip():
            return self.scope.today, DayFrom.TODAY, None
        day = read_date(declared)
        if day is None:
            said = declared.strip()[:40]
            note = f"the date '{said}' cannot be read or is ambiguous; today's law was asked"
            return self.scope.today, DayFrom.TODAY, note
        return day, DayFrom.RECORD, None

    def _findings(
        self,
        seen: dict[int, list[Clue]],
        evidence: Evidence,
        facts: dict[int, Facts],
        route: Route,
        checked: tuple[str, ...],
    ) -> tuple[tuple[Finding, ...], Reaching | None]:
        """Return the findings, worst first; and where there is one only, the law that reaches it."""
        judged = [
            self._finding(number, clues, evidence, facts[number], route, checked) for number, clues in seen.items()
        ]
        if len(judged) == 1:
            return (judged[0][0],), judged[0][1]
        findings = [finding for finding, _ in judged]
        findings.sort(key=lambda finding: (VERDICTS.index(finding.verdict), -finding.score, finding.substance_id))
        return tuple(findings[:_MOST_FINDINGS]), None

    def _finding(
        self,
        number: int,
        clues: list[Clue],
        evidence: Evidence,
        facts: Facts,
        route: Route,
        checked: tuple[str, ...],
    ) -> tuple[Finding, Reaching]:
        substance = self.judge.index.watchlist.substances[number]
        high = self.judge.policy.high_confidence
        score = together([clue.score for clue in clues])
        shown = fused([(clue.channel, clue.score, clue.told) for clue in clues])
        channels = {clue.channel for clue in clues}
        if not channels & _IDENTIFYING:
            score = shown = min(score, high - 0.01)
        notes = list(dict.fromkeys(clue.note for clue in clues if clue.note))
        contradictions = evidence.contradictions(number, channels, facts.day)
        if contradictions and any(each.doubtful for each in contradictions):
            score = min(score, high - 0.02)
            shown = min(shown, score)
        against = tuple([each.words for each in contradictions])
        notes = [*against, *notes]
        form = merged([clue.form for clue in clues if clue.channel in _IDENTIFYING])
        joined = self.judge.law.join(substance.id, facts, route, checked, form)
        verdict = worst([entry.verdict for entry in joined.entries])
        if verdict not in ALARMS and any(note.kind is LegalNoteKind.OTHER_LAW for note in joined.notes):
            verdict = Verdict.REVIEW
        if score < high and verdict in ALARMS:
            verdict = Verdict.REVIEW
        notes += self._legal_notes(substance.id, joined)
        strongest = clues[0] if len(clues) == 1 else max(clues, key=lambda clue: clue.score)
        ordered = tuple([word for channel, word in _CHANNELS if channel in channels])
        return (
            Finding(
                substance_id=substance.id,
                substance=substance.name,
                cas=substance.cas,
                score=round(shown, 6),
                channels=ordered,
                matched=strongest.matched,
                entries=joined.entries,
                verdict=verdict,
                notes=tuple(notes),
                contradictions=against,
                form=form.words,
                reasoning=reasoning_of(substance.name, strongest.matched, ordered, form, joined),
                legal_notes=joined.notes,
            ),
            joined.reaching,
        )

    def _legal_notes(self, substance: str, joined: Joined) -> list[str]:
        """Return what the law says beside the entries that apply; where nothing applies, why."""
        notes = [
            f"{note.jurisdiction}: {note.words} ({note.citation})"
            for note in joined.notes
            if not joined.entries or note.kind is not LegalNoteKind.NOT_COVERED
        ]
        if not joined.entries and not notes:
            elsewhere = ", ".join(self.judge.law.listed_in(substance))
            where = f"no entry in force on this day and route; listed in: {elsewhere}"
            notes.append(where if elsewhere else "no instrument that is here lists it")
        return notes


def _unread(evidence: Evidence, unreadable: str | None, description: str | None) -> str | None:
    """Return why nothing can be said of the goods, None where they were read."""
    if unreadable:
        return f"the row could not be read: {unreadable}"
    if evidence.anything:
        return None
    if evidence.unread:
        return evidence.unread[0]
    return "the description is too general to tell" if description else "there is nothing to screen"
