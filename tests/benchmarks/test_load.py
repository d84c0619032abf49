"""The load test: what is answered is kept, and the page keeps what it does not renew."""

from pathlib import Path

from app.settings import Settings
from benchmarks.bench import Bench
from benchmarks.load import load, section_of
from benchmarks.page import LOAD, SPEED, put_section


def test_what_callers_were_answered_is_what_is_kept(compiled: Settings, tmp_path: Path) -> None:
    ramp = load(Bench(compiled, tmp_path, 1, 1), "SQLite", f"sqlite:///{tmp_path / 'runs.db'}", 3.0)
    assert ramp.answered == ramp.kept
    assert ramp.answered.decisions == len(ramp.answered.runs) > 0
    assert sum(stage.errors for stage in ramp.stages) == 0
    assert all(memory > 0 for memory in ramp.memory)
    assert "decisions kept and answered are the same" in section_of([ramp], 3.0).lower()


def test_a_section_is_renewed_and_the_other_one_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put_section(page, LOAD, "under load")
    put_section(page, SPEED, "# fast")
    put_section(page, SPEED, "# faster")
    assert page.read_text("utf-8") == (
        "<!-- speed -->\n# faster\n<!-- end of speed -->\n\n<!-- load -->\nunder load\n<!-- end of load -->\n"
    )
