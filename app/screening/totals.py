"""Amounts added up over a month or year: a delivery split under a threshold is found, and the rows are shown."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.domain.decisions import Decision, Finding, Tally
from app.domain.words import ALARMS, Verdict, worst
from app.screening.dates import read_date
from app.screening.numbers import written
from app.screening.reasons import reason_of
from app.screening.thresholds import is_reached, words_of

MOST_GROUPS = 100_000
"""Totals kept at once; what would open another is counted and not added up."""
MOST_ROWS = 1_000
"""Rows that are named for one total; further ones are added up and counted."""
_SHOWN = 5

Key = tuple[str, str, str, str, str, str, str]


def tallies_of(
    findings: tuple[Finding, ...], consignor: str | None, consignee: str | None, declared_date: str | None
) -> tuple[Tally, ...]:
    """Return what a record adds to the totals of a period.

    Args:
        findings: as judged by itself; one that a person must look at first adds nothing.
        consignor: as declared; names are compared without case, accents and punctuation.
        consignee: likewise.
        declared_date: the record's own date. Without one that can be read nothing is added.

    Returns:
        One tally for each threshold of each entry whose parties are declared.
    """
    identified = [finding for finding in findings if finding.verdict in (Verdict.CONTROLLED, Verdict.CONDITIONAL)]
    wanted = [(finding, entry) for finding in identified for entry in finding.entries if entry.counted]
    day = read_date(declared_date) if wanted and declared_date else None
    if day is None:
        return ()
    parties = {"consignor": _party(consignor), "consignee": _party(consignee)}
    tallies = []
    for finding, entry in wanted:
        for counted in entry.counted:
            named = {party: parties[party] if party in counted.totals_of else "" for party in parties}
            if any(named.values()):
                tallies.append(
                    Tally(
                        finding.substance_id,
                        finding.substance,
                        entry.id,
                        entry.citation,
                        named["consignor"],
                        named["consignee"],
                        day.isoformat()[: 7 if counted.period == "month" else 4],
                        counted,
                    )
                )
    return tuple(tallies)


def _party(name: str | None) -> str:
    plain = unicodedata.normalize("NFKD", name or "")
    return re.sub(r"[\W_]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip().casefold()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What records of earlier runs add to a total."""

    amount: Decimal = Decimal(0)
    records: tuple[str, ...] = ()
    """The names of those whose amount was added, oldest first."""
    unknown: int = 0
    """Records whose amount is not known."""


NOTHING_EARLIER = Earlier()


@dataclass(slots=True)
class Total:
    """What was added up for one substance, entry, threshold, period and the parties the law looks at."""

    first: Tally
    """The tally that opened it; all of a total agree but in their amount."""
    amount: Decimal = Decimal(0)
    rows: list[int] = field(default_factory=list)
    """The first `MOST_ROWS` rows whose amount was added."""
    added: int = 0
    unknown: int = 0
    """Rows whose amount is not known: the total is at least `amount`."""
    reached_at: int | None = None
    """The row at which the total reached the threshold; 0 where earlier records had reached it before."""
    earlier: Earlier = NOTHING_EARLIER
    """What the total was begun with; `amount` has it in."""

    @property
    def records(self) -> int:
        """All records of the total."""
        return self.added + self.unknown + len(self.earlier.records) + self.earlier.unknown


class Totals:
    """The totals of one file or request, in the order of its rows; memory grows with the totals, not with the rows."""

    def __init__(self) -> None:
        """Start with nothing added up."""
        self._totals: dict[Key, Total] = {}
        self.left_out = 0
        """Tallies that would have opened a total beyond `MOST_GROUPS`."""

    def lacks(self, tally: Tally) -> bool:
        """Tell whether nothing was added yet to the total of a tally."""
        return key_of(tally) not in self._totals

    def begin(self, tally: Tally, earlier: Earlier, rows: Iterable[tuple[int, Decimal | None]] = ()) -> None:
        """Begin the total of a tally with what was added before; the tally itself is not added.

        Args:
            tally: of a total to which nothing was added yet.
            earlier: what records of earlier runs add.
            rows: rows of the same file or request that stand before, with their amounts, in order.
        """
        total = self._open(tally)
        if total is None:
            return
        total.earlier, total.amount = earlier, earlier.amount
        if earlier.records and is_reached(tally.counted, total.amount):
            total.reached_at = 0
        for row, amount in rows:
            _add(total, row, amount)

    def add(self, row: int, decision: Decision) -> Decision:
        """Add a record to its totals, and raise its verdict where one of them has reached its threshold.

        Rows are added in the order of the file. The row at which a total reaches its threshold and all later rows of
        the period are raised; the rows before it were answered when nothing was known yet, and the reason names them.

        Args:
            row: its number, counted from 1.
            decision: as judged by itself.

        Returns:
            The decision; the same object where nothing is raised.
        """
        raised: dict[tuple[str, str], str] = {}
        for tally in decision.tallies:
            total = self._add(row, tally)
            if total is not None and total.reached_at is not None and total.records > 1:
                raised.setdefault((tally.substance_id, tally.entry), _why(total, row))
        return _raised(decision, raised) if raised else decision

    def _add(self, row: int, tally: Tally) -> Total | None:
        total = self._totals.get(key_of(tally)) or self._open(tally)
        if total is not None:
            _add(total, row, tally.counted.amount)
        return total

    def _open(self, tally: Tally) -> Total | None:
        if len(self._totals) >= MOST_GROUPS:
            self.left_out += 1
            return None
        total = self._totals[key_of(tally)] = Total(tally)
        return total

    def shown(self) -> list[Total]:
        """Return the totals of several records: those that reached their threshold first, then by substance."""
        several = [total for total in self._totals.values() if total.added + total.unknown and total.records > 1]
        return sorted(several, key=lambda total: (total.reached_at is None, total.first.substance_id, _order(total)))


def key_of(tally: Tally) -> Key:
    """Return what names the total of a tally: everything in which the tallies of one total agree."""
    counted = tally.counted
    threshold = f"{counted.movement} {counted.quantity.normalize()} {counted.unit}{' above' * counted.above}"
    return tally.substance_id, tally.entry, threshold, tally.consignor, tally.consignee, tally.period, counted.period


def _add(total: Total, row: int, amount: Decimal | None) -> None:
    if amount is None:
        total.unknown += 1
        return
    total.amount += amount
    total.added += 1
    if len(total.rows) < MOST_ROWS:
        total.rows.append(row)
    if total.reached_at is None and is_reached(total.first.counted, total.amount):
        total.reached_at = row


def _order(total: Total) -> tuple[str, ...]:
    first = total.first
    counted = first.counted
    return first.entry, first.period, first.consignor, first.consignee, counted.movement, counted.unit


def _why(total: Total, row: int) -> str:
    tally, counted = total.first, total.first.counted
    others = [str(other) for other in total.rows if other != row]
    more = total.added - (row in total.rows) - _SHOWN
    names = ", ".join(others[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    rows = f"row{'s' if len(others) > 1 else ''} {names}" if others else ""
    before = total.earlier.records
    first = ", ".join(before[:_SHOWN]) + (", …" if len(before) > _SHOWN else "")
    earlier = f"{len(before)} earlier record{'s' if len(before) > 1 else ''} ({first})" if before else ""
    between = " to ".join(f"'{name}'" for name in (tally.consignor, tally.consignee) if name)
    not_known = total.unknown + total.earlier.unknown
    unknown = f", {not_known} more of unknown amount" if not_known else ""
    return (
        f"with {' and '.join(each for each in (rows, earlier) if each)} the total of {tally.period} for {between} is "
        f"{written(total.amount)} {counted.unit}{unknown}, which reaches the threshold of {words_of(counted)}"
    )


def _raised(decision: Decision, raised: dict[tuple[str, str], str]) -> Decision:
    findings = []
    changed = False
    for finding in decision.findings:
        entries = []
        for entry in finding.entries:
            why = raised.get((finding.substance_id, entry.id))
            if why is not None and entry.verdict is Verdict.CONDITIONAL:
                entry = replace(entry, verdict=Verdict.CONTROLLED, why=why)
                finding = replace(
                    finding, reasoning=(*finding.reasoning, f"{entry.jurisdiction}, {entry.citation}: {why}.")
                )
                changed = True
            entries.append(entry)
        verdict = worst([entry.verdict for entry in entries]) if finding.verdict in ALARMS else finding.verdict
        if finding.verdict is not Verdict.REVIEW:
            finding = replace(finding, entries=tuple(entries), verdict=verdict)
        findings.append(finding)
    if not changed:
        return decision
    verdict = worst([finding.verdict for finding in findings])
    # The finding that was raised is told first, and so is its entry, which says why.
    findings.sort(key=lambda finding: (finding.verdict is not verdict, -finding.score))
    told = [
        replace(
            finding, entries=tuple(sorted(finding.entries, key=lambda e: (finding.substance_id, e.id) not in raised))
        )
        for finding in findings
    ]
    laws = {
        entry.jurisdiction: raised[finding.substance_id, entry.id]
        for finding in findings
        for entry in finding.entries
        if (finding.substance_id, entry.id) in raised
    }
    places = tuple(
        replace(place, verdict=Verdict.CONTROLLED, why=laws[place.law])
        if place.law in laws and place.verdict is Verdict.CONDITIONAL
        else place
        for place in decision.places
    )
    reason = reason_of(verdict, tuple(told), None, decision.rejected, places)
    return replace(decision, verdict=verdict, findings=tuple(findings), reason=reason, places=places)
