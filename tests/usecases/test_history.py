"""Deliveries split over several runs: added up where it is asked for, the same whenever it is told again."""

import dataclasses
import hashlib
import itertools
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.records import RECORD_SCHEMA
from app.domain.words import Status, Verdict
from app.screening.policy import Policy
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import Settings
from app.storage.decisions import list_decisions, read_decision
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate
from app.storage.tables import AMOUNTS
from app.usecases.releases import Shelf, open_shelf
from app.usecases.replay_decision import replay_decision
from app.usecases.rescreen import rescreen
from app.usecases.screen_records import ScreenedRun, screen_records
from app.watchlist.model import Watchlist

TODAY = date(2026, 11, 22)
US = Scope(TODAY, instruments=("us-cfr-1310",))
Row = dict[str, str | None]


@pytest.fixture(scope="module")
def shelf(compiled: Settings) -> Shelf:
    return open_shelf(compiled.index, compiled.watchlists)


def toluene(kg: float | str, day: str = "2025-03-10", consignee: str = "Beta Inc") -> Row:
    return {
        "description": "TOLUENE",
        "quantity": str(kg),
        "unit": "kg",
        "origin": "IN",
        "destination": "US",
        "date": day,
        "consignor": "Alpha Ltd",
        "consignee": consignee,
    }


def keep(shelf: Shelf, database: Database, rows: list[Row], *, history: bool = True) -> ScreenedRun:
    """Screen records as the door does; other records are another body."""
    table = pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    return screen_records(shelf.loaded, database, table, US, digest, history=history)


def verdicts(run: ScreenedRun) -> list[str]:
    return [document["verdict"] for document in run.documents]


def test_a_delivery_split_over_three_runs_is_found_in_the_third(shelf: Shelf, database: Database) -> None:
    first, second = (keep(shelf, database, [toluene(kg)]) for kg in (600, 601))
    third = keep(shelf, database, [toluene(391)])
    assert [verdicts(run) for run in (first, second, third)] == [["conditional"], ["conditional"], ["controlled"]]
    assert (
        f"with 2 earlier records ({first.run.id}-0, {second.run.id}-0) the total of 2025-03 for 'alpha ltd' to "
        "'beta inc' is 1,592 kg, which reaches the threshold of 1,591 kg a month" in third.documents[0]["reason"]
    )
    (total,) = third.totals
    assert (total["total"], total["earlier_total"], total["rows"]) == (1592, 1201, [1])
    assert total["earlier_records"] == [f"{first.run.id}-0", f"{second.run.id}-0"]


def test_where_it_is_not_asked_for_a_run_stands_alone(shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene(1500)])
    alone = keep(shelf, database, [toluene(100)], history=False)
    assert (verdicts(alone), alone.totals) == (["conditional"], [])


@pytest.mark.parametrize(
    "other",
    [toluene(100, "2025-04-01"), toluene(100, consignee="Gamma Inc"), {**toluene(100), "description": "ACETONE"}],
)
def test_another_month_party_or_substance_is_another_total(other: Row, shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene(1500)])
    assert verdicts(keep(shelf, database, [other])) == ["conditional"]


def test_the_same_body_screened_again_is_the_same_goods(shelf: Shelf, database: Database) -> None:
    rows = [toluene(800)]
    assert [verdicts(keep(shelf, database, rows)) for _ in range(3)] == [["conditional"]] * 3
    assert verdicts(keep(shelf, database, [toluene(700)])) == ["conditional"], "the 800 kg count once"
    assert verdicts(keep(shelf, database, [toluene(91)])) == ["controlled"]


def test_an_earlier_record_of_unknown_amount_is_counted_beside_the_total(shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene("20 DRUMS"), toluene(1500)])
    third = keep(shelf, database, [toluene(91)])
    assert verdicts(third) == ["controlled"]
    assert "is 1,591 kg, 1 more of unknown amount" in third.documents[0]["reason"]


def test_the_names_of_the_parties_are_not_kept_with_the_amounts(shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene(600)])
    with database.connect() as connection:
        (row,) = connection.execute(select(AMOUNTS)).all()
    assert (row.position, row.amount, row.replaced_in) == (0, "600", None)
    assert "alpha" not in repr(row).lower()


def test_a_decision_that_a_total_raised_is_given_again_to_the_byte(shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene(500)])
    run = keep(shelf, database, [toluene(600), toluene(400), toluene(91), toluene(1)])
    keep(shelf, database, [toluene(9)])  # what came later is not asked
    raised = [each for each in list_decisions(database, 9, run_id=run.run.id) if each.verdict is Verdict.CONTROLLED]
    assert [each.position for each in raised] == [2, 3]
    for each in list_decisions(database, 9, run_id=run.run.id):
        assert replay_decision(shelf, database, each.id).differences == ()


def under_another_policy(shelf: Shelf) -> Shelf:
    return Shelf(Path("nowhere"), Screener(shelf.loaded.index, Policy(name="default-2")))


def with_threshold(shelf: Shelf, compiled: Settings, kilograms: float) -> Shelf:
    """Return a release in which the United States' threshold of toluene is another."""
    index = shelf.loaded.index
    name = hashlib.sha256(str(kilograms).encode()).hexdigest()
    newer = dataclasses.replace(index, watchlist=_amended(index.watchlist, kilograms), release=name, digest=name)
    return Shelf(compiled.index, Screener(newer))


def _amended(watchlist: Watchlist, amount: float) -> Watchlist:
    instruments = []
    for instrument in watchlist.instruments:
        entries = tuple(
            dataclasses.replace(
                entry, thresholds=tuple(dataclasses.replace(each, quantity=amount) for each in entry.thresholds)
            )
            if instrument.id == "us-cfr-1310" and "toluene" in entry.substances
            else entry
            for entry in instrument.entries
        )
        instruments.append(dataclasses.replace(instrument, entries=entries))
    return dataclasses.replace(watchlist, instruments=tuple(instruments))


def test_a_rescreening_keeps_what_a_total_had_raised(shelf: Shelf, database: Database) -> None:
    keep(shelf, database, [toluene(500)])
    run = keep(shelf, database, [toluene(600), toluene(400), toluene(91)])
    done = rescreen(under_another_policy(shelf), database, TODAY)
    assert (done.screened, done.changed.total()) == (4, 0)
    (raised,) = [each for each in list_decisions(database, 9, run_id=run.run.id) if each.position == 2]
    assert (raised.verdict, raised.status) == (Verdict.CONTROLLED, Status.OPEN)


def test_a_rescreening_adds_up_again_by_the_new_threshold(shelf: Shelf, compiled: Settings, database: Database) -> None:
    keep(shelf, database, [toluene(500)])
    run = keep(shelf, database, [toluene(600), toluene(400), toluene(91)])
    done = rescreen(with_threshold(shelf, compiled, 1_000), database, TODAY)
    risen = list_decisions(database, 9, run_id=done.run.id)
    assert {(each.origin_run_id == run.run.id, each.origin_position) for each in risen} >= {(True, 0), (True, 1)}
    assert "the total of 2025-03 for 'alpha ltd' to 'beta inc' is 1,100 kg" in " ".join(each.reason for each in risen)
    again = rescreen(with_threshold(shelf, compiled, 100_000), database, TODAY)
    fallen = list_decisions(database, 9, run_id=again.run.id)
    assert {each.verdict for each in fallen} == {Verdict.CONDITIONAL}
    # The first decisions are still given as they were, by the amounts of their day.
    first = read_decision(database, f"{run.run.id}-2")
    assert first is not None
    assert first.status is Status.REPLACED
    assert replay_decision(shelf, database, first.id).differences == ()


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(1, 900), min_size=1, max_size=6),
    cuts=st.sets(st.integers(1, 5)),
)
def test_however_rows_are_cut_into_runs_the_same_are_raised(
    amounts: list[int], cuts: set[int], shelf: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [{**toluene(kg), "record_id": str(number)} for number, kg in enumerate(amounts)]
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('runs') / 'one.db'}")
    migrate(engine)
    try:
        edges = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
        cut = [keep(shelf, engine, rows[start:end]) for start, end in itertools.pairwise(edges)]
        whole = screen_records(
            shelf.loaded, engine, pa.Table.from_pylist(rows, schema=RECORD_SCHEMA), US, "another", history=False
        )
        assert [verdict for run in cut for verdict in verdicts(run)] == verdicts(whole)
    finally:
        engine.dispose()
