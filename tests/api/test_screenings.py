"""Records as JSON, through HTTP, over a real database."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.asked import MAX_RECORDS

ANHYDRIDE = {
    "record_id": "1",
    "description": "200 DRUMS ACETIC ANHYDRIDE 99%",
    "hs_code": "2915.24",
    "origin": "IN",
    "destination": "US",
    "date": "2025-03-01",
}
SALT = {"record_id": "2", "description": "SODIUM CHLORIDE, FOOD GRADE, 25 KG BAGS", "origin": "IN", "destination": "US"}


def screen(door: TestClient, *records: dict[str, Any], **others: Any) -> Any:
    answer = door.post("/v1/screenings", json={"records": list(records), **others})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(door: TestClient, body: Any, status: int = 422, kind: str = "invalid-request") -> list[dict[str, str]]:
    answer = door.post("/v1/screenings", json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, f"/problems/{kind}")
    assert problem["instance"] == "/v1/screenings"
    return list(problem["errors"])


def test_acetic_anhydride_is_an_alarm_and_salt_is_not(door: TestClient) -> None:
    answer = screen(door, ANHYDRIDE, SALT)
    first, second = answer["decisions"]
    assert (first["record_id"], first["verdict"]) == ("1", "controlled")
    assert first["findings"][0]["substance_id"] == "acetic-anhydride"
    assert first["findings"][0]["cas"] == ["108-24-7"]
    assert first["checked"]["date_of_law"] == "2025-03-01"
    assert (second["record_id"], second["verdict"], second["findings"]) == ("2", "not_listed", [])
    assert answer["counts"] == {"controlled": 1, "conditional": 0, "review": 0, "undetermined": 0, "not_listed": 1}


def test_every_record_gets_one_decision_in_its_place(door: TestClient) -> None:
    records = [{**(ANHYDRIDE if place % 3 else SALT), "record_id": f"r{place}"} for place in range(MAX_RECORDS)]
    answer = screen(door, *records)
    assert [each["record_id"] for each in answer["decisions"]] == [each["record_id"] for each in records]
    assert sum(answer["counts"].values()) == MAX_RECORDS


def test_alarms_are_kept_and_the_others_are_only_counted(door: TestClient) -> None:
    before = datetime.now(UTC)
    answer = screen(door, SALT, ANHYDRIDE)
    page = door.get("/v1/decisions", params={"run_id": answer["run_id"]}).json()
    (line,) = page["items"]
    assert page["next"] is None
    assert (line["position"], line["verdict"], line["substance_ids"]) == (1, "controlled", ["acetic-anhydride"])

    kept = door.get(f"/v1/decisions/{line['id']}").json()
    assert kept["decision"] == answer["decisions"][1]
    assert {name: kept[name] for name in ("run_id", "release", "index", "policy", "version")} == {
        name: answer[name] for name in ("run_id", "release", "index", "policy", "version")
    }
    assert kept["door"] == "http-json"
    assert kept["created_at"].endswith("Z")
    assert before <= datetime.fromisoformat(kept["created_at"]) <= datetime.now(UTC)


def test_kept_alarms_can_be_paged_through_without_missing_one(door: TestClient) -> None:
    run = screen(door, *[{**ANHYDRIDE, "record_id": str(place)} for place in range(7)])["run_id"]
    seen: list[int] = []
    query: dict[str, Any] = {"run_id": run, "verdict": "controlled", "limit": 3}
    while True:
        page = door.get("/v1/decisions", params=query).json()
        seen += [each["position"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == list(range(7))
    assert door.get("/v1/decisions", params={"run_id": run, "verdict": "review"}).json()["items"] == []


def test_a_decision_nobody_kept_is_not_found(door: TestClient) -> None:
    for name in ("nonsense", "00000000-0000-7000-8000-000000000000-0", "%00", "a" * 500):
        answer = door.get(f"/v1/decisions/{name}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_no_records_are_no_decisions(door: TestClient) -> None:
    assert screen(door)["decisions"] == []


def test_the_law_of_another_day_can_be_asked_for(sqlite_door: TestClient) -> None:
    answer = screen(sqlite_door, ANHYDRIDE, as_of="1990-01-01")
    assert answer["decisions"][0]["checked"]["date_of_law"] == "1990-01-01"
    assert answer["decisions"][0]["checked"]["date_from"] == "as_of"


def test_only_the_instruments_asked_for_are_checked(sqlite_door: TestClient) -> None:
    answer = screen(sqlite_door, ANHYDRIDE, instruments=["un-1988"])
    assert answer["decisions"][0]["checked"]["instruments"] == ["un-1988"]
    assert {entry["instrument"] for entry in answer["decisions"][0]["findings"][0]["entries"]} == {"un-1988"}


def test_an_instrument_nobody_knows_is_named_with_its_place(sqlite_door: TestClient) -> None:
    (fault,) = refused(sqlite_door, {"records": [SALT], "instruments": ["un-1988", "atlantis-1"]})
    assert fault["place"] == "#/instruments/1"
    assert "atlantis-1" in fault["what"]
    assert "un-1988" in fault["what"]


def test_unknown_fields_are_refused_by_name(sqlite_door: TestClient) -> None:
    faults = refused(sqlite_door, {"records": [SALT, {"descripton": "x"}], "asof": None}, kind="unknown-field")
    assert {fault["place"] for fault in faults} == {"#/records/1/descripton", "#/asof"}
    assert {fault["what"] for fault in faults} == {"is not a known field"}


@pytest.mark.parametrize(
    ("record", "place"),
    [
        ({"description": "x" * 4_001}, "#/records/0/description"),
        ({"description": 5}, "#/records/0/description"),
        ({"description": "a\x00b"}, "#/records/0/description"),
        ({"cas": [1]}, "#/records/0/cas"),
        ({"cas": ["x"] * 51}, "#/records/0/cas"),
        ({"quantity": True}, "#/records/0/quantity"),
        ({"quantity": {}}, "#/records/0/quantity"),
        ({"hs_code": -1}, "#/records/0/hs_code"),
        ("a line", "#/records/0"),
        (None, "#/records/0"),
    ],
)
def test_a_wrong_value_is_named_with_its_record_and_field(sqlite_door: TestClient, record: Any, place: str) -> None:
    assert [fault["place"] for fault in refused(sqlite_door, {"records": [record]})] == [place]


def test_a_description_of_4000_characters_is_taken(sqlite_door: TestClient) -> None:
    screen(sqlite_door, {"description": "é" * 4_000})


@pytest.mark.parametrize("body", [[], {}, "x", 1, True, {"records": None}, {"records": {}}])
def test_a_body_of_another_shape_is_refused(sqlite_door: TestClient, body: Any) -> None:
    assert refused(sqlite_door, body)


def test_more_records_than_allowed_are_refused(sqlite_door: TestClient) -> None:
    (fault,) = refused(sqlite_door, {"records": [{}] * (MAX_RECORDS + 1)})
    assert fault["place"] == "#/records"


@pytest.mark.parametrize(
    "day", ["yesterday", "01/02/2025", "2025-02-30", "2025-1-1", 0, 20250101, "2025-01-01T00:00:00"]
)
def test_a_day_of_law_that_is_no_iso_day_is_refused_and_not_guessed(sqlite_door: TestClient, day: Any) -> None:
    assert [fault["place"] for fault in refused(sqlite_door, {"records": [], "as_of": day})] == ["#/as_of"]


@pytest.mark.parametrize(
    ("field", "given", "text"),
    [
        ("hs_code", 29152400, "29152400"),
        ("quantity", 37.0, "37"),
        ("quantity", 0.1, "0.1"),
        ("un_number", 1715, "1715"),
    ],
)
def test_numbers_mean_what_they_mean_as_text(sqlite_door: TestClient, field: str, given: Any, text: str) -> None:
    one, other = screen(sqlite_door, {**ANHYDRIDE, field: given}, {**ANHYDRIDE, field: text})["decisions"]
    assert one == other


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"records":' + b"[" * 5_000 + b"]" * 5_000 + b"}", b"NaN", b"\x00"],
)
def test_what_is_no_json_is_a_clear_refusal(sqlite_door: TestClient, body: bytes) -> None:
    answer = sqlite_door.post("/v1/screenings", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_deeply_nested_values_are_refused_without_failing(sqlite_door: TestClient) -> None:
    nested = b'{"records":[{"description":' + b'{"a":' * 150 + b"1" + b"}" * 150 + b"}]}"
    answer = sqlite_door.post("/v1/screenings", content=nested, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/jsonx", "multipart/form-data"])
def test_a_body_that_does_not_say_it_is_json_is_not_taken(sqlite_door: TestClient, kind: str) -> None:
    answer = sqlite_door.post("/v1/screenings", content=b'{"records": []}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")


def test_a_body_that_is_too_large_is_refused_by_its_length_and_by_its_bytes(small_door: TestClient) -> None:
    body = b'{"records": [' + b" " * 2_000 + b"]}"
    json_type = {"Content-Type": "application/json"}
    declared = small_door.post("/v1/screenings", content=body, headers=json_type)
    streamed = small_door.post("/v1/screenings", content=iter([body[:1_500], body[1_500:]]), headers=json_type)
    assert [each.status_code for each in (declared, streamed)] == [413, 413]
    assert declared.json()["type"] == "/problems/too-large"
    assert "2000" in declared.json()["detail"]


def test_names_are_resolved_one_by_one_in_order(sqlite_door: TestClient) -> None:
    answer = sqlite_door.post("/v1/resolve", json={"names": ["acetic anhydride", "sodium chloride", "ephedrine HCl"]})
    assert answer.status_code == 200, answer.text
    first, second, third = answer.json()["resolutions"]
    assert [each["text"] for each in (first, second, third)] == ["acetic anhydride", "sodium chloride", "ephedrine HCl"]
    assert [mention["substance_id"] for mention in first["mentions"]] == ["acetic-anhydride"]
    assert not [mention for mention in second["mentions"] if mention["outcome"] == "listed"]
    assert third["mentions"][0]["substance_id"] == "ephedrine"


@pytest.mark.parametrize("body", [{"names": []}, {"names": ["x"] * 101}, {"names": "x"}, {"name": "x"}])
def test_names_of_another_shape_are_refused(sqlite_door: TestClient, body: Any) -> None:
    answer = sqlite_door.post("/v1/resolve", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_records_that_add_up_to_a_threshold_are_raised_and_shown(sqlite_door: TestClient) -> None:
    goods = {"description": "TOLUENE", "unit": "kg", "origin": "IN", "destination": "US", "date": "2025-03-01"}
    parties = {"consignor": "Alpha", "consignee": "Beta"}
    records = [{**goods, **parties, "quantity": kg} for kg in (800, 791, 1)]
    answer = screen(sqlite_door, *records, instruments=["us-cfr-1310"])
    assert [each["verdict"] for each in answer["decisions"]] == ["conditional", "controlled", "controlled"]
    (total,) = answer["totals"]
    assert (total["total"], total["threshold"], total["reached"], total["rows"]) == (1592.0, 1591.0, True, [1, 2, 3])
    assert total["reached_at_row"] == 2
    page = sqlite_door.get("/v1/decisions", params={"run_id": answer["run_id"]}).json()
    assert sorted(line["verdict"] for line in page["items"]) == ["conditional", "controlled", "controlled"]


def test_an_uploaded_file_has_the_same_rows_raised(sqlite_door: TestClient) -> None:
    lines = ["description,quantity,unit,origin,destination,date,consignor,consignee"]
    lines += [f"TOLUENE,{kg},kg,IN,US,2025-03-01,Alpha,Beta" for kg in (800, 791, 1)]
    answer = sqlite_door.post(
        "/v1/screenings/file",
        params={"instrument": "us-cfr-1310"},
        content="\n".join(lines),
        headers={"content-type": "text/csv", "accept": "application/x-ndjson"},
    )
    assert answer.status_code == 200, answer.text
    verdicts = [json.loads(line)["verdict"] for line in answer.text.splitlines()]
    assert verdicts == ["conditional", "controlled", "controlled"]


@pytest.mark.parametrize("path", ["/v1/screenings", "/v1/screenings/file", "/v1/decisions/some-0/review"])
def test_a_key_that_would_not_keep_a_request_from_being_done_twice_is_refused(
    sqlite_door: TestClient, path: str
) -> None:
    answer = sqlite_door.post(path, json={"records": [ANHYDRIDE]}, headers={"Idempotency-Key": "once"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    (error,) = answer.json()["errors"]
    assert error["place"] == "header Idempotency-Key"
    assert "POST /v1/jobs" in error["what"]


def test_what_a_name_describes_is_drawn_beside_the_listed_structure(sqlite_door: TestClient) -> None:
    def draw(**asked: str | None) -> Any:
        return sqlite_door.post("/v1/resolve/evidence.svg", json=asked)

    ester = "isobutyl 2-phenylacetate"
    drawn = draw(name=f"5 KG {ester}")
    assert (drawn.status_code, drawn.headers["content-type"].partition(";")[0]) == (200, "image/svg+xml"), drawn.text
    assert drawn.text.count("<svg") == 1
    assert "#FF7F7F" in drawn.text, "the matched atoms are highlighted"
    assert draw(name=ester, substance="phenylacetic-acid").text == draw(name=ester, substance=None).text
    for asked, why in (
        ({"name": ester, "substance": "acetone"}, "acetone was not found in the text"),
        ({"name": "acetone"}, "Acetone: it was found by name"),
        ({"name": "cotton shirts"}, "no listed substance was found in the text"),
    ):
        answer = draw(**asked)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-structure")
        assert why in answer.json()["detail"]
    refused = sqlite_door.post("/v1/resolve/evidence.svg", json={"names": [ester]})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")
