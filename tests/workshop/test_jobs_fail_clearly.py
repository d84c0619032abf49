"""A job that cannot be done says so, and leaves nothing half-published."""

import gzip
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from dbos._utils import retriable_postgres_exception
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.domain.words import JobFailure, JobState
from app.settings import Settings
from app.storage.engine import Database, know_lost_connections, open_engine
from app.storage.tables import RUNS
from app.usecases.read_jobs import withdraw_job
from app.usecases.releases import Shelf
from app.workshop.foreman import employed_workers
from app.workshop.places import taken_place, vacant_place
from tests.conftest import SmallDisk
from tests.workshop.conftest import BLOCK_ROWS, Site, goods


def files_of(site: Site, job_id: str) -> list[str]:
    folder = site.spool.files(job_id).folder
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def test_a_block_that_ends_the_worker_each_time_fails_the_job_and_holds_up_no_other(sqlite_site: Site) -> None:
    poisoned = sqlite_site.send(goods(4 * BLOCK_ROWS, extra="DEADLY GOODS"))
    sound = sqlite_site.send(goods(2 * BLOCK_ROWS))
    deaths = 0
    while sqlite_site.job(poisoned).state in (JobState.QUEUED, JobState.RUNNING):
        worker = sqlite_site.start("DEADLY")
        while worker.exitcode is None and sqlite_site.job(sound).state is not JobState.DONE:
            worker.join(0.05)
        deaths += worker.exitcode == 9
        assert deaths < 12, sqlite_site.log.read_text()
    job = sqlite_site.job(poisoned)
    assert (job.state, job.failure) == (JobState.FAILED, JobFailure.POISON), sqlite_site.log.read_text()
    assert job.why == "the rows 21 to 30 ended the worker 5 times (often: out of memory)"
    assert (job.rows, deaths) == (2 * BLOCK_ROWS, 5)
    assert files_of(sqlite_site, poisoned) == []
    assert sqlite_site.until_over(sound).state is JobState.DONE


@pytest.mark.parametrize("vanished", ["input", "parts"])
def test_a_file_that_vanished_fails_the_job(sqlite_site: Site, vanished: str) -> None:
    job_id = sqlite_site.send(goods(60 * BLOCK_ROWS))
    files = sqlite_site.spool.files(job_id)
    if vanished == "input":
        files.input.unlink()
        sqlite_site.start()
    else:
        sqlite_site.start()
        sqlite_site.until(job_id, lambda job: job.blocks > 3)
        files.part(0).unlink()
    job = sqlite_site.until_over(job_id)
    assert (job.state, job.failure) == (JobState.FAILED, JobFailure.FILE_GONE)
    assert files_of(sqlite_site, job_id) == []


def test_a_file_that_is_damaged_further_down_fails_the_job(sqlite_site: Site) -> None:
    packed = gzip.compress(goods(20_000), 1)
    job_id = sqlite_site.send(packed, block_rows=4_096)
    damaged = packed[: len(packed) // 2] + bytes(len(packed) - len(packed) // 2)
    sqlite_site.spool.files(job_id).input.write_bytes(damaged)
    sqlite_site.start()
    job = sqlite_site.until_over(job_id)
    assert (job.state, job.failure) == (JobState.FAILED, JobFailure.UNREADABLE_FILE), job
    assert "damaged" in (job.why or "")
    assert files_of(sqlite_site, job_id) == []


@pytest.mark.parametrize("change", [{"version": "0.0.0"}, {"release": "f" * 64}, {"index_digest": "f" * 64}])
def test_a_job_whose_release_or_version_is_not_here_any_more_says_so(sqlite_site: Site, change: dict[str, str]) -> None:
    job_id = sqlite_site.send(goods(BLOCK_ROWS))
    database: Database = sqlite_site.database
    with database.begin() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == job_id).values(**change))
    sqlite_site.start()
    job = sqlite_site.until_over(job_id)
    assert (job.state, job.failure) == (JobState.FAILED, JobFailure.RELEASE_NOT_HERE)
    assert job.why


def test_a_full_disk_fails_the_job_and_leaves_nothing(
    compiled: Settings, shelf: Shelf, tmp_path: Path, small_disk: SmallDisk
) -> None:
    site = Site(compiled, shelf, f"sqlite:///{tmp_path / 'test.db'}", small_disk("256k"))
    site.log = tmp_path / "log"
    try:
        job_id = site.send(goods(1_500), block_rows=500)
        site.start()
        job = site.until_over(job_id)
        assert (job.state, job.failure) == (JobState.FAILED, JobFailure.NO_ROOM), site.log.read_text()
        assert job.blocks == 3, "the result has no room, the parts had"
        assert files_of(site, job_id) == []
    finally:
        site.close()


def test_a_running_job_stops_within_a_block_when_it_is_cancelled_and_its_files_go(site: Site) -> None:
    job_id = site.send(goods(200 * BLOCK_ROWS))
    site.start()
    site.until(job_id, lambda job: job.blocks > 2)
    cancelled = withdraw_job(site.database, site.spool, job_id)
    assert cancelled.state is JobState.CANCELLED
    site.until(job_id, lambda _: files_of(site, job_id) == [])
    job = site.job(job_id)
    assert job.state is JobState.CANCELLED
    assert job.blocks <= cancelled.blocks
    assert job.result_sha256 is None
    following = site.send(goods(BLOCK_ROWS))
    assert site.until_over(following).state is JobState.DONE


def test_the_engine_waits_for_a_server_whose_socket_is_not_there(tmp_path: Path) -> None:
    know_lost_connections()
    database = open_engine(f"postgresql://postgres@/none?host={tmp_path}")
    with pytest.raises(OperationalError) as met, database.connect():
        raise AssertionError("nobody listens there")
    assert retriable_postgres_exception(met.value)


def test_a_place_is_held_by_one_and_vacant_when_that_one_is_gone(tmp_path: Path) -> None:
    with taken_place(tmp_path) as first, taken_place(tmp_path) as second:
        assert (first, second) == ("worker-1", "worker-2")
        with vacant_place(tmp_path, first) as vacant:
            assert not vacant
    with vacant_place(tmp_path, first) as vacant:
        assert vacant


def test_the_foreman_fills_the_place_of_a_worker_that_died_and_lets_all_go_at_the_end(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    program = (
        f"import sys; file = open({str(starts)!r}, 'a+'); file.write('x'); file.flush(); file.seek(0);"
        " sys.stdin.read() if file.read() == 'xx' else sys.exit(3)"
    )
    with employed_workers(1, ["-c", program], threading.Lock()):
        while not starts.exists() or len(starts.read_text()) < 2:
            time.sleep(0.1)
    assert starts.read_text() == "xx"


def test_no_worker_is_started_while_the_process_is_copied(tmp_path: Path) -> None:
    starts, starting = tmp_path / "starts", threading.Lock()
    program = f"import sys; open({str(starts)!r}, 'x'); sys.stdin.read()"
    starting.acquire()
    with employed_workers(1, ["-c", program], starting):
        time.sleep(1)
        assert not starts.exists()
        starting.release()
        while not starts.exists():
            time.sleep(0.1)


def test_an_idle_worker_and_the_command_line_never_import_the_engine() -> None:
    check = "import sys; import {}; sys.exit(any(name in sys.modules for name in {}))"
    for module, dear in (("app.work", ("dbos", "rdkit", "fastapi")), ("app.cli", ("dbos",)), ("app.main", ("dbos",))):
        done: Any = subprocess.run([sys.executable, "-c", check.format(module, dear)], check=False)
        assert done.returncode == 0, module
