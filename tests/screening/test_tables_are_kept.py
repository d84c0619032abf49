"""What the search makes of the names is kept with the index: the same as when it is made anew, or not taken at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import StaleIndexError
from app.screening.dictionary import Dictionary, keep_tables
from app.screening.made_once import MadeOnce, find_kept, open_made
from app.screening.policy import Policy
from app.watchlist.index import Index


@pytest.fixture
def own(index: Index, tmp_path: Path) -> Index:
    """The index in a folder of the test's own, with what is kept of its names."""
    place = tmp_path / index.place.name
    shutil.copytree(index.place, place)
    return replace(index, place=place)


def made(index: Index, once: MadeOnce) -> dict[str, list[object]]:
    """Everything that reading and searching asks for, by group and name."""
    seen = {}

    class Watched(MadeOnce):
        def take(self, group, make):
            arrays = once.take(group, make)
            seen.update({f"{group}.{name}": array.to_pylist() for name, array in arrays.items()})
            return arrays

    Dictionary(index, Policy(), Watched()).search()
    return seen


def test_what_is_kept_is_what_would_be_made(index: Index) -> None:
    kept = open_made(index.place, Policy())
    held = made(index, kept)
    assert held == made(index, MadeOnce())
    assert {name.split(".")[0] for name in held} >= {"listed", "anchors", "names", "around", "heads", "tails", "spelt"}


def test_nothing_is_made_where_it_is_kept(index: Index) -> None:
    class Sealed(MadeOnce):
        def take(self, group, make):
            return open_made(index.place, Policy()).take(group, lambda: pytest.fail(f"{group} is made again"))

    Dictionary(index, Policy(), Sealed()).search()


def test_another_policy_has_tables_of_its_own(index: Index) -> None:
    assert find_kept(index.place, Policy()) is not None
    assert find_kept(index.place, Policy(two_edits_from=12)) is None


def test_new_tables_take_the_place_of_the_old_ones(own: Index) -> None:
    other = keep_tables(own, Policy(two_edits_from=12))
    assert [*own.place.glob("search-*")] == [other]
    assert not [*own.place.glob(".search-*")]


def test_damaged_tables_are_refused(own: Index) -> None:
    kept = find_kept(own.place, Policy())
    assert kept is not None
    octets = bytearray(kept.read_bytes())
    octets[len(octets) // 2] ^= 1
    kept.write_bytes(octets)
    with pytest.raises(StaleIndexError, match="damaged"):
        Dictionary(own, Policy())
