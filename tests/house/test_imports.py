"""The imports: whatever the software imports is asked for by name, and not there by chance."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DECLARED = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
DISTRIBUTIONS = importlib.metadata.packages_distributions()


def imported_by(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level names of absolute imports, wherever they stand in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def undeclared(text: str) -> set[str]:
    """Return what a module imports and the project does not ask for."""
    foreign = {name for name in imported_by(ast.parse(text)) if name not in sys.stdlib_module_names and name != "app"}
    return {name for name in foreign if not is_declared(name)}


def is_declared(name: str) -> bool:
    return bool(DECLARED & {canonicalize_name(owner) for owner in DISTRIBUTIONS.get(name, ())})


@pytest.mark.parametrize("folder", ["app", "migrations"])
def test_whatever_is_imported_is_asked_for_by_name(folder: str):
    modules = sorted((ROOT / folder).rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): undeclared(path.read_text("utf-8")) for path in modules}
    assert modules
    assert {path: sorted(names) for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import pytest", {"pytest"}),  # here for the tests only
        ("import packaging.version as v", {"packaging"}),
        ("def f():\n    from no_such_package.part import x", {"no_such_package"}),
        ("import numpy, yaml", {"yaml"}),
        ("from . import x\nimport os.path\nfrom app.domain import words\nfrom sqlalchemy.orm import Session", set()),
    ],
)
def test_an_import_that_nobody_asked_for_is_seen(text: str, names: set[str]):
    assert undeclared(text) == names


def test_what_is_left_out_of_the_locks_is_imported_nowhere():
    left_out = "|".join(PROJECT["tool"]["uv"]["exclude-dependencies"])
    pattern = re.compile(rf"^\s*(?:import|from) (?:{left_out})\b", re.MULTILINE)
    folders = ("app", "migrations", "tools", "tests", "benchmarks", "fuzz")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert [path.relative_to(ROOT).as_posix() for path in paths if pattern.search(path.read_text("utf-8"))] == []
