"""Large files over HTTP: taken, listed, watched, cancelled, and their results given out."""

import hashlib
import json
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, func, select, update
from starlette.testclient import TestClient

from app.domain.callers import Caller, Right
from app.domain.errors import UnknownNameError
from app.domain.words import JobState
from app.settings import Settings
from app.storage.job_progress import begin_attempt, count_jobs, finish_job, open_job
from app.storage.tables import IDEMPOTENCY, JOBS, RUNS
from app.usecases.read_jobs import find_job, page_of_jobs, withdraw_job
from app.usecases.tidy_jobs import settle_job, tidy_jobs
from tests.api.conftest import Server, opened
from tests.conftest import SmallDisk

GOODS = b"line_no,goods_description,shipment_date\r\n1,ACETIC ANHYDRIDE,2025-03-01\r\n2,COTTON,2025-03-01\r\n"
CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def job_door(door: TestClient) -> TestClient:
    """A service whose jobs nobody works on, with none left of other tests."""
    desk = desk_of(door)
    with desk.database.begin() as connection:
        connection.execute(delete(IDEMPOTENCY))
        connection.execute(delete(RUNS))
    shutil.rmtree(desk.spool.folder, ignore_errors=True)
    return door


def desk_of(door: TestClient) -> Any:
    return door.app.state.desk  # type: ignore[attr-defined]


def send(door: TestClient, body: bytes = GOODS, key: str | None = None, **parameters: Any) -> Any:
    headers = CSV if key is None else {**CSV, "Idempotency-Key": key}
    return door.post("/v1/jobs", content=body, headers=headers, params=parameters)


def finish(door: TestClient, job_id: str, content: bytes) -> None:
    """Stand in for a worker: the file is there and the job is done."""
    desk = desk_of(door)
    begin_attempt(desk.database, job_id, datetime.now(UTC), {})
    job = open_job(desk.database, job_id)
    assert job is not None
    desk.spool.files(job_id).result.write_bytes(content)
    now = datetime.now(UTC)
    result = (len(content), "ab" * 32)
    assert finish_job(desk.database, job, at=now, expires_at=now + timedelta(hours=1), result=result)


def spooled(door: TestClient) -> list[str]:
    folder = desk_of(door).spool.folder
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def test_a_file_is_kept_before_it_is_answered(job_door: TestClient) -> None:
    answer = send(job_door, as_of="2025-03-01", format="ndjson", map="description=goods_description")
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["state"], job["format"], job["as_of"]) == ("queued", "ndjson", "2025-03-01")
    assert job["map"] == {"description": "goods_description"}
    assert job["recognised"]["fields"]["description"] == "goods_description"
    assert (desk_of(job_door).spool.files(job["id"]).input).read_bytes() == GOODS
    assert job_door.get(answer.headers["location"]).json() == job
    assert job_door.get("/v1/jobs").json() == {"items": [job], "next": None}
    assert count_jobs(desk_of(job_door).database)[JobState.QUEUED] == 1


def test_a_multipart_body_is_the_same_file(job_door: TestClient) -> None:
    plain = send(job_door).json()
    parts = job_door.post("/v1/jobs", files={"file": ("goods.csv", GOODS, "text/csv")}).json()
    assert parts["input"] == plain["input"]
    assert desk_of(job_door).spool.files(parts["id"]).input.read_bytes() == GOODS


@pytest.mark.parametrize(
    ("body", "headers", "parameters", "status", "kind"),
    [
        (b"", CSV, {}, 422, "unreadable-file"),
        (b"%PDF-1.7 no table", CSV, {}, 422, "unreadable-file"),
        (GOODS, {"Content-Type": "image/png"}, {}, 415, "unsupported-media-type"),
        (GOODS, CSV, {"instrument": "no-such-law"}, 422, "invalid-request"),
        (GOODS, CSV, {"map": "cas=NO SUCH COLUMN"}, 422, "invalid-request"),
        (GOODS, CSV, {"format": "arrow"}, 422, "invalid-request"),
        (GOODS, CSV, {"colour": "red"}, 422, "unknown-parameter"),
        (GOODS, {**CSV, "Idempotency-Key": "two words"}, {}, 422, "invalid-request"),
    ],
)
def test_what_cannot_be_screened_is_refused_at_once_and_leaves_nothing(
    job_door: TestClient, body: bytes, headers: dict[str, str], parameters: dict[str, str], status: int, kind: str
) -> None:
    answer = job_door.post("/v1/jobs", content=body, headers=headers, params=parameters)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert job_door.get("/v1/jobs").json()["items"] == []
    assert spooled(job_door) == []


def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(small_door: TestClient) -> None:
    for body in (b"x" * 2_001, iter([b"x" * 1_500, b"x" * 1_500])):
        answer = small_door.post("/v1/jobs", content=body, headers=CSV)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert not [name for name in spooled(small_door) if name.startswith(".incoming")]


def test_a_disk_with_too_little_room_is_told_and_nothing_is_left(
    compiled: Settings, tmp_path: Path, small_disk: SmallDisk
) -> None:
    changed = {"database_url": f"sqlite:///{tmp_path / 'test.db'}", "spool": small_disk("64k") / "spool"}
    with opened(compiled.model_copy(update=changed)) as door:
        for body in (GOODS * 2_000, iter([GOODS * 500] * 4)):
            answer = door.post("/v1/jobs", content=body, headers=CSV)
            assert (answer.status_code, answer.json()["type"]) == (507, "/problems/no-room")
            assert spooled(door) == []
        assert send(door).status_code == 202


def test_the_same_request_under_the_same_key_is_done_once_and_answered_alike(job_door: TestClient) -> None:
    first = send(job_door, key='"k-1"')
    again = send(job_door, key="k-1")
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert len(job_door.get("/v1/jobs").json()["items"]) == 1
    assert spooled(job_door) == [first.json()["id"]]
    for other in (send(job_door, GOODS + b"3,SALT,\r\n", "k-1"), send(job_door, GOODS, "k-1", format="parquet")):
        assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert send(job_door, key="k-2").json()["id"] != first.json()["id"]


def test_requests_under_one_key_at_one_time_make_one_job(job_door: TestClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(job_door, key="at-once"), range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len(job_door.get("/v1/jobs").json()["items"]) == 1


def test_a_key_that_has_expired_is_new_again(job_door: TestClient) -> None:
    first = send(job_door, key="old").json()
    with desk_of(job_door).database.begin() as connection:
        connection.execute(update(IDEMPOTENCY).values(expires_at=datetime.now(UTC)))
    assert send(job_door, GOODS + b"3,SALT,\r\n", "old").json()["id"] != first["id"]


def test_jobs_come_in_pages_the_newest_first(job_door: TestClient) -> None:
    made = [send(job_door).json()["id"] for _ in range(3)]
    page = job_door.get("/v1/jobs", params={"limit": 2}).json()
    rest = job_door.get("/v1/jobs", params={"limit": 2, "cursor": page["next"]}).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


def test_a_result_is_given_whole_or_in_the_parts_asked_for(job_door: TestClient) -> None:
    job_id = send(job_door).json()["id"]
    path = f"/v1/jobs/{job_id}/result"
    assert job_door.get(path).json()["type"] == "/problems/job-not-done"
    assert job_door.head(path).status_code == 409
    finish(job_door, job_id, b"0123456789" * 10)

    whole = job_door.get(path)
    etag = whole.headers["etag"]
    assert (whole.status_code, whole.content, etag) == (200, b"0123456789" * 10, f'"{"ab" * 32}"')
    assert whole.headers["content-disposition"] == f'attachment; filename="screened-{job_id}.csv"'
    asked = job_door.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    of_transfer = {"date", "x-request-id"}
    assert {n: v for n, v in asked.headers.items() if n not in of_transfer} == {
        n: v for n, v in whole.headers.items() if n not in of_transfer
    }
    assert (asked.headers["content-length"], asked.headers["accept-ranges"]) == ("100", "bytes")
    assert job_door.head(path, headers={"If-None-Match": etag}).status_code == 304
    assert job_door.delete(path).headers["allow"] == "GET, HEAD"
    part = job_door.get(path, headers={"Range": "bytes=95-", "If-Range": etag})
    assert (part.status_code, part.content) == (206, b"56789")
    assert part.headers["content-range"] == "bytes 95-99/100"
    changed = job_door.get(path, headers={"Range": "bytes=95-", "If-Range": '"another"'})
    assert (changed.status_code, len(changed.content)) == (200, 100)
    assert job_door.get(path, headers={"If-None-Match": etag}).status_code == 304
    behind = job_door.get(path, headers={"Range": "bytes=100-"})
    assert (behind.status_code, behind.json()["type"]) == (416, "/problems/no-such-range")
    assert behind.headers["content-range"] == "bytes */100"
    assert job_door.get(path, headers={"Range": "bytes=b-a"}).json()["type"] == "/problems/malformed-request"


def test_a_result_whose_time_has_come_goes_and_the_job_says_so(job_door: TestClient) -> None:
    desk = desk_of(job_door)
    job_id = send(job_door, key="kept").json()["id"]
    finish(job_door, job_id, b"result")
    assert tidy_jobs(desk.database, desk.spool) == 0
    with desk.database.begin() as connection:
        connection.execute(update(JOBS).values(expires_at=datetime.now(UTC)))
        connection.execute(update(IDEMPOTENCY).values(expires_at=datetime.now(UTC)))
    assert tidy_jobs(desk.database, desk.spool) == 1
    assert job_door.get(f"/v1/jobs/{job_id}").json()["state"] == "expired"
    gone = job_door.get(f"/v1/jobs/{job_id}/result")
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/result-gone")
    assert spooled(job_door) == []
    with desk.database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(IDEMPOTENCY)).scalar_one() == 0


def test_what_is_left_behind_goes_and_what_is_not_ours_stays(job_door: TestClient) -> None:
    desk = desk_of(job_door)
    job_id = send(job_door).json()["id"]
    names = [".incoming-0123456789abcdef", "01955c2e-7f3a-7c41-9d55-6f0a8be3c1d2", "accounts"]
    for name in names:
        (desk.spool.folder / name).mkdir()
    for folder in desk.spool.folder.iterdir():
        for each in (folder, *folder.iterdir()):
            os.utime(each, (0, 0))
    tidy_jobs(desk.database, desk.spool)
    assert spooled(job_door) == sorted([job_id, "accounts"])


def test_a_queued_job_is_cancelled_at_once_and_a_done_one_gives_its_result_up(job_door: TestClient) -> None:
    queued, done = (send(job_door).json()["id"] for _ in range(2))
    finish(job_door, done, b"result")
    assert job_door.delete(f"/v1/jobs/{queued}").json()["state"] == "cancelled"
    assert job_door.delete(f"/v1/jobs/{done}").json()["state"] == "expired"
    assert job_door.delete(f"/v1/jobs/{queued}").json()["state"] == "cancelled"
    assert spooled(job_door) == []


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_the_files_of_a_job_go_when_the_words_of_its_run_are_erased(job_door: TestClient, state: str) -> None:
    desk = desk_of(job_door)
    job_id = send(job_door).json()["id"]
    if state == "running":
        begin_attempt(desk.database, job_id, datetime.now(UTC), {})
    if state == "done":
        finish(job_door, job_id, b"result")
    assert job_door.delete(f"/v1/runs/{job_id}/content").status_code == 200
    shown = job_door.get(f"/v1/jobs/{job_id}").json()
    assert shown["state"] == ("expired" if state == "done" else "cancelled")
    settle_job(desk.database, desk.spool, job_id, None)  # as the worker does that had it in hand
    assert spooled(job_door) == []
    assert job_door.get(f"/v1/jobs/{job_id}/result").status_code in (409, 410)


def test_another_tenants_jobs_are_not_there(job_door: TestClient) -> None:
    desk = desk_of(job_door)
    job_id = send(job_door, key="mine").json()["id"]
    other = desk.database.seen_by(Caller("customs-port", "key-1", frozenset(Right)))
    assert page_of_jobs(other, 9).items == ()
    for ask in (lambda: find_job(other, job_id), lambda: withdraw_job(other, desk.spool, job_id)):
        with pytest.raises(UnknownNameError):
            ask()
    assert job_door.get(f"/v1/jobs/{job_id}").json()["state"] == "queued"


@pytest.mark.parametrize("name", ["x", "01955c2e-7f3a-7c41-9d55-6f0a8be3c1d2", "a%00b"])
def test_a_job_that_nobody_made_is_not_found(job_door: TestClient, name: str) -> None:
    for call in ("", "/result", "/events"):
        assert job_door.get(f"/v1/jobs/{name}{call}").status_code == 404


def events_of(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines["id"], json.loads(lines["data"])))
    return found


def test_a_job_is_watched_to_its_end_and_not_twice(job_door: TestClient) -> None:
    job_id = send(job_door).json()["id"]
    later = threading.Timer(1.0, finish, (job_door, job_id, b"result"))
    later.start()
    events = events_of(job_door.get(f"/v1/jobs/{job_id}/events").text)
    later.join()
    assert [event for event, _, _ in events][-1] == "end"
    assert events[0][2]["state"] == "queued"
    assert events[-1][2]["result"] == {"href": f"/v1/jobs/{job_id}/result", "bytes": 6, "sha256": "ab" * 32}
    seen = {"Last-Event-ID": events[-1][1]}
    assert job_door.get(f"/v1/jobs/{job_id}/events", headers=seen).status_code == 204


def test_a_large_file_goes_to_disk_and_not_into_memory_and_goes_again_with_its_job(
    compiled: Settings, tmp_path: Path
) -> None:
    line = b"7,SODIUM CHLORIDE FOOD GRADE IN BAGS OF 25 KG,2025-03-01\r\n" * 16_384
    parts = 160
    server = Server(compiled, f"sqlite:///{tmp_path / 'test.db'}", tmp_path / "log")
    try:
        server.wait_until_ready()
        httpx2.post(f"{server.address}/v1/jobs", content=GOODS, headers=CSV, timeout=60).raise_for_status()
        before = peak_kib(server)
        sent = iter([GOODS[: GOODS.index(b"1,")], *[line] * parts])
        job = httpx2.post(f"{server.address}/v1/jobs", content=sent, headers=CSV, timeout=240).raise_for_status().json()
        assert job["input"]["bytes"] > 150_000_000
        digest = hashlib.sha256(GOODS[: GOODS.index(b"1,")])
        for _ in range(parts):
            digest.update(line)
        assert job["input"]["sha256"] == digest.hexdigest()
        assert peak_kib(server) - before < 32_768
        spool = tmp_path / "spool" / job["id"]
        assert spool.is_dir()
        assert httpx2.delete(f"{server.address}/v1/jobs/{job['id']}", timeout=60).json()["state"] == "cancelled"
        assert not spool.exists()
    finally:
        server.end()


def peak_kib(server: Server) -> int:
    return int(Path(f"/proc/{server.process.pid}/status").read_text().split("VmHWM:")[1].split()[0])


def test_a_server_screens_a_file_with_its_own_worker_and_both_end_together(compiled: Settings, tmp_path: Path) -> None:
    server = Server(compiled, f"sqlite:///{tmp_path / 'test.db'}", tmp_path / "log", PW_JOB_WORKERS=1)
    try:
        server.wait_until_ready()
        job = httpx2.post(f"{server.address}/v1/jobs", content=GOODS, headers=CSV, timeout=60).json()
        with httpx2.stream("GET", f"{server.address}/v1/jobs/{job['id']}/events", timeout=120) as stream:
            events = events_of("".join(stream.iter_text()))
        assert events[-1][0] == "end", server.log()
        assert events[-1][2]["verdicts"]["controlled"] == 1
        result = httpx2.get(f"{server.address}{events[-1][2]['result']['href']}", timeout=60)
        assert result.content.count(b"\r\n") == 3
        alarms = httpx2.get(f"{server.address}/v1/decisions", params={"run_id": job["run_id"]}, timeout=60).json()[
            "items"
        ]
        assert [each["record_id"] for each in alarms] == ["1"]
        server.process.terminate()
        assert server.process.wait(60) == 0
        log = server.log()
        assert [line["event"] for line in log].count("worker_left") == 1
        assert "ACETIC" not in str(log)
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
