"""However a file is cut so that it stays small in memory, every row is read once and in order."""

import gzip
import io
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnreadableFileError
from app.records import bombs, limits, pages
from app.records.bombs import parts_of
from app.records.pages import chunks_of
from app.records.source import open_records


@given(st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=40), st.integers(1, 30))
def test_a_batch_is_cut_into_its_own_rows(texts: list[str | None], most: int) -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(texts, pa.string()).dictionary_encode()], names=["goods"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bombs, "MAX_BATCH_OCTETS", most)
        parts = list(parts_of(batch, "f"))
    assert [text for part in parts for text in part.column(0).to_pylist()] == texts
    longest = max((len((text or "").encode()) for text in texts), default=0)
    for part in parts:
        assert sum(len((text or "").encode()) for text in part.column(0).to_pylist()) <= most + longest


@given(st.lists(st.text(max_size=9), max_size=40), st.integers(1, 7), st.integers(1, 30))
def test_rows_are_gathered_once_and_in_order(rows: list[str], most: int, octets: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "MAX_BATCH_OCTETS", octets)
        chunks = list(chunks_of(rows, most, len))
    assert [row for chunk in chunks for row in chunk] == rows
    assert all(0 < len(chunk) <= most and sum(map(len, chunk[:-1])) < octets for chunk in chunks)


def test_a_row_that_is_longer_than_any_line_is_refused() -> None:
    long = pa.array(["x" * (limits.MAX_LINE_CHARACTERS + 1)]).dictionary_encode()
    with pytest.raises(UnreadableFileError):
        list(parts_of(pa.RecordBatch.from_arrays([long], names=["goods"]), "f"))


def test_a_file_of_very_many_columns_is_read_some_rows_at_a_time() -> None:
    names = ",".join(["description", *(f"c{number}" for number in range(9_999))])
    rows = ("cotton shirts" + "," * 9_999 + "\n") * 901
    source = open_records(io.BytesIO(f"{names}\n{rows}".encode()), name="wide.csv")
    batches = list(source.batches(16_384))
    assert sum(batch.rows.num_rows for batch in batches) == 901
    assert max(batch.rows.num_rows for batch in batches) * 10_000 <= limits.MAX_PAGE_CELLS


def test_texts_of_a_parquet_file_come_out_as_they_were_put_in_whatever_its_pages_are() -> None:
    texts = ["acetone", None, "", "Уксусный ангидрид"] * 50
    for dictionary in (True, False):
        written = io.BytesIO()
        table = pa.table(
            {"description": texts, "note": pa.array(texts, pa.large_string()), "raw": pa.array(texts).cast(pa.binary())}
        )
        pq.write_table(table, written, row_group_size=30, use_dictionary=dictionary)
        source = open_records(io.BytesIO(written.getvalue()), name="f.parquet")
        rows = pa.concat_tables([batch.rows for batch in source.batches(64)])
        assert rows.column_names == ["description", "note", "raw"]
        assert rows.to_pylist() == [{"description": text, "note": text, "raw": text} for text in texts]


def test_a_parquet_file_of_one_text_in_very_many_rows_is_given_up_where_it_unpacks_to_too_much() -> None:
    written = io.BytesIO()
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 10_000]))
    pq.write_table(pa.table({"description": rows}), written, compression="zstd")
    assert len(written.getvalue()) < 100_000
    source = open_records(io.BytesIO(written.getvalue()), name="f.parquet", most_unpacked=64 << 20)
    batches = source.batches(4_096)
    first = next(batches).rows.num_rows
    assert 0 < first * 10_000 <= 64 << 20
    with pytest.raises(UnreadableFileError, match="unpacks to more than 64 MiB"):
        list(batches)


def test_a_gzip_file_that_unpacks_to_very_many_times_its_size_is_given_up_early() -> None:
    packed = gzip.compress(b"description\n" + b"acetone\n" * (16 << 20))
    assert len(packed) < 512 << 10
    began = time.process_time()
    with pytest.raises(UnreadableFileError, match="unpacks to more than 200 times its size"):
        list(open_records(io.BytesIO(packed), name="f.csv.gz").batches())
    assert time.process_time() - began < 3.0
