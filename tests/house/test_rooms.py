"""The rooms: imports go down only, and the contract that says so bites."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

BREACHES = [
    ("domain/breach.py", "import app.chemistry", "every room has its place BROKEN"),
    ("chemistry/breach.py", "import app.watchlist.model", "every room has its place BROKEN"),
    ("watchlist/breach.py", "import app.screening", "every room has its place BROKEN"),
    ("screening/breach.py", "import app.storage", "every room has its place BROKEN"),
    ("screening/breach.py", "import app.records", "every room has its place BROKEN"),
    ("storage/breach.py", "import app.screening", "every room has its place BROKEN"),
    ("usecases/breach.py", "import app.settings", "every room has its place BROKEN"),
    ("api/breach.py", "import app.settings", "every room has its place BROKEN"),
    ("watchlist/breach.py", "import rdkit", "RDKit only in chemistry BROKEN"),
    ("records/breach.py", "import rapidfuzz.fuzz", "rapidfuzz only in screening BROKEN"),
    ("usecases/breach.py", "import fastapi", "FastAPI and Starlette only in api and main BROKEN"),
    ("settings.py", "import starlette.responses", "FastAPI and Starlette only in api and main BROKEN"),
    ("usecases/breach.py", "import dbos", "dbos only in the workshop BROKEN"),
    ("workshop/worker.py", "import dbos", "dbos only in the workshop BROKEN"),
    ("workshop/breach.py", "import app.api.jobs", "every room has its place BROKEN"),
    ("usecases/breach.py", "import sqlalchemy", "SQLAlchemy and Alembic only in storage BROKEN"),
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_go_down_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("file", "line", "words"), BREACHES, ids=lambda value: str(value))
def test_an_import_that_goes_up_or_aside_breaks_the_contract(house: Path, file: str, line: str, words: str):
    path = house / "app" / file
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(before + f"\n{line}\n", "utf-8")

    result = lint_imports(house)

    assert result.returncode == 1, result.stdout + result.stderr
    assert words in result.stdout


def test_a_room_that_nobody_placed_breaks_the_contract(house: Path):
    (house / "app" / "helpers").mkdir()
    (house / "app" / "helpers" / "__init__.py").write_text('"""Odds and ends."""\n', "utf-8")

    result = lint_imports(house)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "every room has its place BROKEN" in result.stdout
    assert "helpers" in result.stdout
