"""Reviews of two tenants in any order of saying, confirming, taking back, rescreening and erasing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from starlette.testclient import TestClient

from app.domain.callers import Caller, Right
from app.screening.policy import Policy
from app.screening.screener import Screener
from app.settings import Settings
from app.storage.engine import Database
from app.usecases.issue_keys import make_key
from app.usecases.releases import Shelf
from app.usecases.rescreen import rescreen
from app.usecases.verify_audit import verify_audit
from tests.api.conftest import opened

ALL = frozenset(Right)
TENANTS, OFFICERS = ("port", "airport"), ("desk 4", " Desk  4 ", "desk 5")
GOODS = ("ACETIC ANHYDRIDE 99%", "4-piperidnoe 25 kg", "EPHEDRINE", "COTTON T-SHIRTS")
"""An alarm, one that only a stricter policy doubts, another alarm, and none."""
IN_QUEUE = frozenset({"open", "awaiting_second"})


@dataclass(frozen=True)
class Office:
    """A service with two keys for each tenant, which asks for a second person."""

    door: TestClient
    database: Database
    keys: dict[str, tuple[str, str]]
    stricter: Shelf


@dataclass
class Said:
    """The last word on a decision."""

    disposition: str
    reviewer: str
    key: int


@dataclass
class Known:
    """What must be true of a decision."""

    tenant: str
    run: str
    """The one the record came with."""
    verdict: str
    status: str
    last: Said | None = None
    reviews: int = 0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, compiled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    name = server.create() if server else ""
    url = server.url(name) if server else f"sqlite:///{tmp_path_factory.mktemp('office') / 'office.db'}"
    changed = {"database_url": url, "requests_per_minute": 0, "second_person": "controlled"}
    with opened(compiled.model_copy(update=changed)) as door:
        desk = door.app.state.desk  # type: ignore[attr-defined]
        now = datetime.now(UTC)
        keys = {
            tenant: tuple(make_key(desk.database, f"key {n}", tenant, ALL, days=1, now=now)[1] for n in (1, 2))
            for tenant in TENANTS
        }
        while door.get("/v1/decisions").status_code != 401:
            time.sleep(0.1)  # until the first key is known, nobody is asked for one
        policy = Policy(name="stricter", high_confidence=0.999)
        stricter = Shelf(desk.shelf.folder, Screener(desk.screener.index, policy, desk.screener.read_names))
        yield Office(door, desk.database, keys, stricter)  # type: ignore[arg-type]
    if server:
        server.drop(name)


class Reviews(RuleBasedStateMachine):
    """Two tenants, each with two keys and officers who may be the same person."""

    decisions = Bundle("decisions")

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.known: dict[str, Known] = {}
        self.screened: list[tuple[str, str]] = []

    def ask(self, tenant: str, method: str, path: str, key: int = 0, **given: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.office.keys[tenant][key]}"}
        return self.office.door.request(method, path, headers=headers, **given)

    def entries(self, tenant: str) -> int:
        return int(self.ask(tenant, "GET", "/v1/audit/head").json()["number"])

    @rule(
        target=decisions,
        tenant=st.sampled_from(TENANTS),
        goods=st.lists(st.sampled_from(GOODS), min_size=1, max_size=3),
    )
    def screen(self, tenant: str, goods: list[str]) -> Any:
        records = [{"description": each, "origin": "DE", "destination": "US", "date": "2025-09-01"} for each in goods]
        run = self.ask(tenant, "POST", "/v1/screenings", json={"records": records}).json()["run_id"]
        self.screened.append((tenant, run))
        return multiple(*self.learn(tenant, run))

    def learn(self, tenant: str, run: str) -> list[str]:
        items = self.ask(tenant, "GET", "/v1/decisions", params={"run_id": run}).json()["items"]
        for each in items:
            before = self.known.get(each["replaces"] or "")
            assert (before is not None) == (each["replaces"] is not None), "it replaces one of the same tenant"
            known = self.known[each["id"]] = Known(
                tenant, run if before is None else before.run, each["verdict"], each["status"]
            )
            if before is None:
                assert each["status"] == "open"
                continue
            assert before.tenant == tenant
            assert before.status != "replaced", "a decision is replaced once"
            assert each["status"] in (
                ("open", "no_alarm", "cleared") if before.status == "cleared" else ("open", "no_alarm")
            )
            if each["status"] == "cleared":
                known.last, known.reviews = before.last, 1
            before.status = "replaced"
        return [each["id"] for each in items]

    @rule(
        decision=decisions,
        disposition=st.sampled_from(("cleared", "cleared", "confirmed", "escalated")),
        reviewer=st.sampled_from(OFFICERS),
        key=st.integers(0, 1),
    )
    def review(self, decision: str, disposition: str, reviewer: str, key: int) -> None:
        known = self.known[decision]
        said = {"disposition": disposition, "reason": "seen", "reviewer": reviewer}
        entries = self.entries(known.tenant)
        answer = self.ask(known.tenant, "POST", f"/v1/decisions/{decision}/review", key, json=said)
        assert self.entries(known.tenant) == entries + (answer.status_code == 200), (
            "each word is one entry of the trail"
        )
        if known.status == "replaced":
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/decision-replaced")
            return
        if disposition == "cleared" and known.status == "awaiting_second":
            assert known.last is not None
            if known.last.key == key or same(known.last.reviewer, reviewer):
                assert (answer.status_code, answer.json()["type"]) == (409, "/problems/same-person")
                return
            known.status = "cleared"
        elif disposition == "cleared":
            known.status = "awaiting_second" if known.verdict == "controlled" else "cleared"
        else:
            known.status = disposition
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == known.status
        known.last, known.reviews = Said(disposition, reviewer, key), known.reviews + 1

    @rule(target=decisions, tenant=st.sampled_from(TENANTS), stricter=st.booleans())
    def rescreen(self, tenant: str, stricter: bool) -> Any:
        """The policy changes, or changes back: what comes out otherwise is open again."""
        if stricter:
            caller = Caller(tenant, "operator", ALL)
            run = rescreen(self.office.stricter, self.office.database.seen_by(caller), date(2025, 9, 1)).run.id
        else:
            answer = self.ask(tenant, "POST", "/v1/rescreenings").json()
            assert answer["left"] == 0
            run = answer["run_id"]
        new = self.learn(tenant, run)
        return multiple(*new)

    @rule(decision=decisions)
    def erase(self, decision: str) -> None:
        """The words of its run go; how it stands and what was said of it stay."""
        known = self.known[decision]
        assert self.ask(known.tenant, "DELETE", f"/v1/runs/{known.run}/content").status_code == 200
        for other, each in self.known.items():
            if each.run == known.run:
                assert self.ask(each.tenant, "GET", f"/v1/decisions/{other}").json()["decision"] is None

    @rule(decision=decisions)
    def pry(self, decision: str) -> None:
        """The other tenant finds nothing of it, and says nothing of it."""
        known = self.known[decision]
        (other,) = set(TENANTS) - {known.tenant}
        said = {"disposition": "cleared", "reason": "x", "reviewer": "x"}
        path = f"/v1/decisions/{decision}"
        assert self.ask(other, "GET", path).status_code == 404
        assert self.ask(other, "POST", f"{path}/review", json=said).status_code == 404
        assert self.ask(other, "POST", f"{path}/replay").status_code == 404
        assert self.ask(other, "DELETE", f"/v1/runs/{known.run}/content").status_code == 404
        assert (
            self.ask(other, "GET", "/v1/decisions", params={"run_id": decision.rpartition("-")[0]}).json()["items"]
            == []
        )

    @rule(decision=decisions)
    def look(self, decision: str) -> None:
        known = self.known[decision]
        shown = self.ask(known.tenant, "GET", f"/v1/decisions/{decision}").json()
        assert shown["status"] == known.status
        assert len(shown["reviews"]) == known.reviews
        if known.reviews and known.last:
            assert shown["reviews"][-1]["disposition"] == known.last.disposition

    @invariant()
    def the_queue_is_what_nobody_has_settled_the_surest_first(self) -> None:
        for tenant in TENANTS:
            items = self.ask(tenant, "GET", "/v1/decisions", params={"status": "open", "limit": 200}).json()["items"]
            queue = {each["id"]: each["status"] for each in items}
            mine = {name: each.status for name, each in self.known.items() if each.tenant == tenant}
            assert {name: status for name, status in queue.items() if name in mine} == {
                name: status for name, status in mine.items() if status in IN_QUEUE
            }
            assert not {name for name, each in self.known.items() if each.tenant != tenant} & set(queue)
            scores = [each["score"] for each in items]
            assert scores == sorted(scores, reverse=True)

    def teardown(self) -> None:
        """Leave nothing that the next run would find in its queue or rescreen, and verify what was done."""
        for name, known in self.known.items():
            if known.status in IN_QUEUE:
                said = {"disposition": "confirmed", "reason": "the end", "reviewer": "desk 9"}
                self.ask(known.tenant, "POST", f"/v1/decisions/{name}/review", json=said).raise_for_status()
        for tenant, run in self.screened:
            self.ask(tenant, "DELETE", f"/v1/runs/{run}/content").raise_for_status()
        for tenant in TENANTS:
            assert list(verify_audit(self.office.database.seen_by(Caller(tenant, "auditor", ALL)))) == []


def same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def test_decisions_stand_as_their_reviews_say_whatever_is_said_in_which_order(office: Office) -> None:
    run_state_machine_as_test(
        lambda: Reviews(office),
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
