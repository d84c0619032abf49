"""XLSX workbooks: the first sheet with something in it, streamed."""

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from app.domain.errors import UnreadableFileError
from app.records.bombs import check_workbook
from app.records.guesses import guess_columns
from app.records.header_row import find_header
from app.records.headers import Layout, unique_headers
from app.records.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, SAMPLE_ROWS
from app.records.pages import Page, chunks_of, page_of
from app.records.papers import Paper

if TYPE_CHECKING:  # openpyxl is slow to import, and most files are no workbooks
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MIDNIGHT = datetime.time()
# What openpyxl raises on a workbook that is damaged or not made by the book; it has no exception of its own for that.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    NotImplementedError,
    EOFError,
    OSError,
    SyntaxError,
    AssertionError,
)


def cell_text(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, truth as TRUE or FALSE."""
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > MAX_CELL_CHARACTERS:
            raise ValueError(f"a cell has {len(value)} characters")
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _row_texts(values: tuple[object, ...]) -> list[str]:
    texts = [cell_text(value) for value in values]
    while texts and not texts[-1]:
        texts.pop()
    return texts


class WorkbookReader:
    """An XLSX workbook."""

    format = "xlsx"
    encoding = None
    delimiter = None

    def __init__(self, paper: Paper, wanted: frozenset[str] = frozenset()) -> None:
        """Recognise the workbook.

        Args:
            paper: the file.
            wanted: headers that a mapping names, in lower case.

        Raises:
            UnreadableFileError: it is damaged, empty, or unpacks to far more than any workbook should.
        """
        self._paper = paper
        self.notes: list[str] = []
        with paper.open() as stream:
            check_workbook(stream, paper.name)
        with self._sheets() as sheets:
            self._sheet, rows = self._first_filled(sheets)
            others = [sheet.title for sheet in sheets if sheet.title != self._sheet]
        if others:
            self.notes.append(f"sheet {self._sheet!r} is read; not read: {', '.join(map(repr, others))}")
        at = find_header(rows, wanted)
        self._skipped = 0 if at is None else at + 1
        self.header_row = None if at is None else at + 1
        if at is None:
            width = max(map(len, rows), default=1)
            self.headers = [f"column_{number}" for number in range(1, width + 1)]
            self.notes.append("no header row was found: the columns are numbered, and the first row is a record")
        else:
            width = max(len(rows[at]), *(len(row) for row in rows[at:]))
            self.headers = [cell.strip() for cell in rows[at]] + [""] * (width - len(rows[at]))
            above = sum(1 for row in rows[:at] if row)
            if above:
                self.notes.append(f"{above} {'row' if above == 1 else 'rows'} above the header left out")
        if width > MAX_COLUMNS:
            raise UnreadableFileError(paper.name, f"it has {width} columns; {MAX_COLUMNS} are read")
        self._columns = unique_headers(self.headers)
        self._sample = [row for row in rows[self._skipped :] if row]

    @contextmanager
    def _sheets(self) -> "Iterator[list[ReadOnlyWorksheet]]":
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
        from openpyxl.worksheet._read_only import ReadOnlyWorksheet

        with self._paper.open() as stream:
            try:
                # It warns of styles and extensions that it drops; none of them is content.
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            except (InvalidFileException, *_DAMAGED) as fault:
                raise UnreadableFileError(self._paper.name, f"a damaged or encrypted workbook: {fault}") from fault
            try:
                sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
                # Some writers state a wrong size; the rows themselves are what counts.
                for sheet in sheets:
                    sheet.reset_dimensions()
                yield sorted(sheets, key=lambda sheet: sheet.sheet_state != "visible")
            finally:
                book.close()

    def _rows(self, sheet: "ReadOnlyWorksheet") -> Iterator[list[str]]:
        try:
            for values in sheet.iter_rows(values_only=True):  # type: ignore[misc]  # the stubs bind it to Worksheet
                yield _row_texts(values)
        except _DAMAGED as fault:
            raise UnreadableFileError(self._paper.name, f"a damaged sheet {sheet.title!r}: {fault}") from fault

    def _first_filled(self, sheets: "list[ReadOnlyWorksheet]") -> tuple[str, list[list[str]]]:
        for sheet in sheets:
            rows = list(islice(self._rows(sheet), SAMPLE_ROWS))
            if any(rows):
                return sheet.title, rows
        raise UnreadableFileError(self._paper.name, "none of its sheets holds anything")

    def guess(self, layout: Layout) -> Layout:
        """Find goods by their content where no header says what they are."""
        return guess_columns(layout, self._sample, self.headers)

    def pages(self, rows: int, goods: int | None = None) -> Iterator[Page]:
        """Read the records, `rows` to a page, empty rows left out. A short row is one whose last cells are empty."""
        width = len(self.headers)
        with self._sheets() as sheets:
            sheet = next(sheet for sheet in sheets if sheet.title == self._sheet)
            filled = (row for row in islice(self._rows(sheet), self._skipped, None) if row)
            for chunk in chunks_of(filled, rows, lambda row: sum(map(len, row))):
                level = [row + [""] * (width - len(row)) for row in chunk]
                yield page_of(level, self._columns, joint=" ", goods=goods)
