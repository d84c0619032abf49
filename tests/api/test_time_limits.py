"""A request whose records take too long is given up: nothing of it is answered, and its worker is free again."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.domain.records import MAX_DESCRIPTION
from app.settings import Settings
from app.storage.tables import DECISIONS, RECORD_BLOCKS, RUNS
from app.usecases import deadline
from app.watchlist.model import Watchlist
from tests.api.conftest import opened
from tests.conftest import NewDatabase

SECONDS = 2.0
ALARM = {"description": "ACETIC ANHYDRIDE", "origin": "IN", "destination": "US", "date": "2025-03-01"}


@pytest.fixture(scope="module")
def hasty(compiled: Settings, new_database: NewDatabase) -> Iterator[TestClient]:
    """A service that gives every request two seconds."""
    hurry = {"database_url": new_database(), "max_json_seconds": SECONDS, "max_file_seconds": SECONDS}
    with opened(compiled.model_copy(update=hurry)) as door:
        for _ in range(2):
            door.post("/v1/screenings", json={"records": [ALARM] * 9})  # the tables of whole columns are made once
        yield door


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is looked at before each long text."""
    monkeypatch.setattr(deadline, "STRETCH", MAX_DESCRIPTION)
    monkeypatch.setattr(deadline, "PART", MAX_DESCRIPTION)


def hard_to_read(watchlist: Watchlist, count: int) -> list[str]:
    """Texts of full length, in which one listed name with a slip stands behind the other."""
    names = [name.text for substance in watchlist.substances for name in substance.names if len(name.text) > 5]
    chance = random.Random(7)

    def slipped(name: str) -> str:
        place = chance.randrange(1, len(name) - 1)
        return name[:place] + name[place + 1 :]

    return [" ".join(slipped(chance.choice(names)) for _ in range(400))[:MAX_DESCRIPTION] for _ in range(count)]


def watchlist_of(door: TestClient) -> Watchlist:
    watchlist: Watchlist = door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    return watchlist


def kept(door: TestClient) -> list[int]:
    tables = (RUNS, DECISIONS, RECORD_BLOCKS)
    with door.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
        return [int(connection.execute(select(func.count()).select_from(each)).scalar_one()) for each in tables]


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/took-too-long"), answer.text[:300]
    assert answer.json()["detail"] == (
        "The records take longer than 2 s; send fewer at a time, or the file to POST /v1/jobs"
    )


def test_a_thousand_records_that_would_take_minutes_are_given_up_and_nothing_is_kept(hasty: TestClient) -> None:
    before = kept(hasty)
    texts = hard_to_read(watchlist_of(hasty), 1_000)
    refused(hasty.post("/v1/screenings", json={"records": [{"description": text} for text in texts]}))
    assert kept(hasty) == before
    assert hasty.post("/v1/screenings", json={"records": [ALARM]}).json()["decisions"][0]["verdict"] == "controlled"


def test_names_that_would_take_long_are_given_up(hasty: TestClient) -> None:
    refused(hasty.post("/v1/resolve", json={"names": hard_to_read(watchlist_of(hasty), 100)}))


def test_a_file_whose_first_rows_take_too_long_is_refused(hasty: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "PART", 80 * MAX_DESCRIPTION)
    lines = "\n".join(
        ["goods_description,cas", *(json.dumps(text) + "," for text in hard_to_read(watchlist_of(hasty), 300))]
    )
    refused(hasty.post("/v1/screenings/file", content=lines, headers={"Content-Type": "text/csv"}))
    with hasty.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
        newest = select(RUNS.c.finished_at).order_by(RUNS.c.id.desc()).limit(1)
        assert connection.execute(newest).scalar_one() is None, "it has no end, like one that broke off"


@pytest.mark.usefixtures("short_stretches")
def test_a_file_that_takes_too_long_further_down_breaks_off_and_its_run_stays_without_an_end(hasty: TestClient) -> None:
    lines = "\n".join(
        ["goods_description,cas", *(json.dumps(text) + "," for text in hard_to_read(watchlist_of(hasty), 400))]
    )
    answer = hasty.post("/v1/screenings/file", content=lines, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200, answer.text[:300]
    assert 0 < answer.content.count(b"\n") < 400
    with hasty.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
        ended = select(RUNS.c.finished_at).where(RUNS.c.id == answer.headers["precursor-watch-run"])
        assert connection.execute(ended).scalar_one() is None
    assert hasty.post("/v1/screenings", json={"records": [ALARM]}).status_code == 200
