"""`make bench`: ask every question, print the table and write it to docs/benchmarks.md."""

import argparse
import os
from pathlib import Path

from app.settings import ROOT, read_settings
from benchmarks.bench import Bench
from benchmarks.bulk import (
    memory_of_ten_million_rows,
    million_distinct_lines,
    million_lines_of_real_trade,
    ten_times_the_names,
)
from benchmarks.page import PAGE, page_of, row_of
from benchmarks.service import one_record_over_http, start_to_ready
from benchmarks.single import one_record_in_process
from benchmarks.structures import million_distinct_structures

CORES = 2
QUICK = 1 / 20
QUESTIONS = (
    million_distinct_lines,
    million_lines_of_real_trade,
    ten_times_the_names,
    memory_of_ten_million_rows,
    million_distinct_structures,
    one_record_in_process,
    one_record_over_http,
    start_to_ready,
)


def main() -> None:
    asked = _asked()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    args_folder = ROOT / "var" / "bench"
    args_folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(read_settings(), args_folder, QUICK if asked.quick else asked.scale, asked.repeats)
    chosen = [question for question in QUESTIONS if not asked.only or question.__name__ in asked.only]
    figures = []
    for question in chosen:
        print(f"\n{question.__name__}: {question.__doc__}", flush=True)
        for figure in question(bench):
            print(f"  {row_of(figure)}", flush=True)
            figures.append(figure)
    page = page_of(bench, figures)
    print(f"\n{page}")
    if len(chosen) == len(QUESTIONS) or asked.out != PAGE:
        asked.out.write_text(page, "utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    names = [question.__name__ for question in QUESTIONS]
    parser.add_argument("--only", nargs="+", choices=names, help="these questions; the page is not written")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the sizes")
    parser.add_argument("--scale", type=float, default=1.0, help="any other share of the sizes")
    parser.add_argument("--repeats", type=int, default=3, help="rounds, of which the median is taken")
    parser.add_argument("--out", type=Path, default=PAGE, help="where the page goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
