"""The page of measured figures, generated."""

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from app.domain.version import VERSION
from app.settings import ROOT
from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.lines import REPETITION

PAGE = ROOT / "docs" / "benchmarks.md"
SPEED, LOAD = "speed", "load"
"""The page's sections, each between its own marks."""
_LIBRARIES = ("pyarrow", "rapidfuzz", "rdkit", "numpy", "fastapi", "uvicorn", "pydantic", "sqlalchemy")
_SECTION = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- end of \1 -->", re.DOTALL)
_MARKS = {True: "yes", False: "**no**", None: ""}


def row_of(figure: Figure, *, judged: bool) -> str:
    """Return a figure as a row of the table; goals are for the full sizes, and others are not judged by them."""
    sign = ">=" if figure.more_is_better else "<="
    must, aim = (
        f"{sign} {_number(goal, figure.unit)}" if goal is not None else "" for goal in (figure.must, figure.aim)
    )
    measured = f"**{_number(figure.measured, figure.unit)}**"
    met = " | ".join(_MARKS[figure.holds(goal) if judged else None] for goal in (figure.must, figure.aim))
    return f"| {figure.question} | {must} | {aim} | {measured} | {met} | {figure.how} |"


def put_section(page: Path, name: str, text: str) -> None:
    """Write one section of a page and leave the others as they are."""
    sections = {SPEED: "", LOAD: ""}
    if page.is_file():
        sections |= {mark: kept.strip() for mark, kept in _SECTION.findall(page.read_text("utf-8"))}
    sections[name] = text.strip()
    kept = [f"<!-- {mark} -->\n{text}\n<!-- end of {mark} -->\n" for mark, text in sections.items() if text]
    page.write_text("\n".join(kept), "utf-8")


def page_of(bench: Bench, figures: Sequence[Figure]) -> str:
    """Return the section on speed."""
    size = "the full sizes" if bench.is_full else f"**{bench.scale:g} of the full sizes: too small to say what is met**"
    text = Path(__file__).with_name("page.md").read_text("utf-8")
    return text.format(
        machine=machine(),
        software=f"precursor-watch {VERSION}, release {bench.index.release[:12]}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        size=f"{size}, median of {bench.repeats}",
        load=" ".join(f"{load:.1f}" for load in os.getloadavg()),
        repetition=REPETITION,
        material="the public quality set alone" if bench.material.note else "the development sets and the public one",
        table="\n".join(row_of(figure, judged=bench.is_full) for figure in figures),
    )


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 2
    text = f"{value:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("" if unit in "x%" else " ") + unit


def machine() -> str:
    """Return what the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, two of {os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}"
