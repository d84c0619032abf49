"""The files: nothing in them belongs to one machine, and every decision says what enforces it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HOMES = re.compile(
    "|".join((r"file:/{2}", r"/(?:home|Users)/\w", r"/roo[t]/", r"/wor[k]/", r"/tm[p]/bash", r"/op[t]/(?:pypi|wheels)"))
)
REGISTRIES = re.compile("|".join((r"pyp[i]\.org", r"pythonhoste[d]\.org", r"registr[y]\.npmjs")))


def committed_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout: what would be committed is not known")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def test_nothing_that_a_tool_has_fetched_or_built_is_kept():
    endings = {".whl", ".gz", ".zip", ".pyc", ".so", ".db", ".log"}
    assert [path.name for path in committed_files() if path.suffix in endings] == []


@pytest.mark.parametrize(("pattern", "what"), [(HOMES, "a path of one machine"), (REGISTRIES, "a package registry")])
def test_no_file_names_what_belongs_elsewhere(pattern: re.Pattern[str], what: str):
    named = [
        f"{path.relative_to(ROOT)}: {found[0]} is {what}"
        for path in committed_files()
        if (found := pattern.search(text_of(path)))
    ]
    assert named == []


def test_there_are_decisions():
    assert len(DECISIONS) >= 5


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_names_the_check_that_enforces_it(path: Path):
    text = path.read_text("utf-8")
    _, _, enforced = text.partition("## Enforced by")
    assert enforced.strip(), "no section `Enforced by`"
    named = re.findall(
        r"`((?:tests|tools|docs|app|\.ci)/[\w./-]+|[\w-]+\.(?:toml|yaml|lock)|Dockerfile|Makefile)`", enforced
    )
    assert named, "the section names no file"
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert len(text.split()) <= 450, "half a page"
