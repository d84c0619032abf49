"""What came of a decision: its review, its replay, what it rests on, and what a newer law makes of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.settings import Settings
from app.storage.tables import POLICIES, RECORD_BLOCKS
from tests.api.conftest import opened
from tests.conftest import Amendment, NewDatabase

ANHYDRIDE = {"record_id": "a", "description": "ACETIC ANHYDRIDE 99%", "origin": "IN", "destination": "US"}
EPHEDRINE = {"record_id": "e", "smiles": "C[NH2+][C@@H](C)[C@H](O)c1ccccc1.[Cl-]", "origin": "IN", "destination": "US"}
ESTER = {"record_id": "m", "description": "ethyl 2-aminobenzoate", "origin": "IN", "destination": "US"}
PIPERIDONE = {
    "record_id": "p",
    "description": "4-PIPERIDONE HYDROCHLORIDE",
    "origin": "DE",
    "destination": "US",
    "date": "2025-09-01",
}
SVG = "image/svg+xml"


def screen(door: TestClient, *records: dict[str, Any], **asked: Any) -> str:
    answer = door.post("/v1/screenings", json={"records": list(records), **asked})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["run_id"])


def ids(door: TestClient, **query: Any) -> list[str]:
    """Return the ids of a list, page by page of two."""
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = door.get("/v1/decisions", params={"limit": 2, **query, **cursor}).json()
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_the_queue_has_the_open_alarms_by_score_and_a_review_takes_one_off(door: TestClient) -> None:
    run = screen(door, ESTER, ANHYDRIDE, {"description": "cotton"}, EPHEDRINE, {**ESTER, "record_id": "m2"})
    queue = ids(door, status="open", run_id=run)
    scores = [door.get(f"/v1/decisions/{each}").json()["decision"]["score"] for each in queue]
    assert len(queue) == 4
    assert scores == sorted(scores, reverse=True)
    assert [one for one in ids(door, status="open") if one in queue] == queue

    said = {"disposition": "cleared", "reason": "a laboratory's sample", "reviewer": "desk 4"}
    answer = door.post(f"/v1/decisions/{queue[0]}/review", json=said)
    assert (answer.status_code, answer.json()["status"]) == (200, "cleared")
    (review,) = answer.json()["reviews"]
    assert {name: review[name] for name in said} == said
    assert review["created_at"].endswith("Z")
    assert ids(door, status="open", run_id=run) == queue[1:]
    assert ids(door, status="cleared", run_id=run) == queue[:1]

    door.post(f"/v1/decisions/{queue[0]}/review", json={**said, "disposition": "escalated"})
    kept = door.get(f"/v1/decisions/{queue[0]}").json()
    assert kept["status"] == "escalated"
    assert [each["disposition"] for each in kept["reviews"]] == ["cleared", "escalated"]


@pytest.mark.parametrize(
    ("body", "kind", "place"),
    [
        ({"disposition": "forgotten", "reason": "x", "reviewer": "y"}, "invalid-request", "#/disposition"),
        ({"disposition": "cleared", "reason": "", "reviewer": "y"}, "invalid-request", "#/reason"),
        ({"disposition": "cleared", "reason": "x\x00", "reviewer": "y"}, "invalid-request", "#/reason"),
        ({"disposition": "cleared", "reason": "x"}, "invalid-request", "#/reviewer"),
        ({"disposition": "cleared", "reason": "x", "reviewer": "y", "by": "z"}, "unknown-field", "#/by"),
    ],
)
def test_a_review_that_says_too_little_is_refused(
    sqlite_door: TestClient, body: dict[str, str], kind: str, place: str
) -> None:
    run = screen(sqlite_door, ANHYDRIDE)
    answer = sqlite_door.post(f"/v1/decisions/{run}-0/review", json=body)
    assert problem(answer) == (422, kind)
    assert [each["place"] for each in answer.json()["errors"]] == [place]


NOBODY = "00000000-0000-7000-8000-000000000000-0"


@pytest.mark.parametrize("decision", [NOBODY, "nonsense", "%00"])
def test_what_nobody_kept_has_no_past(door: TestClient, decision: str) -> None:
    said = {"disposition": "cleared", "reason": "x", "reviewer": "y"}
    assert problem(door.post(f"/v1/decisions/{decision}/review", json=said)) == (404, "not-found")
    assert problem(door.post(f"/v1/decisions/{decision}/replay")) == (404, "not-found")
    assert problem(door.get(f"/v1/decisions/{decision}/findings/0/evidence.svg")) == (404, "not-found")


@pytest.mark.parametrize("cursor", ["WyJxdWV1ZSIsMSwieCJd", "WyJxdWV1ZSIsMS4wLCJ4Il0", "WyJkZWNpc2lvbnMiLCJ4IiwxXQ"])
def test_a_forged_cursor_of_the_queue_is_refused(door: TestClient, cursor: str) -> None:
    answer = door.get("/v1/decisions", params={"status": "open", "cursor": cursor})
    assert [fault["place"] for fault in answer.json()["errors"]] == ["?cursor"]


def test_decisions_replay_to_the_byte_whatever_was_asked(door: TestClient) -> None:
    records = (ANHYDRIDE, EPHEDRINE, ESTER, {**PIPERIDONE, "quantity": 5, "transit": ["CN", "nowhere"]})
    for asked in ({}, {"as_of": "2012-05-05"}, {"instruments": ["un-1988"]}):
        run = screen(door, *records, **asked)
        for decision in ids(door, run_id=run):
            replay = door.post(f"/v1/decisions/{decision}/replay").json()
            assert (replay["identical"], replay["differences"]) == (True, []), asked
            assert replay["decision"] == door.get(f"/v1/decisions/{decision}").json()["decision"]


def test_a_replay_says_where_it_differs(sqlite_door: TestClient) -> None:
    """A record whose fields were changed behind the service's back does not replay as if nothing were."""
    run = screen(sqlite_door, {**ANHYDRIDE, "origin": "IN"})
    other = screen(sqlite_door, {**ANHYDRIDE, "origin": "CA"})
    database = sqlite_door.app.state.desk.database  # type: ignore[attr-defined]
    table = RECORD_BLOCKS.c
    with database.begin() as connection:
        content = connection.execute(select(table.content).where(table.run_id == other)).scalar_one()
        connection.execute(update(RECORD_BLOCKS).where(table.run_id == run).values(content=content))
    replay = sqlite_door.post(f"/v1/decisions/{run}-0/replay").json()
    assert not replay["identical"]
    assert any(each["place"].startswith("/checked/instruments/") for each in replay["differences"])


def test_a_record_that_was_erased_cannot_be_replayed_and_its_decision_stays(door: TestClient) -> None:
    run = screen(door, EPHEDRINE)
    database = door.app.state.desk.database  # type: ignore[attr-defined]
    with database.begin() as connection:
        connection.execute(update(RECORD_BLOCKS).where(RECORD_BLOCKS.c.run_id == run).values(content=None))
    assert problem(door.post(f"/v1/decisions/{run}-0/replay")) == (410, "record-gone")
    assert problem(door.get(f"/v1/decisions/{run}-0/findings/0/evidence.svg")) == (410, "record-gone")
    assert door.get(f"/v1/decisions/{run}-0").status_code == 200


def test_evidence_is_drawn_for_structures_and_refused_with_the_reason_for_names(door: TestClient) -> None:
    run = screen(
        door, EPHEDRINE, ESTER, ANHYDRIDE, {**EPHEDRINE, "smiles": None, "inchikey": "KWGRBVOPPLSCSI-UHFFFAOYSA-N"}
    )
    for position in (0, 1):
        answer = door.get(f"/v1/decisions/{run}-{position}/findings/0/evidence.svg")
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, SVG), answer.text
        assert answer.text.count("<svg") == 1
        assert "#FF7F7F" in answer.text, "the matched atoms are highlighted"
    for position, why in ((2, "found by name"), (3, "InChIKey cannot be drawn")):
        answer = door.get(f"/v1/decisions/{run}-{position}/findings/0/evidence.svg")
        assert problem(answer) == (404, "no-structure")
        assert why in answer.json()["detail"]
    assert problem(door.get(f"/v1/decisions/{run}-0/findings/7/evidence.svg")) == (404, "not-found")
    assert problem(door.get(f"/v1/decisions/{run}-0/findings/x/evidence.svg")) == (422, "invalid-request")


def test_only_alarms_are_kept_whole_where_that_is_asked(compiled: Settings, new_database: NewDatabase) -> None:
    with opened(compiled.model_copy(update={"keep_records": "alarms", "database_url": new_database()})) as door:
        screen(door, {"description": "cotton"}, ANHYDRIDE)
        screen(door, {"description": "cotton"})
        with door.app.state.desk.database.connect() as connection:  # type: ignore[attr-defined]
            assert connection.execute(select(RECORD_BLOCKS.c.records)).scalars().all() == [1]


@pytest.fixture
def earlier(compiled: Settings, amendment: Amendment, database_url: str) -> Settings:
    """The settings of a service before the amendment."""
    given = {"index": amendment.index, "watchlists": amendment.before, "database_url": database_url}
    return compiled.model_copy(update=given)


@pytest.fixture
def story(earlier: Settings, amendment: Amendment) -> Iterator[tuple[TestClient, str]]:
    """A service after the amendment, with a run from before it and a review of its alarm."""
    with opened(earlier) as door:
        run = screen(door, PIPERIDONE, {"description": "cotton"}, ANHYDRIDE, instruments=["eu-111-2005", "un-1988"])
        old = door.get("/v1/decisions", params={"run_id": run}).json()["items"][0]["id"]
        said = {"disposition": "cleared", "reason": "seen", "reviewer": "desk 4"}
        assert door.post(f"/v1/decisions/{old}/review", json=said).status_code == 200
    with opened(earlier.model_copy(update={"watchlists": amendment.after})) as door:
        yield door, old


def test_a_newer_law_is_seen_in_the_releases_in_their_difference_and_in_the_records(
    story: tuple[TestClient, str],
) -> None:
    door, old = story
    releases = door.get("/v1/releases").json()["items"]
    assert sorted(each["current"] for each in releases) == [False, True]
    assert all(each["usable"] for each in releases)
    first = door.get("/v1/releases", params={"limit": 1}).json()
    second = door.get("/v1/releases", params={"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0], second["items"][0]] == releases
    (before,) = [each["release"] for each in releases if not each["current"]]
    (after,) = [each["release"] for each in releases if each["current"]]

    difference = door.get(f"/v1/releases/{before[:8]}/diff/{after}").json()
    (instrument,) = difference["instruments"]
    assert {each["change"] for each in instrument["entries"]} == {"begun"}
    assert problem(door.get(f"/v1/releases/{before}/diff/ffffffffff")) == (404, "not-found")
    assert problem(door.get(f"/v1/releases/{before[:3]}/diff/{after}")) == (404, "not-found")

    done = door.post("/v1/rescreenings").json()
    assert (done["passed"], done["screened"], done["changed"], done["left"]) == (3, 1, 1, 0)
    (line,) = door.get("/v1/decisions", params={"run_id": done["run_id"]}).json()["items"]
    assert (line["replaces"], line["status"]) == (old, "open"), "it was cleared under another law"
    run, _, position = old.rpartition("-")
    assert line["origin"] == {"run_id": run, "position": int(position)}
    replaced = door.get(f"/v1/decisions/{old}").json()
    assert (replaced["status"], replaced["replaced_by"]) == ("replaced", line["id"])
    said = {"disposition": "cleared", "reason": "seen", "reviewer": "desk 4"}
    answer = door.post(f"/v1/decisions/{old}/review", json=said)
    assert problem(answer) == (409, "decision-replaced")
    assert line["id"] in answer.json()["detail"]

    for decision in (old, line["id"]):
        assert door.post(f"/v1/decisions/{decision}/replay").json()["identical"], "each by its own law"
    assert door.get(f"/v1/decisions/{line['id']}").json()["trigger"] == "release"


def test_a_release_or_policy_that_is_not_here_is_said_to_be_so(
    story: tuple[TestClient, str], compiled: Settings, database_url: str
) -> None:
    door, old = story
    elsewhere = compiled.model_copy(update={"database_url": database_url, "index": compiled.index})
    known = {each["release"] for each in door.get("/v1/releases").json()["items"] if not each["current"]}
    with opened(elsewhere) as other:
        assert not known & {each["release"] for each in other.get("/v1/releases").json()["items"]}
        assert problem(other.post(f"/v1/decisions/{old}/replay")) == (409, "release-not-here")
        with other.app.state.desk.database.begin() as connection:  # type: ignore[attr-defined]
            connection.execute(update(POLICIES).values(knobs={"colour": "red"}))
        assert problem(other.post(f"/v1/decisions/{old}/replay")) == (409, "release-not-here")
