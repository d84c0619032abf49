"""Dates, amounts and countries as declared: read where one reading is possible, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.dates import read_date
from app.screening.numbers import read_number
from app.screening.places import EU, country_of, jurisdiction_of
from app.screening.quantity import read_amount

FIRST_OF_MARCH = date(2025, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "2025-3-1",
        "20250301",
        "2025/03/01",
        "2025.03.01",
        "2025-03-01T10:30:00Z",
        "2025-03-01 00:00:00",
        "01.03.2025",
        "1.3.2025",
        "1-Mar-2025",
        "01-MAR-25",
        "1 March 2025",
        "Mar 1, 2025",
        "MARCH 1, 2025",
        "March 1st, 2025",
        "1. März 2025",
        "1er mars 2025",
        "1 de março de 2025",
        "1 de marzo de 2025",
        "01 maart 2025",
        "1 mrt. 2025",
        "2025年3月1日",
        "2025년 3월 1일",
        " 2025-03-01 ",
    ],
)
def test_a_day_is_read_in_the_forms_that_declarations_use(text: str) -> None:
    assert read_date(text) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2025",
        "04-03-2025",
        "2025-02-30",
        "31/02/2025",
        "13/13/2025",
        "",
        "soon",
        "2025",
        "1-Foo-2025",
        "1 marraskuuta 2025",
        "٢٠٢٥-٠٣-٠١x",
    ],
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(("text", "day"), [("31/03/2025", date(2025, 3, 31)), ("03/31/2025", date(2025, 3, 31))])
def test_slashes_are_read_where_one_reading_is_possible(text: str, day: date) -> None:
    assert read_date(text) == day


def test_slashes_whose_two_readings_are_one_day_are_read() -> None:
    assert read_date("05/05/2025") == date(2025, 5, 5)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_iso_day_is_read_as_itself(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(day.strftime("%Y%m%d")) == day
    assert read_date(day.strftime("%d.%m.%Y")) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert read_date(text) is None or isinstance(read_date(text), date)


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "dimension"),
    [
        ("25", "kg", 25, "kg"),
        ("25", "KGM", 25, "kg"),
        ("25 kg", None, 25, "kg"),
        ("25KGS", None, 25, "kg"),
        ("1.5", "MT", 1_500, "kg"),
        ("2", "TNE", 2_000, "kg"),
        ("500", "g", 0.5, "kg"),
        ("500", "GRM", 0.5, "kg"),
        ("10", "LBR", 4.5359237, "kg"),
        ("1,000.5", "kg", 1_000.5, "kg"),
        ("1.000,5", "kg", 1_000.5, "kg"),
        ("1 000,5", "kg", 1_000.5, "kg"),
        ("1'000", "kg", 1_000, "kg"),
        ("80 DRUMS X 100 KG", None, 8_000, "kg"),
        ("80 x 100kg", None, 8_000, "kg"),
        ("4 IBC OF 1000 LTR", None, 4_000, "L"),
        ("200", "LTR", 200, "L"),
        ("500", "GLL", 1_892.705892, "L"),
        ("2", "MTQ", 2_000, "L"),
        ("750", "ML", 0.75, "L"),
    ],
)
def test_an_amount_is_read_in_kilograms_or_litres(
    quantity: str, unit: str | None, value: float, dimension: str
) -> None:
    amount = read_amount(quantity, unit)
    assert amount is not None
    assert (float(amount.high), amount.unit) == (pytest.approx(value), dimension)


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("25", None), ("25", "PCS"), ("12 drums", None), ("1.500", "kg"), ("1,500", "kg"), ("some", "kg"), ("", "kg")],
)
def test_an_amount_that_is_not_clear_is_none(quantity: str, unit: str | None) -> None:
    assert read_amount(quantity, unit) is None


@pytest.mark.parametrize("quantity", ["-5", "−5"])
def test_a_negative_amount_is_none(quantity: str) -> None:
    assert read_amount(quantity, "kg") is None
    assert read_amount(f"{quantity} kg", None) is None


@given(st.integers(0, 10**9))
def test_a_whole_number_is_itself_with_and_without_its_separators(number: int) -> None:
    assert read_number(str(number)) == number
    if number >= 1_000_000:
        assert read_number(f"{number:,}") == number
        assert read_number(f"{number:,}".replace(",", ".")) == number


@given(st.text(max_size=40), st.one_of(st.none(), st.text(max_size=6)))
def test_any_text_is_an_amount_or_none(quantity: str, unit: str | None) -> None:
    amount = read_amount(quantity, unit)
    assert amount is None or (amount.low >= 0 and amount.unit in {"kg", "L"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("deu", "DE"),
        ("276", "DE"),
        ("Germany", "DE"),
        ("DEUTSCHLAND", "DE"),
        ("U.S.A.", "US"),
        ("united states", "US"),
        ("UK", "GB"),
        ("EL", "GR"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Viet Nam", "VN"),
        ("Côte d’Ivoire", "CI"),
        ("Korea, Republic of", "KR"),
        ("Taiwan", "TW"),
        ("EU", "EU"),
        (" in ", "IN"),
        ("The Netherlands", "NL"),
        ("P.R. China", "CN"),
        ("Réunion", "RE"),
        ("La Réunion", "RE"),
        ("Curaçao", "CW"),
        ("Åland Islands", "AX"),
        ("Scotland", "GB"),
        ("Canary Islands", "ES"),
        ("Democratic Republic of the Congo", "CD"),
        ("Pays-Bas", "NL"),
        ("Vereinigte Staaten", "US"),
        ("ESTADOS UNIDOS", "US"),
        ("L’Inde", "IN"),
        ("Германия", "DE"),
        ("中国", "CN"),
        ("भारत", "IN"),
        ("la", "LA"),
    ],
)
def test_a_country_is_known_by_its_code_or_name(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize("text", ["Ruritania", "", "ZZ", "XX", "Deutsch", "12", "The", "die", "l’"])
def test_an_unknown_place_is_not_guessed(text: str) -> None:
    assert country_of(text) is None


def test_twenty_seven_members_stand_under_the_law_of_the_union() -> None:
    assert len(EU) == 27
    assert {jurisdiction_of(member) for member in EU} == {"EU"}
    assert [jurisdiction_of(other) for other in ("GB", "CH", "NO", "US")] == ["GB", "CH", "NO", "US"]
