"""The service as it is run: a process on a port, asked over a socket, ended by a signal."""

import signal
import threading
from typing import Any

import httpx2
from sqlalchemy import select

from app.storage.engine import open_engine
from app.storage.tables import RUNS


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
    answer = httpx2.post(f"{server.address}/v1/screenings", json={"records": [record]})
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
