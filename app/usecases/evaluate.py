"""Measure the screening on labelled rows: recall, alarm rate, calibration and the errors themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.decisions import Decision
from app.domain.errors import UnknownNameError
from app.domain.words import ALARMS, Verdict
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.usecases.quality_figures import Calibration, Share, calibrate
from app.usecases.quality_sets import Expectation, QualityRow, records_of

BATCH = 4_096
"""Rows screened in one call; the decisions do not depend on it."""

STRUCTURE_MATCH = "structure-match"
"""The name under which all structure variants marked `match` are counted together."""

Progress = Callable[[int], None]
"""Called with the number of rows just screened."""


class ErrorKind(StrEnum):
    """How an answer was wrong."""

    FALSE_ALARM = "false alarm"
    WRONG_SUBSTANCE = "wrong substance"
    MISS = "miss"


class Measure(StrEnum):
    """What a figure counts."""

    RECALL = "recall"
    ALARMS = "alarms"
    DUTIES = "duties"
    """`controlled` and `conditional` alone."""
    OPEN = "open"
    """Alarms on rows where experts would differ; never scored."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled row with its decision."""

    row: QualityRow
    decision: Decision

    @property
    def named_cas(self) -> frozenset[str]:
        """What the answer's column `substance_cas` holds: the main number of each substance found."""
        return frozenset(finding.cas[0] for finding in self.decision.findings if finding.cas)

    @property
    def alarm(self) -> bool:
        """Whether a person is asked to act."""
        return self.decision.verdict in ALARMS

    @property
    def found(self) -> bool:
        """Whether the alarm names the labelled substance (any alarm, where no CAS number is published for it)."""
        accepted = self.row.accepted_cas
        return (
            self.alarm
            and self.row.expectation is not Expectation.SILENT
            and (not accepted or not accepted.isdisjoint(self.named_cas))
        )

    @property
    def error(self) -> ErrorKind | None:
        """How the answer was wrong; None for a right or unscored one."""
        if self.row.expectation is Expectation.OPEN or self.found:
            return None
        if self.row.expectation is Expectation.SILENT:
            return ErrorKind.FALSE_ALARM if self.alarm else None
        return ErrorKind.WRONG_SUBSTANCE if self.alarm else ErrorKind.MISS


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    set: str
    measure: Measure
    share: Share
    undetermined: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was measured in one run."""

    outcomes: tuple[Outcome, ...]
    figures: tuple[Figure, ...]
    calibrations: tuple[tuple[str, Calibration], ...]
    """`names` and `structures`, each over the scored alarms of all its sets."""

    def errors(self, kind: ErrorKind) -> list[Outcome]:
        """Return the errors of a kind, the most confident first; misses, which have no score, the shortest first."""
        return sorted(
            (outcome for outcome in self.outcomes if outcome.error is kind),
            key=lambda o: (-(o.decision.score or 0.0), len(o.row.text), o.row.record_id),
        )


def choose_sets(rows: Sequence[QualityRow], names: Sequence[str]) -> tuple[QualityRow, ...]:
    """Return the rows of the named sets, or all of them where no set is named.

    Args:
        rows: labelled rows.
        names: sets; a name that ends in `*` stands for all that begin so.

    Returns:
        The chosen rows in their order.

    Raises:
        UnknownNameError: a name fits no set.
    """
    known = sorted({row.set for row in rows})
    for name in names:
        if not any(_fits(set_name, name) for set_name in known):
            raise UnknownNameError("quality set", name, tuple(known))
    return tuple(row for row in rows if not names or any(_fits(row.set, name) for name in names))


def evaluate(screener: Screener, rows: Sequence[QualityRow], scope: Scope, progress: Progress) -> Evaluation:
    """Screen labelled rows without their labels and compare.

    Args:
        screener: what is measured.
        rows: labelled rows, any mixture of sets.
        scope: the day and instruments of law.
        progress: told after each batch.

    Returns:
        The figures of each set, the calibration, and every row with its decision, in the order of `rows`.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        decisions = screener.screen(records_of(batch), scope)
        outcomes += [Outcome(row, decision) for row, decision in zip(batch, decisions, strict=True)]
        progress(len(batch))
    return Evaluation(tuple(outcomes), tuple(_figures(outcomes)), tuple(_calibrations(outcomes)))


def _fits(set_name: str, name: str) -> bool:
    return set_name.startswith(name[:-1]) if name.endswith("*") else set_name == name


def _figures(outcomes: Sequence[Outcome]) -> list[Figure]:
    by_set: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_set.setdefault(outcome.row.set, []).append(outcome)
    figures: list[Figure] = []
    for name in sorted(by_set):
        figures += _figures_of_set(name, by_set[name])
    variants = [o for o in outcomes if o.row.set.startswith("structure-") and o.row.expectation is Expectation.FOUND]
    if variants:
        figures.append(_figure(STRUCTURE_MATCH, Measure.RECALL, variants, lambda o: o.found))
    return figures


def _figures_of_set(name: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    found = [o for o in outcomes if o.row.expectation is Expectation.FOUND]
    silent = [o for o in outcomes if o.row.expectation is Expectation.SILENT]
    disputed = [o for o in outcomes if o.row.expectation is Expectation.OPEN]
    figures = []
    if found:
        figures.append(_figure(name, Measure.RECALL, found, lambda o: o.found))
    if silent:
        figures.append(_figure(name, Measure.ALARMS, silent, lambda o: o.alarm))
        if silent[0].row.field == "smiles":
            duties = {Verdict.CONTROLLED, Verdict.CONDITIONAL}
            figures.append(_figure(name, Measure.DUTIES, silent, lambda o: o.decision.verdict in duties))
    if disputed:
        figures.append(_figure(name, Measure.OPEN, disputed, lambda o: o.alarm))
    return figures


def _figure(name: str, measure: Measure, outcomes: Sequence[Outcome], hit: Callable[[Outcome], bool]) -> Figure:
    undetermined = sum(o.decision.verdict is Verdict.UNDETERMINED for o in outcomes)
    return Figure(name, measure, Share(sum(map(hit, outcomes)), len(outcomes)), undetermined)


def _calibrations(outcomes: Sequence[Outcome]) -> list[tuple[str, Calibration]]:
    """Judge the scores of alarms: right when they name the labelled substance, wrong on harmless rows and others."""
    result: list[tuple[str, Calibration]] = []
    for title, field in (("names", "description"), ("structures", "smiles")):
        scores: list[float] = []
        right: list[bool] = []
        texts: list[str] = []
        for outcome in outcomes:
            scored = outcome.row.field == field and outcome.row.expectation is not Expectation.OPEN
            if scored and outcome.alarm and outcome.decision.score is not None:
                scores.append(outcome.decision.score)
                right.append(outcome.found)
                texts.append(outcome.row.text.casefold() if field == "description" else outcome.row.text)
        if scores:
            result.append((title, calibrate(scores, right, texts)))
    return result
