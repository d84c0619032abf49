"""Delimited text files: encoding, dialect and header row recognised, rows streamed."""

from collections.abc import Iterator
from itertools import islice

from app.domain.errors import UnreadableFileError
from app.records.delimited import Dialect, Parsed, parse_lines, parse_plain
from app.records.dialects import sniff
from app.records.encodings import recognise_encoding, walk_octets
from app.records.guesses import guess_columns
from app.records.header_row import find_header
from app.records.headers import Layout, unique_headers
from app.records.limits import MAX_COLUMNS, SAMPLE_ROWS
from app.records.lines import read_lines, read_texts, split_lines
from app.records.pages import Page, mend_text, page_of, recut
from app.records.papers import Paper


class DelimitedReader:
    """A delimited text file."""

    format = "csv"

    def __init__(self, paper: Paper, sample: bytes, wanted: frozenset[str] = frozenset()) -> None:
        """Recognise the file.

        Args:
            paper: the file.
            sample: its first unpacked bytes.
            wanted: headers that a mapping names, in lower case.

        Raises:
            UnreadableFileError: it is not text, or wider than any table.
        """
        self._paper = paper
        with paper.unpacked() as stream:
            seen = walk_octets(stream)
        self.encoding, notes = recognise_encoding(sample, seen)
        lines = self._first_lines(len(sample))
        self._dialect = sniff(lines, paper.name)
        self.delimiter = self._dialect.delimiter
        parsed = parse_lines(lines, self._dialect, _usual_width(lines, self._dialect), final=True)
        rows = [[mend_text(cell)[0] for cell in row] for row in parsed.rows[:SAMPLE_ROWS]]
        at = find_header(rows, wanted)
        self._skipped = 0 if at is None else at + 1
        self.header_row = None if at is None else (parsed.lines[at] if parsed.lines else at) + 1
        self.notes = [*notes]
        self.headers = self._name_columns(rows, at)
        self._columns = unique_headers(self.headers)
        self._sample = [row for row in rows[self._skipped :] if row]
        self._spare = self._spare_cells()

    def _first_lines(self, size: int) -> list[str]:
        # Two blocks: in a small file the second holds a last line without an ending.
        with self._paper.unpacked() as stream:
            block = [line for lines in islice(read_lines(stream, self.encoding, max(size, 1)), 2) for line in lines]
        text = "".join(block[:200])
        controls = sum(character < " " and character not in "\t\r\n\f\v" for character in text)
        if controls > 0.3 * len(text) and len(text) >= 64:
            raise UnreadableFileError(self._paper.name, "this is not a text file, nor any other kind that is read here")
        return block[: SAMPLE_ROWS * 4]

    def _name_columns(self, rows: list[list[str]], at: int | None) -> list[str]:
        if at is None:
            width = _commonest([len(row) for row in rows if row])
            self.notes.append("no header row was found: the columns are numbered, and the first row is a record")
            return [f"column_{number}" for number in range(1, self._checked(width) + 1)]
        above = sum(1 for row in rows[:at] if any(cell.strip() for cell in row))
        if above:
            self.notes.append(f"{above} {'line' if above == 1 else 'lines'} above the header left out")
        headers = [cell.strip().removeprefix("\ufeff") for cell in rows[at]]
        return headers[: self._checked(len(headers))]

    def _checked(self, width: int) -> int:
        if width > MAX_COLUMNS:
            raise UnreadableFileError(self._paper.name, f"it has {width} columns; {MAX_COLUMNS} are read")
        return width

    def _spare_cells(self) -> int:
        """Empty cells that end most rows beyond the header's width: a delimiter after the last cell."""
        over = [len(row) - len(self.headers) for row in self._sample]
        usual = max(set(over), key=over.count, default=0)
        cells = [cell for row in self._sample for cell in row[len(self.headers) :]]
        return usual if usual > 0 and not any(cells) else 0

    def guess(self, layout: Layout) -> Layout:
        """Find goods by their content where no header says what they are."""
        return guess_columns(layout, self._sample, self.headers)

    def _pieces(self, goods: int | None) -> Iterator[Page]:
        """The records, one block of the file at a time."""
        left, carry = self._skipped, list[str]()
        with self._paper.unpacked() as stream:
            for text in read_texts(stream, self.encoding):
                plain = None if left or carry else parse_plain(text, self._dialect, self._columns)
                if plain is not None:
                    yield Page(plain)
                    continue
                parsed = parse_lines([*carry, *split_lines(text)], self._dialect, len(self.headers), final=False)
                carry = parsed.carry
                dropped = min(left, len(parsed.rows))
                left -= dropped
                yield self._page(parsed, dropped, goods)
            if carry:
                parsed = parse_lines(carry, self._dialect, len(self.headers), final=True)
                yield self._page(parsed, left, goods)

    def _page(self, parsed: Parsed, dropped: int, goods: int | None) -> Page:
        """A page of parsed rows but for the first ones, blank lines left out."""
        rows: list[list[str]] = []
        faults: dict[int, str] = {}
        for position in range(dropped, len(parsed.rows)):
            if parsed.rows[position]:
                if position in parsed.faults:
                    faults[len(rows)] = parsed.faults[position]
                rows.append(parsed.rows[position])
        return page_of(rows, self._columns, faults, self.delimiter or "", goods, self._spare)

    def pages(self, rows: int, goods: int | None = None) -> Iterator[Page]:
        """Read the records, `rows` to a page, blank lines left out."""
        return recut(self._pieces(goods), rows)


def _commonest(widths: list[int]) -> int:
    return max(set(widths), key=lambda width: (widths.count(width), width), default=1)


def _usual_width(lines: list[str], dialect: Dialect) -> int:
    return _commonest([len(row) for row in parse_lines(lines, dialect, 0, final=True).rows if row])
