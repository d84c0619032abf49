"""The evaluation as tables for a reader and as JSON for a program, each figure beside its goal."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.usecases.evaluate import ErrorKind, Evaluation, Figure, Measure, Outcome
from app.usecases.sheets import Sheet

Goals = Mapping[Measure, Mapping[str, Mapping[str, float]]]
"""measure -> set -> {must, aim}."""

SHOWN_TEXT = 76
"""Characters of a line of goods that the list of errors shows; the JSON has all of them."""


def read_goals(path: Path) -> Goals:
    """Read what each set must reach and aims at.

    Args:
        path: `goals.toml`; absent means no goals.

    Returns:
        The goals by measure and set.

    Raises:
        ValueError: the file names a measure that does not exist.
    """
    if not path.is_file():
        return {}
    return {Measure(name): goals for name, goals in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def reaches(figure: Figure, goal: float) -> bool:
    """Return whether a figure reaches a goal: recall at least, alarms and duties at most."""
    return figure.share.value >= goal if figure.measure is Measure.RECALL else figure.share.value <= goal


def figures_sheet(evaluation: Evaluation, goals: Goals) -> Sheet:
    """Return the table of sets: rows, share, interval, undetermined, goals and whether they are reached."""
    rows = []
    for figure in evaluation.figures:
        goal = goals.get(figure.measure, {}).get(figure.set, {})
        low, high = figure.share.interval
        rows.append(
            (
                figure.set,
                figure.measure.value,
                f"{figure.share.rows:,}",
                f"{figure.share.hits:,}",
                _percent(figure.share.value),
                f"{_percent(low)}-{_percent(high)}",
                _percent(figure.undetermined / figure.share.rows),
                _percent(goal["must"]) if "must" in goal else "",
                _percent(goal["aim"]) if "aim" in goal else "",
                _standing(figure, goal),
            )
        )
    headings = ("set", "measure", "rows", "hits", "share", "95 % interval", "undetermined", "must", "aim", "reached")
    return Sheet("Quality", headings, tuple(rows), frozenset(headings[2:9]))


def calibration_sheets(evaluation: Evaluation) -> list[Sheet]:
    """Return the reliability tables: of the alarms with such a score, how many were right."""
    sheets = []
    for title, calibration in evaluation.calibrations:
        rows = tuple(
            (
                f"{b.low:g}-{b.high:g}",
                f"{b.rows:,}",
                f"{b.mean_score:.3f}",
                f"{b.right / b.rows:.3f}",
            )
            for b in calibration.bins
        )
        ranking = "-" if calibration.ranking is None else f"{calibration.ranking:.4f}"
        note = (
            f"{calibration.rows:,} alarms; expected calibration error {calibration.expected_error:.4f}; "
            f"a right one outscores a wrong one {ranking}; {calibration.distinct:,} distinct scores, "
            f"{_percent(calibration.tied)} tied ({_percent(calibration.tied_in_full)} to six decimals; "
            f"{_percent(calibration.pairs_tied)} of the pairs of different texts), "
            f"the commonest score on {_percent(calibration.largest_tie)}"
        )
        headings = ("score", "alarms", "mean score", "share right")
        sheets.append(Sheet(f"Calibration of score: {title}", headings, rows, frozenset(headings[1:]), note))
    return sheets


def error_sheets(evaluation: Evaluation, limit: int) -> list[Sheet]:
    """Return the worst errors of each kind.

    Args:
        evaluation: what was measured.
        limit: rows of each kind; 0 for none.

    Returns:
        One table for each kind that occurred.
    """
    sheets = []
    for kind in ErrorKind if limit > 0 else ():
        errors = evaluation.errors(kind)
        rows = tuple(_error_row(outcome) for outcome in errors[:limit])
        headings = ("set", "record", "text", "verdict", "score", "answered", "label")
        if rows:
            title = f"{kind.value.capitalize()}: {len(rows):,} of {len(errors):,}"
            sheets.append(Sheet(title, headings, rows, frozenset({"score"})))
    return sheets


def evaluation_json(evaluation: Evaluation, goals: Goals) -> dict[str, Any]:
    """Return everything measured, with every error in full, ready for JSON."""
    return {
        "figures": [
            {
                "set": figure.set,
                "measure": figure.measure.value,
                "rows": figure.share.rows,
                "hits": figure.share.hits,
                "share": figure.share.value,
                "interval": list(figure.share.interval),
                "undetermined": figure.undetermined,
                **goals.get(figure.measure, {}).get(figure.set, {}),
            }
            for figure in evaluation.figures
        ],
        "calibration": {
            title: {
                "alarms": c.rows,
                "bins": [
                    {"low": b.low, "high": b.high, "alarms": b.rows, "right": b.right, "mean": b.mean_score}
                    for b in c.bins
                ],
                "expected_error": c.expected_error,
                "ranking": c.ranking,
                "distinct": c.distinct,
                "tied": c.tied,
                "tied_in_full": c.tied_in_full,
                "pairs_tied": c.pairs_tied,
                "largest_tie": c.largest_tie,
            }
            for title, c in evaluation.calibrations
        },
        "errors": [_error_json(kind, outcome) for kind in ErrorKind for outcome in evaluation.errors(kind)],
    }


def _error_row(outcome: Outcome) -> tuple[str, ...]:
    text = outcome.row.text
    decision = outcome.decision
    answered = "; ".join(f"{f.substance} by {','.join(f.channels)} on {f.matched!r}" for f in decision.findings[:2])
    return (
        outcome.row.set,
        outcome.row.record_id,
        text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…",
        decision.verdict.value,
        "" if decision.score is None else f"{decision.score:.3f}",
        answered or decision.reason,
        outcome.row.substance or outcome.row.note,
    )


def _error_json(kind: ErrorKind, outcome: Outcome) -> dict[str, Any]:
    decision = outcome.decision
    return {
        "kind": kind.value,
        "set": outcome.row.set,
        "record_id": outcome.row.record_id,
        "text": outcome.row.text,
        "label": outcome.row.substance,
        "note": outcome.row.note,
        "accepted_cas": sorted(outcome.row.accepted_cas),
        "verdict": decision.verdict.value,
        "score": decision.score,
        "reason": decision.reason,
        "findings": [
            {"substance_id": f.substance_id, "score": f.score, "channels": list(f.channels), "matched": f.matched}
            for f in decision.findings
        ],
        "rejected": [{"substance_id": r.substance_id, "why": r.why} for r in decision.rejected],
    }


def _standing(figure: Figure, goal: Mapping[str, float]) -> str:
    if "must" not in goal:
        return ""
    if not reaches(figure, goal["must"]):
        return "no"
    return "aim" if reaches(figure, goal["aim"]) else "must"


def _percent(share: float) -> str:
    return f"{share * 100:.{2 if share >= 0.01 or share == 0 else 3}f} %"
