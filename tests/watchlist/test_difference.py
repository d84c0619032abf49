"""What changed from one release to another is told in words, for whom, and the reach of it is not understated."""

import dataclasses
from datetime import date

import pytest

from app.domain.errors import StaleIndexError
from app.settings import Settings
from app.usecases.compile_watchlist import compile_watchlist
from app.watchlist.difference import Reach, difference_of, reach_of
from app.watchlist.index import FILES
from app.watchlist.model import Entry, Name, Watchlist
from app.watchlist.read import read_watchlist
from app.watchlist.releases import list_releases, open_release, read_release
from tests.conftest import Amendment


@pytest.fixture(scope="module")
def before(amendment: Amendment) -> Watchlist:
    return read_watchlist(amendment.before)


@pytest.fixture(scope="module")
def after(amendment: Amendment) -> Watchlist:
    return read_watchlist(amendment.after)


def amended(watchlist: Watchlist, entry_id: str, **changed: object) -> Watchlist:
    def one(entry: Entry) -> Entry:
        return dataclasses.replace(entry, **changed) if entry.id == entry_id else entry  # type: ignore[arg-type]

    instruments = tuple(
        dataclasses.replace(each, entries=tuple(one(entry) for entry in each.entries)) for each in watchlist.instruments
    )
    assert instruments != watchlist.instruments
    return dataclasses.replace(watchlist, instruments=instruments, release="f" * 64)


def test_a_release_differs_in_nothing_from_itself(after: Watchlist) -> None:
    difference = difference_of(after, after)
    assert (difference.instruments, difference.substances, difference.headings, difference.others) == ((), (), (), ())
    assert reach_of(after, after) == Reach(False, frozenset())


def test_an_amendment_is_told_line_by_line_and_for_whom(before: Watchlist, after: Watchlist) -> None:
    (instrument,) = difference_of(before, after).instruments
    assert (instrument.id, instrument.change) == ("eu-111-2005", "changed")
    assert "Member State of the European Union" in instrument.concerns
    assert [(each.change, each.substances) for each in instrument.entries] == [
        ("begun", ("1-boc-4-Piperidone",)),
        ("begun", ("4-Piperidone",)),
    ]
    assert "4-Piperidone: listed from 2025-08-14" in instrument.entries[1].words
    assert "2025/1475" in instrument.entries[1].words
    assert reach_of(before, after) == Reach(False, frozenset({"4-piperidone", "1-boc-4-piperidone"}))


def test_the_other_way_round_the_lines_are_removed_which_no_amendment_does(before: Watchlist, after: Watchlist) -> None:
    (instrument,) = difference_of(after, before).instruments
    assert [each.change for each in instrument.entries] == ["removed", "removed"]


@pytest.mark.parametrize(
    ("changed", "change", "words"),
    [
        ({"ends": date(2027, 1, 1)}, "ended", "listed until the day before 2027-01-01"),
        ({"duties": ("licence",)}, "changed", "duties: "),
        ({"citation": "Article 99"}, "changed", "→ Article 99"),
        ({"thresholds": ()}, "changed", "thresholds: "),
        ({"begins": date(2001, 2, 3)}, "changed", "begins: "),
    ],
)
def test_each_change_of_a_line_is_told_in_words(
    after: Watchlist, changed: dict[str, object], change: str, words: str
) -> None:
    entry = next(
        entry for each in after.instruments for entry in each.entries if entry.thresholds and entry.ends is None
    )
    newer = amended(after, entry.id, **changed)
    (instrument,) = difference_of(after, newer).instruments
    (told,) = instrument.entries
    assert (told.id, told.change) == (entry.id, change)
    assert words in told.words
    assert [each.field for each in told.fields] == list(changed)
    assert reach_of(after, newer).substances == frozenset(entry.substances)


def test_a_change_of_a_clause_names_the_part_of_it(after: Watchlist) -> None:
    entry = after.instruments[0].entries[0]
    newer = amended(after, entry.id, clause=dataclasses.replace(entry.clause, esters=not entry.clause.esters))
    ((field,),) = [each.fields for each in difference_of(after, newer).instruments[0].entries]
    assert (field.field, field.now) == ("clause.esters", "no" if entry.clause.esters else "yes")


def test_a_new_name_is_told_and_reaches_every_record(after: Watchlist) -> None:
    substances = list(after.substances)
    name = Name("a name that was not known", "en", "trade", "a notice")
    substances[0] = dataclasses.replace(substances[0], names=(*substances[0].names, name), cas=())
    newer = dataclasses.replace(after, substances=tuple(substances))
    (told,) = difference_of(after, newer).substances
    assert told.gained == ("name 'a name that was not known' (en)",)
    assert told.lost == tuple(f"CAS {number}" for number in after.substances[0].cas)
    assert reach_of(after, newer).everything


def test_a_new_jurisdiction_reaches_every_record(after: Watchlist) -> None:
    fewer = tuple(each for each in after.instruments if each.jurisdiction != "CA")
    older = dataclasses.replace(after, instruments=fewer)
    assert reach_of(older, after).everything
    (added,) = difference_of(older, after).instruments
    assert (added.change, added.jurisdiction) == ("added", "CA")
    assert {each.change for each in added.entries} == {"begun"}


def test_what_an_instrument_says_of_itself_reaches_every_record(after: Watchlist) -> None:
    first, *others = after.instruments
    newer = dataclasses.replace(after, instruments=(dataclasses.replace(first, authority="another"), *others))
    assert reach_of(after, newer).everything
    (told,) = difference_of(after, newer).instruments
    assert [(each.field, each.now) for each in told.fields] == [("authority", "another")]
    assert reach_of(after, dataclasses.replace(after, instruments=tuple(others))).everything


def test_a_heading_is_told_and_reaches_every_record(after: Watchlist) -> None:
    older = dataclasses.replace(after, headings=after.headings[1:])
    (told,) = difference_of(older, after).headings
    assert (told.field, told.was) == (after.headings[0].code, "none")
    assert reach_of(older, after).everything


def test_the_day_an_instrument_was_read_decides_nothing(after: Watchlist) -> None:
    instruments = tuple(dataclasses.replace(each, read=date(2030, 1, 1)) for each in after.instruments)
    newer = dataclasses.replace(after, instruments=instruments)
    assert len(difference_of(after, newer).instruments) == len(after.instruments)
    assert reach_of(after, newer) == Reach(False, frozenset())


def test_both_releases_are_on_the_shelf_and_say_what_their_files_say(
    amendment: Amendment, before: Watchlist, after: Watchlist
) -> None:
    kept = {each.origin.release: each for each in list_releases(amendment.index)}
    assert set(kept) == {before.release, after.release}
    for watchlist in (before, after):
        assert difference_of(read_release(kept[watchlist.release]), watchlist).instruments == ()
        assert open_release(kept[watchlist.release]).release == watchlist.release


def test_an_index_of_another_software_is_listed_but_not_screened_with(amendment: Amendment) -> None:
    kept = list_releases(amendment.index)[0]
    other = dataclasses.replace(kept, origin=dataclasses.replace(kept.origin, software="another"))
    assert not other.usable
    with pytest.raises(StaleIndexError, match="another version"):
        open_release(other)


def test_an_amendment_compiles_to_what_compiling_everything_gives(amendment: Amendment, compiled: Settings) -> None:
    """Its arrays are taken over from the release before; they must be those it would have made itself."""
    place = compile_watchlist(amendment.before, amendment.index).place
    quick = {name: (place / name).read_bytes() for name in FILES}
    again = compile_watchlist(amendment.before, amendment.index, force=True).place
    assert again == place
    assert {name: (again / name).read_bytes() for name in FILES} == quick
