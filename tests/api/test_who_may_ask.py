"""Every call is tried by everybody who must not make it, and every tenant's records by every other tenant."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import structlog
from sqlalchemy import text
from starlette.testclient import TestClient

from app.api.admission import name_of
from app.api.rights import RIGHTS
from app.api.service import MODULES
from app.domain.callers import Right
from app.settings import Settings
from app.storage.engine import Database, open_engine
from app.usecases.issue_keys import list_keys, make_key, revoke_key
from app.usecases.prepare_database import prepare_database
from tests.api.conftest import Server, opened

ALL = frozenset(Right)
ALARM = {"records": [{"record_id": "1", "description": "200 DRUMS ACETIC ANHYDRIDE 99%", "origin": "IN"}]}

# Whose each name in a path is. A new one must be put here: into the first where it names what all may see, else into
# the second, with one of the port's own in `town`.
PUBLIC = {"substance_id": "acetone", "instrument_id": "un-1988", "release": "0", "a": "0", "b": "0", "number": "0"}
OWNED = {"decision_id", "run_id", "job_id"}


def key_for(database: Database, tenant: str, rights: frozenset[Right], *, begun_days_ago: int = 0) -> str:
    begun = datetime.now(UTC) - timedelta(days=begun_days_ago)
    return make_key(database, f"key of {tenant}", tenant, rights, days=1, now=begun)[1]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@dataclass(frozen=True)
class Town:
    """A service with keys: the port's and the airport's, and some that are not good any more."""

    door: TestClient
    database: Database
    port: str
    airport: str
    expired: str
    revoked: str
    lacking: dict[Right, str]
    """Keys of the port that are good for everything else."""
    owned: dict[str, str]
    """Something of the port's for each name in `OWNED`."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(
    request: pytest.FixtureRequest, compiled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    name = server.create() if server else ""
    folder = tmp_path_factory.mktemp("town")
    url = server.url(name) if server else f"sqlite:///{folder / 'town.db'}"
    changed = {"database_url": url, "requests_per_minute": 0, "spool": folder / "spool"}
    with opened(compiled.model_copy(update=changed)) as door:
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        port, airport = key_for(database, "port", ALL), key_for(database, "airport", ALL)
        lacking = {right: key_for(database, "port", ALL - {right}) for right in Right}
        expired, revoked = key_for(database, "port", ALL, begun_days_ago=1), key_for(database, "port", ALL)
        revoke_key(database, revoked.split("_")[1])
        door.post("/v1/screenings", json=ALARM, headers=bearer(port)).raise_for_status()
        (kept,) = door.get("/v1/decisions", headers=bearer(port)).json()["items"]
        csv = {"content": "description\nACETIC ANHYDRIDE\n", "headers": {**bearer(port), "Content-Type": "text/csv"}}
        job = door.post("/v1/jobs", **csv).raise_for_status().json()["id"]
        # Nobody works on it here, and the stream of its events ends with it.
        door.delete(f"/v1/jobs/{job}", headers=bearer(port)).raise_for_status()
        owned = {"decision_id": kept["id"], "run_id": kept["run_id"], "job_id": job}
        yield Town(door, database, port, airport, expired, revoked, lacking, owned)
    if server:
        server.drop(name)


def calls(town: Town) -> list[tuple[str, str, str]]:
    """Every call that needs a right: its id, method and path, with the port's own things in it."""
    paths = town.door.get("/openapi.json").json()["paths"]
    found = [(each["operationId"], m.upper(), path) for path, ways in paths.items() for m, each in ways.items()]
    named = PUBLIC | town.owned
    return [(name, way, path.format(**named)) for name, way, path in found if RIGHTS[name] is not None]


def ask(town: Town, method: str, path: str, headers: dict[str, str]) -> Any:
    """Send a request that could be answered, so that nothing but the key is in its way."""
    body: dict[str, Any] = {}
    if method == "POST":
        body = (
            {"json": {"disposition": "cleared", "reason": "x", "reviewer": "x"}} if "review" in path else {"json": {}}
        )
    return town.door.request(method, path, headers=headers, **body)


def test_every_route_has_its_line_in_the_table_of_rights(town: Town) -> None:
    assert {name_of(each) for module in MODULES for each in module.ROUTER.routes} == set(RIGHTS)
    described = town.door.get("/openapi.json").json()["paths"]
    assert {each["operationId"] for ways in described.values() for each in ways.values()} <= set(RIGHTS)


def test_only_what_says_nothing_of_any_tenant_is_open(town: Town) -> None:
    open_calls = {name for name, right in RIGHTS.items() if right is None}
    assert open_calls == {"getHealth", "getReadiness", "get_openapi_document", "get_docs", "get_docs_asset"}
    for path in ("/healthz", "/readyz", "/openapi.json", "/docs"):
        assert town.door.get(path).status_code == 200


@pytest.mark.parametrize("shown", ["nothing", "made-up", "another-secret", "expired", "revoked", "basic", "not-ascii"])
def test_no_call_is_made_without_a_good_key(town: Town, shown: str) -> None:
    headers = {
        "nothing": {},
        "made-up": bearer("pw_0123456789ab_" + "0" * 64),
        "another-secret": bearer(town.port[:-4] + "0000"),
        "expired": bearer(town.expired),
        "revoked": bearer(town.revoked),
        "basic": {"Authorization": f"Basic {town.port}"},
        "not-ascii": {b"X-API-Key": "pw_ключ_".encode()},  # type: ignore[dict-item]
    }[shown]
    for name, method, path in calls(town):
        answer = ask(town, method, path, headers)
        assert answer.status_code == 401, name
        assert answer.json()["type"] == "/problems/unauthenticated", name
        assert answer.headers["www-authenticate"].startswith('Bearer realm="precursor-watch"'), name
        assert ('error="invalid_token"' in answer.headers["www-authenticate"]) is (shown not in ("nothing", "basic"))


def test_no_call_is_made_with_a_key_that_has_every_scope_but_the_one_it_needs(town: Town) -> None:
    for name, method, path in calls(town):
        right = RIGHTS[name]
        assert right is not None
        answer = ask(town, method, path, bearer(town.lacking[right]))
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden"), name
        assert f'error="insufficient_scope", scope="{right}"' in answer.headers["www-authenticate"], name


def test_the_right_key_passes_every_door(town: Town) -> None:
    for name, method, path in calls(town):
        assert ask(town, method, path, bearer(town.port)).status_code not in (401, 403), name


def test_to_ask_for_the_head_of_an_answer_takes_the_same_key(town: Town) -> None:
    heads = [each for module in MODULES for each in module.ROUTER.routes if "HEAD" in each.methods]
    assert {name_of(each) for each in heads} == {"getJobResult", "drawSubstance", "drawEvidence"}
    for route in heads:
        path, right = route.path.format(**PUBLIC | town.owned), RIGHTS[name_of(route)]
        said = [town.door.head(path, headers=headers).status_code for headers in ({}, bearer(town.lacking[right]))]
        assert said == [401, 403], path
        assert town.door.head(path, headers=bearer(town.port)).status_code not in (401, 403, 405), path
        if "job" in path or "decision" in path:
            assert town.door.head(path, headers=bearer(town.airport)).status_code == 404, path


def test_what_is_another_tenants_is_not_found(town: Town) -> None:
    paths = town.door.get("/openapi.json").json()["paths"]
    names = {each["name"] for ways in paths.values() for call in ways.values() for each in call.get("parameters", [])
             if each["in"] == "path"}  # fmt: skip
    assert names == set(PUBLIC) | OWNED == set(PUBLIC) | set(town.owned)
    tried = 0
    for name, method, path in calls(town):
        if any(owned in path for owned in town.owned.values()):
            answer = ask(town, method, path, bearer(town.airport))
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), name
            tried += 1
    assert tried >= 4


def test_lists_and_totals_show_a_tenant_its_own_only(town: Town) -> None:
    mine = town.door.get("/v1/decisions", headers=bearer(town.port)).json()["items"]
    run = mine[0]["run_id"]
    for query in ({}, {"run_id": run}, {"status": "open"}, {"status": "open", "run_id": run}):
        assert town.door.get("/v1/decisions", params=query, headers=bearer(town.airport)).json()["items"] == []
    rescreened = town.door.post("/v1/rescreenings", headers=bearer(town.airport)).json()
    assert (rescreened["checked"], rescreened["left"]) == (0, 0) if "checked" in rescreened else rescreened["left"] == 0


def test_a_key_may_be_sent_in_the_other_header_too(town: Town) -> None:
    assert town.door.get("/v1/decisions", headers={"X-API-Key": town.port}).status_code == 200
    assert town.door.get("/v1/decisions", headers={"Authorization": f"bearer   {town.port}"}).status_code == 200


def test_a_key_is_asked_for_before_anything_else_is_looked_at(town: Town) -> None:
    for method, path in (
        ("GET", "/v1/decisions?nonsense=1"),
        ("GET", "/v1/decisions?limit=no"),
        ("POST", "/v1/screenings"),
    ):
        assert town.door.request(method, path, content=b"{").status_code == 401


def test_pages_of_other_sites_do_not_matter_where_keys_are_asked_for(town: Town) -> None:
    foreign = {"Host": "precursor.example", "Origin": "https://desk.example", **bearer(town.port)}
    assert town.door.get("/v1/decisions", headers=foreign).status_code == 200


def test_neither_log_nor_answer_holds_a_key(town: Town) -> None:
    secret = town.port.split("_")[2]
    with structlog.testing.capture_logs() as lines:
        good = town.door.get("/v1/decisions", headers=bearer(town.port))
        bad = town.door.get("/v1/decisions", headers=bearer(town.revoked))
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["key"] for line in requests] == [town.port.split("_")[1], ""]
    shown = str(lines) + good.text + bad.text + str(good.headers) + str(bad.headers)
    assert secret not in shown
    assert town.revoked.split("_")[2] not in shown


def test_what_is_kept_of_a_key_does_not_open_the_service(town: Town) -> None:
    kept = next(key for key in list_keys(town.database) if key.id == town.port.split("_")[1])
    assert town.port.split("_")[2] not in str(kept)
    assert town.door.get("/v1/decisions", headers=bearer(f"pw_{kept.id}_{kept.sha256}")).status_code == 401


def test_the_day_a_key_was_used_is_noted(town: Town) -> None:
    town.door.get("/v1/decisions", headers=bearer(town.airport))
    time.sleep(2.1)
    town.door.get("/v1/decisions", headers=bearer(town.port))
    used = {key.id: key.last_used for key in list_keys(town.database)}
    assert used[town.airport.split("_")[1]] == datetime.now(UTC).date()
    assert used[town.expired.split("_")[1]] is None


def test_a_revoked_key_opens_nothing_within_seconds_and_a_new_one_does(town: Town) -> None:
    fresh = key_for(town.database, "port", ALL)
    wait_for_answer(town, fresh, 200)
    revoke_key(town.database, fresh.split("_")[1])
    wait_for_answer(town, fresh, 401)


def wait_for_answer(town: Town, key: str, status: int) -> None:
    """Ask until it is answered so; no request that begins five seconds from now may be answered otherwise."""
    began = asked = time.monotonic()
    while town.door.get("/v1/decisions", headers=bearer(key)).status_code != status:
        assert asked - began < 5
        time.sleep(0.2)
        asked = time.monotonic()


LOCAL_HOSTS = ["127.0.0.1", "127.0.0.1:8000", "localhost:9", "LOCALHOST", "[::1]:8000", "127.1.2.3"]
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "10.0.0.1",
    "localhost.evil",
    "[",
    "[::2]",
]


@pytest.mark.parametrize("host", LOCAL_HOSTS)
def test_without_keys_this_machine_is_answered_under_its_own_names(sqlite_door: TestClient, host: str) -> None:
    assert sqlite_door.get("/v1/substances", headers={"Host": host}).status_code == 200
    own = {"Host": host, "Origin": f"http://{host}"}
    assert sqlite_door.get("/v1/substances", headers=own).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_without_keys_a_name_that_was_bent_to_lead_here_is_refused(sqlite_door: TestClient, host: str) -> None:
    answer = sqlite_door.get("/v1/substances", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-origin")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1234", "http://localhost", ""])
def test_without_keys_another_sites_page_is_refused(sqlite_door: TestClient, origin: str) -> None:
    answer = sqlite_door.post("/v1/screenings", json=ALARM, headers={"Host": "127.0.0.1:8000", "Origin": origin})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-origin")


def test_with_the_first_key_everybody_is_asked_for_one(compiled: Settings, tmp_path_factory: Any) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('first') / 'first.db'}"
    with opened(compiled.model_copy(update={"database_url": url})) as door:
        assert door.post("/v1/screenings", json=ALARM).status_code == 200
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        key = key_for(database, "local", ALL)
        time.sleep(2.1)
        assert door.get("/v1/decisions").status_code == 401
        assert len(door.get("/v1/decisions", headers=bearer(key)).json()["items"]) == 1, (
            "what was kept before is local's"
        )
        revoke_key(database, key.split("_")[1])
        time.sleep(2.1)
        assert door.get("/v1/decisions").status_code == 401, "a key that is revoked still says that strangers may come"


def test_an_address_strangers_can_reach_never_lets_anybody_in_without_a_key(compiled: Settings, tmp_path: Any) -> None:
    strange = {"database_url": f"sqlite:///{tmp_path / 'none.db'}", "host": "0.0.0.0"}
    with opened(compiled.model_copy(update=strange)) as door:
        assert door.get("/v1/substances").status_code == 401


def test_where_the_keys_cannot_be_read_nobody_is_let_in(compiled: Settings, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'gone.db'}"
    with opened(compiled.model_copy(update={"database_url": url})) as door:
        with door.app.state.desk.database.begin() as connection:  # type: ignore[attr-defined]
            connection.execute(text("DROP TABLE keys"))
        answer = door.get("/v1/substances")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage-unavailable")


def test_a_key_that_asks_too_often_is_told_how_long_to_wait(compiled: Settings, tmp_path: Any) -> None:
    few = {"database_url": f"sqlite:///{tmp_path / 'few.db'}", "requests_per_minute": 5}
    with opened(compiled.model_copy(update=few)) as door:
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        one, other = key_for(database, "port", ALL), key_for(database, "port", ALL)
        answers = [door.get("/v1/substances", headers=bearer(one)) for _ in range(7)]
        assert [each.status_code for each in answers] == [200] * 5 + [429] * 2
        assert answers[0].headers["ratelimit-policy"] == '"minute";q=5;w=60'
        assert answers[0].headers["ratelimit"].startswith('"minute";r=4;t=')
        refused = answers[-1]
        assert refused.json()["type"] == "/problems/too-many-requests"
        assert 0 < int(refused.headers["retry-after"]) <= 61
        assert refused.headers["ratelimit"].startswith('"minute";r=0;t=')
        assert door.get("/v1/substances", headers=bearer(other)).status_code == 200


def test_a_key_has_one_limit_however_many_processes_answer(compiled: Settings, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'many.db'}"
    prepare_database(url)
    database = open_engine(url)
    key = key_for(database, "port", ALL)
    database.dispose()
    few = {"PW_REQUESTS_PER_MINUTE": 20, "PW_RECORDS_PER_DAY": 12, "PW_PROCESSES": 3}
    server = Server(compiled, url, tmp_path / "log", **few)
    try:
        server.wait_until_ready()
        # Each on a connection of its own, and so at whichever process takes it.
        records = [
            httpx2.post(f"{server.address}/v1/screenings", json=ALARM, headers=bearer(key), timeout=60)
            for _ in range(14)
        ]
        assert [each.status_code for each in records] == [200] * 12 + [429] * 2
        assert records[-1].json()["type"] == "/problems/quota-exceeded"
        others = [httpx2.get(f"{server.address}/v1/substances", headers=bearer(key), timeout=60) for _ in range(8)]
        assert [each.status_code for each in others] == [200] * 6 + [429] * 2
    finally:
        server.end()


def test_a_key_has_so_many_records_screened_in_a_day_and_no_more(compiled: Settings, tmp_path: Any) -> None:
    few = {"database_url": f"sqlite:///{tmp_path / 'day.db'}", "records_per_day": 10}
    with opened(compiled.model_copy(update=few)) as door:
        database = door.app.state.desk.database  # type: ignore[attr-defined]
        one, other = key_for(database, "port", ALL), key_for(database, "port", ALL)

        def screen(key: str, records: int) -> Any:
            return door.post("/v1/screenings", json={"records": [{}] * records}, headers=bearer(key))

        def upload(key: str, records: int) -> Any:
            goods = b"description\n" + b"cotton shirts\n" * records
            return door.post("/v1/screenings/file", content=goods, headers={**bearer(key), "Content-Type": "text/csv"})

        assert screen(one, 4).status_code == upload(one, 3).status_code == 200
        refused = screen(one, 4)
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/quota-exceeded")
        assert 0 < int(refused.headers["retry-after"]) <= 86_401
        assert screen(one, 3).status_code == 200
        assert screen(one, 1).status_code == upload(one, 1).status_code == 429
        assert screen(other, 10).status_code == 200
    with opened(compiled.model_copy(update=few)) as door:  # another process knows it too
        assert door.post("/v1/screenings", json={"records": [{}]}, headers=bearer(one)).status_code == 429
