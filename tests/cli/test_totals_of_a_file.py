"""`screen --totals`: a split delivery is raised and its rows are listed, whatever the blocks and workers."""

import csv
import json

from app.records.source import BLOCK_ROWS

HEADER = "id,description,quantity,unit,origin,destination,date,consignor,consignee\n"


def toluene(number, kg, consignee, day):
    return f"{number},TOLUENE,{kg},kg,IN,US,2025-03-{day:02},Alpha Ltd,{consignee}\n"


def split_over_two_blocks(path):
    """Rows 1, 2 and the last but one belong together; the file is longer than a block."""
    between = [f"{number},cotton shirts,,,IN,US,,,\n" for number in range(4, BLOCK_ROWS + 5)]
    rows = [toluene(1, 600, "Beta", 1), toluene(2, 600, "BETA", 2), toluene(3, 900, "Gamma", 3), *between]
    last = BLOCK_ROWS + 5
    path.write_text(HEADER + "".join([*rows, toluene(last, 600, "beta", 9), toluene(last + 1, 600, "Gamma", 9)]))
    return path, last


def test_a_split_is_found_across_blocks_and_listed_the_same_by_any_number_of_workers(run, tmp_path):
    source, last = split_over_two_blocks(tmp_path / "in.csv")
    made = []
    for workers in (1, 2):
        files = {name: tmp_path / f"{name}{workers}" for name in ("out", "findings", "totals")}
        options = [part for name, path in files.items() for part in (f"--{name}", path)]
        ended = run("screen", source, "--instrument", "us-cfr-1310", "--workers", workers, *options)
        assert ended.status == 0, ended.err
        assert "1 total(s) of several rows reach a threshold" in ended.err
        made.append({name: path.read_bytes() for name, path in files.items()})
    assert made[0] == made[1]
    rows = {row["id"]: row for row in csv.DictReader(made[0]["out"].decode().splitlines())}
    alarms = {number: row["verdict"] for number, row in rows.items() if row["verdict"] != "not_listed"}
    assert alarms == {
        "1": "conditional",
        "2": "conditional",
        "3": "conditional",
        str(last): "controlled",
        str(last + 1): "conditional",
    }
    assert "with rows 1, 2 the total of 2025-03" in rows[str(last)]["reason"]
    findings = [json.loads(line) for line in made[0]["findings"].splitlines()]
    assert [(each["row"], each["verdict"]) for each in findings if each["verdict"] == "controlled"] == [
        (last, "controlled")
    ]
    assert len(findings) == 5
    totals = list(csv.DictReader(made[0]["totals"].decode().splitlines()))
    assert [(each["consignee"], each["total"], each["reached"], each["rows"]) for each in totals] == [
        ("beta", "1800.0", "yes", f"1 2 {last}"),
        ("gamma", "1500.0", "no", f"3 {last + 1}"),
    ]


def test_the_table_of_totals_may_not_be_the_input(run_here, tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(HEADER + toluene(1, 600, "Beta", 1))
    ended = run_here("screen", source, "--totals", source)
    assert ended.status == 2
    assert source.read_text().startswith(HEADER)


def test_a_file_without_totals_has_a_table_of_its_header_alone(run_here, goods, tmp_path):
    assert run_here("screen", goods, "--totals", tmp_path / "totals.csv").status == 0
    assert len((tmp_path / "totals.csv").read_text().splitlines()) == 1
