"""What the law costs: full decisions against finding the listed substances alone."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

import pyarrow as pa

from app.chemistry.opsin import find_name_reader
from app.domain.records import RECORD_SCHEMA
from app.screening.alike import Alike
from app.screening.dictionary import Dictionary
from app.screening.evidence import Evidence
from app.screening.lookup import Lookup
from app.screening.policy import Policy
from app.screening.scope import Scope
from app.screening.screener import Screener
from app.screening.structures import StructureIndex
from app.screening.texts import Texts
from benchmarks.bench import Bench
from benchmarks.figures import Figure, alternate
from benchmarks.lines import Clerk

ROWS = 200_000
BLOCK = 4_096
DAY = date(2025, 6, 2)


def full_legal_evaluation(bench: Bench) -> Iterator[Figure]:
    """Distinct lines, to whole decisions and to the substances seen in them: processor time of each."""
    reader = find_name_reader()
    read_names = reader.read if reader else None
    screener = Screener(bench.index, read_names=read_names)
    finder = Finder(bench, read_names)
    scope = Scope(today=DAY)
    rounds = max(5, bench.repeats)
    rows = bench.scaled(ROWS, least=2 * rounds * BLOCK) // (2 * rounds)
    records = Clerk(bench.material).records()

    # Both ways remember words in the same places, so that each is given lines of its own; the first are not counted.
    def lines(count: int) -> pa.Table:
        return pa.Table.from_pylist(list(islice(records, count)), schema=RECORD_SCHEMA)

    def decide(count: int = rows) -> float:
        return _seconds_of(lines(count), lambda block: screener.screen(block, scope))

    def find(count: int = rows) -> float:
        return _seconds_of(lines(count), finder.find)

    decide(BLOCK)
    find(BLOCK)
    law, alone = alternate((decide, find), rounds)
    yield Figure(
        "distinct lines with full legal evaluation, as a multiple of finding the listed substances alone",
        1.1,
        1.05,
        law / alone,
        "x",
        f"{rows:,} lines in {law:.2f} s of one processor to decisions, in {alone:.2f} s to the substances seen",
    )


class Finder:
    """The screening without the law: which listed substances each record names."""

    def __init__(self, bench: Bench, read_names: Callable[..., list[str | None]] | None) -> None:
        policy = Policy()
        structures = StructureIndex(bench.index, policy)
        texts = Texts(Dictionary(bench.index, policy), structures, read_names)
        self._lookup = Lookup(bench.index, structures, texts.read)
        self._alike = Alike(texts, self._lookup)

    def find(self, records: pa.Table) -> list[list[int]]:
        """Return the substances seen in each kind of record."""
        groups = self._alike.group(records, [""] * records.num_rows)
        return [self._seen(*cells[1:8]) for cells in groups.cells]

    def _seen(
        self,
        description: str | None,
        cas: str | None,
        smiles: str | None,
        inchi: str | None,
        inchikey: str | None,
        hs_code: str | None,
        un_number: str | None,
    ) -> list[int]:
        evidence = Evidence(self._lookup)
        evidence.take_text(description)
        evidence.take_cas(cas)
        evidence.take_structures(smiles, inchi, inchikey)
        evidence.take_misplaced(smiles, inchi, inchikey, hs_code, un_number)
        evidence.take_codes(hs_code, un_number)
        return list(evidence.by_substance())


def _seconds_of(table: pa.Table, work: Callable[[pa.Table], object]) -> float:
    begun = time.process_time()
    for start in range(0, table.num_rows, BLOCK):
        work(table.slice(start, BLOCK))
    return time.process_time() - begun
