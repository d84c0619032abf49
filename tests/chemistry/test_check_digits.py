"""Check digits of CAS and EC numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chemistry.cas import cas_is_valid, ec_is_valid


@pytest.mark.parametrize("cas", ["108-24-7", "67-64-1", "7732-18-5", "2167189-50-4", "50-00-0", "1609-66-1"])
def test_a_printed_cas_number_has_its_check_digit(cas: str) -> None:
    assert cas_is_valid(cas)


@pytest.mark.parametrize(
    "cas",
    [
        "108-24-8",
        "1609-66-5",
        "108247",
        "108-24-",
        "8-24-7",
        "12345678-90-1",
        " 108-24-7",
        "108-24-7\n",
        "١٠٨-٢٤-٧",
        "",
    ],
)
def test_what_is_not_a_cas_number_is_told_so(cas: str) -> None:
    assert not cas_is_valid(cas)


@given(st.integers(10, 9_999_999), st.integers(0, 99))
def test_exactly_one_last_digit_makes_a_cas_number(head: int, middle: int) -> None:
    assert [cas_is_valid(f"{head}-{middle:02d}-{digit}") for digit in range(10)].count(True) == 1


@given(st.integers(10, 9_999_999), st.integers(0, 99), st.data())
def test_a_wrong_digit_beside_the_check_digit_is_caught(head: int, middle: int, data: st.DataObject) -> None:
    digit = next(digit for digit in range(10) if cas_is_valid(f"{head}-{middle:02d}-{digit}"))
    other = data.draw(st.integers(0, 9).filter(lambda value: value != middle % 10))
    assert not cas_is_valid(f"{head}-{middle // 10}{other}-{digit}")


@pytest.mark.parametrize("ec", ["203-564-8", "200-662-2", "206-080-5", "231-791-2"])
def test_a_printed_ec_number_has_its_check_digit(ec: str) -> None:
    assert ec_is_valid(ec)


@pytest.mark.parametrize("ec", ["203-564-9", "2035648", "203-564-8 ", "203-564", ""])
def test_what_is_not_an_ec_number_is_told_so(ec: str) -> None:
    assert not ec_is_valid(ec)
