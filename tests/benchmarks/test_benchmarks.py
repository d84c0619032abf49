"""The benchmarks, at the smallest sizes: they run, and say what they measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT, Settings
from benchmarks.figures import Figure
from benchmarks.page import row_of

ASKED = ("million_lines_of_real_trade", "one_record_in_process")


def test_questions_are_answered_on_a_page(compiled: Settings, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    sizes = ("--scale", "0.0001", "--repeats", "1", "--folder", tmp_path / "built", "--out", page)
    subprocess.run(
        [sys.executable, "-m", "benchmarks", *map(str, sizes), "--only", *ASKED],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
    text = page.read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 3
    assert all("**" in row.split(" | ")[3] for row in rows)
    assert "0.0001 of the full sizes: too small to say what is met" in text
    assert "**no**" not in text


@pytest.mark.parametrize(
    ("measured", "more_is_better", "cells"),
    [
        (4.0, False, "<= 15x | <= 6x | **4x** | yes | yes"),
        (15.0, False, "<= 15x | <= 6x | **15x** | yes | **no**"),
        (15.01, False, "<= 15x | <= 6x | **15.01x** | **no** | **no**"),
        (15.0, True, ">= 15x | >= 6x | **15x** | yes | yes"),
    ],
)
def test_a_figure_meets_its_goal_at_the_goal(measured: float, more_is_better: bool, cells: str) -> None:
    row = row_of(Figure("lines", 15, 6, measured, "x", "as measured", more_is_better=more_is_better), judged=True)
    assert row == f"| lines | {cells} | as measured |"
