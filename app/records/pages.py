"""Rows of cells to an Arrow table of one width, with what was wrong with each row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa

from app.records.limits import MAX_BATCH_OCTETS
from app.records.lines import CUT, REPLACEMENT, UNDECODED

T = TypeVar("T")

UNDECODABLE = "some bytes of this row cannot be decoded; they are shown as \ufffd"
TOO_LONG = "this line is too long and was cut"


@dataclass(slots=True)
class Page:
    """Some rows of a file as a table, and the faults that were found in reading them."""

    table: pa.Table
    """The input's columns under unique names, in order."""
    faults: dict[int, str] = field(default_factory=dict)
    """Row to why it cannot be read as it should."""
    goods: dict[int, str] = field(default_factory=dict)
    """Row to the description's text where the cells are out of step with the header."""
    short: dict[int, int] = field(default_factory=dict)
    """Row to its number of cells, where it has fewer than the header."""


def _even_out(row: list[str], width: int, joint: str, goods: int | None) -> tuple[list[str], str | None]:
    """Bring a row to the header's width; also what stands where the goods are described, delimiters and all."""
    if len(row) <= width:
        return row + [""] * (width - len(row)), None
    surplus = len(row) - width
    text = None if goods is None else joint.join(row[goods : goods + surplus + 1])
    return [*row[: width - 1], joint.join(row[width - 1 :])], text


def page_of(
    rows: list[list[str]],
    columns: Sequence[str],
    faults: dict[int, str] | None = None,
    joint: str = ",",
    goods: int | None = None,
    spare: int = 0,
) -> Page:
    """Make a page of rows.

    A short row is filled with empty cells. A long one keeps its surplus at the end of its last cell, joined by the
    delimiter as it stood, and is marked; empty cells that every row of the file has at its end are no surplus.

    Args:
        rows: cells; none of them blank.
        columns: unique names.
        faults: what is already known to be wrong, by row.
        joint: what stood between the cells.
        goods: position of the description, if any.
        spare: empty cells at the end that mean nothing.

    Returns:
        The page: as many rows as came in.
    """
    width = len(columns)
    page = Page(pa.table({}), dict(faults or {}))
    if set(map(len, rows)) - {width}:
        rows = list(rows)
        for position, row in enumerate(rows):
            if width < len(row) <= width + spare and not any(row[width:]):
                rows[position] = row[:width]
            elif len(row) != width:
                rows[position], text = _even_out(row, width, joint, goods)
                if len(row) < width:
                    page.short[position] = len(row)
                    if goods is not None and goods >= len(row):
                        # Goods that lost their place, to a stray quote for one, are mostly the longest text left.
                        page.goods[position] = max(row, key=len)
                    continue
                page.faults.setdefault(position, f"row has {len(row)} cells, header has {width}")
                if text is not None:
                    page.goods[position] = text
    try:
        page.table = _table(rows, columns)
    except UnicodeEncodeError:
        page.table = _table([_mend(row, position, page) for position, row in enumerate(rows)], columns)
    return page


def _table(rows: list[list[str]], columns: Sequence[str]) -> pa.Table:
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in cells], names=list(columns))


def mend_text(text: str) -> tuple[str, str | None]:
    """Replace what is no character, and say why it was not one (None for sound text)."""
    if text.isascii():
        return text, None
    try:
        text.encode()
    except UnicodeEncodeError:
        cut = text.endswith(CUT)
        sound = text.removesuffix(CUT).replace(UNDECODED, REPLACEMENT)
        # What is left are lone surrogates that JSON escapes can spell.
        sound = sound.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return sound, TOO_LONG if cut else UNDECODABLE
    return text, None


def _mend(row: list[str], position: int, page: Page) -> list[str]:
    mended = []
    for cell in row:
        text, fault = mend_text(cell)
        if fault:
            page.faults.setdefault(position, fault)
        mended.append(text)
    if position in page.goods:
        page.goods[position] = mend_text(page.goods[position])[0]
    return mended


def chunks_of(rows: Iterable[T], most: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """Gather rows, at most so many together, and fewer where they are long.

    Args:
        rows: in order.
        most: rows to a chunk.
        size: characters of a row; a chunk ends with the one that reaches `MAX_BATCH_OCTETS`.
    """
    chunk: list[T] = []
    held = 0
    for row in rows:
        chunk.append(row)
        held += size(row)
        if len(chunk) >= most or held >= MAX_BATCH_OCTETS:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def recut(pages: Iterator[Page], rows: int) -> Iterator[Page]:
    """Cut pages of any length into pages of `rows` rows, the last one shorter; earlier where the text grows long."""
    gathered: list[Page] = []
    held = octets = 0
    for page in pages:
        if not page.table.num_rows:
            continue
        gathered.append(page)
        held += page.table.num_rows
        octets += page.table.nbytes
        ready = held if octets >= MAX_BATCH_OCTETS else held // rows * rows
        if ready:
            whole = _bound(gathered)
            for start in range(0, ready, rows):
                yield _slice(whole, start, min(start + rows, ready))
            gathered = [_slice(whole, ready, held)] if ready < held else []
            held -= ready
            octets = gathered[0].table.nbytes if gathered else 0
    if gathered:
        yield _slice(_bound(gathered), 0, held)


def _bound(pages: list[Page]) -> Page:
    if len(pages) == 1:
        return pages[0]
    whole = Page(pa.concat_tables([page.table for page in pages]))
    offset = 0
    for page in pages:
        whole.faults.update((offset + at, why) for at, why in page.faults.items())
        whole.goods.update((offset + at, text) for at, text in page.goods.items())
        whole.short.update((offset + at, cells) for at, cells in page.short.items())
        offset += page.table.num_rows
    return whole


def _slice(page: Page, start: int, end: int) -> Page:
    table = page.table.slice(start, end - start).combine_chunks()
    return Page(
        table,
        {at - start: why for at, why in page.faults.items() if start <= at < end},
        {at - start: text for at, text in page.goods.items() if start <= at < end},
        {at - start: cells for at, cells in page.short.items() if start <= at < end},
    )
