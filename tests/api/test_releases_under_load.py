"""A release is activated while several processes answer: no request fails, and no answer is of two releases."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.settings import Settings
from app.usecases.activate_release import activate_release
from app.watchlist.index import NAMES, index_folder, running_origin
from benchmarks.running import memory_of
from tests.api.conftest import Server
from tests.conftest import NewDatabase, TwoReleases

PIPERIDONE = {"description": "4-PIPERIDONE HYDROCHLORIDE", "origin": "DE", "destination": "US", "date": "2025-09-01"}
ASKED = {"records": [PIPERIDONE] * 3, "instruments": ["eu-111-2005"]}
PROCESSES = 3


@pytest.fixture
def serving(
    compiled: Settings, two_releases: TwoReleases, new_database: NewDatabase, tmp_path: Path
) -> Iterator[Server]:
    settings = compiled.model_copy(update={"index": two_releases.index})
    server = Server(settings, new_database(), tmp_path / "log", PW_PROCESSES=PROCESSES)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


def screened(server: Server, asked: dict[str, Any]) -> dict[str, Any]:
    answer = httpx2.post(f"{server.address}/v1/screenings", json=asked, timeout=60)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class Load:
    """Callers that ask one after another until told to end."""

    def __init__(self, server: Server, callers: int) -> None:
        self._server = server
        self._ended = threading.Event()
        self.answered: list[tuple[float, str, set[str]]] = []
        """When it was asked, the release that the answer names, the verdicts in it."""
        self._pool = ThreadPoolExecutor(callers)
        self._callers = [self._pool.submit(self._ask) for _ in range(callers)]

    def _ask(self) -> None:
        with httpx2.Client(timeout=60) as client:
            while not self._ended.is_set():
                asked = time.monotonic()
                answer = client.post(f"{self._server.address}/v1/screenings", json=ASKED)
                assert answer.status_code == 200, answer.text
                said = answer.json()
                self.answered.append((asked, said["release"], {each["verdict"] for each in said["decisions"]}))

    def wait_for_some(self) -> None:
        enough = len(self.answered) + 12
        while len(self.answered) < enough and not any(caller.done() for caller in self._callers):
            time.sleep(0.05)

    def end(self) -> None:
        self._ended.set()
        self._pool.shutdown()
        for caller in self._callers:
            caller.result()


def test_releases_are_activated_back_and_forth_under_load_without_a_failed_or_mixed_answer(
    serving: Server, two_releases: TwoReleases
) -> None:
    old, new = two_releases.old, two_releases.new
    load = Load(serving, callers=4)
    switched: list[tuple[float, float, str]] = []
    try:
        load.wait_for_some()
        for turn, release in enumerate([old, new, old]):
            begun = time.monotonic()
            if turn % 2:
                activate_release(two_releases.index, release)  # as the command does, from another process
            else:
                answer = httpx2.post(f"{serving.address}/v1/releases/{release[:12]}/activate", timeout=90)
                assert (answer.status_code, answer.json()["release"]) == (200, release)
            switched.append((begun, time.monotonic(), release))
            load.wait_for_some()
    finally:
        load.end()
    expected = {old: {"not_listed"}, new: {"controlled"}}
    assert [each for each in load.answered if each[2] != expected[each[1]]] == []

    # Between two activations there is one release only: the one that was activated last when the request was made.
    holds = [(0.0, switched[0][0], new)]
    ends = [begun for begun, _, _ in switched[1:]] + [float("inf")]
    holds += [(done, end, release) for (_, done, release), end in zip(switched, ends, strict=True)]
    for since, until, release in holds:
        asked = [each for each in load.answered if since <= each[0] < until]
        assert asked, "nothing was asked in between, so nothing is shown"
        # One that is asked just before the next activation begins may be taken up after it.
        assert {each[1] for each in asked[:-8]} <= {release}
    assert {line["release"] for line in serving.log() if line["event"] == "release_taken_up"} == {old, new}
    assert [line for line in serving.log() if line["level"] == "error"] == []


def test_several_processes_share_port_figures_and_most_of_their_memory(
    serving: Server, two_releases: TwoReleases
) -> None:
    def figure(name: str) -> float:
        lines = httpx2.get(f"{serving.address}/metrics", timeout=60).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    with ThreadPoolExecutor(6) as pool:
        systematic = [{"records": [{"description": f"{place}-chloro-2-methylpentan-3-one"}]} for place in range(1, 60)]
        answers = list(pool.map(lambda each: screened(serving, each), systematic))
    assert len({each["run_id"] for each in answers}) == len(systematic)
    assert figure('precursor_watch_http_requests_total{method="POST"') == len(systematic)
    assert figure("precursor_watch_index_info") == PROCESSES
    assert figure("precursor_watch_requests_waiting") == 0
    assert figure("precursor_watch_index_age_seconds") > 0

    children = children_of(serving.process.pid)
    assert sorted(name for name, _ in children.values()) == ["java"] + ["python"] * PROCESSES  # one OPSIN for all
    first = memory_of(serving.process.pid)
    own = sum(private for name, private in children.values() if name == "python")
    assert own / PROCESSES < first / 4, "a process holds a copy of what it could share"

    # One that dies is replaced, by one that screens with the release that is active by then.
    activate_release(two_releases.index, two_releases.old)
    victim = next(number for number, (name, _) in children.items() if name == "python")
    os.kill(victim, 9)
    for _ in range(100):
        names = [name for name, _ in children_of(serving.process.pid).values()]
        if names.count("python") == PROCESSES and figure("precursor_watch_index_info") == PROCESSES:
            break
        time.sleep(0.2)
    assert {screened(serving, ASKED)["release"] for _ in range(20)} == {two_releases.old}
    assert figure('precursor_watch_http_requests_total{method="POST"') >= len(systematic) + 20, (
        "counts outlive a process"
    )

    left = set(children_of(serving.process.pid))
    serving.end()
    for _ in range(100):
        left = {number for number in left if Path(f"/proc/{number}").exists()}
        if not left:
            break
        time.sleep(0.2)
    assert left == set(), "nobody stays behind when the first process is killed"


def test_a_damaged_release_is_refused_under_the_running_service_which_goes_on(
    serving: Server, two_releases: TwoReleases
) -> None:
    path = index_folder(two_releases.index, running_origin(two_releases.old)) / NAMES
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    answer = httpx2.post(f"{serving.address}/v1/releases/{two_releases.old}/activate", timeout=90)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/release-not-here")
    assert screened(serving, ASKED)["release"] == two_releases.new
    assert httpx2.get(f"{serving.address}/readyz", timeout=60).status_code == 200

    # The index in use is another matter: requests are answered from what is open, but none should come here any more.
    path = index_folder(two_releases.index, running_origin(two_releases.new)) / NAMES
    path.rename(path.with_suffix(".gone"))
    answer = httpx2.get(f"{serving.address}/readyz", timeout=60)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")
    assert httpx2.get(f"{serving.address}/healthz", timeout=60).status_code == 200


def children_of(process: int) -> dict[int, tuple[str, int]]:
    """Return the name and the memory of its own, in bytes, of each child of a process."""
    found: dict[int, tuple[str, int]] = {}
    for number in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()[1:]
            name = Path(f"/proc/{number}/comm").read_text().strip()
        except (ProcessLookupError, FileNotFoundError):  # it has ended
            continue
        sizes: dict[str, Any] = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines}
        found[number] = name, sizes["Private_Dirty:"] + sizes["Private_Clean:"]
    return found
