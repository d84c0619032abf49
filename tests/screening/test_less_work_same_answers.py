"""What is kept or looked at first saves work; the answers are those of the plain way."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.clauses import _PREPARATION, preparation_in
from app.screening.forms import _METAL_NAME, _SALT_NAME, form_of_words
from app.screening.mixtures import shares_of
from app.screening.numbers import read_numbers
from app.screening.quantity import read_declared
from app.screening.route import route_of
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.standing import answer_places

ROUTES = [("IN", "US", None), ("DE", "MX", "US"), ("CN", "NL", None), ("DE", "FR", None), (None, None, None)]
GOODS = [
    "ACETIC ANHYDRIDE", "EPHEDRINE HYDROCHLORIDE", "4-PIPERIDONE", "P2P", "ETHYL PHENYLACETATE", "CATHINE", "TOLUENE",
    "IODINE TABLETS", "SULPHURIC ACID", "TOLUENE AND ACETONE",
]  # fmt: skip
DAYS = [date(2012, 1, 1) + timedelta(days=97 * step) for step in range(57)]


@pytest.mark.parametrize("goods", GOODS)
def test_the_places_of_a_single_finding_answer_as_those_of_several_do(goods: str, screener: Screener) -> None:
    for number, day in enumerate(DAYS):
        origin, destination, transit = ROUTES[number % len(ROUTES)]
        record = {"description": goods, "origin": origin, "destination": destination, "transit": transit,
                  "quantity": str(number * 13 % 300), "unit": "kg", "date": day.isoformat()}  # fmt: skip
        decision = screener.decide(record, Scope(today=date(2026, 11, 28)))
        asked = frozenset(
            each.jurisdiction for each in screener.index.watchlist.instruments if each.id in decision.instruments
        )
        route = route_of(screener.index, origin, destination, transit, None, day)
        assert decision.places == answer_places(route, asked, decision.findings, None)


def test_a_day_is_judged_as_if_it_were_the_first_to_be_asked(screener: Screener) -> None:
    scope = Scope(today=date(2026, 11, 28))
    records = [
        {"description": goods, "origin": "IN", "destination": "US", "transit": "DE", "date": day.isoformat()}
        for goods in GOODS
        for day in DAYS
    ]
    first = [screener.decide(record, scope) for record in records]
    fresh = Screener(screener.index)
    assert [fresh.decide(record, scope) for record in reversed(records)] == first[::-1]


@given(st.from_regex(_PREPARATION))
def test_no_word_for_a_medicinal_product_is_passed_over(text: str) -> None:
    assert preparation_in(text, None) == f"'{_PREPARATION.search(text)[0]}'"  # type: ignore[index]


@given(st.from_regex(_SALT_NAME))
def test_no_word_for_a_salt_is_passed_over(text: str) -> None:
    assert form_of_words(text).salt


@given(st.from_regex(_METAL_NAME))
def test_no_word_for_a_metal_is_passed_over(text: str) -> None:
    assert form_of_words(text).salt


@given(st.text(alphabet="0123456789.,٣½① ", max_size=12))
def test_digits_of_any_script_are_numbers(text: str) -> None:
    said = f"TOLUENE {text}% IN {text} KG"
    whole = read_declared(None, None, said), shares_of(said, {1: "TOLUENE"})
    wide = said.replace("TOLUENE", "TOLUENE\u200b")  # no longer of plain letters: nothing is looked at first
    assert whole[0].amounts == read_declared(None, None, wide).amounts
    assert bool(whole[1]) == bool(shares_of(wide, {1: "TOLUENE"}))


@given(st.integers(min_value=0, max_value=10**18))
def test_a_plain_number_is_itself_or_too_long_to_be_one(value: int) -> None:
    assert [int(each) for each in read_numbers(str(value))] == ([value] if value < 10**15 else [])
