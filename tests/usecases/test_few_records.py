"""A few records are judged and kept without a table, and nobody can tell."""

from datetime import date

import pytest

from app.domain.errors import TookTooLongError
from app.domain.records import FIELDS
from app.screening.scope import Scope
from app.settings import Settings
from app.storage.engine import open_engine
from app.usecases.deadline import FEW, Deadline
from app.usecases.kept_records import Row, make_block
from app.usecases.releases import Shelf, open_shelf
from app.usecases.screen_records import judge_records, table_of

SCOPE = Scope(date(2026, 1, 1))
DATABASE = open_engine("sqlite://")
"""Nothing is read of it: no earlier run is asked for."""


def row(**fields: str) -> Row:
    return (*(fields.get(name) for name in FIELDS), None)


ROWS = [
    row(record_id="1", description="200 DRUMS ACETIC ANHYDRIDE 99%", hs_code="2915.24", origin="IN", destination="US"),
    row(description="Эфедрина гидрохлорид", quantity="25", unit="KGM", movement="export", date="2025-03-01"),
    row(),
    row(record_id="4", description="COTTON T-SHIRTS", consignee="ACME"),
]


@pytest.fixture(scope="module")
def shelf(compiled: Settings) -> Shelf:
    return open_shelf(compiled.index, compiled.watchlists)


def test_a_few_records_are_judged_as_they_are_among_many(shelf: Shelf) -> None:
    assert len(ROWS) <= FEW
    few, _ = judge_records(shelf.loaded, DATABASE, ROWS, SCOPE, "0" * 64)
    many, _ = judge_records(shelf.loaded, DATABASE, ROWS * 2, SCOPE, "0" * 64)
    assert few.documents * 2 == many.documents
    assert [document["verdict"] for document in few.documents[:3]] == ["controlled", "controlled", "undetermined"]


@pytest.mark.parametrize("only_alarms", [False, True])
def test_a_few_records_are_kept_as_a_table_of_them_is(shelf: Shelf, only_alarms: bool) -> None:
    decisions = shelf.loaded.screen(table_of(ROWS), SCOPE)
    screened, _ = judge_records(shelf.loaded, DATABASE, ROWS, SCOPE, "0" * 64)
    kept = [
        make_block(records, decisions, screened.documents, 7, only_alarms=only_alarms)
        for records in (ROWS, table_of(ROWS))
    ]
    assert kept[0] == kept[1]
    assert kept[0] is not None
    assert kept[0].records == (2 if only_alarms else len(ROWS))


def test_a_few_records_are_not_begun_when_the_time_is_over(shelf: Shelf) -> None:
    with pytest.raises(TookTooLongError):
        judge_records(shelf.loaded, DATABASE, ROWS, SCOPE, "0" * 64, deadline=Deadline(1.0, 5.0, lambda: 6.0))
