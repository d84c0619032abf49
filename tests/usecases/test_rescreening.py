"""Records judged again: what a change can reach is found, what it cannot is left alone, and nothing stays hushed up."""

import dataclasses
import hashlib
import json
import os
from datetime import date
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import TookTooLongError
from app.domain.records import RECORD_SCHEMA
from app.domain.words import Disposition, Status, Verdict
from app.screening.policy import Policy
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import Settings
from app.storage.decisions import list_decisions, newest_of_records, read_decision
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate
from app.storage.records import read_content
from app.storage.reviews import read_reviews
from app.usecases.deadline import Deadline
from app.usecases.describe_decision import describe_decision
from app.usecases.kept_records import OUTCOME, POSITION, SHOWN_FINDINGS, outcome_of, unpack
from app.usecases.releases import Shelf, open_shelf
from app.usecases.replay_decision import replay_decision
from app.usecases.rescreen import Rescreened, rescreen
from app.usecases.rescreening_sheets import rescreening_sheets
from app.usecases.review_decision import review_decision
from app.usecases.screen_records import screen_records
from app.watchlist.index import MANIFEST, WATCHLIST, Index, Origin, index_folder, open_index, read_index
from app.watchlist.model import Entry, Watchlist
from app.watchlist.portable import watchlist_to_json
from tests.conftest import Amendment, NewDatabase

TODAY = date(2026, 11, 22)
Row = dict[str, str | None]


@pytest.fixture(scope="module")
def before(amendment: Amendment) -> Shelf:
    return open_shelf(amendment.index, amendment.before)


@pytest.fixture(scope="module")
def after(amendment: Amendment) -> Shelf:
    return open_shelf(amendment.index, amendment.after)


def keep(shelf: Shelf, database: Database, rows: list[Row], scope: Scope | None = None, **how: bool) -> str:
    """Screen records as the door does and return the name of their run."""
    table = pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)
    return screen_records(shelf.loaded, database, table, scope or Scope(TODAY), "0" * 64, **how).run.id


def exported(goods: str, day: str = "2025-09-01", **more: str) -> Row:
    return {"description": goods, "origin": "DE", "destination": "US", "date": day, **more}


PIPERIDONE = "4-piperidone hydrochloride monohydrate, 25 kg"
COTTON = "cotton T-shirts"


def test_a_new_listing_finds_what_was_no_alarm_before(before: Shelf, after: Shelf, database: Database) -> None:
    rows = [exported(COTTON), exported(PIPERIDONE), exported(PIPERIDONE, "2025-08-13"), exported("acetone 200 l")]
    run = keep(before, database, rows, Scope(TODAY, instruments=("eu-111-2005",)))
    assert [each.position for each in list_decisions(database, 9, run_id=run)] == [3]

    done = rescreen(after, database, TODAY)
    assert (done.passed, done.screened, done.left) == (4, 2, 0)
    changed, pending = list_decisions(database, 9, run_id=done.run.id)
    assert (changed.verdict, changed.substance_ids) == (Verdict.CONTROLLED, ("4-piperidone",))
    # What stood there was no alarm and is no decision that could be asked for: it is named by its record.
    assert (changed.replaces, changed.trigger, changed.status) == (None, "release", Status.OPEN)
    assert (changed.origin_run_id, changed.origin_position) == (run, 1)
    listed, _ = rescreening_sheets(done, (changed,))
    assert listed.rows[0][2] == f"no alarm: record 2 of run {run}"
    assert (changed.release, changed.instruments) == (after.loaded.index.release, ("eu-111-2005",))
    assert replay_decision(after, database, changed.id).differences == ()
    # On the day before the amendment applies it is no alarm, but the decision says from when it will be one.
    assert (pending.verdict, pending.status) == (Verdict.NOT_LISTED, Status.NO_ALARM)
    assert "2025-08-14" in pending.reason


def test_a_second_rescreening_has_nothing_left_to_do(before: Shelf, after: Shelf, database: Database) -> None:
    keep(before, database, [exported(PIPERIDONE)])
    assert rescreen(after, database, TODAY).changed.total() == 1
    again = rescreen(after, database, TODAY)
    assert (again.passed, again.screened, again.changed.total()) == (0, 0, 0)


def test_going_back_to_the_older_law_replaces_the_newer_decision(
    before: Shelf, after: Shelf, database: Database
) -> None:
    run = keep(before, database, [exported(PIPERIDONE)], Scope(TODAY, instruments=("eu-111-2005",)))
    (there,) = list_decisions(database, 9, run_id=rescreen(after, database, TODAY).run.id)
    (back,) = list_decisions(database, 9, run_id=rescreen(before, database, TODAY).run.id)
    assert (back.replaces, back.verdict, back.status) == (there.id, Verdict.NOT_LISTED, Status.NO_ALARM)
    assert (back.origin_run_id, back.origin_position) == (run, 0)
    replaced = read_decision(database, there.id)
    assert replaced is not None
    assert (replaced.status, replaced.replaced_by) == (Status.REPLACED, back.id)


def cleared(database: Database, run: str) -> str:
    (decision,) = list_decisions(database, 9, run_id=run)
    kept, _ = review_decision(database, decision.id, Disposition.CLEARED, "a sample for a laboratory", "desk 4")
    assert kept.status is Status.CLEARED
    return kept.id


def test_a_cleared_alarm_is_open_again_when_its_law_is_another(before: Shelf, after: Shelf, database: Database) -> None:
    """The UN lists 4-piperidone already, so it was an alarm; the EU's entry is new."""
    run = keep(before, database, [exported(PIPERIDONE)])
    old = cleared(database, run)
    done = rescreen(after, database, TODAY)
    (new,) = list_decisions(database, 9, run_id=done.run.id)
    assert (new.replaces, new.status, done.kept_clear) == (old, Status.OPEN, 0)
    assert read_reviews(database, new.id) == ()


def test_a_cleared_finding_stays_cleared_where_only_another_one_changed(
    before: Shelf, after: Shelf, database: Database
) -> None:
    row = exported("acetone 3000 kg; also 4-piperidone", "2025-09-01", quantity="3000 kg")
    run = keep(before, database, [row], Scope(TODAY, instruments=("eu-111-2005",)))
    old = cleared(database, run)
    # Back from the newer law to the older one the acetone is the only alarm, and was cleared in neither.
    done = rescreen(after, database, TODAY)
    (new,) = list_decisions(database, 9, run_id=done.run.id)
    assert new.status is Status.OPEN, "a new alarm stands beside the cleared one"
    review_decision(database, new.id, Disposition.CLEARED, "both looked at", "desk 4")
    done = rescreen(before, database, TODAY)
    (back,) = list_decisions(database, 9, run_id=done.run.id)
    (carried,) = read_reviews(database, back.id)
    assert (back.status, done.kept_clear) == (Status.CLEARED, 1)
    assert (carried.carried_from, carried.reason, carried.reviewer) == (new.id, "both looked at", "desk 4")
    assert old != new.id


def test_what_is_not_asked_of_the_calendar_stays_as_it_was(before: Shelf, database: Database, after: Shelf) -> None:
    """A record without a day was judged by the day of its run, and still is years later."""
    keep(before, database, [{"description": PIPERIDONE, "destination": "DE"}], Scope(date(2025, 8, 13)))
    done = rescreen(after, database, date(2030, 1, 1))
    decisions = list_decisions(database, 9, run_id=done.run.id)
    assert all(each.document["checked"]["date_of_law"] == "2025-08-13" for each in decisions)


def test_a_rescreening_in_small_parts_comes_to_the_same(before: Shelf, after: Shelf, database: Database) -> None:
    for _ in range(3):
        keep(before, database, [exported(PIPERIDONE)] * 2)
    parts = [rescreen(after, database, TODAY, most=2) for _ in range(3)]
    assert [(each.screened, each.changed.total(), each.left) for each in parts] == [(2, 2, 4), (2, 2, 2), (2, 2, 0)]


def test_a_rescreening_that_has_no_more_time_has_judged_a_block_and_says_what_is_left(
    before: Shelf, after: Shelf, database: Database
) -> None:
    for _ in range(3):
        keep(before, database, [exported(PIPERIDONE)] * 2)
    over = Deadline(1, 0, lambda: 1.0)
    parts = [rescreen(after, database, TODAY, deadline=over) for _ in range(3)]
    assert [(each.screened, each.left) for each in parts] == [(2, 4), (2, 2), (2, 0)]


def test_records_that_take_too_long_are_left_or_given_up_and_nothing_of_them_is_kept(
    before: Shelf, after: Shelf, database: Database
) -> None:
    for _ in range(2):
        keep(before, database, [exported(PIPERIDONE)] * 2)
    looks = [0]

    def clock() -> float:
        looks[0] += 1
        return float(looks[0])

    # Over at the second look, which is that before the records of the second block.
    part = rescreen(after, database, TODAY, deadline=Deadline(1, 1, clock), longest=Deadline(9, 9, lambda: 0.0))
    assert (part.screened, part.left, looks[0]) == (2, 2, 3)
    over = Deadline(1, 0, lambda: 1.0)
    with pytest.raises(TookTooLongError):
        rescreen(after, database, TODAY, deadline=over, longest=over)
    rest = rescreen(after, database, TODAY, deadline=over)
    assert (rest.screened, rest.changed.total(), rest.left) == (2, 2, 0)


def test_a_change_of_policy_reaches_every_record(after: Shelf, amendment: Amendment, database: Database) -> None:
    keep(after, database, [exported(COTTON), exported("4-piperidnoe 25 kg")])
    stricter = Shelf(amendment.index, Screener(after.loaded.index, Policy(name="stricter", high_confidence=0.99)))
    done = rescreen(stricter, database, TODAY)
    assert done.screened == 2
    assert all(each.trigger == "policy" for each in list_decisions(database, 9, run_id=done.run.id))


def test_records_that_were_asked_only_for_an_instrument_that_is_gone_are_counted_apart(
    after: Shelf, amendment: Amendment, database: Database
) -> None:
    keep(after, database, [exported(PIPERIDONE)], Scope(TODAY, instruments=("eu-111-2005",)))
    watchlist = after.loaded.index.watchlist
    others = tuple(each for each in watchlist.instruments if each.id != "eu-111-2005")
    fewer = dataclasses.replace(_with(watchlist, others), release="1" * 64)
    index = dataclasses.replace(after.loaded.index, watchlist=fewer, release=fewer.release, digest="1" * 64)
    without = Screener(index)
    done = rescreen(Shelf(amendment.index, without), database, TODAY)
    assert (done.screened, done.not_asked, done.left) == (0, 1, 0)


def test_erased_and_unkept_records_are_not_rescreened(before: Shelf, after: Shelf, database: Database) -> None:
    run = keep(before, database, [exported(PIPERIDONE), exported(COTTON)], only_alarms=True)
    content = read_content(database, run, 0)
    assert content is not None
    assert unpack(content).column(POSITION).to_pylist() == [0]
    assert rescreen(after, database, TODAY).passed == 1


def test_no_decision_shows_more_findings_than_are_taken_as_all(after: Shelf) -> None:
    """Where a decision is full, a substance that was seen may not be in it; the rescreening must know that number."""
    names = ", ".join(each.name for each in after.loaded.index.watchlist.substances)
    decision = after.loaded.decide({"description": names[:4_000]}, Scope(TODAY))
    assert len(decision.findings) == SHOWN_FINDINGS


def _with(watchlist: Watchlist, instruments: tuple[object, ...]) -> Watchlist:
    return dataclasses.replace(watchlist, instruments=instruments)  # type: ignore[arg-type]


# The property: a rescreening of what the difference reaches equals a rescreening of everything.

GOODS = (
    PIPERIDONE,
    COTTON,
    "acetone 500 kg",
    "acetic anhydride 99 %, 200 drums",
    "ephedrine hydrochloride 30 kg",
    "toluene and acetone, technical",
    "methyl anthranilate",
    "lidocaine hydrochloride",
    "chemicals n.o.s.",
)
PLACES = ("DE", "IN", "US", "CN", "CA", "MX", None)
DAYS = ("1995-05-05", "2012-03-04", "2024-06-07", "2025-09-01", "2026-10-10", None)

rows = st.fixed_dictionaries(
    {
        "description": st.sampled_from(GOODS),
        "origin": st.sampled_from(PLACES),
        "destination": st.sampled_from(PLACES),
        "date": st.sampled_from(DAYS),
        "quantity": st.sampled_from((None, "1 kg", "5000 kg")),
    }
)
edits = st.tuples(
    st.sampled_from(("drop", "end", "begin", "duties", "citation", "thresholds")),
    st.integers(0, 10_000),
)


def edited(watchlist: Watchlist, changes: list[tuple[str, int]]) -> Watchlist:
    """Return the watchlist with some lines of law dropped or changed, as amendments do."""
    for kind, number in changes:
        places = [(i, e) for i, each in enumerate(watchlist.instruments) for e in range(len(each.entries))]
        common = [place for place in places if _is_about_the_goods(watchlist.instruments[place[0]].entries[place[1]])]
        at, line = common[number % len(common)]
        instrument = watchlist.instruments[at]
        entries = list(instrument.entries)
        entries[line : line + 1] = _edit(entries[line], kind)
        instruments = list(watchlist.instruments)
        instruments[at] = dataclasses.replace(instrument, entries=tuple(entries))
        watchlist = _with(watchlist, tuple(instruments))
    release = hashlib.sha256(watchlist_to_json(dataclasses.replace(watchlist, release=""))).hexdigest()
    return dataclasses.replace(watchlist, release=release)


def _is_about_the_goods(entry: Entry) -> bool:
    wanted = {"4-piperidone", "acetone", "acetic-anhydride", "ephedrine", "toluene", "anthranilic-acid"}
    return bool(wanted & set(entry.substances))


def _edit(entry: Entry, kind: str) -> list[Entry]:
    match kind:
        case "drop":
            return []
        case "end":
            return [dataclasses.replace(entry, ends=date(2025, 1, 1))]
        case "begin":
            return [dataclasses.replace(entry, begins=date(2024, 6, 7))]
        case "duties":
            return [dataclasses.replace(entry, duties=(*entry.duties, "declaration"))]
        case "citation":
            return [dataclasses.replace(entry, citation=entry.citation + ", as amended")]
        case _:
            return [dataclasses.replace(entry, thresholds=())]


def put_release(folder: Path, base: Path, base_index: Index, watchlist: Watchlist) -> Shelf:
    """Compile a watchlist that differs from another in its instruments only, with links instead of copies."""
    manifest = json.loads((base / MANIFEST).read_text())
    names = ("format", "software", "rdkit", "chemicals")
    origin = Origin(watchlist.release, **{name: manifest[name] for name in names})
    place = index_folder(folder, origin)
    if not place.is_dir():
        place.mkdir(parents=True)
        for path in base.iterdir():
            if path.name not in (WATCHLIST, MANIFEST):
                os.link(path, place / path.name)
        (place / WATCHLIST).write_bytes(watchlist_to_json(watchlist))
        manifest["files"][WATCHLIST] = hashlib.blake2b((place / WATCHLIST).read_bytes()).hexdigest()
        written = {**manifest, "release": watchlist.release, "digest": origin.digest}
        (place / MANIFEST).write_text(json.dumps(written))
    assert base_index.digest != origin.digest
    return Shelf(folder, Screener(read_index(place, origin)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(rows, min_size=1, max_size=30), st.lists(st.lists(edits, min_size=1, max_size=4), min_size=2, max_size=2)
)
def test_rescreening_what_a_change_reaches_equals_rescreening_everything(
    compiled: Settings,
    tmp_path: Path,
    new_database: NewDatabase,
    shipments: list[Row],
    amendments: list[list[tuple[str, int]]],
) -> None:
    base_index = open_index(compiled.index, compiled.watchlists)
    base = next(path for path in compiled.index.glob("*") if path.name == base_index.digest[:16])
    folder = tmp_path / uuid4().hex
    engine = open_engine(new_database())
    migrate(engine)
    first = edited(base_index.watchlist, [("citation", 0)])
    shelf = put_release(folder, base, base_index, first)
    run = keep(shelf, engine, shipments)
    watchlist = first
    for changes in amendments:
        watchlist = edited(watchlist, changes)
        shelf = put_release(folder, base, base_index, watchlist)
        done = rescreen(shelf, engine, TODAY)
        assert_everything_is_as_if_judged_now(shelf, engine, run, done)
    engine.dispose()


def assert_everything_is_as_if_judged_now(shelf: Shelf, database: Database, run: str, done: Rescreened) -> None:
    content = read_content(database, run, 0)
    assert content is not None
    records = unpack(content)
    newest = newest_of_records(database, run, range(records.num_rows))
    decisions = shelf.loaded.screen(records.select(RECORD_SCHEMA.names), Scope(TODAY))
    for position, (decision, first) in enumerate(zip(decisions, records.column(OUTCOME).to_pylist(), strict=True)):
        stands = outcome_of(newest[position].document) if position in newest else first
        assert stands == outcome_of(describe_decision(decision)), position
    assert done.screened <= records.num_rows
    for kept in list_decisions(database, 200, run_id=done.run.id):
        assert newest[kept.origin_position].id == kept.id
