"""Whole files: against reading and writing alone, against brute force, and with more rows, names or memory."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.csv as pc
from rapidfuzz import fuzz, process

from app.usecases.compile_watchlist import compile_watchlist
from benchmarks.bench import Bench
from benchmarks.figures import Figure, alternate, seconds_of
from benchmarks.lines import write_distinct, write_repeated
from benchmarks.running import peak_of_command, run_command
from benchmarks.wider import add_names

WORKERS = 2
ROWS = 1_000_000
BRUTE_FORCE_SAMPLE = 400


def million_distinct_lines(bench: Bench) -> Iterator[Figure]:
    """CSV in to CSV out, distinct lines: against pyarrow alone, brute force, and a tenth of the rows."""
    rows = bench.scaled(ROWS)
    file = write_distinct(bench.material, bench.folder / f"distinct-{rows}.csv", rows)
    tenth = write_distinct(bench.material, bench.folder / f"distinct-{rows // 10}.csv", rows // 10)
    sample = bench.scaled(BRUTE_FORCE_SAMPLE, least=50)
    texts = pc.read_csv(file).column("goods_description").slice(0, sample).to_pylist()

    def brute_force() -> float:
        return seconds_of(partial(process.cdist, texts, bench.listed_names, scorer=fuzz.WRatio, workers=WORKERS))

    ours, arrow, brute, short = _against_arrow(bench, file, brute_force, partial(_screened, tenth))
    yield _multiple_of_arrow("distinct lines", rows, ours, arrow)
    yield Figure(
        "the same, as a multiple of the rate of rapidfuzz brute force",
        300,
        1_000,
        rows / ours / (sample / brute),
        "x",
        f"`cdist` with WRatio over {len(bench.listed_names):,} names, two workers: {sample / brute:,.0f} lines a "
        f"second (sample of {sample})",
        more_is_better=True,
    )
    yield Figure(
        "10 times the rows: time per row, as a multiple",
        1,
        0.99,
        ours / short * (rows // 10) / rows,
        "x",
        f"{rows // 10:,} lines in {short:.1f} s, {rows:,} in {ours:.1f} s, starts included",
    )


def million_lines_of_real_trade(bench: Bench) -> Iterator[Figure]:
    """CSV in to CSV out, each text on average eight times."""
    rows = bench.scaled(ROWS)
    file = write_repeated(bench.material, bench.folder / f"repeated-{rows}.csv", rows)
    ours, arrow = _against_arrow(bench, file)
    yield _multiple_of_arrow("lines with the repetition of real trade", rows, ours, arrow)


def ten_times_the_names(bench: Bench) -> Iterator[Figure]:
    """The same lines with ten times the names in the dictionary of listed substances."""
    rows = bench.scaled(ROWS // 5)
    file = write_distinct(bench.material, bench.folder / f"distinct-{rows}.csv", rows)
    names = len(bench.listed_names)
    watchlists = add_names(bench, bench.folder / "wider", 9 * names)
    compile_watchlist(watchlists, bench.folder / "wider-index")
    wider = {"PW_WATCHLISTS": watchlists, "PW_INDEX": bench.folder / "wider-index"}
    own, with_more = alternate((partial(_screened, file), partial(_screened, file, **wider)), bench.repeats)
    yield Figure(
        "10 times the names in the dictionary: time per row, as a multiple",
        2,
        1.3,
        with_more / own,
        "x",
        f"{rows:,} lines in {own:.1f} s with {names:,} names, in {with_more:.1f} s with {10 * names:,}",
    )


def memory_of_ten_million_rows(bench: Bench) -> Iterator[Figure]:
    """The largest memory of all processes together."""
    rows = bench.scaled(10 * ROWS)
    file = write_distinct(bench.material, bench.folder / f"distinct-{rows}.csv", rows)
    peaks = []
    seconds = seconds_of(lambda: peaks.append(peak_of_command(*_arguments(file, Path("/dev/null")))))
    yield Figure(
        f"peak memory for {rows:,} rows, all processes together",
        1.5,
        0.8,
        peaks[0] / 2**30,
        "GiB",
        f"proportional set sizes of the command and its {WORKERS} workers, summed; distinct lines, {seconds:,.0f} s",
    )


def _multiple_of_arrow(lines: str, rows: int, ours: float, arrow: float) -> Figure:
    return Figure(
        f"{lines}, CSV in to CSV out, as a multiple of pyarrow reading and writing",
        15,
        6,
        ours / arrow,
        "x",
        f"{rows:,} lines in {ours:.1f} s ({rows / ours:,.0f} a second); pyarrow {arrow:.2f} s",
    )


def _arguments(file: Path, out: Path) -> tuple[object, ...]:
    return ("screen", file, "--workers", WORKERS, "--out", out)


def _screened(file: Path, **changed: object) -> float:
    """Return the seconds that the command takes."""
    return seconds_of(partial(run_command, *_arguments(file, Path("/dev/null")), **changed))


def _against_arrow(bench: Bench, file: Path, *others: Callable[[], float]) -> list[float]:
    """Return the seconds of the command, of pyarrow with the same columns, and of other ways, measured in turn."""
    answers, copy = bench.folder / "answers.csv", bench.folder / "copy.csv"

    def ours() -> float:
        return seconds_of(partial(run_command, *_arguments(file, answers)))

    def arrow() -> float:
        result = pc.read_csv(answers)

        def read_and_write() -> None:
            pc.read_csv(file)
            pc.write_csv(result, copy)

        return seconds_of(read_and_write)

    return alternate((ours, arrow, *others), bench.repeats)
