"""What every request has: an id, a line in the log without the shipper's words, a count, and errors of one form."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.api.desk import today
from app.api.formats import ARROW, CSV, NDJSON, choose_format
from app.api.gate import Gate
from app.api.job_figures import keep_counting_jobs
from app.api.logs import show_where
from app.api.metrics import Metrics
from app.api.problems import ProblemError
from app.api.refusals import install_refusals
from app.api.requests import RequestLog
from app.domain.errors import InputError, WatchlistError
from app.storage.engine import open_engine
from app.storage.migrate import migrate


def test_the_callers_request_id_comes_back_and_an_odd_one_is_replaced(sqlite_door: TestClient) -> None:
    assert sqlite_door.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for odd in ("a b", "x" * 129, "", 'a"b'):
        given = sqlite_door.get("/healthz", headers={"X-Request-ID": odd}).headers["x-request-id"]
        assert given != odd
        assert len(given) == 36


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", "/healthz", 405, "GET"),
        ("GET", "/v1/screenings", 405, "POST"),
        ("HEAD", "/v1/releases", 405, "GET"),
        ("PUT", "/v1/jobs", 405, "GET, POST"),
        ("OPTIONS", "/v1/jobs/x", 405, "DELETE, GET"),
        ("PUT", "/v1/nothing", 404, None),
    ],
)
def test_what_the_framework_refuses_is_a_problem_as_well(
    sqlite_door: TestClient, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = sqlite_door.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allow)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]


def test_requests_records_and_verdicts_are_counted_by_route(sqlite_door: TestClient) -> None:
    def figure(line: str) -> float:
        lines = sqlite_door.get("/metrics").text.splitlines()
        return sum(float(each.rpartition(" ")[2]) for each in lines if each.startswith(line + " "))

    route = 'precursor_watch_http_requests_total{method="POST",route="/v1/screenings",status="200"}'
    before = figure(route), figure('precursor_watch_verdicts_total{verdict="controlled"}')
    sqlite_door.post("/v1/screenings", json={"records": [{"cas": "108-24-7", "origin": "IN", "destination": "US"}] * 3})
    assert figure(route) == before[0] + 1
    alarms = ("controlled", "conditional", "review")
    assert sum(figure(f'precursor_watch_verdicts_total{{verdict="{each}"}}') for each in alarms) >= before[1] + 3
    assert "precursor_watch_index_info{" in sqlite_door.get("/metrics").text
    sqlite_door.get("/v1/substances/acetic-anhydride")
    assert 'route="/v1/substances/{substance_id}"' in sqlite_door.get("/metrics").text
    assert "acetic-anhydride" not in sqlite_door.get("/metrics").text


def test_jobs_are_counted_by_state_and_a_database_that_is_away_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    metrics, looks = Metrics(), []

    async def look_again(_seconds: float) -> None:
        looks.append(metrics.text().decode().count('precursor_watch_jobs{state="queued"} 0.0'))
        if len(looks) == 3:
            migrate(database)
        if len(looks) == 5:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_counting_jobs(database, metrics, look_again))
    assert looks == [1] * 5
    assert capsys.readouterr().out.count("jobs_not_counted") == 1
    database.dispose()


def test_the_log_has_no_word_of_the_shipment(sqlite_door: TestClient) -> None:
    secret = "SECRETGOODS"
    with structlog.testing.capture_logs() as lines:
        sqlite_door.post("/v1/screenings", json={"records": [{"description": secret, "consignee": secret}]})
        sqlite_door.post("/v1/screenings", json={"records": [{secret: 1}]})
        sqlite_door.get("/v1/substances", params={"q": secret})
        sqlite_door.get(f"/v1/substances/{secret}")
    assert [line["status"] for line in lines if line["event"] == "request"] == [200, 422, 200, 404]
    assert secret not in str(lines)


def test_an_exception_is_logged_by_its_place_and_not_by_its_words() -> None:
    try:
        raise WatchlistError("SECRETGOODS")
    except WatchlistError as error:
        line = show_where(None, "error", {"event": "x", "exc_info": error})
    assert line["error"] == "WatchlistError"
    assert "test_around_requests" in line["where"][0]
    assert "SECRETGOODS" not in str(line)


@pytest.fixture
def failing() -> Iterator[TestClient]:
    """A service in which something fails that nobody foresaw."""

    class Failing(FastAPI):
        def build_middleware_stack(self) -> Any:
            return RequestLog(super().build_middleware_stack(), Metrics())

    app = Failing()
    install_refusals(app, [])

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("SECRETGOODS")

    @app.get("/input")
    def wrong() -> None:
        raise InputError("mend it")

    with TestClient(app, raise_server_exceptions=False) as door:
        yield door


def test_a_fault_of_ours_is_a_problem_500_that_tells_nothing_of_its_cause(failing: TestClient) -> None:
    answer = failing.get("/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    assert "SECRET" not in answer.text


def test_a_fault_of_the_caller_is_a_problem_422(failing: TestClient) -> None:
    answer = failing.get("/input")
    assert (answer.status_code, answer.json()["detail"]) == (422, "mend it")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", CSV),
        ("*/*", CSV),
        ("text/*", CSV),
        ("application/x-ndjson", NDJSON),
        ("application/*", NDJSON),
        ("application/vnd.apache.arrow.stream", ARROW),
        ("TEXT/CSV; Q=0.5, application/x-ndjson;q=0.4", CSV),
        ("text/csv;q=0.1, application/x-ndjson", NDJSON),
        ("*/*, text/csv;q=0", NDJSON),
        ("text/html, */*;q=0.1", CSV),
        ("text/csv;q=0, application/*;q=0.5, application/x-ndjson;q=0.1", ARROW),
        (",,text/csv,", CSV),
    ],
)
def test_the_format_is_the_one_that_is_wanted_most(accept: str, chosen: object) -> None:
    assert choose_format(accept) is chosen


@pytest.mark.parametrize("accept", ["text/html", "text/csv;q=0", "*/*;q=0", "text/csv;q=nan", "text/csv;q=x", ";"])
def test_a_format_that_cannot_be_given_is_refused(accept: str) -> None:
    with pytest.raises(ProblemError):
        choose_format(accept)


def test_work_that_would_wait_too_long_is_refused_and_the_next_is_not() -> None:
    async def scene() -> tuple[list[str], int]:
        gate, free, said = (
            Gate(workers=1, max_waiting=1, max_wait_seconds=0.2, metrics=Metrics()),
            threading.Event(),
            [],
        )

        async def ask() -> None:
            try:
                await gate.work(partial(free.wait, 10))
                said.append("done")
            except ProblemError as error:
                said.append(f"{error.kind} {error.headers['Retry-After']}")

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await anyio.sleep(0.05)
            tasks.start_soon(ask)  # waits, in vain
            await anyio.sleep(0.05)
            tasks.start_soon(ask)  # one too many
            await anyio.sleep(0.4)
            free.set()
        return said, await gate.work(lambda: 7)

    said, after = anyio.run(scene)
    assert said == ["overloaded 1", "overloaded 1", "done"]
    assert after == 7


def test_no_more_work_at_once_than_there_are_workers() -> None:
    async def scene() -> int:
        gate, lock, now, most = (
            Gate(workers=2, max_waiting=50, max_wait_seconds=10, metrics=Metrics()),
            threading.Lock(),
            0,
            0,
        )

        def work() -> None:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            threading.Event().wait(0.02)
            with lock:
                now -= 1

        async with anyio.create_task_group() as tasks:
            for place in range(12):
                tasks.start_soon(gate.work if place % 2 else gate.go_on, work)
        return most

    assert anyio.run(scene) == 2


def test_the_event_loop_answers_while_a_screening_works(sqlite_door: TestClient) -> None:
    records = [{"description": f"ACETIC ANHYDRID {place} in drums"} for place in range(1_000)]
    done = threading.Event()

    def screen() -> None:
        sqlite_door.post("/v1/screenings", json={"records": records})
        done.set()

    thread = threading.Thread(target=screen)
    thread.start()
    assert sqlite_door.get("/healthz").status_code == 200
    thread.join()
    assert done.is_set()


def test_today_is_a_day_in_utc() -> None:
    assert today().year >= 2025
