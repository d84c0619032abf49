"""Requests that wait at the same moment share a thread and a transaction, and nothing else."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog
from sqlalchemy import event
from starlette.testclient import TestClient

from app.api.blocks import Blocks
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.problems import ProblemError
from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.runs import WholeRun
from tests.storage.test_keeping_together import at_fault, kept, whole

Judge = Callable[[], tuple[WholeRun, str]]
Ask = Callable[[Judge], Awaitable[str]]


def judging(name: str, run: Callable[[str], WholeRun] = whole) -> Judge:
    return lambda: (run(name), f"answer {name}")


class Desk:
    """Blocks with few workers, and what callers were told."""

    def __init__(self, database: Database, workers: int = 2, max_waiting: int = 100, wait_seconds: float = 10) -> None:
        self.database, self.metrics = database, Metrics()
        self.blocks = Blocks(Gate(workers, max_waiting, wait_seconds, self.metrics), max_waiting, wait_seconds)
        self.said: dict[str, str] = {}
        self.begun = threading.Event()
        """Set by a judge who then waits."""

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, 300)

    async def ask(self, name: str, judge: Judge, *, is_small: bool = True) -> None:
        try:
            self.said[name] = await self.blocks.ask(self.database, judge, is_small=is_small)
        except (StorageError, ProblemError, ZeroDivisionError) as error:
            self.said[name] = getattr(error, "kind", type(error).__name__)

    def waiting(self) -> float:
        line = next(each for each in self.metrics.text().decode().splitlines() if each.startswith(WAITING))
        return float(line.rpartition(" ")[2])


WAITING = "precursor_watch_requests_waiting "


def test_requests_that_wait_are_committed_together_and_each_gets_its_own_answer(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    desk = Desk(database)
    names = [f"run-{number:02}" for number in range(40)]

    async def scene() -> None:
        await asyncio.gather(*(desk.ask(name, judging(name)) for name in names))
        assert desk.waiting() == 0

    asyncio.run(scene())
    assert desk.said == {name: f"answer {name}" for name in names}
    assert kept(database) == names
    assert len(commits) < 20


def test_what_fails_is_told_to_whoever_sent_it_and_to_nobody_else(database: Database) -> None:
    desk = Desk(database)

    def broken() -> tuple[WholeRun, str]:
        raise ZeroDivisionError

    async def scene() -> None:
        await asyncio.gather(
            desk.ask("one", judging("one")),
            desk.ask("two", judging("two", at_fault)),
            desk.ask("three", broken),
            desk.ask("four", judging("four")),
        )

    asyncio.run(scene())
    assert desk.said == {
        "one": "answer one",
        "two": "StorageError",
        "three": "ZeroDivisionError",
        "four": "answer four",
    }
    assert kept(database) == ["four", "one"]


@pytest.mark.parametrize("is_small", [True, False])
def test_a_record_that_is_slow_holds_up_no_request_that_comes_after_it(database: Database, is_small: bool) -> None:
    desk, free = Desk(database), threading.Event()

    def slow() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert free.wait(300)
        return whole("slow"), "late"

    async def scene() -> None:
        slowly = asyncio.create_task(desk.ask("slow", slow, is_small=is_small))
        await desk.has_begun()
        await asyncio.wait_for(asyncio.gather(*(desk.ask(name, judging(name)) for name in ("a", "b", "c"))), 100)
        assert "slow" not in desk.said
        free.set()
        await slowly

    asyncio.run(scene())
    assert desk.said == {"a": "answer a", "b": "answer b", "c": "answer c", "slow": "late"}


def test_a_large_request_is_not_judged_between_small_ones_that_would_wait_for_it(database: Database) -> None:
    desk, begin, free = Desk(database, workers=1), threading.Event(), threading.Event()

    def slow() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert free.wait(300)
        return whole("large"), "late"

    def first() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert begin.wait(300)  # until all have come
        return whole("first"), "answer first"

    async def scene() -> None:
        small = asyncio.create_task(desk.ask("first", first))
        await desk.has_begun()
        large = asyncio.create_task(desk.ask("large", slow, is_small=False))
        begin.set()
        await asyncio.wait_for(small, 100)
        free.set()
        await large

    asyncio.run(scene())
    assert list(desk.said) == ["first", "large"]


def test_who_waits_too_long_or_comes_when_too_many_wait_is_refused_and_the_next_is_not(database: Database) -> None:
    desk, free = Desk(database, workers=1, max_waiting=2, wait_seconds=0.3), threading.Event()

    def slow() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert free.wait(300)
        return whole("slow"), "late"

    async def scene() -> None:
        asked = [asyncio.create_task(desk.ask("slow", slow))]
        await desk.has_begun()
        asked += [asyncio.create_task(desk.ask(name, judging(name))) for name in ("in vain", "in vain too", "too many")]
        while desk.waiting() < 2:
            await asyncio.sleep(0)
        assert desk.said == {"too many": "overloaded"}
        while desk.waiting():
            await asyncio.sleep(0.05)
        free.set()
        await asyncio.gather(*asked)
        await desk.ask("next", judging("next"))

    asyncio.run(scene())
    refused = dict.fromkeys(("in vain", "in vain too", "too many"), "overloaded")
    assert desk.said == {**refused, "slow": "late", "next": "answer next"}
    assert kept(database) == ["next", "slow"]
    assert "precursor_watch_requests_shed_total 3.0" in desk.metrics.text().decode()


def test_at_the_end_whoever_is_cancelled_leaves_no_thread_at_the_database_and_no_run_in_it(database: Database) -> None:
    desk, free = Desk(database), threading.Event()

    def slow() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert free.wait(300)
        return whole("slow"), "late"

    async def scene() -> None:
        asked = asyncio.create_task(desk.ask("slow", slow))
        await desk.has_begun()
        asked.cancel()
        asyncio.get_running_loop().call_later(0.1, free.set)
        await desk.blocks.end()
        assert free.is_set()

    asyncio.run(scene())
    assert desk.said == {}
    assert kept(database) == []


def test_what_was_cancelled_while_it_waited_is_not_judged(database: Database) -> None:
    desk, free, judged = Desk(database, workers=1), threading.Event(), []

    def slow() -> tuple[WholeRun, str]:
        desk.begun.set()
        assert free.wait(300)
        return whole("slow"), "late"

    def unwanted() -> tuple[WholeRun, str]:
        judged.append("unwanted")
        return whole("unwanted"), "nobody waits"

    async def scene() -> None:
        slowly = asyncio.create_task(desk.ask("slow", slow))
        await desk.has_begun()
        waiting = asyncio.create_task(desk.ask("unwanted", unwanted))
        while not desk.waiting():
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        free.set()
        await slowly
        await desk.blocks.end()
        assert desk.waiting() == 0

    asyncio.run(scene())
    assert (judged, desk.said, kept(database)) == ([], {"slow": "late"}, ["slow"])


def test_what_is_logged_while_a_request_is_judged_has_its_id(database: Database) -> None:
    desk, seen = Desk(database), {}

    async def ask(name: str) -> None:
        def judge() -> tuple[WholeRun, str]:
            seen[name] = structlog.contextvars.get_contextvars()["request_id"]
            return judging(name)()

        with structlog.contextvars.bound_contextvars(request_id=name):
            await desk.ask(name, judge)

    async def scene() -> None:
        await asyncio.gather(*(ask(name) for name in ("a", "b", "c", "d")))

    asyncio.run(scene())
    assert seen == {name: name for name in ("a", "b", "c", "d")}


RECORDS: list[dict[str, Any]] = [
    {"description": "ACETIC ANHYDRIDE", "quantity": 200, "unit": "KGM", "origin": "IN", "destination": "US"},
    {"description": "EPHEDRINE HYDROCHLORIDE 25 KG", "origin": "DE", "destination": "MX", "date": "2025-03-01"},
    {"description": "COTTON T-SHIRTS", "record_id": "shirt"},
    {"cas": "103-79-7", "origin": "CN", "destination": "NL"},
]
SCOPES: list[dict[str, Any]] = [
    {},
    {"as_of": "2015-06-01"},
    {"as_of": "2025-06-01", "instruments": ["un-1988"]},
    {"instruments": ["us-cfr-1310"]},
    {"instruments": ["no-such-list"]},
    {"records": [{"description": 7}]},
]


def test_requests_of_different_scopes_that_come_at_once_are_answered_as_each_by_itself(door: TestClient) -> None:
    known = {each["id"] for each in door.get("/v1/instruments").json()["items"]}
    named = [each for scope in SCOPES for each in scope.get("instruments", []) if each != "no-such-list"]
    assert known.issuperset(named)
    asked = [{"records": [record], **scope} for scope in SCOPES for record in RECORDS]

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        given = door.post("/v1/screenings", json=body)
        told = given.json()
        told.pop("run_id", None), told.pop("request_id", None)
        return given.status_code, told

    alone = [answer(body) for body in asked]
    assert {status for status, _ in alone} == {200, 422}
    assert len({str(told) for _, told in alone}) > len(SCOPES)
    with ThreadPoolExecutor(12) as callers:
        together = list(callers.map(answer, asked * 5))
    assert together == alone * 5
