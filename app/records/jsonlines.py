"""NDJSON: one JSON object to a line."""

import codecs
import json
from collections.abc import Iterator
from itertools import islice

from app.domain.errors import UnreadableFileError
from app.records.encodings import bom_encoding
from app.records.guesses import guess_columns
from app.records.headers import Layout, unique_headers
from app.records.limits import MAX_KEYS, SAMPLE_ROWS
from app.records.lines import read_lines
from app.records.pages import Page, chunks_of, mend_text, page_of
from app.records.papers import Paper

UNPARSED = "unparsed_line"
"""The column that keeps a line that is no JSON object; only in files that have one."""

OTHER = "other"
"""The column that keeps, as JSON, the keys beyond MAX_KEYS; only in files that have them."""

NOT_JSON = "this line is not a JSON object"


def _value_text(value: object) -> str:
    """A value as text: numbers as they were written, nested values as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _parse(line: str) -> dict[str, object] | None:
    try:
        # As text a price or an HS code keeps its last zero: 2915.20.
        found = json.loads(line, parse_float=str, parse_int=str)
        if isinstance(found, dict) and any(isinstance(value, dict | list) for value in found.values()):
            exact = json.loads(line)
            found = {key: exact[key] if isinstance(value, dict | list) else value for key, value in found.items()}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class JsonLinesReader:
    """A file of one JSON object to a line."""

    format = "ndjson"
    delimiter = None
    header_row = None

    def __init__(self, paper: Paper) -> None:
        """Recognise the file: it is read once through for its keys, so that no row's key is without a column.

        Args:
            paper: the file.

        Raises:
            UnreadableFileError: no line of it is a JSON object, or none has a key.
        """
        self._paper = paper
        with paper.unpacked() as stream:
            head = stream.read(4)
        self.encoding = bom_encoding(head) or "utf-8"
        self.notes: list[str] = []
        self._sample: list[list[str]] = []
        keys: dict[str, None] = {}
        bad = objects = 0
        self._more = False
        for line in self._lines():
            found = _parse(line)
            if found is None:
                bad += 1
                continue
            objects += 1
            for key in found:
                if key not in keys:
                    if len(keys) < MAX_KEYS:
                        keys[key] = None
                    else:
                        self._more = True
        if not objects:
            raise UnreadableFileError(paper.name, "no line of it is a JSON object")
        self._keys = list(keys)
        self._known = frozenset(keys)
        extra = [OTHER] * self._more + [UNPARSED] * bool(bad)
        self.headers = [mend_text(key)[0] for key in self._keys] + extra
        if not self.headers:
            raise UnreadableFileError(paper.name, "none of its JSON objects has a key")
        self._columns = unique_headers(self.headers)
        self._bad = bool(bad)
        if bad:
            self.notes.append(
                f"{bad} {'line is' if bad == 1 else 'lines are'} no JSON object: kept in {self._columns[-1]}"
            )
        for line in islice(self._lines(), SAMPLE_ROWS):
            self._sample.append(self._row(_parse(line), line))

    def _lines(self) -> Iterator[str]:
        with self._paper.unpacked() as stream:
            for block in read_lines(stream, codecs.lookup(self.encoding).name):
                yield from (line for line in block if line.strip())

    def _row(self, found: dict[str, object] | None, line: str) -> list[str]:
        if found is None:
            return [""] * (len(self.headers) - 1) + [line.rstrip("\r\n")]
        row = [_value_text(found.get(key)) for key in self._keys]
        if self._more:
            rest = {key: value for key, value in found.items() if key not in self._known}
            row.append(json.dumps(rest, ensure_ascii=False) if rest else "")
        return [*row, ""] if self._bad else row

    def guess(self, layout: Layout) -> Layout:
        """Find goods by their content where no key says what they are."""
        return guess_columns(layout, self._sample, self.headers)

    def pages(self, rows: int, goods: int | None = None) -> Iterator[Page]:
        """Read the records, `rows` to a page. A line that is no object is a row of its own, marked."""
        lines = self._lines()
        for chunk in chunks_of(lines, rows, len):
            parsed = [_parse(line) for line in chunk]
            faults = {at: NOT_JSON for at, found in enumerate(parsed) if found is None}
            table = [self._row(found, line) for found, line in zip(parsed, chunk, strict=True)]
            yield page_of(table, self._columns, faults, goods=goods)
