"""Nothing is answered that is not kept: where the database refuses, the caller gets no decision."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.domain.errors import StorageError
from app.records.source import BLOCK_ROWS
from app.storage.engine import Database
from app.storage.revision import check_migrated

ALARM = {"description": "ACETIC ANHYDRIDE", "origin": "IN", "destination": "US", "date": "2025-03-01"}

# Each makes the database accept every statement and refuse the COMMIT, as a full disk or a lost replica does: an answer
# sent before the commit would pass unnoticed otherwise.
AT_COMMIT = {
    "sqlite": (
        "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
        "CREATE TABLE dangling (id INTEGER REFERENCES nowhere(id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER refuse AFTER INSERT ON decisions BEGIN INSERT INTO dangling VALUES (1); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$",
        "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON decisions DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION refuse()",
    ),
}
UNDO = {
    "sqlite": ("DROP TRIGGER refuse", "DROP TABLE dangling", "DROP TABLE nowhere"),
    "postgresql": ("DROP TRIGGER refuse ON decisions", "DROP FUNCTION refuse"),
}


@pytest.fixture
def refusing(door: TestClient) -> Iterator[TestClient]:
    database: Database = door.app.state.desk.database  # type: ignore[attr-defined]
    kind = database.engine.dialect.name
    with database.begin() as connection:
        for statement in AT_COMMIT[kind]:
            connection.execute(text(statement))
    yield door
    with database.begin() as connection:
        for statement in UNDO[kind]:
            connection.execute(text(statement))


def kept_runs(door: TestClient) -> int:
    with door.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
        return int(connection.execute(text("SELECT count(*) FROM runs")).scalar_one())


def test_a_commit_that_fails_is_no_answer(refusing: TestClient) -> None:
    before = kept_runs(refusing)
    answer = refusing.post("/v1/screenings", json={"records": [ALARM]})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage-unavailable")
    assert answer.headers["retry-after"] == "5"
    assert kept_runs(refusing) == before


def test_a_file_whose_first_alarms_cannot_be_kept_is_no_answer(refusing: TestClient) -> None:
    answer = refusing.post(
        "/v1/screenings/file", content=b"description\nACETIC ANHYDRIDE\n", headers={"Content-Type": "text/csv"}
    )
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage-unavailable")


def test_a_block_whose_alarms_cannot_be_kept_does_not_leave_and_the_answer_breaks_off(refusing: TestClient) -> None:
    # Two blocks without an alarm are answered; the third cannot be kept.
    lines = ["description", *["COTTON T-SHIRTS"] * (2 * BLOCK_ROWS), "ACETIC ANHYDRIDE"]
    answer = refusing.post(
        "/v1/screenings/file", content="\n".join(lines).encode(), headers={"Content-Type": "text/csv"}
    )
    # The status was sent with the first block; over a real connection the caller sees the transfer end too early.
    assert answer.status_code == 200
    assert b"ACETIC" not in answer.content
    assert len(answer.content.splitlines()) <= 1 + 2 * BLOCK_ROWS
    run = answer.headers["precursor-watch-run"]
    with refusing.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
        finished = connection.execute(text("SELECT finished_at FROM runs WHERE id = :run"), {"run": run}).scalar_one()
    assert finished is None


def test_a_service_whose_tables_are_gone_is_alive_but_not_ready(door: TestClient) -> None:
    database: Database = door.app.state.desk.database  # type: ignore[attr-defined]
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO elsewhere"))
    try:
        assert door.get("/healthz").status_code == 200
        answer = door.get("/readyz")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")
        with pytest.raises(StorageError):
            check_migrated(database)
    finally:
        with database.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO alembic_version"))
    assert door.get("/readyz").json()["status"] == "ready"
