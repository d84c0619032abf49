"""Everything the description allows, and much it does not, sent by schemathesis to a running server."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.callers import Right
from app.settings import Settings
from app.usecases.compile_watchlist import compile_watchlist
from app.usecases.issue_keys import make_key
from app.usecases.prepare_database import open_database
from tests.api.conftest import Server

# What cannot be said in a schema is refused all the same: an unknown instrument, a header that is not in the file, a
# cursor nobody gave out. So "valid by the schema" is no promise of 2xx; every other check of schemathesis must hold.
NOT_PROMISED = "positive_data_acceptance"
# A stream of events ends with its job, and no worker is here to end one.
ENDLESS = "/events$"


@pytest.fixture
def guarded(compiled: Settings, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server that asks for keys, and one that opens everything: so calls that ignore it are found as well."""
    # Releases are activated as well, which must not choose one for this checkout.
    place = compile_watchlist(compiled.watchlists, compiled.index).place
    index = tmp_path / "index"
    shutil.copytree(place, index / place.name)
    given = {"PW_REQUESTS_PER_MINUTE": "0", "PW_INDEX": str(index)}
    server = Server(compiled, f"sqlite:///{tmp_path / 'server.db'}", tmp_path / "log", **given)
    try:
        server.wait_until_ready()
        database = open_database(server.database_url)
        key = make_key(database, "all", "port", frozenset(Right), days=1, now=datetime.now(UTC))[1]
        database.dispose()
        yield server, key
    finally:
        server.process.kill()
        server.process.wait()


def test_no_request_meets_a_fault_of_ours_or_an_undocumented_answer(
    guarded: tuple[Server, str], tmp_path: Path
) -> None:
    server, key = guarded
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{server.address}/openapi.json", "--no-color", "--continue-on-failure"),
        *("--header", f"Authorization: Bearer {key}"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1"),
        *("--checks", "all", "--exclude-checks", NOT_PROMISED, "--exclude-path-regex", ENDLESS),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "Tested: 29" in done.stdout
    assert not [line for line in server.log() if line["level"] == "error"]
