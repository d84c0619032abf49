"""The development evaluation files: real headers, real shipments and broken files of other projects' tests."""

import csv
import os
import re
from pathlib import Path

import pytest

from app.domain.errors import UnreadableFileError
from app.records.headers import recognise_headers
from app.records.source import open_records

ROOT = Path(__file__).resolve().parents[2]
EVAL = Path(os.environ.get("EVAL_DIR", ROOT.parent / "shared" / "eval"))
if not EVAL.is_dir():
    pytest.skip("the evaluation sets (EVAL_DIR) are not here", allow_module_level=True)

REFUSED = (".json", ".xls", ".ods", ".html")


def manifest() -> list[dict[str, str]]:
    path = EVAL / "csv" / "MANIFEST.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def plain_rows(path: Path, delimiter: str = ",") -> int:
    """Rows under the header as the standard library reads them, blank ones left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for row in csv.reader(file, delimiter=delimiter) if row) - 1


def real_headers() -> list[dict[str, str]]:
    path = EVAL / "real_headers.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", real_headers(), ids=lambda row: row["source_file"])
def test_real_headers_are_read_as_a_person_would(row: dict[str, str]) -> None:
    headers = row["columns_pipe_joined"].split("|")
    layout = recognise_headers(headers)
    found = {name: squashed(headers[position]) for name, position in layout.fields.items()}
    squashes = list(map(squashed, headers))
    assert found["hs_code"] == "HSCODE"
    own = [name for name in squashes if name in {"PRODUCTDESCRIPTION", "GOODSDESCRIPTION", "COMMERCIALDESCRIPTION"}]
    tariff = [name for name in squashes if name.startswith(("HSCODEDESCRIPTION", "HSDESCRIPTION"))]
    expected = own or [name for name in squashes if name == "PRODUCTDESCVN"] or tariff
    assert found.get("description") == (expected[0] if expected else None) or found["description"] in expected
    for field, names in {
        "consignor": ("EXPORTERNAME", "EXPORTER", "SUPPLIERNAME", "SUPPLIER", "SHIPPERNAME"),
        "consignee": ("IMPORTERNAME", "IMPORTER", "CONSIGNEENAME", "BUYERNAME"),
        "origin": ("ORIGINCOUNTRY", "COUNTRYOFORIGIN"),
        "destination": ("DESTINATIONCOUNTRY", "COUNTRYDESTINATION"),
        "record_id": ("RECORDID",),
    }.items():
        if set(names) & set(squashes):
            assert found[field] in names
    assert not any("ADDRESS" in squashed(headers[position]) for position in layout.also)


def squashed(header: str) -> str:
    return "".join(filter(str.isalnum, header.upper()))


def test_the_procurement_history_is_recognised() -> None:
    path = EVAL / "shipments" / "usaid_scms_first1500.csv"
    source = open_records(path, name=path.name)
    recognised = source.recognised
    assert recognised.encoding == "utf-8-sig"
    assert recognised.fields["description"] == "Item Description"
    assert recognised.fields["record_id"] == "ID"
    assert recognised.fields["consignor"] == "Vendor"
    assert recognised.fields["quantity"] == "Weight (Kilograms)"
    assert recognised.also_description == ("Molecule/Test Type", "Brand")
    batches = list(source.batches(500))
    assert sum(batch.rows.num_rows for batch in batches) == plain_rows(path)
    assert all(batch.records["unreadable"].null_count == batch.records.num_rows for batch in batches)
    assert (
        batches[0].records["description"][0].as_py().startswith("HIV, Reveal G3 Rapid HIV-1 Antibody Test, 30 Tests | ")
    )


def test_the_synthetic_customs_rows_are_recognised() -> None:
    path = EVAL / "shipments" / "korea_customs_synthetic_3000.csv"
    source = open_records(path, name=path.name)
    assert source.recognised.fields == {
        "record_id": "Declaration ID",
        "hs_code": "HS6 Code",
        "quantity": "Net Mass",
        "origin": "Country of Origin",
        "date": "Date",
        "consignor": "Seller ID",
        "consignee": "Importer ID",
    }
    (batch,) = source.batches()
    assert batch.rows.num_rows == 3_000
    assert batch.records.slice(0, 1).to_pylist()[0]["unit"] == "kg"


@pytest.mark.parametrize("name", ["names.csv", "structures.csv", "substances_key.csv"])
def test_the_evaluation_sets_themselves_are_read_row_by_row(name: str) -> None:
    source = open_records(EVAL / name, name=name)
    assert not {"cas", "inchikey"} & source.recognised.fields.keys() or name == "substances_key.csv"
    rows = sum(batch.rows.num_rows for batch in source.batches())
    assert rows == plain_rows(EVAL / name)


@pytest.mark.parametrize("listed", manifest(), ids=lambda row: row["file"])
def test_odd_files_end_in_rows_or_in_a_clear_error(listed: dict[str, str]) -> None:
    path = EVAL / "csv" / listed["file"]
    if path.suffix in REFUSED or listed["bytes"] == "0" or "all-empty" in path.name:
        with pytest.raises(UnreadableFileError, match="^" + re.escape(path.name)):
            open_records(path, name=path.name)
        return
    source = open_records(path, name=path.name)
    seen = 0
    for batch in source.batches(7):
        assert batch.first_row == seen + 1
        assert batch.rows.num_rows == batch.records.num_rows
        assert tuple(batch.rows.column_names) == source.recognised.columns
        seen += batch.rows.num_rows
    if path.name.startswith("pollock__"):
        # 84 lines, one of them the header, one row damaged on purpose: it may not take another with it.
        assert (source.recognised.header_row, seen) == (1, 83)
        damaged = [why for batch in source.batches() for why in batch.records["unreadable"].to_pylist() if why]
        assert len(damaged) <= 1
