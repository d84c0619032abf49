"""How a labelled row is scored: the rules of the quality sets."""

from dataclasses import replace

import pytest

from app.domain.decisions import Decision, Decisions, Finding
from app.domain.errors import UnknownNameError
from app.domain.words import Verdict
from app.records.answers import answer_table
from app.usecases.evaluate import ErrorKind, Outcome, choose_sets
from app.usecases.quality_sets import Expectation, QualityRow

LISTED = QualityRow(
    "1", "name", "description", "aceton", Expectation.FOUND, "acetone", frozenset({"67-64-1", "1-1-1"}), ""
)
HARMLESS = replace(LISTED, expectation=Expectation.SILENT, substance="", accepted_cas=frozenset())
DISPUTED = replace(LISTED, expectation=Expectation.OPEN)


def decided(verdict: Verdict, *cas: tuple[str, ...]) -> Decision:
    findings = tuple(Finding("x", "X", numbers, 0.9, ("name",), "x", (), verdict) for numbers in cas)
    return Decision("1", verdict, 0.9 if findings else None, "because", findings, (), "2026-01-01", ())


@pytest.mark.parametrize("verdict", [Verdict.CONTROLLED, Verdict.CONDITIONAL, Verdict.REVIEW])
def test_an_alarm_that_names_the_substance_is_a_hit(verdict: Verdict):
    assert Outcome(LISTED, decided(verdict, ("67-64-1",))).found
    assert Outcome(LISTED, decided(verdict, ("108-24-7",), ("67-64-1",))).found


@pytest.mark.parametrize("verdict", [Verdict.UNDETERMINED, Verdict.NOT_LISTED])
def test_the_substance_without_an_alarm_is_a_miss(verdict: Verdict):
    assert Outcome(LISTED, decided(verdict, ("67-64-1",))).error is ErrorKind.MISS


def test_an_alarm_on_another_substance_is_its_own_error():
    assert Outcome(LISTED, decided(Verdict.CONTROLLED, ("108-24-7",))).error is ErrorKind.WRONG_SUBSTANCE


def test_any_alarm_will_do_where_no_cas_number_is_published():
    unnumbered = replace(LISTED, accepted_cas=frozenset())
    assert Outcome(unnumbered, decided(Verdict.REVIEW, ())).found


def test_an_alarm_on_harmless_goods_is_a_false_one_and_silence_or_doubt_is_right():
    assert Outcome(HARMLESS, decided(Verdict.REVIEW, ("67-64-1",))).error is ErrorKind.FALSE_ALARM
    assert Outcome(HARMLESS, decided(Verdict.NOT_LISTED)).error is None
    assert Outcome(HARMLESS, decided(Verdict.UNDETERMINED)).error is None


def test_where_experts_differ_nothing_is_an_error():
    assert Outcome(DISPUTED, decided(Verdict.CONTROLLED, ("108-24-7",))).error is None
    assert Outcome(DISPUTED, decided(Verdict.NOT_LISTED)).error is None


def test_what_counts_as_named_is_what_the_answer_file_shows():
    decision = decided(Verdict.CONTROLLED, ("67-64-1", "9-9-9"), (), ("108-24-7",))
    shown = answer_table(Decisions.each([decision])).column("substance_cas")[0].as_py()
    assert Outcome(LISTED, decision).named_cas == set(shown.split("|")) - {""}


def test_sets_are_chosen_by_name_or_by_beginning():
    rows = [replace(LISTED, set=name) for name in ("typo1", "typo2", "phrase")]
    assert [row.set for row in choose_sets(rows, [])] == ["typo1", "typo2", "phrase"]
    assert [row.set for row in choose_sets(rows, ["phrase"])] == ["phrase"]
    assert [row.set for row in choose_sets(rows, ["typo*"])] == ["typo1", "typo2"]
    with pytest.raises(UnknownNameError, match="phrase"):
        choose_sets(rows, ["typos"])
