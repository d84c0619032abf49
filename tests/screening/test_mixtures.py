"""Which share of the goods each constituent has."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.mixtures import not_above, read_share, shares_of


@pytest.mark.parametrize(
    ("text", "toluene", "acetone"),
    [
        ("60% toluene, 40% acetone", "60", "40"),
        ("toluene 60 %, acetone 40 %", "60", "40"),
        ("toluene 60 % acetone 40 %", "60", "40"),
        ("60% toluene 40% acetone", "60", "40"),
        ("toluene/acetone 60:40", "60", "40"),
        ("acetone + toluene (30/70)", "70", "30"),
        ("60,5% toluene und 39,5% acetone", "60.5", "39.5"),
        ("toluene 60 w/o a figure for acetone", None, None),
        ("ethanol 50%, toluene, acetone 20%", None, "20"),
    ],
)
def test_each_constituent_has_its_own_share(text: str, toluene: str | None, acetone: str | None) -> None:
    shares = shares_of(text, {1: "toluene", 2: "acetone"})
    assert {key: share.high for key, share in shares.items()} == {
        key: Decimal(value) for key, value in ((1, toluene), (2, acetone)) if value is not None
    }


def test_a_figure_beside_another_chemical_is_not_taken() -> None:
    assert shares_of("60% ethanol, acetone", {1: "acetone"}) == {}


def test_the_solvent_of_a_solution_is_at_most_the_rest() -> None:
    shares = shares_of("PIPERIDINE 20% IN TOLUENE", {1: "PIPERIDINE", 2: "TOLUENE"})
    assert (shares[1].low, shares[1].high) == (20, 20)
    assert (shares[2].low, shares[2].high) == (0, 80)


@pytest.mark.parametrize(
    ("text", "low", "high", "basis"),
    [
        ("30", "30", "30", "weight"),
        ("30 % w/w", "30", "30", "weight"),
        ("AR 99.5%", "99.5", "99.5", "weight"),
        ("min 98%", "98", "100", "weight"),
        ("<30%", "0", "30", "weight"),
        ("5-10 %", "5", "10", "weight"),
        ("40 % v/v", "40", "40", "volume"),
        ("30 g/L", "30", "30", "g/L"),
        ("3 % w/v", "30", "30", "g/L"),
    ],
)
def test_a_concentration_is_read_with_its_basis(text: str, low: str, high: str, basis: str) -> None:
    share = read_share(text)
    assert share is not None
    assert (share.low, share.high, share.basis) == (Decimal(low), Decimal(high), basis)


@pytest.mark.parametrize("text", [None, "", "high", "120 %", "30% and 40%"])
def test_what_is_no_single_concentration_is_none(text: str | None) -> None:
    assert read_share(text) is None


@pytest.mark.parametrize(
    ("text", "outside"), [("34.9%", True), ("35%", True), ("35.1%", False), ("30-40%", True), ("30 g/L", False)]
)
def test_a_mixture_at_or_below_the_limit_may_be_outside(text: str, outside: bool) -> None:
    assert bool(not_above(read_share(text), 35.0)) is outside


@pytest.mark.parametrize(("text", "outside"), [("3.9%", True), ("4%", False), ("4.1%", False), ("3-5%", True)])
def test_a_mixture_of_exactly_a_limit_that_is_included_is_covered(text: str, outside: bool) -> None:
    assert bool(not_above(read_share(text), 4.0, included=True)) is outside


@given(st.text(max_size=400), st.text(max_size=10))
def test_any_text_gives_shares_between_nothing_and_the_whole(text: str, name: str) -> None:
    for share in shares_of(text, {1: name, 2: "toluene"}).values():
        assert 0 <= share.low <= share.high
        assert share.basis == "g/L" or share.high <= 100


@pytest.mark.parametrize("piece", ["1-", "9%", "1:1:", "min ", "5% x,", "a/", "in ", "1 to "])
def test_a_hostile_line_is_shared_out_in_linear_time(piece: str) -> None:
    line = (piece * 2_000)[:4_000]
    begun = time.perf_counter()
    shares_of(line, {1: "x", 2: "toluene"})
    assert time.perf_counter() - begun < 0.5
