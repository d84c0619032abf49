"""Jobs of two tenants in any order of making, working, dying, cancelling and expiring: nothing but the drawn arrows."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from starlette.testclient import TestClient

from app.domain.callers import Caller, Right
from app.settings import Settings
from app.storage.engine import Database
from app.usecases.issue_keys import make_key
from app.usecases.tidy_jobs import settle_job, tidy_jobs
from app.usecases.verify_audit import verify_audit
from app.usecases.work_on_job import Workshop, work_on_job
from tests.api.conftest import opened

HEAD = "line_no,goods_description,country_of_origin,shipment_date,qty,unit,consignor\r\n"
LINES = ("ACETIC ANHYDRIDE 99%", "COTTON T-SHIRTS", "TOLUENE", "CHEMICALS N.O.S.")
BLOCK_ROWS = 2
FILES = tuple(
    (HEAD + "".join(f"{n},{LINES[(n + seed) % 4]},IN,2025-03-01,{n + 1},KG,ACME\r\n" for n in range(rows))).encode()
    for seed, rows in enumerate((1, 3, 6))
)
ALL = frozenset(Right)
ARROWS = {
    "queued": {"running", "cancelled", "failed"},
    "running": {"done", "failed", "cancelled"},
    "done": {"expired"},
    "failed": set(),
    "cancelled": set(),
    "expired": set(),
}
"""As docs/jobs.md draws them."""

T = TypeVar("T")


class DiedError(BaseException):
    """The worker's process is gone."""


@dataclass
class Remembered:
    """What the engine remembers of the work on one job: its parts are given again, and go on behind the last one."""

    lives: int | None
    """Parts after which the worker dies; None if it does not."""
    before_it_is_noted: bool = False
    """It dies with the last part done, and nobody knows."""
    results: list[Any] = field(default_factory=list)

    def begin(self, lives: int | None, before_it_is_noted: bool) -> Callable[[str, Callable[[], T]], T]:
        self.lives, self.before_it_is_noted = lives, before_it_is_noted
        at = count()

        def step(_name: str, part: Callable[[], T]) -> T:
            place = next(at)
            if place < len(self.results):
                return self.results[place]  # type: ignore[no-any-return]
            if self.lives == 0:
                raise DiedError
            done = part()
            if self.lives is not None:
                self.lives -= 1
                if self.lives == 0 and self.before_it_is_noted:
                    raise DiedError
            self.results.append(done)
            return done

        return step


@dataclass
class Known:
    """What must be true of a job."""

    tenant: str
    file: int
    id: str
    state: str = "queued"
    kept_hours: float = 1.0
    rows: int = 0
    held: bool = False
    """A worker that was in the middle of it has died, and nobody has looked since."""


@dataclass(frozen=True)
class Office:
    """A service with keys for its tenants, whose jobs are worked on here."""

    door: TestClient
    database: Database
    keys: dict[str, str]
    results: dict[int, bytes]
    """What `screen` makes of each file; filled by the first job that is done."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, compiled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    name = server.create() if server else ""
    folder = tmp_path_factory.mktemp("office")
    url = server.url(name) if server else f"sqlite:///{folder / 'office.db'}"
    changed = {"database_url": url, "requests_per_minute": 0, "spool": folder / "spool"}
    with opened(compiled.model_copy(update=changed)) as door:
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        now = datetime.now(UTC)
        keys = {tenant: make_key(database, "key", tenant, ALL, days=1, now=now)[1] for tenant in ("port", "airport")}
        while door.get("/v1/jobs").status_code != 401:
            time.sleep(0.1)  # until the first key is known, nobody is asked for one
        yield Office(door, database, keys, {})
    if server:
        server.drop(name)


class Jobs(RuleBasedStateMachine):
    """Two tenants, their jobs, and one worker at a time."""

    jobs = Bundle("jobs")

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office, self.door = office, office.door
        self.desk = office.door.app.state.desk  # type: ignore[attr-defined]
        self.run = uuid4().hex[:8]
        self.headers = {tenant: {"Authorization": f"Bearer {key}"} for tenant, key in office.keys.items()}
        self.known: dict[str, Known] = {}
        self.remembered: dict[str, Remembered] = {}
        self.keyed: dict[tuple[str, str], tuple[int, str]] = {}

    def ask(self, tenant: str, method: str, path: str, **given: Any) -> Any:
        headers = {**self.headers[tenant], **given.pop("headers", {})}
        return self.door.request(method, path, headers=headers, **given)

    def send(self, tenant: str, file: int, key: str | None) -> Any:
        headers = {"Content-Type": "text/csv", **({"Idempotency-Key": f"{self.run}-{key}"} if key else {})}
        return self.ask(tenant, "POST", "/v1/jobs", content=FILES[file], headers=headers)

    @rule(
        target=jobs,
        tenant=st.sampled_from(("port", "airport")),
        file=st.integers(0, 2),
        key=st.sampled_from((None, "a", "b")),
    )
    def make(self, tenant: str, file: int, key: str | None) -> Any:
        answer = self.send(tenant, file, key)
        before = self.keyed.get((tenant, key or ""))
        if key and before:
            if before[0] == file:
                assert (answer.status_code, answer.json()["id"], answer.json()["state"]) == (202, before[1], "queued")
            else:
                assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")
            return multiple()
        assert answer.status_code == 202, answer.text
        job_id = answer.json()["id"]
        if key:
            self.keyed[tenant, key] = file, job_id
        self.known[job_id] = Known(tenant, file, job_id)
        return job_id

    @rule(
        job=jobs,
        lives=st.one_of(st.none(), st.integers(1, 5)),
        unnoted=st.booleans(),
        hours=st.sampled_from((0.0, 1.0)),
    )
    def work(self, job: str, lives: int | None, unnoted: bool, hours: float) -> None:
        """A worker takes the job, which may be over, and comes to its end or dies on the way."""
        known = self.known[job]
        memory = self.remembered.setdefault(job, Remembered(None))
        shop = Workshop(self.office.database, self.desk.shelf, self.desk.spool, hours)
        in_small_blocks(self.office.database, job)
        try:
            failure = work_on_job(shop, job, memory.begin(lives, unnoted))
        except DiedError:
            shown = self.ask(known.tenant, "GET", f"/v1/jobs/{job}").json()
            assert shown["state"] in ({known.state} | ARROWS[known.state] | ARROWS.get("running", set()))
            known.held = known.state in ("queued", "running")
            if known.held:
                known.state, known.kept_hours = shown["state"], hours
            return
        settle_job(self.office.database, self.desk.spool, job, failure)
        del self.remembered[job]
        known.held = False
        if known.state in ("queued", "running"):
            gone = failure is not None
            known.state, known.kept_hours = ("failed", 0.0) if gone else ("done", hours)
            assert not gone, failure

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        known = self.known[job]
        known.state = {"queued": "cancelled", "running": "cancelled", "done": "expired"}.get(known.state, known.state)
        answer = self.ask(known.tenant, "DELETE", f"/v1/jobs/{job}")
        assert (answer.status_code, answer.json()["state"]) == (200, known.state)

    @rule(job=jobs)
    def lose_the_file(self, job: str) -> None:
        """What was sent vanishes, and the next worker finds out."""
        known = self.known[job]
        if known.state != "queued" or known.held:
            return
        self.desk.spool.files(job).input.unlink()
        memory = self.remembered.pop(job, Remembered(None))
        shop = Workshop(self.office.database, self.desk.shelf, self.desk.spool, 1.0)
        failure = work_on_job(shop, job, memory.begin(None, False))
        settle_job(self.office.database, self.desk.spool, job, failure)
        shown = self.ask(known.tenant, "GET", f"/v1/jobs/{job}").json()
        assert shown["failure"]["kind"] == "file-gone"
        known.state = "failed"

    @rule()
    def put_away(self) -> None:
        """The hour comes at which results expire that were to be kept for no time."""
        tidy_jobs(self.office.database, self.desk.spool)
        for known in self.known.values():
            if known.state == "done" and known.kept_hours == 0:
                known.state = "expired"

    @rule(job=jobs)
    def fetch(self, job: str) -> None:
        known = self.known[job]
        answer = self.ask(known.tenant, "GET", f"/v1/jobs/{job}/result")
        if known.state == "done":
            assert answer.status_code == 200
            assert answer.content == self.office.results.setdefault(known.file, answer.content)
            assert answer.content.count(b"\r\n") == FILES[known.file].count(b"\r\n")
        else:
            gone = known.state == "expired"
            assert (answer.status_code, answer.json()["type"]) == (
                (410, "/problems/result-gone") if gone else (409, "/problems/job-not-done")
            )

    @rule(job=jobs)
    def pry(self, job: str) -> None:
        """The other tenant finds nothing of it, and changes nothing."""
        (other,) = set(self.headers) - {self.known[job].tenant}
        for method, call in (("GET", ""), ("GET", "/result"), ("GET", "/events"), ("DELETE", "")):
            assert self.ask(other, method, f"/v1/jobs/{job}{call}").status_code == 404
        assert self.ask(other, "GET", "/v1/decisions", params={"run_id": job}).json()["items"] == []

    @rule(job=consumes(jobs))
    def watch(self, job: str) -> None:
        """Who watches a job that is over sees its end; the stream of others does not end by itself."""
        known = self.known[job]
        if not ARROWS[known.state] or known.state == "done":
            text = self.ask(known.tenant, "GET", f"/v1/jobs/{job}/events").text
            assert "event: end\n" in text
            assert f'"state":"{known.state}"' in text

    @invariant()
    def each_tenant_sees_its_own_jobs_and_they_stand_as_they_should(self) -> None:
        for tenant in self.headers:
            mine = {job: each for job, each in self.known.items() if each.tenant == tenant}
            page = self.ask(tenant, "GET", "/v1/jobs", params={"limit": 100}).json()["items"]
            shown = page[: len(mine)]  # behind them are those of the runs before this one
            assert not {each["id"] for each in page[len(mine) :]} & set(self.known)
            assert {each["id"]: each["state"] for each in shown} == {job: each.state for job, each in mine.items()}
            assert [each["id"] for each in shown] == sorted(mine, reverse=True)
            for each in shown:
                known = mine[each["id"]]
                assert each["rows"] >= known.rows, "what is kept stays kept"
                known.rows = each["rows"]
                assert each["state"] != "done" or each["rows"] == FILES[known.file].count(b"\r\n") - 1
                assert (each["result"] is not None) == (each["state"] == "done")
                assert (each["failure"] is not None) == (each["state"] == "failed")

    @invariant()
    def files_are_those_of_jobs_that_need_them(self) -> None:
        for job, known in self.known.items():
            there = self.desk.spool.files(job).folder.is_dir()
            if known.state in ("queued", "running", "done"):
                assert there
            elif not known.held:
                assert not there, known

    def teardown(self) -> None:
        for tenant in self.headers:
            assert list(verify_audit(self.office.database.seen_by(Caller(tenant, "auditor", ALL)))) == []
        for job in self.known:
            self.desk.spool.files(job).remove()


def in_small_blocks(database: Database, job: str) -> None:
    """Cut a job's file into blocks of two rows, so that a worker can die between them."""
    from sqlalchemy import update

    from app.storage.tables import JOBS

    with database.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == job).values(block_rows=BLOCK_ROWS))


def test_jobs_move_along_the_drawn_arrows_whatever_happens_in_which_order(office: Office) -> None:
    run_state_machine_as_test(
        lambda: Jobs(office),
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
