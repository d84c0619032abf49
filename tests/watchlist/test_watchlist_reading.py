"""What a sound folder says, as it is read."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.errors import WatchlistFaultsError
from app.domain.words import Evidence, InstrumentKind
from app.watchlist.exclusions import read_exclusions
from app.watchlist.force import is_in_force
from app.watchlist.model import Threshold
from app.watchlist.read import read_watchlist, release_of
from app.watchlist.summary import watchlist_summary


def test_an_entry_is_read_with_all_that_the_law_says_of_it(folder: Path) -> None:
    (instrument,) = read_watchlist(folder).instruments
    entry = instrument.entries[0]
    assert (instrument.id, instrument.kind, instrument.read) == ("xx-law", InstrumentKind.LAW, date(2026, 11, 22))
    assert entry.id == "xx-law/acetone"
    assert entry.thresholds == (Threshold("export", 50.0, "kg", "year", "50 kg a year"),)
    assert entry.evidence is Evidence.PRIMARY
    assert entry.verified_source == "the official gazette"
    assert (entry.begins, entry.ends) == (date(2001, 2, 3), date(2020, 1, 1))


def test_an_entry_takes_what_it_leaves_unsaid_from_its_list(folder: Path) -> None:
    acetone, methylamine = read_watchlist(folder).instruments[0].entries
    assert acetone.duties == methylamine.duties == ("registration",)
    assert acetone.clause.salts is True
    assert acetone.clause.isomers is None
    assert methylamine.clause.salts is True
    assert methylamine.clause.isomers is True
    assert methylamine.clause.words == "The salts."


def test_an_entry_may_say_otherwise_than_its_list(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("instruments/xx-law.toml", "isomers = true", 'salts = false\nwords = "No salts."')
    clause = read_watchlist(folder).instruments[0].entries[1].clause
    assert (clause.salts, clause.words) == (False, "No salts.")


def test_a_date_known_to_the_month_begins_on_its_first_day(folder: Path) -> None:
    entry = read_watchlist(folder).instruments[0].entries[1]
    assert entry.begins == date(2022, 3, 1)
    assert entry.begins_basis == "March 2022"


def test_an_entry_holds_on_its_first_day_and_not_on_the_day_it_ends(folder: Path) -> None:
    entry = read_watchlist(folder).instruments[0].entries[0]
    day = timedelta(days=1)
    assert entry.begins is not None
    assert entry.ends is not None
    assert not is_in_force(entry, entry.begins - day)
    assert is_in_force(entry, entry.begins)
    assert is_in_force(entry, entry.ends - day)
    assert not is_in_force(entry, entry.ends)


def test_an_entry_without_dates_always_holds(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("instruments/xx-law.toml", 'from = "2022-03"\n', "")
    entry = read_watchlist(folder).instruments[0].entries[1]
    assert entry.begins is None
    assert is_in_force(entry, date.min)
    assert is_in_force(entry, date.max)


def test_a_name_written_by_hand_goes_before_the_same_name_of_a_table(folder: Path) -> None:
    acetone = read_watchlist(folder).substances[0]
    assert [(name.text, name.kind) for name in acetone.names] == [("Acetone", "statute"), ("propan-2-one", "iupac")]


def test_a_name_of_a_salt_carries_the_number_of_the_salt(folder: Path) -> None:
    methylamine = read_watchlist(folder).substances[1]
    assert [(name.text, name.cas) for name in methylamine.names] == [
        ("Methylamine", None),
        ("methylamine, hydrochloride", "593-51-1"),
    ]


def test_a_form_that_was_not_verified_is_not_loaded(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("substances/methylamine.toml", 'verified = "yes"', 'verified = "no"')
    edit("names/chemicals.csv", "593-51-1", "")
    assert read_watchlist(folder).substances[1].forms == ()


def test_the_release_is_named_by_what_the_files_say(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    before = release_of(folder)
    assert read_watchlist(folder).release == before
    assert len(before) == 64
    path = folder / "substances" / "acetone.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert release_of(folder) == before, "line ends and a byte order mark say nothing"
    assert read_watchlist(folder).release == before
    edit("substances/acetone.toml", "a law", "a statute")
    assert release_of(folder) != before


def test_a_renamed_file_is_another_release(folder: Path) -> None:
    before = release_of(folder)
    (folder / "names" / "chemicals.csv").rename(folder / "names" / "others.csv")
    assert release_of(folder) != before


def test_a_cell_with_a_line_break_is_one_name_cell(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("names/chemicals.csv", '"propan-2-one"', '"propan-\n2-one"')
    assert "propan-\n2-one" in [name.text for name in read_watchlist(folder).substances[0].names]


def test_the_summary_counts_entries_by_grade_of_evidence(folder: Path) -> None:
    summary = watchlist_summary(read_watchlist(folder))
    (law,) = summary.instruments
    assert law.evidence == {"primary": 1, "secondary": 1, "reconstructed": 0}
    assert (law.entries, law.substances) == (2, 2)
    assert (summary.substances, summary.names, summary.languages, summary.headings) == (3, 4, 1, 1)


def test_the_exclusions_can_be_read_alone(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    exclusions = read_exclusions(folder)
    assert exclusions.not_here[0].substances == ("toluene",)
    assert exclusions.rows[0].reason == "Names nothing."
    edit("exclusions.toml", "rows = 3", 'rows = "three"')
    with pytest.raises(WatchlistFaultsError, match="whole number"):
        read_exclusions(folder)
    (folder / "exclusions.toml").unlink()
    assert read_exclusions(folder).rows == ()
