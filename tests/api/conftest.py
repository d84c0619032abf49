"""The service behind its door, over a real database of either kind."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom

import httpx2
import pytest
from starlette.testclient import TestClient

from app.main import build
from app.settings import Settings
from app.usecases.prepare_database import prepare_database
from tests.conftest import NewDatabase

Door = TestClient


@contextmanager
def opened(settings: Settings) -> Iterator[Door]:
    prepare_database(settings.database_url)
    with TestClient(build(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as door:
        yield door


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def door(
    request: pytest.FixtureRequest, compiled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """A service for the tests of one file, once over each kind of database."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    name = server.create() if server else ""
    folder = tmp_path_factory.mktemp("door")
    url = server.url(name) if server else f"sqlite:///{folder / 'door.db'}"
    with opened(compiled.model_copy(update={"database_url": url, "spool": folder / "spool"})) as door:
        yield door
    if server:
        server.drop(name)


@pytest.fixture(scope="module")
def sqlite_door(compiled: Settings, new_database: NewDatabase) -> Iterator[Door]:
    """A service for tests that mean either database: over SQLite, or what `--store` says."""
    with opened(compiled.model_copy(update={"database_url": new_database()})) as door:
        yield door


@pytest.fixture
def small_door(compiled: Settings, new_database: NewDatabase) -> Iterator[Door]:
    """A service that takes little: bodies of 2,000 bytes."""
    sizes = dict.fromkeys(("max_json_bytes", "max_upload_bytes", "max_job_bytes"), 2_000)
    small = {**sizes, "database_url": new_database()}
    with opened(compiled.model_copy(update=small)) as door:
        yield door


START = "from app.main import serve; from app.settings import read_settings; serve(read_settings())"


def free_port() -> int:
    """A port that nobody has, out of those that the system gives to no caller: nobody will have it in a second."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", SystemRandom().randrange(10_000, 32_000)))
            return int(probe.getsockname()[1])


class Server:
    """A server process and what it logged."""

    def __init__(self, settings: Settings, database_url: str, log: Path, start: str = START, **given: object) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        self.database_url = database_url
        self._log = log
        environment = {
            **os.environ,
            "PW_PORT": str(port),
            "PW_DATABASE_URL": database_url,
            "PW_WATCHLISTS": str(settings.watchlists),
            "PW_INDEX": str(settings.index),
            "PW_SPOOL": str(log.parent / "spool"),
            "PW_JOB_WORKERS": "0",
            **{name: str(value) for name, value in given.items()},
        }
        with log.open("wb") as file:
            self.process = subprocess.Popen([sys.executable, "-c", start], env=environment, stderr=file)

    def wait_until_ready(self) -> None:
        for _ in range(1_800):
            assert self.process.poll() is None, self._log.read_text()
            with suppress(httpx2.ConnectError):
                if httpx2.get(f"{self.address}/readyz", timeout=60).status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(self._log.read_text())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]


@pytest.fixture
def server(compiled: Settings, database_url: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(compiled, database_url, tmp_path / "log")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def sqlite_server(
    compiled: Settings, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server process for tests that leave it running; over SQLite, or what `--store` says."""
    server = Server(compiled, new_database(), tmp_path_factory.mktemp("server") / "log")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()
