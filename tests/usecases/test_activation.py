"""A release is activated: whole or not at all, one after the other, and seen by every door."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import NotActivatedError, ReleaseNotHereError, StaleIndexError, UnknownNameError
from app.usecases.activate_release import activate_release
from app.usecases.active_release import (
    POINTER,
    Active,
    InUse,
    is_in_use,
    open_active,
    pointer_mark,
    read_active,
    write_active,
)
from app.usecases.releases import open_shelf, turn_to_active
from app.watchlist.index import NAMES, index_folder, running_origin
from tests.conftest import TwoReleases


def opened(two: TwoReleases) -> str:
    return open_active(two.index, two.watchlists).release


def place_of(two: TwoReleases, release: str) -> Path:
    return index_folder(two.index, running_origin(release))


def damage(two: TwoReleases, release: str) -> None:
    """Change one byte of a file, in a copy: the file is shared with other tests."""
    path = place_of(two, release) / NAMES
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_until_a_release_is_activated_the_watchlists_files_say_which_is_used(two_releases: TwoReleases) -> None:
    assert opened(two_releases) == two_releases.new
    assert read_active(two_releases.index) is None
    done = activate_release(two_releases.index, two_releases.old[:8])
    assert (done.active.release, done.before) == (two_releases.old, None)
    assert opened(two_releases) == two_releases.old
    done = activate_release(two_releases.index, two_releases.new)
    assert (done.active.release, done.before) == (two_releases.new, two_releases.old)
    assert opened(two_releases) == two_releases.new


@pytest.mark.parametrize("name", ["0" * 64, "ab", ""])
def test_a_release_that_is_not_there_is_refused(two_releases: TwoReleases, name: str) -> None:
    with pytest.raises(UnknownNameError):
        activate_release(two_releases.index, name)
    assert pointer_mark(two_releases.index) is None


def test_a_damaged_index_is_refused_and_the_release_before_goes_on(two_releases: TwoReleases) -> None:
    activate_release(two_releases.index, two_releases.new)
    mark = pointer_mark(two_releases.index)
    damage(two_releases, two_releases.old)
    with pytest.raises(StaleIndexError, match="damaged"):
        activate_release(two_releases.index, two_releases.old)
    assert pointer_mark(two_releases.index) == mark
    assert opened(two_releases) == two_releases.new


def test_a_release_of_another_version_of_the_software_is_refused(two_releases: TwoReleases) -> None:
    manifest = place_of(two_releases, two_releases.old) / "manifest.json"
    text = manifest.read_text().replace('"format": 2', '"format": 1')
    manifest.unlink()
    manifest.write_text(text)
    with pytest.raises(ReleaseNotHereError, match="another version"):
        activate_release(two_releases.index, two_releases.old)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"release": "x", "activated_at": "noon"}', "\xff"])
def test_a_damaged_pointer_is_named_with_what_mends_it(two_releases: TwoReleases, content: str) -> None:
    (two_releases.index / POINTER).write_text(content, "latin-1")
    with pytest.raises(StaleIndexError, match="watchlist activate"):
        opened(two_releases)


def test_a_folder_that_cannot_be_written_is_named_and_nothing_changes(two_releases: TwoReleases) -> None:
    (two_releases.index / ".activating").mkdir()  # root may write anywhere, but into no folder as if it were a file
    with pytest.raises(NotActivatedError, match="cannot be written"):
        activate_release(two_releases.index, two_releases.old)
    assert pointer_mark(two_releases.index) is None


def test_activations_at_once_are_done_one_after_the_other(two_releases: TwoReleases) -> None:
    names = [two_releases.old, two_releases.new] * 4
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda name: activate_release(two_releases.index, name), names))
    assert sum(each.before is None for each in done) == 1
    # Each came after exactly one other: as often as a release was active before, it had been activated.
    last = read_active(two_releases.index)
    assert last is not None
    came_before = [each.before for each in done if each.before is not None]
    assert sorted([*came_before, last.release]) == sorted(names)


def test_it_waits_for_processes_that_screen_with_another_release_and_says_which(two_releases: TwoReleases) -> None:
    shelf = open_shelf(two_releases.index, two_releases.watchlists)
    in_use = InUse(two_releases.index, shelf.loaded.index)
    with pytest.raises(NotActivatedError, match=two_releases.new[:12]):
        activate_release(two_releases.index, two_releases.old, wait_seconds=0.2)
    threading.Timer(0.3, in_use.end).start()
    assert activate_release(two_releases.index, two_releases.old).active.release == two_releases.old
    turned = turn_to_active(shelf, two_releases.watchlists)
    assert turned.loaded.index.release == two_releases.old
    assert turn_to_active(turned, two_releases.watchlists) is turned


def test_an_index_is_in_use_until_it_is_ended(two_releases: TwoReleases) -> None:
    place = place_of(two_releases, two_releases.new)
    index = open_active(two_releases.index, two_releases.watchlists)
    assert not is_in_use(place)
    one, other = InUse(two_releases.index, index), InUse(two_releases.index, index)
    one.end()
    assert is_in_use(place)
    assert not is_in_use(place_of(two_releases, two_releases.old))
    other.end()
    assert not is_in_use(place)
    assert not is_in_use(two_releases.index / "nowhere")


def test_an_index_that_is_changed_or_removed_while_in_use_is_seen(two_releases: TwoReleases) -> None:
    index = open_active(two_releases.index, two_releases.watchlists)
    in_use = InUse(two_releases.index, index)
    assert in_use.damage() is None
    damage(two_releases, two_releases.new)
    assert NAMES in str(in_use.damage())
    for path in place_of(two_releases, two_releases.new).iterdir():
        path.unlink()
    place_of(two_releases, two_releases.new).rmdir()
    assert in_use.damage() is not None
    with pytest.raises(StaleIndexError, match="gone"):
        InUse(two_releases.index, index)
    in_use.end()


def test_a_pointer_is_replaced_as_a_whole(tmp_path: Path) -> None:
    moments = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 29)]
    write_active(tmp_path, Active("0" * 64, moments[0]))
    seen: list[Active | None] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            seen.append(read_active(tmp_path))

    looking = threading.Thread(target=look)
    looking.start()
    for moment in moments:
        write_active(tmp_path, Active("0" * 64, moment))
    ended.set()
    looking.join()
    assert None not in seen
    assert [path.name for path in tmp_path.iterdir()] == [POINTER]
