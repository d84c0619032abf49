"""A key's requests are counted by all processes of a machine together, and no minute has more than it may."""

import os
import signal
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import pace
from app.api.counts import RING, SETS, WAYS, Counts, requests_in_a_minute
from app.api.pace import Pace
from app.api.problems import ProblemError
from app.domain.callers import Caller

CALLER = Caller("port", "one", frozenset())


def let_through(pace: Pace, caller: Caller = CALLER) -> bool:
    try:
        pace.count(caller)
    except ProblemError:
        return False
    return True


@given(
    steps=st.lists(st.sampled_from([0.0, 0.1, 0.9, 1.0, 3.7, 29.5, 60.0, 61.0, 200.0]), min_size=1, max_size=60),
    most=st.integers(1, 5),
    begin=st.floats(0.0, 1e6),
)
def test_no_minute_has_more_requests_than_a_key_may_send(steps: list[float], most: int, begin: float):
    counts, now, sent = Counts(), begin, []
    for step in steps:
        now += step
        with counts.place_of(CALLER) as place:
            before, leaves_at = requests_in_a_minute(place, now)
            # The oracle: every request of the last minute, and of the whole second that reaches into it.
            assert before == sum(int(now) - int(each) < RING for each in sent)
            assert now <= leaves_at <= now + RING
            if before < most:
                place["asked"][int(now) % RING] += 1
                sent.append(now)
    for first in sent:
        assert sum(first <= each < first + 60 for each in sent) <= most


def test_a_key_that_waits_as_long_as_it_was_told_is_let_through(monkeypatch: pytest.MonkeyPatch):
    clock = [1_000.5]
    monkeypatch.setattr(pace.time, "monotonic", lambda: clock[0])
    counted = Pace(2, Counts())
    assert [let_through(counted) for _ in range(3)] == [True, True, False]
    with pytest.raises(ProblemError) as refused:
        counted.count(CALLER)
    assert refused.value.headers["RateLimit"].startswith('"minute";r=0;t=')
    wait = int(refused.value.headers["Retry-After"])
    clock[0] += wait - 1
    assert not let_through(counted)
    clock[0] += 1
    assert let_through(counted)


def test_one_key_has_one_limit_in_all_processes():
    counted = Pace(1_000, Counts())
    readers = []
    for _ in range(3):
        reader, writer = os.pipe()
        if os.fork() == 0:
            taken = sum(let_through(counted) for _ in range(500))
            os.write(writer, taken.to_bytes(4, "little"))
            os._exit(0)
        os.close(writer)
        readers.append(reader)
    taken = [int.from_bytes(os.read(reader, 4), "little") for reader in readers]
    for reader in readers:
        os.close(reader)
        os.wait()
    assert sum(taken) == 1_000
    assert not let_through(counted)


def test_a_process_that_is_killed_while_it_counts_stops_no_other():
    counts = Counts()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with counts.place_of(CALLER):
            os.write(writer, b"!")
            time.sleep(60)
        os._exit(0)
    os.read(reader, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert let_through(Pace(1, counts))
    os.close(reader)
    os.close(writer)


def test_more_keys_than_there_are_places_are_counted_still():
    counted = Pace(2, Counts())
    callers = [Caller("port", f"key {number}", frozenset()) for number in range(SETS * WAYS + 1)]
    for caller in callers:
        assert let_through(counted, caller)
    assert [let_through(counted, callers[-1]) for _ in range(2)] == [True, False]


def test_a_key_keeps_its_place_while_others_of_its_set_are_free():
    counts = Counts()
    callers = [Caller("port", f"key {number}", frozenset()) for number in range(SETS)]
    for caller in callers:
        with counts.place_of(caller) as place:
            place["records"] = 7
    kept = 0
    for caller in callers:
        with counts.place_of(caller) as place:
            kept += int(place["records"]) == 7
    assert kept == len(callers), "eight keys of a set are many more than fall into one"


def test_what_is_left_falls_with_each_request():
    counted = Pace(10, Counts())
    left = [int(counted.count(CALLER)["RateLimit"].split("r=")[1].split(";")[0]) for _ in range(10)]
    assert left[0] == 9
    assert all(before - after == 1 for before, after in pairwise(left))
