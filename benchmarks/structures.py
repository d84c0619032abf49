"""Structures to verdicts, against RDKit's reading of them alone in the same processes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
from rdkit import Chem

from app.domain.records import RECORD_SCHEMA
from app.records.source import BLOCK_ROWS
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.usecases.open_screener import open_screener
from benchmarks.bench import Bench
from benchmarks.figures import Figure, alternate, seconds_of
from benchmarks.molecules import write_smiles

PROCESSES = 2
STRUCTURES = 1_000_000
DAY = date(2025, 6, 2)

Part = list[str]


def million_distinct_structures(bench: Bench) -> Iterator[Figure]:
    """SMILES to verdicts in two processes, against `MolFromSmiles` alone in the same two."""
    count = bench.scaled(STRUCTURES)
    file = write_smiles(bench.folder / f"smiles-{count}.txt", count)
    folders = (bench.settings.index, bench.settings.watchlists)
    rounds = iter(_parts(file, count // bench.repeats))
    chosen: list[Sequence[Part]] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for work in (partial(_judge, *folders), _read):
            list(pool.map(work, [["CCO"] * BLOCK_ROWS] * (4 * PROCESSES)))  # both processes are warm

        def read() -> float:
            chosen.append(next(rounds))  # structures that no process has seen before
            return seconds_of(lambda: list(pool.map(_read, chosen[-1])))

        def judge() -> float:
            return seconds_of(lambda: list(pool.map(partial(_judge, *folders), chosen[-1])))

        reading, judging = alternate((read, judge), bench.repeats)
    each = count // bench.repeats
    yield Figure(
        "distinct SMILES to verdicts, as a share of the rate of RDKit `MolFromSmiles` alone",
        40,
        70,
        100 * reading / judging,
        "%",
        f"{count:,} structures, two processes: {each / judging:,.0f} judged a second, {each / reading:,.0f} read",
        more_is_better=True,
    )


def _parts(file: Path, each: int) -> Iterator[Sequence[Part]]:
    """Yield the structures of each round, in blocks as a file's rows are handed out."""
    with file.open(encoding="ascii") as lines:
        while texts := [line.rstrip("\n") for line in islice(lines, each)]:
            yield [texts[at : at + BLOCK_ROWS] for at in range(0, len(texts), BLOCK_ROWS)]


@cache
def _screener(index: Path, watchlists: Path) -> Screener:
    return open_screener(index, watchlists)


def _judge(index: Path, watchlists: Path, part: Part) -> int:
    empty = pa.nulls(len(part), pa.string())
    columns = [pa.array(part) if name == "smiles" else empty for name in RECORD_SCHEMA.names]
    records = pa.table(columns, schema=RECORD_SCHEMA)
    return len(_screener(index, watchlists).screen(records, Scope(today=DAY)))


def _read(part: Part) -> int:
    return sum(Chem.MolFromSmiles(smiles) is not None for smiles in part)
