"""Workbooks, NDJSON and Parquet: the same records as from text."""

import datetime
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.errors import UnreadableFileError
from app.domain.records import UNREADABLE
from app.records.source import Batch, Source, open_records


def opened(content: bytes, name: str = "upload") -> Source:
    return open_records(io.BytesIO(content), name=name)


def only_batch(source: Source) -> Batch:
    (batch,) = source.batches()
    return batch


def workbook(*sheets: list[list[object]], hidden: int | None = None) -> bytes:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"Sheet {number}")
        assert sheet is not None
        for row in rows:
            sheet.append(row)  # type: ignore[union-attr]
        if number == hidden:
            sheet.sheet_state = "hidden"
    sink = io.BytesIO()
    book.save(sink)
    book.close()
    return sink.getvalue()


def test_a_workbook_is_read_from_its_first_filled_sheet_below_its_titles() -> None:
    day = datetime.datetime(2025, 3, 1)
    content = workbook(
        [],
        [
            ["Export register"],
            [],
            ["SB No", "Goods Description", "HS Code", "Net Weight (KG)", "SB Date"],
            [7, "ACETIC ANHYDRIDE", 29152400.0, 1.5, day],
            [],
            [8, "STEEL", "7304.11", 2000, datetime.datetime(2025, 3, 1, 12, 30)],
            [9, None, None, None, None],
        ],
        [["other"]],
    )
    source = opened(content, "register.csv")
    assert source.recognised.format == "xlsx"
    assert source.recognised.header_row == 3
    assert any("not read: 'Sheet', 'Sheet 2'" in note for note in source.recognised.notes)
    records = only_batch(source).records.to_pylist()
    assert [record["hs_code"] for record in records] == ["29152400", "7304.11", None]
    assert [record["date"] for record in records] == ["2025-03-01", "2025-03-01 12:30:00", None]
    assert [(record["quantity"], record["unit"]) for record in records] == [("1.5", "kg"), ("2000", "kg"), (None, None)]
    assert [record[UNREADABLE] for record in records] == [None, None, None]


def test_a_visible_sheet_comes_before_a_hidden_one() -> None:
    content = workbook([["description"], ["old"]], [["description"], ["ACETONE"]], hidden=0)
    assert only_batch(opened(content)).records["description"].to_pylist() == ["ACETONE"]


def test_an_empty_workbook_and_a_damaged_one_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match="none of its sheets"):
        opened(workbook([]))
    with pytest.raises(UnreadableFileError, match="damaged"):
        opened(workbook([["description"], ["ACETONE"]])[:-200])


def test_a_workbook_that_unpacks_to_far_too_much_is_refused() -> None:
    content = workbook([["description"], ["ACETONE"]])
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as bomb:
        for member in source.infolist():
            bomb.writestr(member, source.read(member))
        bomb.writestr("xl/media/bomb.bin", b"\0" * (80 << 20))
    with pytest.raises(UnreadableFileError, match="would unpack to"):
        opened(sink.getvalue())


def test_other_zip_files_are_named() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("goods.csv", "id,description\n")
    with pytest.raises(UnreadableFileError, match="ZIP archive without a workbook"):
        opened(sink.getvalue())


def test_json_objects_without_any_key_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match="none of its JSON objects has a key"):
        opened(b"{}\n{}\n")
    assert only_batch(opened(b'{}\n{"description": "ACETONE"}\n')).records["description"].to_pylist() == [
        None,
        "ACETONE",
    ]


def test_ndjson_has_every_key_as_a_column_and_keeps_bad_lines() -> None:
    lines = [
        '{"id": 1, "description": "ACETONE", "hs": 2914.10, "more": {"lot": 7, "grades": ["AR", 1.50]}}',
        '{"id": 2, "description": null, "late": true}',
        "",
        "this is no object",
        "[1]",
        '{"id": 3, "description": "bad \\ud800 escape"}',
    ]
    source = opened(("\n".join(lines) + "\n").encode())
    assert source.recognised.format == "ndjson"
    assert source.recognised.columns == ("id", "description", "hs", "more", "late", "unparsed_line")
    batch = only_batch(source)
    assert batch.rows.num_rows == 5
    first = batch.rows.to_pylist()[0]
    assert (first["id"], first["hs"], json.loads(first["more"])) == ("1", "2914.10", {"lot": 7, "grades": ["AR", 1.5]})
    assert batch.rows["late"].to_pylist()[1] == "true"
    assert batch.rows["unparsed_line"].to_pylist()[2:4] == ["this is no object", "[1]"]
    assert [bool(why) for why in batch.records[UNREADABLE].to_pylist()] == [False, False, True, True, True]
    assert batch.records["description"].to_pylist()[4] == "bad \ufffd escape"


def test_deeply_nested_json_is_a_bad_line_and_no_crash() -> None:
    source = opened(b'{"id": 1, "description": "ACETONE"}\n' + b'{"a":' + b"[" * 200_000 + b"\n")
    assert [bool(why) for why in only_batch(source).records[UNREADABLE].to_pylist()] == [False, True]


def test_parquet_keeps_its_types_and_its_records_are_text() -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int32()),
            "description": pa.array(["ACETONE", None]).dictionary_encode(),
            "quantity": pa.array([5.0, 2.5]),
            "unit": pa.array(["kg", "kg"], pa.large_string()),
            "date": pa.array([datetime.date(2025, 3, 1), None]),
            "value": pa.array([Decimal("1.50"), Decimal("2.00")]),
            "lots": pa.array([[{"lot": 1}], None]),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    source = opened(sink.getvalue(), "goods.csv")
    assert source.recognised.format == "parquet"
    batch = only_batch(source)
    assert batch.rows.schema.field("id").type == pa.int32()
    assert batch.rows["lots"].to_pylist() == ['[{"lot": 1}]', None]
    assert batch.records.select(["record_id", "description", "quantity", "date"]).to_pylist() == [
        {"record_id": "1", "description": "ACETONE", "quantity": "5", "date": "2025-03-01"},
        {"record_id": "2", "description": None, "quantity": "2.5", "date": None},
    ]


def test_a_parquet_file_is_cut_into_batches_and_a_damaged_one_refused() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"description": [f"GOODS {number}" for number in range(100)]}), sink, row_group_size=30)
    source = opened(sink.getvalue())
    assert [batch.first_row for batch in source.batches(40)] == [1, 41, 81]
    with pytest.raises(UnreadableFileError, match="damaged"):
        opened(sink.getvalue()[:-20])
