"""The machine's clock is set forward or back: what means a moment goes by it, what means a length of time does not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from starlette.testclient import TestClient

import app.usecases.make_job
import app.usecases.tidy_jobs
import app.usecases.work_on_job
from app.api import doorkeeper, pace
from app.domain.callers import Caller, Right
from app.settings import Settings
from app.storage import audit
from app.usecases import keep_run, read_jobs
from app.usecases.issue_keys import make_key
from app.usecases.tidy_jobs import settle_job, tidy_jobs
from app.usecases.verify_audit import verify_audit
from app.usecases.work_on_job import Workshop, work_on_job
from tests.api.conftest import opened
from tests.conftest import NewDatabase

ALL = frozenset(Right)
HOUR, DAY = 3_600.0, 86_400.0
TELL_TIME = (
    app.usecases.make_job,
    app.usecases.tidy_jobs,
    app.usecases.work_on_job,
    audit,
    doorkeeper,
    keep_run,
    pace,
    read_jobs,
)
"""Those who look at the time of day."""
GOODS = b"line_no,goods_description\r\n1,ACETIC ANHYDRIDE\r\n2,COTTON\r\n"
REQUESTS, RECORDS = 5, 3


class Clock:
    """The time of day, as far as it was set; `time.monotonic` goes on as ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.set_by = 0.0
        real, clock = time.time, self

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return datetime.now(tz) + timedelta(seconds=clock.set_by)

        monkeypatch.setattr(time, "time", lambda: real() + clock.set_by)
        for module in TELL_TIME:
            monkeypatch.setattr(module, "datetime", Shifted)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@contextmanager
def with_a_key(settings: Settings, **changed: Any) -> Iterator[tuple[TestClient, dict[str, str]]]:
    with opened(settings.model_copy(update=changed)) as door:
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        secret = make_key(database, "key", "port", ALL, days=30, now=datetime.now(UTC))[1]
        while door.get("/v1/jobs").status_code != 401:
            time.sleep(0.1)  # until the first key is known, nobody is asked for one
        yield door, {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("jump", [-30 * DAY, -HOUR, HOUR, 20 * DAY])
def test_a_key_is_slowed_down_for_a_minute_and_no_longer(
    compiled: Settings, new_database: NewDatabase, clock: Clock, jump: float
) -> None:
    with with_a_key(compiled, database_url=new_database(), requests_per_minute=REQUESTS) as (door, key):
        asked = [door.get("/v1/jobs", headers=key).status_code for _ in range(REQUESTS + 1)]
        assert asked == [200] * REQUESTS + [429]
        clock.set_by = jump
        again = door.get("/v1/jobs", headers=key)
        assert again.status_code == 429
        assert 0 < int(again.headers["retry-after"]) <= 61


def test_a_key_expires_by_the_time_of_day(compiled: Settings, new_database: NewDatabase, clock: Clock) -> None:
    with with_a_key(compiled, database_url=new_database()) as (door, key):
        for jump, status in ((0.0, 200), (31 * DAY, 401), (-DAY, 200), (0.0, 200)):
            clock.set_by = jump
            assert door.get("/v1/jobs", headers=key).status_code == status


def test_the_days_records_are_those_of_the_day_it_is(
    compiled: Settings, new_database: NewDatabase, clock: Clock
) -> None:
    with with_a_key(compiled, database_url=new_database(), records_per_day=RECORDS) as (door, key):

        def screen() -> int:
            return door.post("/v1/screenings", json={"records": [{"cas": "1"}] * RECORDS}, headers=key).status_code

        assert [screen(), screen()] == [200, 429]
        clock.set_by = DAY
        assert [screen(), screen()] == [200, 429]
        clock.set_by = 0.0
        assert screen() == 429


@pytest.mark.parametrize("jump", [-3 * DAY, 3 * DAY])
def test_a_job_is_done_once_and_watched_to_its_end_when_the_clock_is_set(
    compiled: Settings, new_database: NewDatabase, clock: Clock, tmp_path: Any, jump: float
) -> None:
    with with_a_key(compiled, database_url=new_database(), spool=tmp_path / "spool") as (door, key):
        desk = door.app.state.desk  # type: ignore[attr-defined]
        headers = {**key, "Content-Type": "text/csv", "Idempotency-Key": "k"}
        job = door.post("/v1/jobs", content=GOODS, headers=headers).json()["id"]
        clock.set_by = jump
        failure = work_on_job(Workshop(desk.database, desk.shelf, desk.spool, 24.0), job, lambda _name, part: part())
        settle_job(desk.database, desk.spool, job, failure)
        assert failure is None
        assert "event: end\n" in door.get(f"/v1/jobs/{job}/events", headers=key).text
        assert door.get(f"/v1/jobs/{job}/result", headers=key).status_code == 200

        again = door.post("/v1/jobs", content=GOODS, headers=headers).json()["id"]
        assert (again == job) is (jump < 0), "the answer under a key is kept until a moment"
        assert tidy_jobs(desk.database, desk.spool) == 0
        clock.set_by = jump + DAY + HOUR
        assert tidy_jobs(desk.database, desk.spool) == 1
        clock.set_by = jump
        assert door.get(f"/v1/jobs/{job}", headers=key).json()["state"] == "expired"
        assert list(verify_audit(desk.database.seen_by(Caller("port", "auditor", ALL)))) == []
