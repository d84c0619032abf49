"""`make bench`: ask every question, print the table and write it to docs/benchmarks.md."""

import argparse
import os
import shutil
import signal
from pathlib import Path

import pyarrow as pa

from app.settings import ROOT, read_settings
from benchmarks.bench import Bench
from benchmarks.bulk import (
    memory_of_ten_million_rows,
    million_distinct_lines,
    million_lines_of_real_trade,
    ten_times_the_names,
)
from benchmarks.legal import full_legal_evaluation
from benchmarks.material import digest_of_material
from benchmarks.page import PAGE, SPEED, page_of, put_section, row_of
from benchmarks.service import memory_of_several_processes, one_record_over_http, start_to_ready
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
    full_legal_evaluation,
    one_record_in_process,
    one_record_over_http,
    memory_of_several_processes,
    start_to_ready,
)


def main() -> None:
    """Ask the questions that were chosen."""
    asked = _asked()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started ends with this process
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    pa.set_cpu_count(CORES)
    settings = read_settings()
    bench = Bench(settings, _folder(asked.folder, digest_of_material(settings)), asked.scale, asked.repeats)
    chosen = [question for question in QUESTIONS if not asked.only or question.__name__ in asked.only]
    figures = []
    for question in chosen:
        print(f"{question.__name__}: {question.__doc__}", flush=True)
        for figure in question(bench):
            print(f"  {row_of(figure, judged=bench.is_full)}", flush=True)
            figures.append(figure)
    if asked.out is not None or len(chosen) == len(QUESTIONS):
        put_section(asked.out or PAGE, SPEED, page_of(bench, figures))


def _folder(folder: Path, digest: str) -> Path:
    """Return the folder of files built from this material; what was built from another is removed."""
    own = folder / f"built-{digest}"
    own.mkdir(parents=True, exist_ok=True)
    for other in folder.glob("built-*"):
        if other != own:
            shutil.rmtree(other)
    return own


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    names = [question.__name__ for question in QUESTIONS]
    parser.add_argument("--only", nargs="+", choices=names, help="these questions; the page is not written")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--scale", type=float, default=1.0, help="share of the full sizes")
    sizes.add_argument("--quick", dest="scale", action="store_const", const=QUICK, help=f"{QUICK} of the full sizes")
    parser.add_argument("--repeats", type=int, default=3, help="rounds, of which the median is taken")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench", help="where files are built and kept")
    parser.add_argument("--out", type=Path, help="where the page goes, also when only some questions are asked")
    return parser.parse_args()


if __name__ == "__main__":
    main()
