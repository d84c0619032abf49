"""Deliveries split over several files: added up where the database is asked."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ended

HEADER = "record_id,goods_description,quantity,unit,origin,destination,shipment_date,exporter,consignee"


def delivery(folder: Path, number: int, kilograms: int) -> Path:
    file = folder / f"part-{number}.csv"
    file.write_text(f"{HEADER}\n{number},TOLUENE,{kilograms},kg,IN,US,2025-03-1{number},Alpha Ltd,Beta Inc\n")
    return file


def test_a_delivery_split_over_three_files_is_found_with_history_and_not_without(
    run: Callable[..., Ended], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'kept.db'}"
    files = [delivery(tmp_path, number, 500 + 40 * number) for number in (1, 2, 3)]
    for file in files[:2]:
        ended = run("screen", file, "--history", "--instrument", "us-cfr-1310", PW_DATABASE_URL=database)
        assert [row["verdict"] for row in ended.rows] == ["conditional"]
    alone = run("screen", files[2], "--instrument", "us-cfr-1310", PW_DATABASE_URL=database)
    assert [row["verdict"] for row in alone.rows] == ["conditional"]
    for workers in (2, 1):  # the second time it is the same file, and counts once
        ended = run(
            "screen",
            files[2],
            "--history",
            "--instrument",
            "us-cfr-1310",
            "--workers",
            workers,
            PW_DATABASE_URL=database,
        )
        (row,) = ended.rows
        assert row["verdict"] == "controlled"
        assert "with 2 earlier records" in row["reason"]
        assert "is 1,740 kg, which reaches the threshold of 1,591 kg a month" in row["reason"]
