"""The audit trail, second persons and erasure over HTTP; and what the log never says."""

import asyncio
import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text, update
from starlette.testclient import TestClient

from app.domain.audit import Head
from app.main import keep_erasing
from app.settings import Settings
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate
from app.storage.records import read_content
from app.storage.runs import keep_run
from app.storage.tables import RECORD_BLOCKS, RUNS
from app.usecases.verify_audit import verify_audit
from tests.api.conftest import Server, opened
from tests.api.test_past_decisions import ANHYDRIDE, EPHEDRINE, ids, problem, screen
from tests.storage.test_audit import NOON, R, alarm_at, block_at, replace, run_of

ROOT = Path(__file__).resolve().parents[2]
TEN_LINES = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "audit.md").read_text("utf-8"), re.DOTALL)


def database_of(door: TestClient) -> Database:
    database = door.app.state.desk.database  # type: ignore[attr-defined]
    assert isinstance(database, Database)
    return database


def entries(door: TestClient, limit: int = 200) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = door.get("/v1/audit", params={"limit": limit, **cursor}).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def faults(door: TestClient, head: dict[str, Any] | None = None) -> list[str]:
    return [str(each) for each in verify_audit(database_of(door), None if head is None else Head(**head))]


def test_every_record_that_is_screened_is_in_the_trail_with_its_verdict(door: TestClient) -> None:
    before = len(entries(door))
    run = screen(door, {"description": "cotton"}, ANHYDRIDE, {"description": "cotton"}, EPHEDRINE)
    goods = b"description\n" + b"".join(b"COTTON LOT %d\n" % lot for lot in range(3_000)) + b"ACETIC ANHYDRIDE\n" * 3
    answer = door.post("/v1/screenings/file", content=goods, headers={"Content-Type": "text/csv"})
    verdicts = [line.split(",")[1] for line in answer.text.splitlines()[1:]]
    (request, *blocks, end) = entries(door)[before:]
    assert (request["action"], request["subject"], end["action"]) == ("screened", run, "finished")
    assert json.loads(request["facts"])["verdicts"] == "1N1C1N1C"
    facts = [json.loads(block["facts"]) for block in blocks]
    assert [each["first"] for each in facts] == [0, *(each["until"] for each in facts[:-1])]
    assert facts[-1]["until"] == 3_003 == json.loads(end["facts"])["finished"]["records"]
    told = [
        letter for each in facts for n, letter in re.findall("([0-9]+)([A-Z])", each["verdicts"]) for _ in range(int(n))
    ]
    letters = {"N": "not_listed", "C": "controlled", "D": "conditional", "R": "review", "U": "undetermined"}
    assert [letters[each] for each in told] == verdicts
    assert faults(door) == []


def test_the_trail_comes_in_pages_and_ten_lines_of_python_verify_it(door: TestClient) -> None:
    screen(door, ANHYDRIDE)
    screen(door, {"description": "水 é \u2028"})
    whole = entries(door)
    assert entries(door, limit=1) == whole
    head = door.get("/v1/audit/head").json()
    assert (head["number"], head["hash"]) == (len(whole), whole[-1]["hash"])
    assert faults(door, head) == []
    assert TEN_LINES is not None
    lines = "".join(json.dumps(each) + "\n" for each in whole)

    def verify(lines: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", TEN_LINES[1] if TEN_LINES else ""]
        return subprocess.run(command, input=lines, capture_output=True, text=True, check=False)

    assert head["hash"] in verify(lines).stdout
    broken = verify(lines.replace(whole[0]["subject"], "f" * 36))
    assert broken.returncode == 1
    assert "entry 1 is not as it was written" in broken.stderr


@pytest.mark.parametrize(
    "cursor", ["WyJhdWRpdCIsLTFd", "WyJhdWRpdCIsOTIyMzM3MjAzNjg1NDc3NTgwOF0", "WyJhdWRpdCIsIngiXQ", "x"]
)
def test_a_forged_cursor_of_the_trail_is_refused(door: TestClient, cursor: str) -> None:
    assert problem(door.get("/v1/audit", params={"cursor": cursor})) == (422, "invalid-request")


def test_erased_words_are_gone_from_every_answer_and_the_trail_is_whole(door: TestClient) -> None:
    run = screen(door, {**EPHEDRINE, "record_id": "SECRETLINE"})
    decision = f"/v1/decisions/{run}-0"
    said = {"disposition": "escalated", "reason": "SECRETPARTY asked for it", "reviewer": "desk 4"}
    assert door.post(f"{decision}/review", json=said).status_code == 200
    kept = door.get(decision).json()
    answer = door.delete(f"/v1/runs/{run}/content")
    assert (answer.status_code, answer.json()) == (200, {"run_id": run, "blocks": 1, "decisions": 1, "reviews": 1})
    erased = door.get(decision).json()
    reviews = [{**review, "reason": ""} for review in kept["reviews"]]
    assert erased == {**kept, "decision": None, "reviews": reviews}
    (line,) = door.get("/v1/decisions", params={"run_id": run}).json()["items"]
    assert (line["record_id"], line["reason"], line["substance_ids"]) == (None, "", ["ephedrine"])
    assert problem(door.post(f"{decision}/replay")) == (410, "record-gone")
    assert problem(door.get(f"{decision}/findings/0/evidence.svg")) == (410, "record-gone")
    said = {"disposition": "cleared", "reason": "x", "reviewer": "y"}
    assert door.post(f"{decision}/review", json=said).json()["status"] == "cleared"
    assert [each["action"] for each in entries(door)[-2:]] == ["erased", "reviewed"]
    again = door.delete(f"/v1/runs/{run}/content").json()
    assert (again["decisions"], again["reviews"]) == (0, 1), "what was said since"
    assert faults(door) == []


@pytest.mark.parametrize("run", ["00000000-0000-7000-8000-000000000000", "nonsense", "%00"])
def test_a_run_that_nobody_kept_cannot_be_erased(door: TestClient, run: str) -> None:
    assert problem(door.delete(f"/v1/runs/{run}/content")) == (404, "not-found")


@pytest.fixture
def careful(compiled: Settings, database_url: str) -> Iterator[TestClient]:
    """A service that asks for a second person where something is controlled."""
    with opened(compiled.model_copy(update={"second_person": "controlled", "database_url": database_url})) as door:
        yield door


def test_a_clearance_waits_for_a_second_person(careful: TestClient) -> None:
    run = screen(careful, ANHYDRIDE)
    path = f"/v1/decisions/{run}-0/review"

    def say(reviewer: str) -> Any:
        return careful.post(path, json={"disposition": "cleared", "reason": "a sample", "reviewer": reviewer})

    first = say("desk 4").json()
    assert (first["status"], first["reviews"][0]["awaits_second"]) == ("awaiting_second", True)
    for status in ("open", "awaiting_second"):
        page = careful.get("/v1/decisions", params={"status": status}).json()["items"]
        assert [(each["id"], each["status"]) for each in page] == [(f"{run}-0", "awaiting_second")]
    assert problem(say("Desk 4")) == (409, "same-person")
    second = say("desk 5").json()
    assert (second["status"], [each["reviewer"] for each in second["reviews"]]) == ("cleared", ["desk 4", "desk 5"])
    assert ids(careful, status="open") == ids(careful, status="awaiting_second") == []
    assert [json.loads(each["facts"])["awaits_second"] for each in entries(careful)[1:]] == [True, False]


def test_words_that_have_been_kept_long_enough_go_when_the_service_starts(
    compiled: Settings, database_url: str
) -> None:
    database = open_engine(database_url)
    migrate(database)
    for name, age in (("old", 31), ("new", 29)):
        run = replace(run_of(name), created_at=datetime.now(UTC) - timedelta(days=age))
        keep_run(database, run, NOON, [R], [alarm_at(0)], block=block_at(0, 1))
    with opened(compiled.model_copy(update={"keep_content_days": 30, "database_url": database_url})):
        for _ in range(100):
            if read_content(database, "old", 0) is None:
                break
            time.sleep(0.1)
    assert [read_content(database, name, 0) is None for name in ("old", "new")] == [True, False]
    assert list(verify_audit(database)) == []
    database.dispose()


def test_words_expire_day_by_day_while_the_service_runs(database_url: str) -> None:
    database = open_engine(database_url)
    migrate(database)
    for day in range(4):
        run = replace(run_of(f"day {day}"), created_at=NOON + timedelta(days=day))
        keep_run(database, run, NOON, [R], [alarm_at(0)], block=block_at(0, 1))
    left: list[int] = []
    moments = [NOON + timedelta(days=30 + day, seconds=1) for day in range(3)]

    async def wait(seconds: float) -> None:
        assert seconds == 86_400
        with database.connect() as connection:
            query = select(RECORD_BLOCKS.c.run_id).where(RECORD_BLOCKS.c.content.is_not(None))
            left.append(len(connection.execute(query).all()))
        if len(left) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_erasing(database, 30, lambda: moments[len(left)], wait))
    assert left == [3, 2, 1]
    assert list(verify_audit(database)) == []
    database.dispose()


def test_a_database_that_fails_is_asked_again_within_the_hour(tmp_path: Path) -> None:
    database = open_engine(f"sqlite:///{tmp_path / 'never-migrated.db'}")
    pauses: list[float] = []

    async def wait(seconds: float) -> None:
        pauses.append(seconds)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_erasing(database, 30, wait=wait))
    assert pauses == [3_600]
    database.dispose()


def test_nothing_expires_where_no_days_are_set(tmp_path: Path) -> None:
    asyncio.run(keep_erasing(open_engine(f"sqlite:///{tmp_path / 'a.db'}"), 0))
    assert not (tmp_path / "a.db").exists()


MARK = "ZQXSECRET"


def ask_every_door(address: str) -> list[int]:
    """Send marked words to every call, in good requests and bad ones, and return the statuses."""
    record = {"record_id": MARK, "description": f"{MARK} ACETIC ANHYDRIDE", "consignee": MARK, "consignor": MARK}
    review = {"disposition": "cleared", "reason": MARK, "reviewer": MARK}
    csv = f"id,description,consignee\n{MARK},ACETIC ANHYDRIDE {MARK},{MARK}\n".encode()
    with httpx2.Client(base_url=address, timeout=60, headers={"Authorization": f"Bearer {MARK}"}) as door:
        screened = door.post("/v1/screenings", json={"records": [record]})
        decision = f"/v1/decisions/{screened.json()['run_id']}-0"
        answers = [
            screened,
            door.post("/v1/screenings", content=f'{{"records": [{{"description": "{MARK}'.encode()),
            door.post("/v1/screenings", json={"records": [{MARK: MARK}], MARK: MARK}),
            door.post("/v1/screenings", json={"records": [{"description": {MARK: MARK}, "date": [MARK]}]}),
            door.post("/v1/screenings", json={"records": [record], "as_of": MARK, "instruments": [MARK]}),
            door.post("/v1/screenings", content=MARK, headers={"Content-Type": MARK}),
            door.post("/v1/resolve", json={"names": [f"{MARK} ephedrine"]}),
            door.post("/v1/resolve", json={"names": [MARK * 1_000]}),
            door.post("/v1/screenings/file", content=csv, headers={"Content-Type": "text/csv"}),
            door.post("/v1/screenings/file", files={"file": (f"{MARK}.csv", csv)}),
            door.post("/v1/screenings/file", files={MARK: (f"{MARK}.xlsx", csv)}),
            door.post("/v1/screenings/file", files={"file": (f"{MARK}.xlsx", b"PK\x03\x04" + csv)}),
            door.post("/v1/screenings/file", content=gzip.compress(csv)[:-9], headers={"Content-Type": "text/csv"}),
            door.post("/v1/screenings/file", content=csv, params={"map": f"description={MARK}", MARK: MARK}),
            door.post("/v1/screenings/file", content=csv, params={"map": f"description={MARK}"}),
            door.get("/v1/substances", params={"q": MARK}),
            door.get(f"/v1/substances/{MARK}"),
            door.get(f"/v1/{MARK}", params={MARK: MARK}),
            door.request(MARK, "/v1/decisions"),
            door.get("/v1/decisions", params={"cursor": MARK, "run_id": MARK}),
            door.post(f"{decision}/review", json=review),
            door.post(f"{decision}/review", json={**review, "disposition": MARK, MARK: MARK}),
            door.post(f"{decision}/replay"),
            door.get(decision),
            door.post("/v1/rescreenings"),
            door.get("/v1/audit"),
            door.get(f"/v1/releases/{MARK}/diff/{MARK}"),
            door.delete(f"/v1/runs/{MARK}/content"),
        ]
    return [answer.status_code for answer in answers]


def break_the_database(database_url: str) -> None:
    """Put words where the service does not expect them, and take a table away."""
    database = open_engine(database_url)
    with database.begin() as connection:
        connection.execute(update(RECORD_BLOCKS).values(content=MARK.encode() * 9))
        connection.execute(update(RUNS).values(instruments=MARK))
    database.dispose()


def test_no_word_of_a_shipment_is_in_the_log_whatever_goes_wrong(
    compiled: Settings, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW_LOG_LEVEL", "debug")
    server = Server(compiled, database_url, tmp_path / "log")
    try:
        server.wait_until_ready()
        statuses = ask_every_door(server.address)
        assert {200, 400, 404, 415, 422} <= set(statuses)
        run = httpx2.get(f"{server.address}/v1/decisions", timeout=60).json()["items"][-1]["run_id"]
        break_the_database(database_url)
        crashed = httpx2.post(f"{server.address}/v1/decisions/{run}-0/replay", timeout=60)
        assert crashed.status_code == 500, "nobody foresaw that"
        database = open_engine(database_url)
        with database.begin() as connection:
            connection.execute(text("DROP TABLE record_blocks"))
        database.dispose()
        record = {"record_id": MARK, "description": f"{MARK} ACETIC ANHYDRIDE"}
        failed = httpx2.post(f"{server.address}/v1/screenings", json={"records": [record]}, timeout=60)
        assert failed.status_code == 503
    finally:
        server.process.terminate()
        server.process.wait(30)
    log = (tmp_path / "log").read_text("utf-8")
    assert log.count('"event":"request"') >= 30
    assert "storage_failed" in log
    lines = [line for line in log.splitlines() if MARK in line or "ANHYDRIDE" in line]
    assert lines == []
