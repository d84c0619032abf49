"""Identifiers as people and spreadsheets write them."""

import pytest

from app.chemistry.identifiers import (
    find_cas_in_field,
    find_cas_in_text,
    find_ec_numbers,
    find_inchikeys,
    find_un_in_field,
    find_un_in_text,
    subheading_of,
)


@pytest.mark.parametrize(
    "written",
    ["108-24-7", "108\u201124\u20117", "108 - 24 - 7", "CAS 108-24-7 99%", "1O8-24-7", "l08-24-7", "00108-24-7"],
)
def test_a_cas_number_is_found_in_text_in_spite_of_odd_hyphens_and_look_alike_letters(written: str) -> None:
    assert [found.cas for found in find_cas_in_text(f"ACETIC ANHYDRIDE {written}")] == ["108-24-7"]


@pytest.mark.parametrize("written", ["108247", "108247.0", "108 24 7", "0000108247", "108-24-7"])
def test_a_cas_column_may_have_lost_its_hyphens(written: str) -> None:
    assert [found.cas for found in find_cas_in_field(written)] == ["108-24-7"]


def test_a_cas_number_that_a_spreadsheet_took_for_a_date_is_put_back() -> None:
    found = find_cas_in_field("2016-10-06")
    assert [(item.cas, item.repaired) for item in found] == [("2016-10-6", True)]
    assert find_cas_in_field("2016-10-07") == ()


@pytest.mark.parametrize("text", ["108-24-8", "PO 108247", "tel 108 24 7", "2024-01-08", "10824-7", "X108-24-7Y"])
def test_a_number_that_fails_the_check_digit_or_is_not_written_as_one_is_no_cas_number(text: str) -> None:
    assert find_cas_in_text(text) == ()


def test_several_cas_numbers_in_a_cell_are_all_read() -> None:
    assert [found.cas for found in find_cas_in_field("67-64-1; 108-88-3")] == ["67-64-1", "108-88-3"]


def test_un_numbers_are_read_from_text_only_where_they_are_written_as_such() -> None:
    assert find_un_in_text("ACETONE, UN1090, PG II") == ("1090",)
    assert find_un_in_text("UN No. 1715 acetic anhydride") == ("1715",)
    assert find_un_in_text("model 1090") == ()
    assert find_un_in_field("1090") == ("1090",)
    assert find_un_in_field("UN 1090") == ("1090",)


def test_an_inchikey_is_found_in_text() -> None:
    key = "WFDIJRYMOXRFFG-UHFFFAOYSA-N"
    assert find_inchikeys(f"structure {key}, drums") == (key,)


@pytest.mark.parametrize(
    ("written", "subheading"),
    [
        ("2915.24", "291524"),
        ("29152400", "291524"),
        ("2915 24 00 10", "291524"),
        ("1012100", "010121"),
        ("291524.0", "291524"),
        ("2915", None),
        ("abc", None),
        ("1234567890123", None),
    ],
)
def test_the_subheading_is_the_first_six_digits_of_any_national_code(written: str, subheading: str | None) -> None:
    assert subheading_of(written) == subheading


@pytest.mark.parametrize(
    "written", ["203-564-8", "EC 203-564-8", "EINECS: 2035648", "EG-Nr. 203-564-8", "203 - 564 - 8"]
)
def test_an_ec_number_is_read_with_its_check_digit(written: str) -> None:
    assert find_ec_numbers(f"fluid, {written}, drums") == ("203-564-8",)


@pytest.mark.parametrize("written", ["203-564-9", "2035648", "1203-564-8", "203-564-81", "EC 2035648.5"])
def test_what_is_not_an_ec_number_is_not_read_as_one(written: str) -> None:
    assert find_ec_numbers(f"fluid, {written}, drums") == ()
