"""Whole files: against reading and writing alone, against brute force, and with more rows, names or memory."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.csv as pc
from rapidfuzz import fuzz, process

from benchmarks.bench import Bench
from benchmarks.figures import Figure, alternate, seconds_of
from benchmarks.lines import write_distinct, write_repeated
from benchmarks.running import run_command

WORKERS = 2
ROWS = 1_000_000
BRUTE_FORCE_SAMPLE = 400


def million_distinct_lines(bench: Bench) -> Iterator[Figure]:
    """CSV in to CSV out, distinct lines: against pyarrow's reading and writing, and against brute force."""
    rows = bench.scaled(ROWS)
    file = write_distinct(bench.material, bench.folder / f"distinct-{rows}.csv", rows)
    sample = bench.scaled(BRUTE_FORCE_SAMPLE, least=50)
    texts = pc.read_csv(file).column("goods_description").slice(0, sample).to_pylist()

    def brute_force() -> float:
        names = bench.listed_names
        return seconds_of(lambda: process.cdist(texts, names, scorer=fuzz.WRatio, workers=WORKERS))

    ours, arrow, brute = _against_arrow(bench, file, brute_force)
    yield Figure(
        "distinct lines, CSV in to CSV out, as a multiple of pyarrow reading and writing",
        15,
        6,
        ours / arrow,
        "x",
        f"{rows:,} lines in {ours:.1f} s ({rows / ours:,.0f} a second); pyarrow {arrow:.2f} s",
    )
    brute_rate = sample / brute
    yield Figure(
        "the same, as a multiple of the rate of rapidfuzz brute force",
        300,
        1_000,
        rows / ours / brute_rate,
        "x",
        f"`cdist` with WRatio over {len(bench.listed_names):,} names, two workers: {brute_rate:,.0f} lines a second "
        f"(sample of {sample})",
        more_is_better=True,
    )


def million_lines_of_real_trade(bench: Bench) -> Iterator[Figure]:
    """CSV in to CSV out, each text on average eight times."""
    rows = bench.scaled(ROWS)
    file = write_repeated(bench.material, bench.folder / f"repeated-{rows}.csv", rows)
    ours, arrow = _against_arrow(bench, file)
    yield Figure(
        "lines with the repetition of real trade, as a multiple of pyarrow reading and writing",
        15,
        6,
        ours / arrow,
        "x",
        f"{rows:,} lines in {ours:.1f} s ({rows / ours:,.0f} a second); pyarrow {arrow:.2f} s",
    )


def _against_arrow(bench: Bench, file: Path, *others: Callable[[], float]) -> list[float]:
    """Return the seconds of the command, of pyarrow with the same columns, and of other ways, measured in turn."""
    answers, copy = bench.folder / "answers.csv", bench.folder / "copy.csv"

    def ours() -> float:
        return seconds_of(partial(run_command, "screen", file, "--workers", WORKERS, "--out", answers))

    def arrow() -> float:
        result = pc.read_csv(answers)

        def read_and_write() -> None:
            pc.read_csv(file)
            pc.write_csv(result, copy)

        return seconds_of(read_and_write)

    return alternate((ours, arrow, *others), bench.repeats)
