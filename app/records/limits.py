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

MAX_BATCH_OCTETS = 64 << 20
"""A batch is closed early at about this many bytes, whatever its rows."""

MAX_COLUMNS = 16_384
"""As many columns as a spreadsheet can have."""

MAX_UNPACKED_BYTES = 64 << 30
"""Bytes a gzip file may unpack to; it is streamed, so this bounds time, not memory."""

MAX_WORKBOOK_BYTES = 2 << 30
MAX_WORKBOOK_RATIO = 200
"""Bytes a workbook may unpack to in all, and how many times its packed size (looked at from 64 MiB on)."""

WORKBOOK_RATIO_FROM = 64 << 20
