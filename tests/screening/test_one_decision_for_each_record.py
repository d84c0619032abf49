"""Whatever is declared: one decision for each record, in order, the same every time, and in good time."""

import time
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.decisions import Decision
from app.domain.errors import UnknownNameError
from app.domain.records import FIELDS, MAX_DESCRIPTION, RECORD_SCHEMA, UNREADABLE
from app.domain.words import ALARMS, Verdict
from app.screening.scope import Scope
from app.screening.screener import Screener

Row = dict[str, str | None]
Table = Callable[[list[Row]], pa.Table]

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
PATIENCE_SECONDS = 5.0
"""What one hostile record may take at most; a busy machine is allowed for."""

ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TELLING = {
    "description": [
        "ACETONE",
        "MEK",
        "20 DRUMS",
        "acetic anhydrde",
        "LIDOCAINE HCL",
        "丙酮",
        "CAS 108-88-3",
        "\x00\x1b[31m",
    ],
    "cas": ["67-64-1", "67641", "64-17-5", "108-24-8", "2016-10-06"],
    "smiles": ["CC(C)=O", "C1CC(", "[2H]C", "CCO.Cl", "[*]", "C" * 30],
    "inchi": ["InChI=1S/C3H6O/c1-3(2)4/h1-2H3", "InChI=1S/"],
    "inchikey": ["CSCPPACGZOOCGX-UHFFFAOYSA-N", "no key"],
    "hs_code": ["2914.11", "29", "2933.39", "9" * 12],
    "un_number": ["1090", "UN 1715", "0"],
    "quantity": ["1500", "80 DRUMS X 100 KG", "-1", "NaN", "1e400", "٣"],
    "unit": ["kg", "KGM", "L", "PCS"],
    "concentration": ["99%", "35", "w/w"],
    "origin": ["US", "DE", "Ruritania", ""],
    "destination": ["IN", "MX", "nowhere;", "EU"],
    "transit": ["NL, BE", "|", ";;"],
    "movement": ["export", "TRANSIT", "?"],
    "date": ["2025-03-01", "03/04/2025", "99999999", "0000-00-00", "31.02.2024"],
}


def _cell(field: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(TELLING.get(field, [""])), ODD)


ROWS = st.fixed_dictionaries(
    {}, optional={**{field: _cell(field) for field in FIELDS}, UNREADABLE: st.one_of(st.none(), ODD)}
)


def _numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "record_id": str(number)} for number, row in enumerate(rows)]


def _of_this_record(decision: Decision, row: Row) -> bool:
    return decision.record_id == row.get("record_id")


@settings(SLOW, max_examples=60)
@given(rows=st.lists(ROWS, max_size=6))
@example(rows=[])
def test_each_record_has_one_decision_in_order_that_names_what_was_asked(
    rows: list[Row], screener: Screener, today: Scope, table: Table
) -> None:
    rows = _numbered(rows)
    decisions = screener.screen(table(rows), today)
    assert len(decisions) == len(rows)
    for decision, row in zip(decisions, rows, strict=True):
        assert _of_this_record(decision, row)
        assert decision.reason
        assert "safe" not in decision.reason.lower().split()
        date.fromisoformat(decision.date_of_law)
        assert (decision.score is not None) == (decision.verdict in ALARMS)
        assert all(0 <= finding.score < 1 for finding in decision.findings)
        assert all(finding.entries for finding in decision.findings if finding.verdict in ALARMS)
        assert {entry.instrument for f in decision.findings for entry in f.entries} <= set(decision.instruments)


@settings(SLOW, max_examples=30)
@given(rows=st.lists(ROWS, min_size=1, max_size=6), data=st.data())
def test_size_order_and_duplicates_of_a_batch_change_no_decision(
    rows: list[Row], data: st.DataObject, screener: Screener, today: Scope, table: Table
) -> None:
    rows = _numbered(rows)
    whole = list(screener.screen(table(rows), today))
    alone = [screener.screen(table([row]), today)[0] for row in rows]
    order = data.draw(st.permutations(range(len(rows))))
    mixed = list(screener.screen(table([rows[place] for place in order]), today))
    twice = list(screener.screen(table(rows + rows), today))
    assert whole == alone
    assert mixed == [whole[place] for place in order]
    assert twice == whole + whole
    assert whole == [screener.decide(row, today) for row in rows]


CONSIDERED = [
    "ACETONE OXIME",
    "TOLUENE DIISOCYANATE 80/20",
    "EPHEDRA-FREE TEA",
    "PHENYLEPHRINE HCL",
    "ACETONE-FREE",
    "ACETONE OXIME CAS 127-06-0",
]
"""Names of listed substances stand in them, and none is meant."""
OTHERS_NUMBERS = ["GLUCOSE CAS 50-99-7", "CAS 50-99-7", "EINECS 200-075-1", "GOODS WQZGKKKJIJFFOK-GASJEMHNSA-N"]
"""Numbers of goods that nobody lists."""
AROUND = st.fixed_dictionaries(
    {"description": st.sampled_from(CONSIDERED + OTHERS_NUMBERS)},
    optional={field: _cell(field) for field in ("origin", "destination", "transit", "movement", "date", "quantity")}
    | {"hs_code": st.just("61091000"), "smiles": st.just("CCCCCCCC"), UNREADABLE: st.one_of(st.none(), ODD)},
)


@settings(SLOW, max_examples=30)
@given(rows=st.lists(AROUND, min_size=6, max_size=12))
def test_names_that_are_dropped_and_numbers_of_other_goods_are_answered_in_a_batch_as_alone(
    rows: list[Row], screener: Screener, today: Scope, table: Table
) -> None:
    rows = _numbered(rows)
    whole = list(screener.screen(table(rows), today))
    assert not any(decision.findings for decision in whole)
    assert [bool(decision.rejected) for decision in whole] == [row["description"] in CONSIDERED for row in rows]
    assert whole == [screener.decide(row, today) for row in rows]


@settings(SLOW, max_examples=20)
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_two_screenings_opened_apart_decide_alike_and_change_nothing_they_are_given(
    rows: list[Row], screener: Screener, today: Scope, table: Table, fresh: Screener
) -> None:
    records = table(rows)
    before = records.to_pylist()
    scope = Scope(today=today.today)
    assert list(screener.screen(records, today)) == list(fresh.screen(records, today))
    assert records.to_pylist() == before
    assert scope == today


@pytest.fixture(scope="module")
def fresh(screener: Screener) -> Screener:
    """Another screening of the same index and name reader, with nothing remembered."""
    return Screener(screener.index, screener.policy, screener.read_names)


def test_a_table_in_many_chunks_is_decided_as_one(screener: Screener, today: Scope, table: Table) -> None:
    rows = _numbered([{"description": text} for text in ("ACETONE", "SOAP", None, "TOLUENE", "ACETONE")])
    chunks = pa.concat_tables([table(rows[:2]), table([]), table(rows[2:])])
    assert list(screener.screen(chunks, today)) == list(screener.screen(table(rows), today))
    assert chunks.schema == RECORD_SCHEMA


def test_an_instrument_nobody_knows_is_refused_even_for_no_records(screener: Screener, table: Table) -> None:
    with pytest.raises(UnknownNameError, match="atlantis-2020"):
        screener.screen(table([]), Scope(today=date(2026, 1, 1), instruments=("atlantis-2020",)))


HOSTILE: dict[str, Row] = {
    "phenyl 4,000 times": {"description": "phenyl" * 4_000},
    "phenyl with spaces": {"description": "phenyl " * 4_000},
    "phenyl with hyphens": {"description": "2-phenyl-" * 4_000},
    "acetone a thousand times": {"description": "acetone " * 1_000},
    "misspelt acetic anhydride": {"description": "acetic anhydrde " * 1_000},
    "100,000 commas": {"description": "," * 100_000},
    "digits and commas": {"description": "1," * 50_000},
    "hyphens": {"description": "-" * 100_000},
    "combining marks": {"description": "a" + "\u0301" * 3_999},
    "Devanagari signs": {"description": "\u0915" + "\u093f" * 3_999},
    "brackets": {"description": "(" * 2_000 + "acetone" + ")" * 1_900},
    "a million letters": {"description": "x" * 1_000_000},
    "ligatures that grow when they are folded": {"description": "\ufdfa" * 4_000},
    "Han characters": {"description": "苯基丙酮" * 1_000},
    "anhydrides to be put in order": {"description": "anhydride acide " * 1_000},
    "salts of salts": {"description": "acid salt of " * 1_000},
    "negations": {"description": "other than free of " * 400 + "acetone"},
    "900 atoms": {"smiles": "C" * 900},
    "1,900 atoms": {"smiles": "C" * 1_900},
    "40 rings": {"smiles": "C1CC1" * 40},
    "fused rings": {"smiles": "C1CC2" + "C2CC3C3CC2" * 30 + "CC1"},
    "deep SMILES brackets": {"smiles": "C(" * 900 + "C" + ")" * 900},
    "many salts": {"smiles": "[Na+]." * 300 + "[Cl-]"},
    "a long SMILES": {"smiles": "C" * 100_000},
    "a long InChI": {"inchi": "InChI=1S/C" + "1" * 100_000},
    "many stereocentres": {"smiles": "C" + "[C@H](O)" * 120 + "C"},
    "bonds of any kind beside an isotope": {"smiles": "C[3C@@H](NC)[C@@H](O)c1~ccccc1.Cl"},
    "a cage": {"smiles": "C12C3C4C1C5C2C3C45"},
    "10,000 CAS numbers": {"cas": "67-64-1; " * 10_000},
    "digits for CAS": {"cas": "1" * 100_000},
    "CAS in text": {"description": "CAS 67641 " * 400},
    "a long quantity": {"description": "acetone", "quantity": "1 " * 50_000 + "x"},
    "a long date": {"description": "acetone", "date": "1" * 100_000},
    "a thousand countries": {"description": "acetone", "transit": "DE," * 5_000},
    "a long country": {"description": "acetone", "origin": "x" * 100_000},
    "a long tariff code": {"hs_code": "2" * 100_000},
    "a long UN number": {"un_number": "UN " * 50_000},
}


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=name) for name, row in HOSTILE.items()],
)
def test_a_hostile_record_is_answered_in_good_time(row: Row, screener: Screener, today: Scope) -> None:
    screener.decide({"description": "warm up"}, today)
    start = time.monotonic()
    decision = screener.decide(row, today)
    taken = time.monotonic() - start
    assert decision.verdict in Verdict
    assert taken < PATIENCE_SECONDS


def test_only_the_first_characters_of_a_description_decide(screener: Screener, today: Scope) -> None:
    padding = "cotton shirts, " * 400
    read = screener.decide({"description": padding[:MAX_DESCRIPTION]}, today)
    more = screener.decide({"description": padding[:MAX_DESCRIPTION] + " ACETONE"}, today)
    assert (read.verdict, read.findings) == (more.verdict, more.findings)
    assert read.not_checked == ()
    assert more.not_checked != ()
