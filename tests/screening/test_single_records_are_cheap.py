"""What one record costs, as a multiple of splitting its text into words in the same run."""

import time
from collections.abc import Callable
from datetime import date
from random import Random

import pyarrow as pa

from app.chemistry.fold import split_words
from app.domain.records import RECORD_SCHEMA
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.watchlist.index import Index

MOST = 30
"""About 12 where a line is searched word by word, about 60 where arrays are made for it as for whole columns."""
ROUNDS, LINES = 5, 150
BESIDE = ("drums 200 kg", "99% tech grade", "cotton shirts", "spare parts for pumps", "LOT 1182", "made in")


def _cpu_seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_a_single_record_costs_few_times_what_splitting_its_text_costs(index: Index) -> None:
    names = index.chemicals["name"][::40].to_pylist()
    chance = Random(11)
    screener, scope = Screener(index), Scope(today=date(2025, 6, 2))
    ratios = []
    for number in range(ROUNDS):
        lines = [f"{chance.choice(names)} {chance.choice(BESIDE)} {number}{place}" for place in range(LINES)]
        tables = [pa.Table.from_pylist([{"description": line}], schema=RECORD_SCHEMA) for line in lines]
        split = _cpu_seconds(lambda lines=lines: [split_words.__wrapped__(line) for line in lines])
        screened = _cpu_seconds(lambda tables=tables: [screener.screen(table, scope) for table in tables])
        ratios.append(screened / split)
    assert min(ratios) <= MOST, ratios
