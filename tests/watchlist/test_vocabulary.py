"""The words of chemistry: what the tables of names misspell is left out, what is a word of its own stays."""

from pathlib import Path

import pytest

from app.chemistry.fold import name_keys
from app.watchlist.model import Watchlist
from app.watchlist.read import read_watchlist
from app.watchlist.vocabulary import Vocabulary

WATCHLISTS = Path(__file__).resolve().parents[2] / "watchlists"


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return read_watchlist(WATCHLISTS)


def _words(watchlist: Watchlist, chemicals: list[list[str]]) -> set[str]:
    vocabulary = Vocabulary(watchlist)
    for names in chemicals:
        vocabulary.take(dict(map(name_keys, names)))
    return set(vocabulary.words())


def test_a_slip_of_the_tables_is_no_word(watchlist: Watchlist) -> None:
    names = [
        [f"{number}-chloropiperidine", f"{number}-chloro piperdine", f"{number}-chloro piperidine"]
        for number in range(8)
    ]
    assert {"piperidin", "clor"} <= _words(watchlist, names)
    assert "piperdin" not in _words(watchlist, names)


def test_a_word_that_gives_no_other_name_of_the_same_chemical_stays(watchlist: Watchlist) -> None:
    names = [[f"{number}-menthyl methyl ether", f"{number}-mentyl ether"] for number in range(8)]
    assert "mentil" in _words(watchlist, names)


def test_a_word_of_few_chemicals_is_not_taken(watchlist: Watchlist) -> None:
    assert "nosucil" not in _words(watchlist, [["nosuchyl chloride"]] * 5)
    assert "nosucil" in _words(watchlist, [["nosuchyl chloride"]] * 6)


def test_listed_words_stay_but_for_the_slips_among_them(watchlist: Watchlist) -> None:
    words = _words(watchlist, [])
    assert {"permanganat", "efedrin", "glisidat", "aceton"} <= words
    assert "pemanganat" not in words
