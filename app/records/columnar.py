"""Parquet files, row group by row group, types kept."""

import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from app.domain.errors import UnreadableFileError
from app.records.bombs import check_parquet, parts_of
from app.records.headers import Layout, unique_headers
from app.records.pages import Page, recut
from app.records.papers import Paper, unpacks_to_more


def _as_json(column: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that text and tables can hold: nested values as JSON, dictionaries and views unfolded, bytes as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_nested(kind):
        return _as_json(column)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        texts = [None if value is None else value.decode("utf-8", "replace") for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column


def _is_text(kind: pa.DataType) -> bool:
    return any(is_one(kind) for is_one in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary))


class ParquetReader:
    """A Parquet file."""

    format = "parquet"
    encoding = None
    delimiter = None
    header_row = None

    def __init__(self, paper: Paper) -> None:
        """Read the file's schema.

        Args:
            paper: the file.

        Raises:
            UnreadableFileError: it is damaged, encrypted or has no columns.
        """
        self._paper = paper
        self.notes: list[str] = []
        with paper.open() as stream:
            try:
                file = pq.ParquetFile(stream)
                check_parquet(file, paper.name)
                self.headers = list(file.schema_arrow.names)
                # Read unfolded, one long text in every row would be as many long texts.
                self._texts = [each.name for each in file.schema_arrow if _is_text(each.type)]
            except (pa.ArrowException, OSError, ValueError) as fault:
                raise UnreadableFileError(paper.name, f"a damaged or encrypted Parquet file: {fault}") from fault
        if not self.headers:
            raise UnreadableFileError(paper.name, "a Parquet file without columns")
        self._columns = unique_headers(self.headers)

    def guess(self, layout: Layout) -> Layout:
        """Leave the layout alone: a Parquet file has names for its columns."""
        return layout

    def pages(self, rows: int, goods: int | None = None) -> Iterator[Page]:
        """Read the records, `rows` to a page."""
        return recut(self._parts(rows), rows)

    def _parts(self, rows: int) -> Iterator[Page]:
        unfolded = 0
        with self._paper.open() as stream:
            try:
                file = pq.ParquetFile(stream, read_dictionary=self._texts)
                for batch in file.iter_batches(batch_size=rows):
                    for part in parts_of(batch, self._paper.name):
                        columns = [_plain(column) for column in pa.Table.from_batches([part]).columns]
                        table = pa.Table.from_arrays(columns, names=list(self._columns))
                        # What the file says of itself is no measure: a text that every row repeats is in it once.
                        unfolded += table.nbytes
                        if unfolded > self._paper.most_unpacked:
                            raise UnreadableFileError(self._paper.name, unpacks_to_more(self._paper.most_unpacked))
                        yield Page(table)
            except (pa.ArrowException, OSError, ValueError) as fault:
                raise UnreadableFileError(self._paper.name, f"a damaged Parquet file: {fault}") from fault
