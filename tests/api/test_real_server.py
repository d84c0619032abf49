"""The service as it is run: a process on a port, asked over a socket, ended by a signal."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from sqlalchemy import select

from app.settings import Settings
from app.storage.engine import open_engine
from app.storage.tables import RUNS
from tests.api.conftest import Server
from tests.conftest import NewDatabase


def upload_goods(server: Any, begun: threading.Event, answered: list[int]) -> None:
    goods = (
        b"description\n" + b"".join(b"COTTON T-SHIRTS LOT %d\n" % lot for lot in range(20_000)) + b"ACETIC ANHYDRIDE\n"
    )
    parts = {"file": ("goods.csv", goods)}
    with httpx2.stream("POST", f"{server.address}/v1/screenings/file", files=parts, timeout=60) as stream:
        assert stream.headers["transfer-encoding"] == "chunked"
        begun.set()
        answered.append(sum(1 for _ in stream.iter_lines()))


def test_a_server_migrates_answers_and_ends_cleanly_on_sigterm(server: Any) -> None:
    record = {"record_id": "1", "description": "200 DRUMS ACETIC ANHYDRIDE 99%", "origin": "IN", "destination": "US"}
    answer = httpx2.post(f"{server.address}/v1/screenings", json={"records": [record]}, timeout=60)
    assert answer.status_code == 200
    assert answer.json()["decisions"][0]["findings"][0]["substance_id"] == "acetic-anhydride"
    assert "server" not in answer.headers

    begun = threading.Event()
    asking = threading.Thread(target=upload_goods, args=(server, begun, answered := []))
    asking.start()
    assert begun.wait(60)
    server.process.send_signal(signal.SIGTERM)
    asking.join(60)
    assert answered == [20_002], "an answer that has begun is finished first"
    assert server.process.wait(timeout=30) == 0

    events = [line["event"] for line in server.log()]
    assert {"migrated", "started", "stopped"} <= set(events)
    assert events.count("request") >= 3
    assert "COTTON" not in str(server.log())
    assert "ACETIC" not in str(server.log())


def test_a_caller_that_leaves_half_way_leaves_an_unfinished_run_and_a_healthy_service(sqlite_server: Any) -> None:
    goods = b"description\n" + b"".join(b"COTTON T-SHIRTS LOT %d\n" % lot for lot in range(60_000))
    call = {"content": goods, "headers": {"Content-Type": "text/csv"}, "timeout": 60}
    with httpx2.stream("POST", f"{sqlite_server.address}/v1/screenings/file", **call) as stream:
        run_id = stream.headers["precursor-watch-run"]
        next(stream.iter_bytes())
    for _ in range(3):
        answer = httpx2.post(f"{sqlite_server.address}/v1/screenings", json={"records": [{}]}, timeout=60)
        assert answer.status_code == 200
    engine = open_engine(sqlite_server.database_url)
    with engine.connect() as connection:
        run = connection.execute(select(RUNS.c.finished_at, RUNS.c.records).where(RUNS.c.id == run_id)).one()
    engine.dispose()
    assert run == (None, 0)


def wait_until_closed(server: Server) -> None:
    met: type[Exception] | None = None
    while met is not httpx2.ConnectError:
        try:
            httpx2.get(f"{server.address}/healthz", timeout=60)
        except (httpx2.ConnectError, httpx2.ReadError, httpx2.RemoteProtocolError) as error:
            met = type(error)  # any other than the first was in the moment of closing
        time.sleep(0.1)


def test_a_server_that_is_told_to_end_says_so_first_and_finishes_an_upload_that_trickles_in(
    compiled: Settings, new_database: NewDatabase, tmp_path: Path
) -> None:
    changed = {"PW_PROCESSES": 2, "PW_DRAIN_SECONDS": 600}
    server = Server(compiled, new_database(), tmp_path / "log", **changed)
    try:
        server.wait_until_ready()
        lines = [b"description\n", *(b"COTTON LOT %d\n" % lot for lot in range(8)), b"ACETIC ANHYDRIDE\n"]
        begun, told = threading.Event(), threading.Event()

        def trickle() -> Iterator[bytes]:
            for line in lines[:3]:
                yield line
            begun.set()
            assert told.wait(60)
            for line in lines[3:]:
                yield line

        answered: list[Any] = []
        call = {"content": trickle(), "headers": {"Content-Type": "text/csv"}, "timeout": 60}
        upload = threading.Thread(
            target=lambda: answered.append(httpx2.post(f"{server.address}/v1/screenings/file", **call))
        )
        upload.start()
        assert begun.wait(60)
        kept = httpx2.Client(timeout=60)
        assert kept.get(f"{server.address}/readyz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        while (ready := kept.get(f"{server.address}/readyz")).status_code == 200:
            time.sleep(0.05)
        # Red, and still answering: whoever has not looked yet loses nothing, and is asked to go elsewhere next time.
        assert (ready.status_code, ready.headers["connection"]) == (503, "close")
        assert "about to end" in ready.json()["detail"]
        record = {"description": "ACETIC ANHYDRIDE"}
        answer = httpx2.post(f"{server.address}/v1/screenings", json={"records": [record]}, timeout=60)
        assert answer.status_code == 200
        server.process.send_signal(signal.SIGTERM)  # a second one ends the wait
        wait_until_closed(server)
        told.set()
        upload.join(60)
        assert answered[0].status_code == 200
        assert len(answered[0].text.splitlines()) == len(lines)
        assert server.process.wait(timeout=30) == 0
    finally:
        server.end()


THREADS = 40
"""That answer what needs no turn: the framework's number."""
WAITING = 45


def test_a_database_that_hangs_turns_readiness_red_and_leaves_liveness_alone(
    compiled: Settings, postgres_server: Any, tmp_path: Path
) -> None:
    name = postgres_server.create()
    patient = {"PW_DATABASE_CONNECTIONS": 60, "PW_DATABASE_LOCK_SECONDS": 600, "PW_DATABASE_STATEMENT_SECONDS": 600}
    server = Server(compiled, postgres_server.url(name), tmp_path / "log", **patient)
    answered: list[int] = []

    def ask() -> None:
        answered.append(httpx2.get(f"{server.address}/v1/jobs", timeout=600).status_code)

    try:
        server.wait_until_ready()
        threads = [threading.Thread(target=ask) for _ in range(WAITING)]
        with psycopg.connect(server.database_url) as holder, postgres_server.admin() as looker:
            holder.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
            for thread in threads:
                thread.start()
            hanging = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            while looker.execute(hanging, [name]).fetchone() < (THREADS,):
                time.sleep(0.1)
            assert httpx2.get(f"{server.address}/healthz", timeout=60).status_code == 200
            ready = httpx2.get(f"{server.address}/readyz", timeout=60)
            assert (ready.status_code, ready.json()["detail"]) == (503, "the database did not answer within 10 s")
            assert answered == [], "they waited all the time"
        for thread in threads:
            thread.join()
        assert answered == [200] * WAITING
        assert httpx2.get(f"{server.address}/readyz", timeout=60).status_code == 200
    finally:
        server.end()
    postgres_server.drop(name)
