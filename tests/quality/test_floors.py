"""No figure of the evaluation falls below its committed floor."""

import os
import tomllib
from datetime import date
from pathlib import Path

import pytest

from app.screening.scope import Scope
from app.settings import Settings
from app.usecases.evaluate import Evaluation, Measure, evaluate
from app.usecases.open_screener import open_screener
from app.usecases.quality_sets import Expectation, read_quality_sets

ROOT = Path(__file__).resolve().parents[2]
QUALITY = ROOT / "quality"
EVALUATION = Path(os.environ.get("EVAL_DIR", ROOT.parent / "shared" / "eval"))
LAW_OF = date(2026, 11, 22)
"""The law of one day, so that no figure moves with the calendar."""
FLOORS = tomllib.loads((QUALITY / "floors.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def measured(compiled: Settings) -> Evaluation:
    sets = read_quality_sets(EVALUATION, QUALITY)
    screener = open_screener(compiled.index, compiled.watchlists)
    return evaluate(screener, sets.rows, Scope(today=LAW_OF, as_of=LAW_OF), lambda _rows: None)


def test_the_figures_that_have_a_floor_keep_it(measured: Evaluation):
    fallen = []
    for figure in measured.figures:
        floor = FLOORS.get(figure.measure.value, {}).get(figure.set)
        if floor is None:
            continue
        kept = figure.share.value >= floor if figure.measure is Measure.RECALL else figure.share.value <= floor
        if not kept:
            fallen.append(f"{figure.set} {figure.measure.value}: {figure.share.value:.4f}, its floor is {floor}")
    assert fallen == []


def test_every_floor_belongs_to_a_figure(measured: Evaluation):
    known = {(figure.measure.value, figure.set) for figure in measured.figures}
    wanted = {(measure, name) for measure, floors in FLOORS.items() for name in floors}
    if not (EVALUATION / "names.csv").is_file():
        wanted = {(measure, name) for measure, name in wanted if name.startswith("public-")}
    assert wanted - known == set()


def test_every_labelled_row_has_one_decision(measured: Evaluation):
    assert len(measured.outcomes) == len(read_quality_sets(EVALUATION, QUALITY).rows)
    assert [o.decision.record_id for o in measured.outcomes] == [o.row.record_id for o in measured.outcomes]


def test_a_row_where_experts_differ_is_never_an_error(measured: Evaluation):
    assert all(o.error is None for o in measured.outcomes if o.row.expectation is Expectation.OPEN)


def test_an_alarm_has_a_score(measured: Evaluation):
    assert [o.row.record_id for o in measured.outcomes if o.alarm and o.decision.score is None] == []
