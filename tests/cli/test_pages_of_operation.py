"""The page on running the service: its own lines are run, as an operator would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.audit import Action
from app.domain.callers import LOCAL, Right
from app.storage.audit import list_entries
from app.usecases.issue_keys import list_keys, make_key
from app.usecases.prepare_database import open_database, prepare_database
from tests.conftest import TwoReleases
from tests.storage.test_audit import NOON

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def lines_under(heading: str) -> str:
    """The first lines to be typed under a heading of the page."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block = re.search(r"```(?:sh|console)\n(.*?)```", section, re.DOTALL)
    assert block is not None, heading
    return re.sub(r"^\$ ", "", block[1], flags=re.MULTILINE)


def typed(lines: str, **changed: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **changed}
    return subprocess.run(
        ["sh", "-euc", lines], env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )


def test_a_key_is_rotated_as_the_page_says(database_url: str) -> None:
    prepare_database(database_url)
    database = open_database(database_url)
    old, _ = make_key(database, "port system", "port", frozenset({Right.SCREEN}), days=1, now=NOON)
    ended = typed(lines_under("Rotate keys"), PW_DATABASE_URL=database_url, OLD_KEY=old.id)
    assert ended.returncode == 0, ended.stderr
    before, after = list_keys(database)
    assert before.revoked_at is not None
    assert (after.tenant, after.rights, after.revoked_at) == ("port", {Right.SCREEN, Right.READ}, None)
    actions = [entry.action for entry in list_entries(database.seen_by(LOCAL.of_tenant("port")), 9)]
    assert actions == [Action.KEY_CREATED, Action.KEY_CREATED, Action.KEY_REVOKED]
    database.dispose()


def test_a_release_is_compared_and_activated_as_the_page_says(two_releases: TwoReleases, tmp_path: Path) -> None:
    lines = lines_under("Activate a release").replace("58dbd7c3", two_releases.new[:8])
    compile_it, *rest = lines.replace("29a67d66", two_releases.old[:8]).splitlines()
    assert compile_it == "precursor-watch watchlist compile"
    database_url = f"sqlite:///{tmp_path / 'a.db'}"
    ended = typed("\n".join(rest), PW_INDEX=str(two_releases.index), PW_DATABASE_URL=database_url)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == two_releases.old


@pytest.mark.parametrize("heading", ["Deploy", "Activate a release", "Upgrade", "Rotate keys"])
def test_every_command_of_the_page_is_one_of_the_command_line(heading: str) -> None:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"precursor-watch ((?:watchlist|database|keys) [a-z]+|[a-z]+)", section))
    assert named
    for command in named:
        ended = typed(f"precursor-watch {command} --help")
        assert ended.returncode == 0, command
