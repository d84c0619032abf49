"""The readers of outside input keep their promises on what is known, and the fuzzer notices when one does not."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_keeps_its_promises_on_the_bytes_it_begins_from(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].feed(seed)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_a_reader_keeps_its_promises_on_any_bytes(name: str, content: bytes) -> None:
    TARGETS[name].feed(content)


def test_the_fuzzer_runs_for_the_time_it_is_given_and_says_so(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer has no package for this machine")
    fuzz = [sys.executable, "-m", "fuzz", "date", "--seconds", "1", "--folder", str(tmp_path)]
    done = subprocess.run(fuzz, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("date: held; Done ")
