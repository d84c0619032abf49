"""`precursor-watch screen`: files in, the same rows out with a verdict each."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from app.records.answers import ANSWER_COLUMNS, answer_table
from app.records.formulas import restore
from app.records.source import open_records
from app.screening.scope import Scope
from app.settings import Settings
from app.usecases.open_screener import open_screener

Run = Callable[..., object]
ROOT = Path(__file__).resolve().parents[2]
LISTED = {"1": "acetic-anhydride", "3": "ephedrine", "5": "toluene", "6": "acetic-anhydride"}
ALARMS = {"controlled", "conditional", "review"}


def table_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_row_comes_back_in_order_with_its_verdict(run, goods):
    ended = run("screen", goods)
    assert ended.status == 0, ended.err
    rows = ended.rows
    assert [row["line_no"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert {row["line_no"]: row["substance_id"].split("|")[0] for row in rows if row["verdict"] in ALARMS} == LISTED
    assert tuple(rows[0])[-len(ANSWER_COLUMNS) :] == ANSWER_COLUMNS


def test_the_input_columns_are_unchanged_and_first(run_here, goods):
    ended = run_here("screen", goods)
    found = [[restore(cell) for cell in row] for row in csv.reader(io.StringIO(ended.out.decode(), newline=""))]
    given = table_of(goods)
    assert [row[: len(given[0])] for row in found] == given


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless_and_ephedrine_keeps_its_bracket(run_here, goods):
    rows = run_here("screen", goods).rows
    assert rows[4]["goods_description"] == "'=HYPERLINK(1) toluene, technical"
    assert rows[2]["goods_description"] == "(-)-Ephedrine hydrochloride BP"


def as_tsv(table: pa.Table, path: Path) -> None:
    pa_csv.write_csv(table, path, pa_csv.WriteOptions(delimiter="\t"))


def as_gzip(table: pa.Table, path: Path) -> None:
    with gzip.open(path, "wb") as file:
        pa_csv.write_csv(table, file)


def as_xlsx(table: pa.Table, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
    book.save(path)


def as_ndjson(table: pa.Table, path: Path) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist()), "utf-8")


@pytest.mark.parametrize(
    ("ending", "write"),
    [("tsv", as_tsv), ("csv.gz", as_gzip), ("xlsx", as_xlsx), ("ndjson", as_ndjson), ("parquet", pq.write_table)],
)
def test_the_same_goods_are_judged_alike_in_every_format(run_here, goods, tmp_path, ending, write):
    rows = table_of(goods)
    columns = [list(column) for column in zip(*rows[1:], strict=True)]
    write(pa.table(columns, names=rows[0]), tmp_path / f"again.{ending}")
    expected = [{name: row[name] for name in ANSWER_COLUMNS} for row in run_here("screen", goods).rows]
    ended = run_here("screen", tmp_path / f"again.{ending}")
    assert ended.status == 0, ended.err
    assert [{name: row[name] for name in ANSWER_COLUMNS} for row in ended.rows] == expected


def test_the_three_answer_formats_say_the_same(run_here, goods, tmp_path):
    for ending in ("csv", "ndjson", "parquet"):
        assert run_here("screen", goods, "--out", tmp_path / f"a.{ending}", "--format", ending).status == 0
    written = run_here("screen", goods).rows
    lines = [json.loads(line) for line in (tmp_path / "a.ndjson").read_text("utf-8").splitlines()]
    table = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert lines == table
    for row, line in zip(written, lines, strict=True):
        assert line["score"] == (float(row["score"]) if row["score"] else None)
        assert [line[name] for name in ANSWER_COLUMNS if name != "score"] == [
            row[name] for name in ANSWER_COLUMNS if name != "score"
        ]


def test_standard_input_and_output_do(run, goods):
    by_name, by_pipe = run("screen", goods), run("screen", "-", "--out", "-", stdin=goods.read_bytes())
    assert by_pipe.status == 0, by_pipe.err
    assert by_pipe.out == by_name.out


def test_several_workers_write_the_bytes_of_one(run, many_lines, tmp_path):
    for workers in (1, 2):
        written = ("--out", f"{workers}.csv", "--findings", f"{workers}.ndjson")
        # Another seed of Python's hashes, so that nothing rests on the order of a set.
        ended = run("screen", many_lines, *written, "--workers", workers, PYTHONHASHSEED=str(workers))
        assert ended.status == 0, ended.err
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    assert (tmp_path / "1.ndjson").read_bytes() == (tmp_path / "2.ndjson").read_bytes()
    assert len(table_of(tmp_path / "1.csv")) == 30_001


def test_the_terminal_decides_as_the_core_does(run, goods, compiled: Settings):
    source = open_records(goods, name="goods")
    screener = open_screener(compiled.index, compiled.watchlists)
    (batch,) = source.batches()
    answers = answer_table(screener.screen(batch.records, Scope(today=datetime.now(UTC).date())))
    rows = run("screen", goods).rows
    assert [{name: restore(row[name]) for name in ANSWER_COLUMNS} for row in rows] == answers.to_pylist()


def test_findings_are_lines_of_json_that_name_their_row(run_here, goods, tmp_path):
    assert run_here("screen", goods, "--out", tmp_path / "a.csv", "--findings", tmp_path / "f.ndjson").status == 0
    lines = [json.loads(line) for line in (tmp_path / "f.ndjson").read_text("utf-8").splitlines()]
    assert {(line["row"], line["record_id"]) for line in lines} >= {(1, "1"), (3, "3"), (5, "5"), (6, "6")}
    first = lines[0]
    assert first["substance_id"] == "acetic-anhydride"
    assert {"score", "channels", "matched", "entries", "verdict", "notes", "cas", "checked"} <= first.keys()
    assert {"id", "instrument", "citation", "evidence", "duties", "why"} <= first["entries"][0].keys()


def test_what_was_recognised_and_the_verdicts_are_told_on_standard_error(run_here, goods):
    err = run_here("screen", goods).err
    for words in ("line_no", "goods_description", "cas_no", "utf-8", "comma", "not_listed", "all rows"):
        assert words in err


def test_a_column_that_bears_an_answers_name_keeps_it_and_the_answer_is_prefixed(run_here, tmp_path):
    (tmp_path / "in.csv").write_text("description,score\nacetone,7\n")
    ended = run_here("screen", tmp_path / "in.csv")
    assert ended.rows[0]["score"] == "7"
    assert 0 < float(ended.rows[0]["pw_score"]) <= 1
    assert "pw_score" in ended.err


def test_a_mapping_wins_over_what_the_headers_say(run_here, tmp_path):
    (tmp_path / "in.csv").write_text("description,remark\ncotton,toluene\n")
    assert run_here("screen", tmp_path / "in.csv").rows[0]["verdict"] == "not_listed"
    mapped = run_here("screen", tmp_path / "in.csv", "--map", "description=remark").rows[0]
    assert mapped["substance_id"] == "toluene"


def test_the_law_of_another_day_can_be_asked(run_here, tmp_path):
    (tmp_path / "in.csv").write_text("description\ntoluene\n")
    assert run_here("screen", tmp_path / "in.csv", "--as-of", "1950-01-01").status == 0
    findings = tmp_path / "f.ndjson"
    run_here("screen", tmp_path / "in.csv", "--as-of", "2024-05-06", "--findings", findings)
    assert json.loads(findings.read_text().splitlines()[0])["checked"]["date_of_law"] == "2024-05-06"


def test_one_instrument_can_be_asked_alone(run_here, tmp_path):
    (tmp_path / "in.csv").write_text("description\nacetic anhydride\n")
    entries = run_here("screen", tmp_path / "in.csv", "--instrument", "un-1988").rows[0]["entries"]
    assert entries
    assert {entry.split("/")[0] for entry in entries.split("|")} == {"un-1988"}


def test_no_progress_bar_is_drawn_where_nobody_looks(run, goods):
    assert "\x1b" not in run("screen", goods).err


def test_the_main_example_of_the_documents_is_what_the_terminal_tells(run, tmp_path):
    example = ROOT / "docs" / "examples" / "india-us.csv"
    told = run("screen", example, "--explain", "--out", tmp_path / "out.csv").err
    blocks = (ROOT / "docs" / "law.md").read_text("utf-8").split("```text\n")[1:]
    assert len(blocks) == 2
    for block in blocks:
        assert block.split("```")[0].strip() in told
    readme = (ROOT / "README.md").read_text("utf-8").split("```text\n")[1].split("```")[0]
    assert set(readme.strip().splitlines()) <= set(told.splitlines())


def test_the_terminal_tells_of_a_name_what_every_law_says_of_it(run):
    told = run("resolve", "METHYL ANTHRANILATE", "--explain").out.decode()
    assert "Ester of Anthranilic acid" in told
    assert "derivative, not listed" in told
    assert "no route is declared: every loaded instrument was asked" in told


def test_a_finding_in_the_file_of_findings_has_what_the_answer_over_http_has(run, goods, tmp_path):
    run("screen", goods, "--findings", tmp_path / "findings.ndjson", "--out", tmp_path / "out.csv")
    lines = [json.loads(line) for line in (tmp_path / "findings.ndjson").read_text("utf-8").splitlines()]
    for line in lines:
        assert {"reason", "verdict", "places", "not_checked", "rejected"} <= set(line["record"])
        assert {"reasoning", "form", "legal_notes", "entries"} <= set(line)
        assert {"instruments", "date_of_law", "date_from", "route"} == set(line["checked"])
        assert line["reasoning"][0].startswith(f"'{line['matched']}' points to {line['substance']}")
