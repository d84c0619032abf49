"""Answers written back: appended columns, formula cells, three formats, and files that appear only when complete."""

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.decisions import AppliedEntry, Decision, Decisions, Finding
from app.domain.words import Verdict
from app.records.answers import ANSWER_COLUMNS, answer_headers, answer_table, open_writer, published
from app.records.formulas import neutralise, restore
from app.records.source import open_records


def entry(entry_id: str, *duties: str) -> AppliedEntry:
    instrument = entry_id.split("/")[0]
    return AppliedEntry(entry_id, instrument, "US", "21 CFR 1310.02", "primary", duties, Verdict.CONTROLLED, "listed")


ANHYDRIDE = Finding(
    "acetic-anhydride",
    "Acetic anhydride",
    ("108-24-7", "1-1-1"),
    0.98765,
    ("name", "hs"),
    "ACETIC ANHYDRIDE",
    (entry("us-list-2/1", "declaration", "record-keeping"), entry("un-1988-table-1/1", "pen")),
    Verdict.CONTROLLED,
)
ACETONE = Finding(
    "acetone", "Acetone", (), 0.5, ("hs",), "2914.11", (entry("us-list-2/2", "record-keeping"),), Verdict.REVIEW
)
CONTROLLED = Decision(
    "1", Verdict.CONTROLLED, 0.98765, "Acetic anhydride is listed", (ACETONE, ANHYDRIDE), (), "2025-03-01", ()
)
NOTHING = Decision(
    None, Verdict.NOT_LISTED, None, "nothing found in the lists that were checked", (), (), "2025-03-01", ()
)


def written(form: str, columns: list[str], rows: pa.Table, answers: pa.Table) -> bytes:
    sink = io.BytesIO()
    writer = open_writer(sink, form, columns)  # type: ignore[arg-type]
    writer.write(rows, answers)
    writer.close()
    return sink.getvalue()


def test_the_strongest_substance_stands_first_and_nothing_twice() -> None:
    first, second = answer_table(Decisions.each([CONTROLLED, NOTHING])).to_pylist()
    assert tuple(first) == ANSWER_COLUMNS
    assert first == {
        "verdict": "controlled",
        "score": "0.988",
        "substance_id": "acetic-anhydride|acetone",
        "substance": "Acetic anhydride|Acetone",
        "substance_cas": "108-24-7|",
        "entries": "us-list-2/1|un-1988-table-1/1|us-list-2/2",
        "duties": "declaration|record-keeping|pen",
        "channels": "name|hs",
        "reason": "Acetic anhydride is listed",
    }
    assert (second["verdict"], second["score"], second["entries"]) == ("not_listed", "", "")


def test_no_decisions_make_an_empty_table_with_all_columns() -> None:
    assert tuple(answer_table(Decisions.each([])).column_names) == ANSWER_COLUMNS


def test_an_input_column_of_the_same_name_keeps_it_and_the_answer_is_prefixed() -> None:
    names, notes = answer_headers(["id", "score", "pw_score", "reason"])
    assert names[1] == "pw_pw_score"
    assert names[-1] == "pw_reason"
    assert len(notes) == 2
    assert "'pw_reason'" in notes[1]


def test_csv_has_the_input_columns_as_they_were_and_the_answers_after_them() -> None:
    rows = pa.table([["1", "2"], ["a,b", 'say "hi"\r\n'], ["x", None]], names=["id", "note", "note_2"])
    text = written("csv", ["id", "note", "note"], rows, answer_table(Decisions.each([CONTROLLED, NOTHING]))).decode()
    assert text.startswith("id,note,note,verdict,score,")
    assert text.endswith("\r\n")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert lines[1][:4] == ["1", "a,b", "x", "controlled"]
    assert lines[2][:5] == ["2", 'say "hi"\r\n', "", "not_listed", ""]


def test_ndjson_has_a_number_for_the_score_or_null() -> None:
    rows = pa.table([["1", "=2"], ['a\n"b"\\', "é"]], names=["id", "note"])
    lines = (
        written("ndjson", ["id", "id"], rows, answer_table(Decisions.each([CONTROLLED, NOTHING]))).decode().splitlines()
    )
    first, second = map(json.loads, lines)
    assert (first["id"], first["id_2"], first["score"]) == ("1", 'a\n"b"\\', 0.988)
    assert (second["id"], second["score"], second["substance"]) == ("=2", None, "")


def test_parquet_keeps_the_types_of_its_columns() -> None:
    rows = pa.table({"id": pa.array([1, 2]), "amount": pa.array([1.5, None])})
    table = pq.read_table(
        io.BytesIO(written("parquet", ["id", "amount"], rows, answer_table(Decisions.each([CONTROLLED, NOTHING]))))
    )
    assert table.schema.field("id").type == pa.int64()
    assert table["score"].to_pylist() == [0.988, None]


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_a_file_without_records_is_still_a_file(form: str) -> None:
    sink = io.BytesIO()
    open_writer(sink, form, ["id", "description"]).close()  # type: ignore[arg-type]
    if form == "csv":
        assert sink.getvalue().decode() == ",".join(("id", "description", *ANSWER_COLUMNS)) + "\r\n"
    if form == "parquet":
        assert pq.read_table(io.BytesIO(sink.getvalue())).column_names == ["id", "description", *ANSWER_COLUMNS]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-ephedrine", "'-ephedrine"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("\uff1d1", "'\uff1d1"),
        ("(-)-ephedrine", "(-)-ephedrine"),
        ("(+)-pseudoephedrine", "(+)-pseudoephedrine"),
        ("-5", "-5"),
        ("+3.2", "+3.2"),
        ("-1,250.00", "-1,250.00"),
        ("", ""),
        ("1,2-dichloroethane", "1,2-dichloroethane"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_only_cells_that_a_spreadsheet_would_run_are_touched(cell: str, safe: str) -> None:
    assert neutralise(cell) == safe
    assert restore(safe) == cell


CELL = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
    st.text("=+-@'\t\r\n\",\\1ae\x00\x07\uff1d", max_size=6),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_neutralised_cells_are_restored_exactly_and_csv_is_what_the_plain_writer_writes(
    rows: list[tuple[str | None, str | None]],
) -> None:
    for row in rows:
        for cell in row:
            assert restore(neutralise(cell or "")) == (cell or "")
    table = pa.table([pa.array([row[at] for row in rows], pa.string()) for at in (0, 1)], names=["one", "two"])
    answers = answer_table(Decisions.each([NOTHING] * len(rows)))
    got = written("csv", ["one", "two"], table, answers)
    oracle = io.StringIO(newline="")
    plain = csv.writer(oracle, lineterminator="\r\n")
    plain.writerow(["one", "two", *ANSWER_COLUMNS])
    for row, answer in zip(rows, answers.to_pylist(), strict=True):
        plain.writerow([*(neutralise(cell or "") for cell in row), *answer.values()])
    assert got == oracle.getvalue().encode()
    lines = written("ndjson", ["one", "two"], table, answers).decode().split("\n")[:-1]
    assert [(json.loads(line)["one"], json.loads(line)["two"]) for line in lines] == rows


def test_the_answer_file_of_a_file_is_that_file_with_more_columns(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes('id;Ware;Ware\r\n1;"=A;1";x\r\n2;Äther;-5\r\n'.encode("cp1252"))
    source = open_records(path, name="in.csv")
    with published(tmp_path / "out.csv") as sink:
        writer = open_writer(sink, "csv", source.recognised.headers)
        for batch in source.batches(1):
            writer.write(batch.rows, answer_table(Decisions.each([NOTHING] * batch.rows.num_rows)))
        writer.close()
    lines = list(csv.reader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [line[:3] for line in lines] == [["id", "Ware", "Ware"], ["1", "'=A;1", "x"], ["2", "Äther", "-5"]]


def half_written(path: Path) -> None:
    with published(path) as sink:
        sink.write(b"half")
        raise OSError(28, "No space left on device")


def test_a_published_file_appears_complete_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("what was there")
    with pytest.raises(OSError, match="No space left"):
        half_written(path)
    assert path.read_text() == "what was there"
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
    with published(path) as sink:
        sink.write(b"whole")
        assert path.read_text() == "what was there"
    assert path.read_bytes() == b"whole"
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


def test_a_killed_writer_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom app.records.answers import published\n"
        "with published(Path(sys.argv[1])) as sink:\n    sink.write(b'half'); sink.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not path.exists()


def test_a_published_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with published(tmp_path / "out") as sink:
        sink.write(b"x")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_device_is_written_to_directly() -> None:
    with published(Path(os.devnull)) as sink:
        sink.write(b"x")
    assert not Path(os.devnull).is_file()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    def attempt() -> Iterator[None]:
        with published(tmp_path / "nowhere" / "out.csv"):
            yield

    with pytest.raises(FileNotFoundError):
        next(attempt())
