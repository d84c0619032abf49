"""Amounts in the words of declarations: packages, doses, net and gross, in national numbers and many languages."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.amount_words import MOST
from app.screening.numbers import read_number, read_numbers
from app.screening.quantity import Amount, Declared, read_declared
from app.screening.units import UNITS, unit_of


def _only(declared: Declared) -> Amount:
    (amount,) = declared.amounts
    return amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234", "1234"),
        ("1’234.5", "1234.5"),
        ("1,00,000", "100000"),
        ("12,34,567.5", "1234567.5"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.5E+03", "1500"),
        ("٢٥", "25"),
        ("२५", "25"),
        ("２５", "25"),
    ],
)
def test_a_number_is_read_in_its_national_form(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(("text", "low", "high"), [("1.234", "1.234", "1234"), ("1,234", "1.234", "1234")])
def test_a_lone_separator_before_three_digits_has_two_readings(text: str, low: str, high: str) -> None:
    assert read_numbers(text) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["", "abc", "-5", "1.2.3", "12,34", "1 23", "9" * 16, "1e99", "1,2,3"])
def test_what_is_no_number_or_no_amount_is_none(text: str) -> None:
    assert read_number(text) in (None, Decimal("12.34") if text == "12,34" else None)


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "dimension"),
    [
        ("500 BTL X 100 TAB X 30 MG", None, "1.5", "kg"),
        ("1 lakh kg", None, "100000", "kg"),
        ("1.5", "LAKH KGS", "150000", "kg"),
        ("2 crore kg", None, "20000000", "kg"),
        ("2.5 million litres", None, "2500000", "L"),
        ("10 THOUSAND KGS", None, "10000", "kg"),
        ("5 dozen bottles x 1 L", None, "60", "L"),
        ("10 BTL X 100 ML, 30 MG/5 ML", None, "1", "L"),
        ("1X20FT STC 16 MT", None, "16000", "kg"),
        ("5X25L", None, "125", "L"),
        ("N.W. 200 KGS / G.W. 220 KGS", None, "200", "kg"),
        ("NET.WT. 200 KGS, GR.WT. 220 KGS", None, "200", "kg"),
        ("10 Fässer zu je 200 kg", None, "2000", "kg"),
        ("40 BAGS EACH OF 25 KG", None, "1000", "kg"),
        ("5 K.G.", None, "5", "kg"),
        ("5 M.T.", None, "5000", "kg"),
        ("16 METRIC TONS", None, "16000", "kg"),
        ("10 SHORT TONS", None, "9071.8474", "kg"),
        ("10 LONG TONS", None, "10160.469088", "kg"),
        ("10 US GALLONS", None, "37.85411784", "L"),
        ("10 IMP. GAL", None, "45.4609", "L"),
        ("KGS 16000", None, "16000", "kg"),
        ("MT 16.5", None, "16500", "kg"),
        ("१०० किलो", None, "100", "kg"),
        ("५ ड्रम x 20 किलोग्राम", None, "100", "kg"),
        ("16", "METRIC TONS", "16000", "kg"),
        ("10", "US GAL", "37.85411784", "L"),
        ("25", "KGM/NET", "25", "kg"),
        ("25", "KGS (NET)", "25", "kg"),
        ("80 DRUMS 100 KG EACH", None, "8000", "kg"),
        ("25 KG/DRUM X 40", None, "1000", "kg"),
        ("16 MT IN 80 DRUMS X 200 KG", None, "16000", "kg"),
        ("net 200 kg gross 220 kg", None, "200", "kg"),
        ("200 kg net, 220 kg gross", None, "200", "kg"),
        ("BRUTTO 220 KG NETTO 200 KG", None, "200", "kg"),
        ("净重200公斤 毛重220公斤", None, "200", "kg"),
        ("40 tambores de 200 kilogramos", None, "8000", "kg"),
        ("20 fûts à 200 kilogrammes", None, "4000", "kg"),
        ("25 кг", None, "25", "kg"),
        ("٢٥", "كجم", "25", "kg"),
        ("5", "DTN", "500", "kg"),
        ("2", "STN", "1814.36948", "kg"),
        ("2", "LTN", "2032.0938176", "kg"),
        ("10", "GLI", "45.4609", "L"),
        ("3", "HLT", "300", "L"),
        ("4", "KLR", "4000", "L"),
    ],
)
def test_an_amount_is_read_with_its_packages(quantity: str, unit: str | None, value: str, dimension: str) -> None:
    amount = _only(read_declared(quantity, unit, None))
    assert (amount.low, amount.high, amount.unit) == (Decimal(value), Decimal(value), dimension)


@pytest.mark.parametrize(
    ("quantity", "unit", "description", "value"),
    [
        (None, None, "ACETIC ANHYDRIDE 99% 80 DRUMS X 100 KG", "8000"),
        ("80", "DRUMS", "ACETONE IN 200 KG DRUMS", "16000"),
        ("12 drums", None, "toluene 12 drums x 180 kg", "2160"),
        ("50000", "TAB", "EPHEDRINE HCL 30 MG TABLETS", "1.5"),
        ("50 X 10 X 100 TAB", None, "EPHEDRINE HCL 30 MG TABLETS", "1.5"),
    ],
)
def test_the_description_tells_what_the_quantity_does_not(
    quantity: str | None, unit: str | None, description: str, value: str
) -> None:
    assert _only(read_declared(quantity, unit, description)).high == Decimal(value)


@pytest.mark.parametrize(
    ("quantity", "unit", "problem"),
    [
        ("25", None, "the quantity '25' has no unit"),
        ("25", "QTL", "the unit 'QTL' is not known"),
        ("25", "PCS", "the quantity is counted in 'PCS'"),
        ("12 drums", None, "the quantity is counted in 'drums'"),
        ("some", "kg", "no amount can be read in 'some'"),
        ("1/2 KG", None, "no amount can be read in '1/2 KG'"),
        ("600-500 kg", None, "no amount can be read in '600-500 kg'"),
        ("-5 kg", None, "no amount can be read in '-5 kg'"),
        ("25 kg and 30 kg", None, "several amounts are declared: 25 kg, 30 kg"),
        ("999999999999999", "MTS", "'999999999999999' is too much to be an amount"),
        ("x" * 300, "kg", "the declared quantity is too long to be one"),
    ],
)
def test_what_cannot_be_read_is_said(quantity: str, unit: str | None, problem: str) -> None:
    assert read_declared(quantity, unit, None) == Declared((), problem, anything=True)


def test_what_may_mean_two_amounts_stays_two() -> None:
    amount = _only(read_declared("10", "tons", None))
    assert (amount.low, amount.high) == (Decimal("9071.8474"), Decimal("10160.469088"))
    assert not amount.is_certain
    assert _only(read_declared("220 KG GROSS", None, None)).low == 0


def test_kilograms_and_litres_side_by_side_are_both_read() -> None:
    declared = read_declared("200 L (158 KG)", None, None)
    assert [(amount.high, amount.unit) for amount in declared.amounts] == [(158, "kg"), (200, "L")]


def test_a_strength_or_a_concentration_is_no_amount_of_goods() -> None:
    for text in (
        "EPHEDRINE 30 MG TABLETS",
        "AMMONIA 30 MG/ML",
        "PURITY 99.5 %",
        "H2SO4 98% UN 1830",
        "140mm, chất liệu",
    ):
        assert read_declared(None, None, text) == Declared()


@given(st.integers(1, 9_999), st.integers(1, 9_999), st.sampled_from(["KG", "LTR", "G", "lb"]))
def test_packages_are_the_product_of_their_number_and_content(count: int, each: int, unit: str) -> None:
    known = unit_of(unit)
    assert known is not None
    amount = _only(read_declared(f"{count} DRUMS X {each} {unit}", None, None))
    assert amount.high == count * each * known.least


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_continental_and_english_forms_mean_the_same(value: Decimal) -> None:
    english = f"{value:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    spaced = english.replace(",", " ").replace(".", ",")
    assert read_number(english) == read_number(continental) == read_number(spaced) == value


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=8)), st.one_of(st.none(), st.text(max_size=300)))
def test_any_text_gives_amounts_or_a_reason(quantity: str, unit: str | None, description: str | None) -> None:
    declared = read_declared(quantity, unit, description)
    assert all(0 <= amount.low <= amount.high and amount.unit in {"kg", "L"} for amount in declared.amounts)
    if quantity.strip():
        assert declared.amounts or declared.problem


@pytest.mark.parametrize("piece", ["1 ", "1,", "1.000 kg x ", "9x9", "net ", "1 drum ", "kg/", "公斤", "1'000", "((1"])
def test_a_hostile_line_is_read_in_linear_time(piece: str) -> None:
    line = (piece * 2_000)[:4_000]
    begun = time.perf_counter()
    read_declared(line[:200], "kg", line)
    read_declared(None, None, line)
    assert time.perf_counter() - begun < 0.5


def test_the_codes_of_the_recommendation_are_worth_what_it_says() -> None:
    worth = {"kgm": "1", "grm": "0.001", "tne": "1000", "lbr": "0.45359237", "onz": "0.028349523125", "mgm": "0.000001"}
    worth |= {"ltr": "1", "mlt": "0.001", "gll": "3.785411784", "gli": "4.54609", "mtq": "1000", "hlt": "100"}
    for code, value in worth.items():
        unit = UNITS[code]
        assert (unit.least, unit.most) == (Decimal(value), Decimal(value))
    assert "qtl" not in UNITS


@pytest.mark.parametrize(
    ("quantity", "unit", "low", "high"),
    [
        ("max. 500 KGS", None, "0", "500"),
        ("up to 1000 kg", None, "0", "1000"),
        ("at least 25 kg", None, "25", str(MOST)),
        ("500-600 kg", None, "500", "600"),
        ("5-10 kg", None, "5", "10"),
        ("2 to 3 MT", None, "2000", "3000"),
        ("500 kg +/- 5%", None, "475", "525"),
        ("Gr.Wt. 220 kg", None, "0", "220"),
        ("220", "KGS GROSS", "0", "220"),
        ("10 DRUMS (55 US GAL)", None, "208.197648120", "2081.976481200"),
        ("80 DRUMS (16000 KG)", None, "16000", "16000"),
        ("5 BAGS (1000 KG)", None, "1000", "5000"),
        ("1 DRUM (180 KG)", None, "180", "180"),
        ("200 KG DRUMS", None, "200", str(MOST)),
        ("10 fl. oz", None, "0.284130625", "0.295735295625"),
    ],
)
def test_an_amount_is_as_wide_as_it_is_declared(quantity: str, unit: str | None, low: str, high: str) -> None:
    amount = _only(read_declared(quantity, unit, None))
    assert (amount.low, amount.high) == (Decimal(low), Decimal(high))


def test_what_a_bag_holds_behind_a_stroke_may_be_all_of_it_or_what_each_holds() -> None:
    amount = _only(read_declared("40 BAGS/25KG", None, None))
    assert (amount.low, amount.high) == (Decimal(25), Decimal(1_000))


@pytest.mark.parametrize(
    "text", ["30 MG/5 ML", "2000 BOTTLES X 100 ML X 30 MG/5ML", "EPHEDRINE TABLETS 30 MG", "1/2 KG"]
)
def test_a_strength_and_a_fraction_are_no_amount(text: str) -> None:
    assert not read_declared(text, None, None).amounts
