"""How much of a file is believed: the bounds that keep memory and time in hand."""

BLOCK_BYTES = 1 << 20
"""Bytes read from a file at a time."""

SAMPLE_BYTES = 256 << 10
"""Bytes at the head of a file from which its dialect and header row are recognised."""

SAMPLE_ROWS = 400
"""Rows of that head that are looked at."""

MAX_QUOTED_LINES = 1_000
MAX_QUOTED_CHARACTERS = 1 << 20
"""A quoted cell longer than this was never closed: its first line becomes a row of its own, marked unreadable."""

MAX_LINE_CHARACTERS = 8 << 20
"""A longer line is cut there, and its row marked unreadable."""

MAX_BATCH_OCTETS = 16 << 20
"""A batch is closed early at about this many bytes, whatever its rows."""

MAX_COLUMNS = 16_384
"""As many columns as a spreadsheet can have."""

MAX_UNPACKED_BYTES = 64 << 30
"""Bytes a gzip or Parquet file may unpack to; it is streamed, so this bounds time, not memory."""

MAX_WORKBOOK_BYTES = 2 << 30
"""Bytes a workbook may unpack to in all."""

MAX_RATIO, RATIO_FROM = 200, 64 << 20
"""How many times its packed size a workbook or gzip file may unpack to, looked at from so many bytes on."""

MAX_KEYS = 1_024
"""Keys of JSON lines that become columns of their own; the rest of a line is kept together."""

MAX_PAGE_CELLS = 4 << 20
"""Cells of a batch: a file of very many columns is read fewer rows at a time."""

MAX_CELL_CHARACTERS = 32_767
"""As many as a spreadsheet's cell can have."""

MAX_CELL_OCTETS = 1 << 20
"""Bytes of a workbook without any markup; its longest cell has an eighth of them."""

MAX_XML_OCTETS = 16 << 20
"""Bytes of a workbook's part without a row or a shared text in them."""

MAX_SHARED_OCTETS = 128 << 20
"""Bytes of a workbook's shared texts, which are held in memory together."""

MAX_COLUMN_OCTETS = 512 << 20
"""Bytes one column of a Parquet file's row group may unpack to."""

MAX_NESTED_VALUES = 16 << 20
"""Values of a nested column of a row group."""
