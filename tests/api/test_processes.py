"""One process, several copies of it that serve, and workers beside them: who starts one disturbs no other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.settings import Settings
from tests.api.conftest import Server

COPIES = """
import os, signal, socket, sys, threading
from pathlib import Path
from app.serving import Processes

copied, starting = Path(sys.argv[1]), threading.Lock()

def serve(listener, first):
    copied.touch()
    os.kill(first, signal.SIGTERM)
    return 0

def look():
    print("too early" if copied.exists() else "not yet")
    starting.release()

starting.acquire()
threading.Timer(1, look).start()
with socket.create_server(("127.0.0.1", 0)) as listener:
    sys.exit(Processes(serve, None, print, starting).run(listener, 1))
"""


def test_no_process_is_copied_while_a_worker_is_started(tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    command = [sys.executable, "-c", COPIES, str(copied)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "not yet"
    assert copied.exists()


def workers_of(server: Server) -> set[int]:
    each = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    children = [int(number) for entry in each for number in entry.read_text().split()]
    return {number for number in children if b"app.work" in command_of(number)}


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it went while we looked
        return b""


def test_every_worker_beside_several_processes_is_replaced_when_it_dies(compiled: Settings, tmp_path: Path) -> None:
    count = 3
    server = Server(compiled, f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "log", PW_PROCESSES=3, PW_JOB_WORKERS=count)
    try:
        server.wait_until_ready()
        while len(first := workers_of(server)) < count:
            time.sleep(0.1)
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        for _ in range(600):
            if len(workers_of(server) - first) == count:
                break
            time.sleep(0.1)
        assert len(workers_of(server) - first) == count, server.log()
        assert [line["event"] for line in server.log()].count("worker_died") == count
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=120) == 0
    finally:
        server.end()
