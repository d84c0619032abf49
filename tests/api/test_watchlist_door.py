"""The watchlist by substance, by law and by time, through HTTP."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from starlette.testclient import TestClient


def everything(door: TestClient, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        answer = door.get(path, params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            return items
        query["cursor"] = page["next"]


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_substances_come_page_by_page_without_one_missing(sqlite_door: TestClient, limit: int) -> None:
    watchlist = sqlite_door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    found = [each["id"] for each in everything(sqlite_door, "/v1/substances", limit=limit)]
    assert found == sorted(each.id for each in watchlist.substances)


@pytest.mark.parametrize("words", ["ACETIC ANH", "108-24-7", "acetic-anhydride", "無水酢酸", "  acetic anhydride "])
def test_a_substance_is_found_by_name_number_and_script(sqlite_door: TestClient, words: str) -> None:
    assert "acetic-anhydride" in {each["id"] for each in everything(sqlite_door, "/v1/substances", q=words)}


def test_nothing_is_found_for_words_that_name_nothing(sqlite_door: TestClient) -> None:
    assert everything(sqlite_door, "/v1/substances", q="no such thing") == []


def test_a_substance_says_its_names_and_where_the_law_names_it(sqlite_door: TestClient) -> None:
    substance = sqlite_door.get("/v1/substances/acetic-anhydride").json()
    assert (substance["cas"], substance["smiles"]) == (["108-24-7"], "CC(=O)OC(C)=O")
    assert {"text", "language", "kind", "source", "cas"} == set(substance["names"][0])
    assert "un-1988" in {entry["instrument"] for entry in substance["entries"]}


def test_a_structure_is_a_drawing_that_needs_nothing_from_elsewhere(sqlite_door: TestClient) -> None:
    answer = sqlite_door.get("/v1/substances/acetic-anhydride/structure.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert b"href" not in answer.content
    head = sqlite_door.head("/v1/substances/acetic-anhydride/structure.svg")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(answer.content)))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/substances/unobtainium",
        "/v1/substances/unobtainium/structure.svg",
        "/v1/instruments/atlantis-1/entries",
        "/v1/substances/%00",
        "/v1/nothing",
        "/",
        "/v1/screenings/",
    ],
)
def test_what_is_not_there_is_a_problem_404(sqlite_door: TestClient, path: str) -> None:
    answer = sqlite_door.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert answer.headers["content-type"] == "application/problem+json"


def test_instruments_come_with_how_many_entries_they_have(sqlite_door: TestClient) -> None:
    watchlist = sqlite_door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    found = {each["id"]: each["entries"] for each in everything(sqlite_door, "/v1/instruments", limit=2)}
    assert found == {each.id: len(each.entries) for each in watchlist.instruments}


def test_an_entry_is_in_force_from_its_first_day_until_the_day_before_its_end(sqlite_door: TestClient) -> None:
    watchlist = sqlite_door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    dated = [entry for each in watchlist.instruments for entry in each.entries if entry.begins is not None]
    for entry in dated[:3]:
        path = f"/v1/instruments/{entry.instrument}/entries"
        before = entry.begins.replace(year=entry.begins.year - 1)
        on_first = {each["id"] for each in everything(sqlite_door, path, on=entry.begins.isoformat())}
        assert entry.id in on_first
        assert entry.id not in {each["id"] for each in everything(sqlite_door, path, on=before.isoformat())}


def test_the_release_in_use_is_the_one_that_decisions_name(sqlite_door: TestClient) -> None:
    (release,) = [each for each in everything(sqlite_door, "/v1/releases") if each["current"]]
    decided = sqlite_door.post("/v1/screenings", json={"records": []}).json()
    assert (release["release"], release["index"]) == (decided["release"], decided["index"])
    assert release["usable"] is True
    assert min(release[name] for name in ("substances", "names", "instruments", "entries")) > 0


CURSORS = [
    "x",
    "!!",
    "",
    "WyJzdWJzdGFuY2VzIiwxXQ",
    "bnVsbA",
    "é",
    "W10",
    "WyJkZWNpc2lvbnMiLCJ4Iiw5OTk5OTk5OTk5OTk5OTk5OTld",
]


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("path", ["/v1/substances", "/v1/decisions", "/v1/instruments/un-1988/entries", "/v1/releases"])
def test_a_cursor_that_was_not_given_out_is_refused(sqlite_door: TestClient, path: str, cursor: str) -> None:
    answer = sqlite_door.get(path, params={"cursor": cursor})
    assert answer.status_code == 422
    assert [fault["place"] for fault in answer.json()["errors"]] == ["?cursor"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/v1/substances?limit=0", "?limit"),
        ("/v1/substances?limit=201", "?limit"),
        ("/v1/substances?limit=x", "?limit"),
        ("/v1/decisions?verdict=not_listed", "?verdict"),
        ("/v1/decisions?run_id=1", "?run_id"),
        ("/v1/instruments/un-1988/entries?on=2025-02-30", "?on"),
        ("/v1/instruments/un-1988/entries?on=1e9", "?on"),
        ("/v1/substances?limit=1&limit=2", "?limit"),
    ],
)
def test_a_parameter_with_a_wrong_value_is_named(sqlite_door: TestClient, path: str, place: str) -> None:
    answer = sqlite_door.get(path)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [fault["place"] for fault in answer.json()["errors"]] == [place]


PATHS = ["/v1/substances", "/v1/substances/acetic-anhydride", "/v1/instruments", "/v1/releases", "/v1/decisions"]


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"])
def test_unknown_query_parameters_are_refused_by_name(sqlite_door: TestClient, path: str) -> None:
    answer = sqlite_door.get(path, params={"colour": "red", "limt": "2"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-parameter")
    assert [fault["place"] for fault in answer.json()["errors"]] == ["?colour", "?limt"]


@pytest.mark.parametrize("path", ["/v1/screenings", "/v1/screenings/file", "/v1/resolve"])
def test_posts_refuse_unknown_query_parameters_too(sqlite_door: TestClient, path: str) -> None:
    answer = sqlite_door.post(path, params={"asof": "2025-01-01"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-parameter")
