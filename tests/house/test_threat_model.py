"""The threat model names a test for each risk, and each of them is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
RISKS = [line for line in PAGE.splitlines() if re.match(r"\| API\d+ ", line)]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_of_the_ten_risks_has_its_line():
    assert [int(re.match(r"\| API(\d+)", line)[1]) for line in RISKS] == list(range(1, 11))


@pytest.mark.parametrize("line", RISKS, ids=lambda line: line.split()[1])
def test_each_risk_names_tests_that_are_there(line: str):
    named = NAMED.findall(line)
    assert named
    for file, name in named:
        functions = {each.name for each in ast.parse((ROOT / file).read_text("utf-8")).body if hasattr(each, "name")}
        assert name in functions, f"{file}::{name}"
