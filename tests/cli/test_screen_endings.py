"""How `precursor-watch screen` ends: its exit statuses, and nothing half-written under the final name."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "app.cli")


def left_in(folder: Path, *expected: str) -> set[str]:
    return {path.name for path in folder.iterdir()} - set(expected)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--map", "description"), "field=HEADER"),
        (("--map", "description=a", "--map", "description=b"), "twice"),
        (("--map", "colour=remark"), "colour"),
        (("--map", "description=nowhere"), "nowhere"),
        (("--as-of", "01/02/2025"), "01/02/2025"),
        (("--instrument", "no-such-law"), "no-such-law"),
        (("--instrument", "no-such-law", "--workers", "2"), "no-such-law"),
        (("--format", "pdf"), "pdf"),
        (("--workers", "0"), "workers"),
        (("--colour",), "colour"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what(run_here, goods, tmp_path, arguments, words):
    ended = run_here("screen", goods, "--out", tmp_path / "out.csv", *arguments)
    assert ended.status == 2, ended.err
    assert words in ended.err.replace("\n", "")
    assert "Traceback" not in ended.err
    assert left_in(tmp_path, "goods.csv") == set()


def test_answers_over_the_input_are_refused(run_here, goods):
    before = goods.read_bytes()
    ended = run_here("screen", goods, "--out", goods)
    assert (ended.status, goods.read_bytes()) == (2, before)
    assert "same file" in ended.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"PK\x03\x04 broken", "ZIP"),
        (b"\x1f\x8b broken", "gzip"),
        (b"PAR1 broken", "arquet"),
        (None, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_3_and_one_line(run_here, tmp_path, content, words):
    path = tmp_path / "in.csv"
    if content is not None:
        path.write_bytes(content)
    ended = run_here("screen", path, "--out", tmp_path / "out.csv", "--findings", tmp_path / "f.ndjson")
    assert ended.status == 3
    assert words in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert left_in(tmp_path, "in.csv") == set()


def test_a_folder_that_is_not_there_ends_with_3_and_nothing_is_written(run_here, goods, tmp_path):
    ended = run_here("screen", goods, "--out", tmp_path / "nowhere" / "out.csv")
    assert ended.status == 3
    assert "Traceback" not in ended.err
    assert left_in(tmp_path, "goods.csv") == set()


def test_an_unreadable_row_ends_with_1_and_is_answered_undetermined_with_the_reason(run_here, tmp_path):
    (tmp_path / "in.csv").write_bytes(b"id,description,remark\n1,acetone,x\n2,cotton,a,b,c,d\n3,cotton,y\n")
    ended = run_here("screen", tmp_path / "in.csv")
    assert ended.status == 1
    assert [row["verdict"] for row in ended.rows][1:] == ["undetermined", "not_listed"]
    assert ended.rows[1]["reason"]
    assert "1 row was unreadable" in ended.err


def test_no_index_is_told_with_the_command_that_makes_one(run, goods, tmp_path):
    (tmp_path / "empty").mkdir()
    ended = run("screen", goods, PW_INDEX=str(tmp_path / "empty"))
    assert ended.status == 3
    assert "precursor-watch watchlist compile" in ended.err
    assert "Traceback" not in ended.err


@contextmanager
def begun(environment: dict[str, str], folder: Path, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Start a screening and wait until it writes."""
    process = subprocess.Popen(
        [*COMMAND, "screen", *map(str, arguments)],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size > 10_000 for path in folder.glob(".out.csv.*")):
            assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def workers_of(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the workers of a screening: copies of the process that it started for them."""
    return spawned_by(spawned_by({process.pid}))


def spawned_by(parents: set[int]) -> set[int]:
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "ppid=,pid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    return {int(pid) for parent, pid, words in rows if int(parent) in parents and "spawn_main" in words}


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(numbers: set[int]) -> None:
    deadline = time.monotonic() + 30
    while any(map(is_alive, numbers)):
        assert time.monotonic() < deadline, numbers
        time.sleep(0.05)


@pytest.mark.parametrize(("number", "status", "workers"), [(signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 1)])
def test_an_interrupted_screening_leaves_nothing(environment, tmp_path, long_file, number, status, workers):
    with begun(environment, tmp_path, long_file, "--out", "out.csv", "--workers", workers) as process:
        os.kill(process.pid, number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in err
    assert left_in(tmp_path) == set()


def test_a_killed_screening_leaves_nothing_under_the_final_name_and_no_worker(environment, tmp_path, long_file):
    with begun(environment, tmp_path, long_file, "--out", "out.csv", "--workers", 2) as process:
        workers = workers_of(process)
        process.kill()
        process.communicate(timeout=60)
    assert len(workers) == 2
    assert not (tmp_path / "out.csv").exists()
    wait_until_gone(workers)


@pytest.mark.parametrize("whom", ["a worker", "the process that they are copies of"])
def test_a_worker_that_dies_loses_no_row_in_silence(environment, tmp_path, long_file, whom):
    (tmp_path / "out.csv").write_text("what was here before")
    with begun(environment, tmp_path, long_file, "--out", "out.csv", "--workers", 2) as process:
        workers = workers_of(process)
        os.kill(next(iter(workers if whom == "a worker" else spawned_by({process.pid}))), signal.SIGKILL)
        _, err = process.communicate(timeout=60)
    wait_until_gone(workers)
    assert process.returncode == 3
    assert b"worker process ended" in err
    assert b"Traceback" not in err
    assert (tmp_path / "out.csv").read_text() == "what was here before"
    assert left_in(tmp_path, "out.csv") == set()


def processor_seconds(number: int) -> float:
    times = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(numbers: set[int]) -> None:
    """Wait until processes that nobody listens to have done what they can and wait to be heard."""
    before, now = -1.0, sum(map(processor_seconds, numbers))
    while now > before:
        time.sleep(1)
        before, now = now, sum(map(processor_seconds, numbers))


@pytest.mark.parametrize(("number", "status"), [(None, 3), (signal.SIGINT, 130)])
def test_a_worker_that_dies_in_the_middle_of_an_answer_is_not_waited_for(
    environment, tmp_path, long_file, number, status
):
    with begun(environment, tmp_path, long_file, "--out", "out.csv", "--workers", 2) as process:
        os.kill(process.pid, signal.SIGSTOP)
        workers = workers_of(process)
        wait_until_idle(workers)
        os.kill(workers.pop(), signal.SIGKILL)
        if number is not None:
            os.kill(process.pid, number)
        os.kill(process.pid, signal.SIGCONT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in err
    assert left_in(tmp_path) == set()


def test_a_reader_who_has_seen_enough_ends_it_quietly(environment, tmp_path, long_file):
    process = subprocess.Popen(
        [*COMMAND, "screen", str(long_file)],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert err == b""


def test_a_terminal_sees_how_far_it_is(environment, tmp_path, many_lines):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "screen", str(many_lines), "--out", "out.csv"], env=environment, cwd=tmp_path, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed: the process has ended
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert b"rows" in seen
    assert b"/s" in seen
    assert b"30,000" in seen
