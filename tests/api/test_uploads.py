"""Files through HTTP: every row answered in order, kept before it leaves, the same as over JSON."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from sqlalchemy import select
from starlette.testclient import TestClient

from app.records.answers import ANSWER_COLUMNS
from app.records.source import BLOCK_ROWS
from app.storage.tables import DECISIONS, RUNS

HEADERS = [
    "line_no",
    "goods_description",
    "hscode",
    "country_of_origin",
    "country_of_destination",
    "shipment_date",
    "Flag",
]
GOODS = [
    ("200 DRUMS ACETIC ANHYDRIDE 99%", "29152400"),
    ("SODIUM CHLORIDE, FOOD GRADE", "25010000"),
    ('EPHEDRINE HCL, "PHARMA"\nGRADE', "29394100"),
    ("CHEMICALS N.O.S.", ""),
    ("COTTON T-SHIRTS", "61091000"),
]


def rows(count: int) -> list[list[str]]:
    return [[str(place), *GOODS[place % len(GOODS)], "IN", "US", "2025-03-01", "=x"] for place in range(count)]


def as_csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADERS, *lines])
    return text.getvalue().encode()


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def upload(door: TestClient, content: bytes, accept: str = "text/csv", kind: str = "text/csv", **query: Any) -> Any:
    headers = {"Content-Type": kind, "Accept": accept}
    answer = door.post("/v1/screenings/file", content=content, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer


def refused(answer: Any, status: int, kind: str) -> Any:
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    return answer.json()


def test_every_row_comes_back_in_order_with_its_columns_before_the_answer(door: TestClient) -> None:
    lines = rows(2 * BLOCK_ROWS + 7)
    answer = upload(door, as_csv(lines))
    back = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert back[0] == [*HEADERS, *ANSWER_COLUMNS]
    assert [row[: len(HEADERS) - 1] for row in back[1:]] == [line[:-1] for line in lines]
    assert len(back) == len(lines) + 1


def test_the_run_of_a_file_is_finished_and_its_alarms_are_kept(door: TestClient) -> None:
    answer = upload(door, as_csv(rows(BLOCK_ROWS + 11)))
    back = read_csv(answer.content)
    run_id = answer.headers["precursor-watch-run"]
    database = door.app.state.desk.database  # type: ignore[attr-defined]
    with database.connect() as connection:
        run = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one()
        kept = connection.execute(
            select(DECISIONS.c.position, DECISIONS.c.verdict)
            .where(DECISIONS.c.run_id == run_id)
            .order_by(DECISIONS.c.position)
        ).all()
    alarms = ("controlled", "conditional", "review")
    assert [tuple(row) for row in kept] == [
        (place, row["verdict"]) for place, row in enumerate(back) if row["verdict"] in alarms
    ]
    assert kept
    assert run.finished_at is not None
    assert run.records == len(back)
    for verdict in (*alarms, "undetermined", "not_listed"):
        assert getattr(run, verdict) == sum(row["verdict"] == verdict for row in back)
    assert (run.door, len(run.input_sha256)) == ("http-file", 64)


def test_the_same_records_give_the_same_decisions_as_json_and_as_a_file(door: TestClient) -> None:
    lines = rows(50)
    records = [
        {
            "record_id": number,
            "description": goods,
            "hs_code": code,
            "origin": origin,
            "destination": destination,
            "date": day,
        }
        for number, goods, code, origin, destination, day, _ in lines
    ]
    as_json = door.post("/v1/screenings", json={"records": records}).json()
    answer = upload(door, as_csv(lines))
    by_file = read_csv(answer.content)
    for decision, row in zip(as_json["decisions"], by_file, strict=True):
        assert (decision["verdict"], decision["reason"]) == (row["verdict"], row["reason"])
        assert ("" if decision["score"] is None else f"{decision['score']:.3f}") == row["score"]
        assert "|".join(each["substance_id"] for each in decision["findings"]) == row["substance_id"]

    def kept(run_id: str) -> list[Any]:
        page = door.get("/v1/decisions", params={"run_id": run_id, "limit": 200}).json()
        return [door.get(f"/v1/decisions/{each['id']}").json()["decision"] for each in page["items"]]

    assert kept(as_json["run_id"]) == kept(answer.headers["precursor-watch-run"])


def test_the_three_formats_say_the_same(sqlite_door: TestClient) -> None:
    body = as_csv(rows(20))
    by_csv = read_csv(upload(sqlite_door, body).content)
    ndjson = upload(sqlite_door, body, "application/x-ndjson")
    by_ndjson = [json.loads(line) for line in ndjson.content.splitlines()]
    arrow = upload(sqlite_door, body, "application/vnd.apache.arrow.stream")
    by_arrow = pa.ipc.open_stream(arrow.content).read_all().to_pylist()
    assert by_ndjson == by_arrow
    for line, row in zip(by_ndjson, by_csv, strict=True):
        assert [line[name] for name in ANSWER_COLUMNS if name != "score"] == [
            row[name] for name in ANSWER_COLUMNS if name != "score"
        ]
        assert line["score"] == (float(row["score"]) if row["score"] else None)
    assert ndjson.headers["content-type"] == "application/x-ndjson"
    assert arrow.headers["content-type"] == "application/vnd.apache.arrow.stream"


def in_every_format() -> dict[str, bytes]:
    lines = rows(6)
    book, sheet = Workbook(), io.BytesIO()
    for line in [HEADERS, *lines]:
        book.active.append(line[:-1])
    book.save(sheet)
    table = pa.table({name: [line[place] for line in lines] for place, name in enumerate(HEADERS[:-1])})
    parquet = io.BytesIO()
    pq.write_table(table, parquet)
    ndjson = "\n".join(json.dumps(dict(zip(HEADERS[:-1], line, strict=False))) for line in lines)
    plain = "\r\n".join(
        "\t".join(text.replace("\n", " ").replace('"', "") for text in line) for line in [HEADERS, *lines]
    )
    return {
        "text/csv": as_csv(lines),
        "application/gzip": gzip.compress(as_csv(lines)),
        "text/tab-separated-values": plain.encode("utf-16"),
        "application/x-ndjson": ndjson.encode(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": sheet.getvalue(),
        "application/vnd.apache.parquet": parquet.getvalue(),
    }


@pytest.mark.parametrize("kind", in_every_format())
def test_files_of_every_format_are_taken(sqlite_door: TestClient, kind: str) -> None:
    found = read_csv(upload(sqlite_door, in_every_format()[kind], kind=kind).content)
    assert [row["line_no"] for row in found] == [str(place) for place in range(6)]
    assert found[0]["substance_id"] == "acetic-anhydride"


def test_a_multipart_upload_is_the_same_as_a_plain_body(sqlite_door: TestClient) -> None:
    body = as_csv(rows(5))
    parts = sqlite_door.post("/v1/screenings/file", files={"file": ("goods.csv", body, "text/csv")})
    assert parts.status_code == 200
    assert parts.content == upload(sqlite_door, body).content


def test_what_was_recognised_is_reported_and_can_be_overridden(sqlite_door: TestClient) -> None:
    body = b"a;b\r\n7;ACETIC ANHYDRIDE\r\n"
    answer = upload(sqlite_door, body, map=["description=b", "record_id=a"])
    recognised = json.loads(answer.headers["precursor-watch-recognised"])
    assert recognised["fields"] == {"record_id": "a", "description": "b"}
    assert (recognised["format"], recognised["delimiter"], recognised["header_row"]) == ("csv", ";", 1)
    assert read_csv(answer.content)[0]["substance_id"] == "acetic-anhydride"


@pytest.mark.parametrize("mapping", ["nonsense", "colour=b", "description=nowhere", "description=a&map=description=b"])
def test_a_mapping_that_does_not_fit_is_refused(sqlite_door: TestClient, mapping: str) -> None:
    answer = sqlite_door.post(
        f"/v1/screenings/file?map={mapping}", content=b"a,b\n1,2\n", headers={"Content-Type": "text/csv"}
    )
    assert refused(answer, 422, "invalid-request")["errors"][0]["place"] == "?map"


def test_the_law_of_a_day_and_of_one_instrument_can_be_asked_for(sqlite_door: TestClient) -> None:
    answer = upload(sqlite_door, as_csv(rows(1)), instrument=["un-1988"], as_of="2024-05-06")
    assert {name.split("/")[0] for name in read_csv(answer.content)[0]["entries"].split("|")} == {"un-1988"}
    unknown = sqlite_door.post("/v1/screenings/file?instrument=x", content=b"a", headers={"Content-Type": "text/csv"})
    assert refused(unknown, 422, "invalid-request")["errors"][0]["place"] == "?instrument"


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"PK\x03\x04 broken", b"\x1f\x8bbroken"]
)
def test_what_is_no_shipment_file_is_a_clear_refusal(sqlite_door: TestClient, content: bytes) -> None:
    answer = sqlite_door.post("/v1/screenings/file", content=content, headers={"Content-Type": "text/csv"})
    assert refused(answer, 422, "unreadable-file")["detail"]


def test_a_file_that_is_too_large_is_refused_however_it_comes(small_door: TestClient) -> None:
    body = as_csv(rows(100))
    plain = {"Content-Type": "text/csv"}
    declared = small_door.post("/v1/screenings/file", content=body, headers=plain)
    streamed = small_door.post("/v1/screenings/file", content=iter([body[:1_000], body[1_000:]]), headers=plain)
    parts = small_door.post("/v1/screenings/file", files={"file": ("a.csv", body)})
    for answer in (declared, streamed, parts):
        refused(answer, 413, "too-large")


@pytest.mark.parametrize("kind", ["application/json", "image/png", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_no_file_is_not_taken(sqlite_door: TestClient, kind: str) -> None:
    answer = sqlite_door.post("/v1/screenings/file", content=b"a,b\n", headers={"Content-Type": kind})
    assert "multipart/form-data" in refused(answer, 415, "unsupported-media-type")["detail"]


def test_a_format_that_cannot_be_given_is_refused_before_anything_is_read(sqlite_door: TestClient) -> None:
    headers = {"Content-Type": "text/csv", "Accept": "application/pdf"}
    refused(sqlite_door.post("/v1/screenings/file", content=b"a,b\n", headers=headers), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"data": ("a.csv", b"a,b\n")}, "data"),
        ({"file": ("a.csv", b"a,b\n"), "as_of": (None, b"2025-01-01")}, "as_of"),
        ({"file": (None, b"a,b\n")}, "file"),
    ],
)
def test_parts_that_are_not_known_are_refused_by_name(sqlite_door: TestClient, files: Any, place: str) -> None:
    answer = sqlite_door.post("/v1/screenings/file", files=files)
    assert answer.status_code == 422
    assert [fault["place"] for fault in answer.json()["errors"]] == [place]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"nothing of the kind"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--"),
    ],
)
def test_a_broken_multipart_body_is_a_clear_refusal(sqlite_door: TestClient, kind: str, body: bytes) -> None:
    answer = sqlite_door.post("/v1/screenings/file", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_of_an_upload_stays_on_the_disk(
    sqlite_door: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    upload(sqlite_door, as_csv(rows(10)))
    sqlite_door.post("/v1/screenings/file", files={"file": ("a.csv", as_csv(rows(10)))})
    sqlite_door.post("/v1/screenings/file", content=b"PK\x03\x04", headers={"Content-Type": "text/csv"})
    assert list(tmp_path.iterdir()) == []
