"""Backup and restore as docs/operations.md has them, done for real on both databases while a service writes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.main import build
from app.settings import Settings
from app.storage.engine import open_engine
from app.storage.revision import REVISION, check_migrated
from app.storage.tables import METADATA
from app.usecases.prepare_database import prepare_database
from tests.conftest import PostgresServer, postgres_programs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
SECTION = PAGE.read_text("utf-8").partition("## Back up and restore")[2].partition("\n## ")[0]
KEEP_SQLITE, BRING_BACK_SQLITE, POSTGRESQL = (
    block.strip() for block in re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
)
KEEP_POSTGRESQL, BRING_BACK_POSTGRESQL = POSTGRESQL.splitlines()
RECORDS = {"records": [{"description": "ACETIC ANHYDRIDE 99%", "origin": "IN", "destination": "US"}] * 3}
REVIEW = {"disposition": "confirmed", "reason": "held", "reviewer": "desk 4"}


def run(command: str, database: str, backup: Path) -> None:
    programs = postgres_programs()
    path = os.pathsep.join(
        [str(Path(sys.executable).parent), *([str(programs)] if programs else []), os.environ["PATH"]]
    )
    environment = {**os.environ, "DATABASE": database, "BACKUP": str(backup), "PATH": path}
    subprocess.run(["sh", "-ec", command], env=environment, check=True)


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that this version knows."""
    engine = open_engine(url)
    assert check_migrated(engine) == REVISION
    with engine.connect() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in METADATA.sorted_tables
        }
    engine.dispose()
    return rows


def fill(settings: Settings) -> TestClient:
    door = TestClient(build(settings), base_url="http://127.0.0.1")
    door.__enter__()
    assert door.post("/v1/screenings", json=RECORDS).status_code == 200
    decision = door.get("/v1/decisions").json()["items"][0]["id"]
    assert door.post(f"/v1/decisions/{decision}/review", json=REVIEW).status_code == 200
    return door


def answers_from(settings: Settings) -> int:
    with TestClient(build(settings), base_url="http://127.0.0.1") as door:
        assert door.get("/readyz").status_code == 200
        return len(door.get("/v1/decisions").json()["items"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_comes_back_as_it_was_when_it_was_backed_up(
    compiled: Settings, database_url: str, tmp_path: Path
) -> None:
    prepare_database(database_url)
    settings = compiled.model_copy(update={"database_url": database_url})
    file = database_url.removeprefix("sqlite:///")
    door = fill(settings)
    kept = everything(database_url)
    assert min(len(kept[name]) for name in ("runs", "decisions", "record_blocks", "reviews")) > 0
    run(KEEP_SQLITE, file, tmp_path / "backup")
    door.post("/v1/screenings", json=RECORDS)
    door.__exit__(None, None, None)
    assert everything(database_url) != kept

    engine = Path(f"{file.removesuffix('.db')}.engine.db")
    engine.write_bytes(b"of the old database")
    run(BRING_BACK_SQLITE, file, tmp_path / "backup")
    assert not engine.exists(), "what the engine of jobs remembers is of blocks that are not kept any more"
    assert everything(database_url) == kept
    assert answers_from(settings) == len(kept["decisions"])


def test_postgresql_comes_back_as_it_was_when_it_was_backed_up(
    compiled: Settings, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    name, again = postgres_server.create(), postgres_server.create()
    url, restored = postgres_server.url(name), postgres_server.url(again)
    try:
        prepare_database(url)
        door = fill(compiled.model_copy(update={"database_url": url}))
        kept = everything(url)
        run(KEEP_POSTGRESQL, url, tmp_path / "backup")
        door.post("/v1/screenings", json=RECORDS)
        door.__exit__(None, None, None)
        assert everything(url) != kept

        run(BRING_BACK_POSTGRESQL, restored, tmp_path / "backup")
        assert everything(restored) == kept
        assert answers_from(compiled.model_copy(update={"database_url": restored})) == len(kept["decisions"])
    finally:
        postgres_server.drop(name)
        postgres_server.drop(again)
