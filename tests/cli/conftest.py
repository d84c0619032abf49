"""The command line as users run it, and the files they have."""

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EVALUATION = Path(os.environ.get("EVAL_DIR", ROOT.parent / "shared" / "eval"))
COMMAND = (sys.executable, "-m", "app.cli")

LINES = (
    ("1", "200 DRUMS ACETIC ANHYDRIDE 99%", "108-24-7"),
    ("2", "Cotton T-shirts, men's", ""),
    ("3", "(-)-Ephedrine hydrochloride BP", ""),
    ("4", "Lidocaine hydrochloride USP", "73-78-9"),
    ("5", "=HYPERLINK(1) toluene, technical", ""),
    ("6", "Уксусный ангидрид", ""),
)


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended."""

    status: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out.decode(), newline="")))


@pytest.fixture(scope="session")
def environment(compiled: Settings) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
        "PYTHONPATH": str(ROOT),
        "PW_WATCHLISTS": str(compiled.watchlists.resolve()),
        "PW_INDEX": str(compiled.index.resolve()),
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ended]:
    """Run the command in a process of its own, in an empty folder."""

    def run(*arguments: object, stdin: bytes = b"", **changed: str) -> Ended:
        ended = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=environment | changed,
            cwd=tmp_path,
            timeout=200,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr.decode())

    return run


@pytest.fixture
def run_here(
    compiled: Settings, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Callable[..., Ended]]:
    """Run the command in this process, which has the index open already: for the many small files."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["precursor-watch", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        sys.stdout.flush()
        said = capfdbinary.readouterr()
        status = end.value.code
        assert isinstance(status, int)
        return Ended(status, said.out, said.err.decode())

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    """Six lines of goods; 1, 3, 5 and 6 are listed."""
    path = tmp_path / "goods.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line_no", "goods_description", "cas_no", "remark"))
        writer.writerows((*line, f"remark {line[0]}") for line in LINES)
    return path


@pytest.fixture(scope="session")
def evaluation() -> Path:
    """The folder of the development sets."""
    if not (EVALUATION / "names.csv").is_file():
        pytest.skip(f"the development sets are not at {EVALUATION}")
    return EVALUATION


def write_lines(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,description\n")
        for number in range(count):
            goods = "eefdrin" if number % 10 == 0 else f"printed cotton fabric pattern {number}"
            file.write(f"{number},lot {number} {goods}\n")
    return path


@pytest.fixture(scope="session")
def many_lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Distinct lines for three blocks of one worker and two of two, one in ten listed."""
    return write_lines(tmp_path_factory.mktemp("many") / "many.csv", 30_000)


@pytest.fixture(scope="session")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough lines to be stopped in mid-work."""
    return write_lines(tmp_path_factory.mktemp("long") / "long.csv", 1_000_000)
