"""The clock over a request: work is given up between stretches of records, and cutting them changes no decision."""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import TookTooLongError
from app.domain.records import MAX_DESCRIPTION, RECORD_SCHEMA
from app.records.source import Batch
from app.screening.scope import Scope
from app.settings import Settings
from app.usecases import deadline as clock
from app.usecases.deadline import Deadline, deadline_in, parts_of, screen_by, stretches
from app.usecases.releases import Shelf, open_shelf


@pytest.fixture(scope="module")
def shelf(compiled: Settings) -> Shelf:
    return open_shelf(compiled.index, compiled.watchlists)


DAY = Scope(today=date(2025, 6, 2))
GOODS = ("ACETIC ANHYDRIDE 99%", "COTTON T-SHIRTS", "POTASIUM PERMANGANAT", "CHEMICALS N.O.S.", "", "TOLUENE, ACETONE")


def table(*descriptions: str | None) -> pa.Table:
    rows = [{"record_id": str(n), "description": each, "origin": "US"} for n, each in enumerate(descriptions)]
    return pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)


def ticking(step: float) -> Callable[[], float]:
    """A clock that is a step later each time it is looked at."""
    now = [0.0]

    def look() -> float:
        now[0] += step
        return now[0]

    return look


@given(st.lists(st.integers(0, 9_000), max_size=60), st.integers(1, 20_000))
def test_stretches_hold_each_row_once_and_no_more_than_they_may(lengths: list[int], most: int) -> None:
    cut = stretches(table(*("x" * length for length in lengths)), most)
    assert [row for first, rows in cut for row in range(first, first + rows)] == list(range(len(lengths)))
    assert cut[0][0] == 0
    if len(lengths) > 4:
        read = [min(length, MAX_DESCRIPTION) for length in lengths]
        for first, rows in cut:
            assert sum(read[first : first + rows - 1]) < most


def test_a_thousand_lines_of_trade_are_one_stretch() -> None:
    line = "COTTON T-SHIRTS OF MANY COLOURS, KNITTED, FOR MEN AND BOYS, 200 CARTONS"
    assert stretches(table(*[line] * 1_000), clock.STRETCH) == [(0, 1_000)]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(GOODS), min_size=1, max_size=40), st.integers(1, 100))
def test_cut_records_are_decided_on_like_whole_ones(shelf: Shelf, goods: list[str], most: int) -> None:
    records = table(*goods)
    before, clock.STRETCH = clock.STRETCH, most
    try:
        judged = screen_by(deadline_in(600), shelf.loaded, records, DAY)
    finally:
        clock.STRETCH = before
    whole = shelf.loaded.screen(records, DAY)
    assert list(judged) == list(whole)
    assert judged.verdicts() == whole.verdicts()


def test_work_is_given_up_at_the_first_stretch_behind_the_deadline(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "STRETCH", 20)
    records = table(*GOODS * 2)
    with pytest.raises(TookTooLongError, match="longer than 3 s"):
        screen_by(Deadline(3, 3, ticking(1)), shelf.loaded, records, DAY)
    assert len(screen_by(Deadline(30, 30, ticking(1)), shelf.loaded, records, DAY)) == len(GOODS) * 2


def test_the_deadline_itself_is_still_in_time() -> None:
    Deadline(3, 3, lambda: 3.0).check()
    assert Deadline(3, 3, lambda: 3.0001).is_past


def test_parts_of_a_batch_keep_their_rows_and_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "PART", 20)
    records = table(*GOODS)
    parts = list(parts_of(Batch(records, records, 101)))
    assert len(parts) > 1
    assert pa.concat_tables(part.rows for part in parts) == records
    assert [part.first_row for part in parts] == [101 + int(part.rows.column("record_id")[0].as_py()) for part in parts]
