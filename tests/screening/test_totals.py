"""A delivery split under a threshold is found, the same way whatever the blocks, and the rows are shown."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.decisions import Decision, Decisions
from app.domain.words import Verdict
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.totals import Totals, tallies_of
from app.usecases.add_up import add_up

Row = dict[str, str | None]
US = ("us-cfr-1310",)


def _row(kg: float | str, **other: str) -> Row:
    return {
        "description": "TOLUENE",
        "quantity": str(kg),
        "unit": "kg",
        "origin": "IN",
        "destination": "US",
        "date": "2025-03-10",
        "consignor": "Alpha Ltd",
        "consignee": "Beta Inc",
        **other,
    }


@pytest.fixture(scope="module")
def judged(
    screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope
) -> Callable[[list[Row]], Decisions]:
    scope = Scope(today=today.today, instruments=US)
    return lambda rows: screener.screen(table(rows), scope)


Judged = Callable[[list[Row]], Decisions]


def _verdicts(decisions: Decisions) -> list[str]:
    return [decision.verdict.value for decision in decisions]


def test_the_row_that_reaches_the_threshold_and_those_after_it_are_raised(judged: Judged) -> None:
    decisions = judged([_row(600), _row(600), _row(391), _row(1)])
    totals = Totals()
    raised = add_up(decisions, totals, 1)
    assert _verdicts(decisions) == ["conditional"] * 4
    assert _verdicts(raised) == ["conditional", "conditional", "controlled", "controlled"]
    assert (
        "with rows 1, 2 the total of 2025-03 for 'alpha ltd' to 'beta inc' is 1,591 kg, which reaches the threshold of "
        "1,591 kg a month" in raised[2].reason
    )
    (total,) = totals.shown()
    assert (total.amount, total.rows, total.reached_at) == (Decimal(1592), [1, 2, 3, 4], 3)


def test_a_total_below_the_threshold_raises_nothing_and_is_shown(judged: Judged) -> None:
    totals = Totals()
    decisions = judged([_row(600), _row("990.999")])
    assert list(add_up(decisions, totals, 1)) == list(decisions)
    assert [total.reached_at for total in totals.shown()] == [None]


@pytest.mark.parametrize(
    "other",
    [
        {"date": "2025-04-01"},
        {"consignee": "Gamma"},
        {"consignor": "Delta"},
        {"date": "03/04/2025"},
        {"description": "ACETONE"},
        {"description": "TOLUENE 30%"},
        {"movement": "export", "origin": "US", "destination": "IN"},
    ],
    ids=[
        "another month",
        "another consignee",
        "another consignor",
        "no clear day",
        "other goods",
        "exempt",
        "movement",
    ],
)
def test_what_is_no_part_of_the_total_is_not_added(judged: Judged, other: dict[str, str]) -> None:
    totals = Totals()
    raised = add_up(judged([_row(1000), _row(1000, **other)]), totals, 1)
    assert _verdicts(raised) == ["conditional", "conditional"]
    assert totals.shown() == []


@pytest.mark.parametrize("name", ["BETA INC.", " beta  inc", "Bèta, Inc"])
def test_a_party_is_the_same_in_other_case_and_punctuation(judged: Judged, name: str) -> None:
    raised = add_up(judged([_row(1000), _row(1000, consignee=name)]), Totals(), 1)
    assert _verdicts(raised) == ["conditional", "controlled"]


def test_litres_and_kilograms_are_one_total(judged: Judged) -> None:
    raised = add_up(judged([_row(1000), _row(800, unit="L")]), Totals(), 1)
    assert _verdicts(raised) == ["conditional", "controlled"]


def test_a_row_of_unknown_amount_is_counted_and_raised_once_the_rest_reaches_the_threshold(judged: Judged) -> None:
    totals = Totals()
    raised = add_up(judged([_row(1000), _row("some"), _row(1000), _row("some")]), totals, 1)
    assert _verdicts(raised) == ["conditional", "conditional", "controlled", "controlled"]
    (total,) = totals.shown()
    assert (total.added, total.unknown) == (2, 2)


def test_a_transaction_threshold_is_not_added_up(judged: Judged) -> None:
    rows = [_row(100, origin="US", destination="US") for _ in range(2)]
    totals = Totals()
    assert _verdicts(add_up(judged(rows), totals, 1)) == ["conditional", "conditional"]
    assert totals.shown() == []


def test_the_union_adds_up_what_one_exporter_sends_to_anybody_in_a_year(
    screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope
) -> None:
    rows = [
        _row(30, origin="DE", destination="IN", consignee=consignee, date=date)
        for consignee, date in (("Beta", "2025-01-02"), ("Gamma", "2025-12-30"), ("Gamma", "2026-01-01"))
    ]
    decisions = screener.screen(table(rows), Scope(today=today.today, instruments=("eu-111-2005",)))
    assert _verdicts(add_up(decisions, Totals(), 1)) == ["conditional", "controlled", "conditional"]


def test_a_finding_that_a_person_must_look_at_adds_nothing(judged: Judged) -> None:
    decisions = judged([_row(1000, hs_code="2914.11"), _row(1000, hs_code="2914.11")])
    assert _verdicts(decisions) == ["review", "review"]
    assert all(decision.tallies == () for decision in decisions)


def test_without_a_party_or_a_day_nothing_is_added(judged: Judged) -> None:
    (decision,) = judged([_row(10)])
    assert tallies_of(decision.findings, None, " ", "2025-03-10") == ()
    assert tallies_of(decision.findings, "Alpha", None, None) == ()
    assert len(tallies_of(decision.findings, "Alpha", None, "2025-03-10")) == 1


def _slow(decisions: Decisions) -> list[Verdict]:
    """Add up by looking back over all rows before, for each row anew."""
    verdicts = []
    for place, decision in enumerate(decisions):
        verdict = decision.verdict
        for tally in decision.tallies:
            same = [
                other.counted.amount or Decimal(0)
                for before in list(decisions)[: place + 1]
                for other in before.tallies
                if (other.entry, other.consignor, other.consignee, other.period, other.counted.movement)
                == (tally.entry, tally.consignor, tally.consignee, tally.period, tally.counted.movement)
            ]
            if len(same) > 1 and sum(same) >= tally.counted.quantity:
                verdict = Verdict.CONTROLLED
        verdicts.append(verdict)
    return verdicts


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 1_700), st.sampled_from("AB"), st.sampled_from(["2025-03-01", "2025-04-01"])),
        min_size=1,
        max_size=14,
    ),
    st.integers(1, 5),
)
def test_totals_agree_with_a_slow_look_back_in_blocks_of_any_size(
    judged: Judged, rows: list[tuple[int, str, str]], block: int
) -> None:
    decisions = judged([_row(kg, consignee=party, date=date) for kg, party, date in rows])
    totals, raised = Totals(), list[Decision]()
    for first in range(0, len(rows), block):
        raised += list(add_up(Decisions.each(list(decisions)[first : first + block]), totals, first + 1))
    assert [decision.verdict for decision in raised] == _slow(decisions)
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for kg, party, date in rows:
        expected[party.lower(), date[:7]] += kg
    for total in totals.shown():
        assert total.amount == expected[total.first.consignee, total.first.period]
