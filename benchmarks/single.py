"""One record at a time, in this process."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import islice

import numpy as np
import pyarrow as pa

from app.domain.records import RECORD_SCHEMA
from app.screening.scope import Scope
from app.usecases.open_screener import open_screener
from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.lines import Clerk

RECORDS = 20_000
WARM = RECORDS // 10
DAY = date(2025, 6, 2)


def one_record_in_process(bench: Bench) -> Iterator[Figure]:
    """A table of one row, warm: the median and the slowest in a hundred."""
    count, warm = bench.scaled(RECORDS), bench.scaled(WARM, least=100)
    screener = open_screener(bench.settings.index, bench.settings.watchlists)
    scope = Scope(today=DAY)
    taken = []
    for number, fields in enumerate(islice(Clerk(bench.material).records(), warm + count)):
        record = pa.Table.from_pylist([fields], schema=RECORD_SCHEMA)
        begun = time.perf_counter()
        screener.screen(record, scope)
        if number >= warm:
            taken.append(time.perf_counter() - begun)
    median, slow = np.percentile(np.array(taken) * 1_000, (50, 99))
    how = f"{count:,} distinct records after {warm:,} others; the slowest took {max(taken) * 1_000:.1f} ms"
    yield Figure("one record in process, warm: p50", 1, 0.3, float(median), "ms", how)
    yield Figure("one record in process, warm: p99", 5, 1, float(slow), "ms", how)
