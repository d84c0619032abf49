"""A job comes to the same result, whatever happens to the processes that work on it."""

import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.domain.words import JobState, Verdict
from app.settings import Settings
from app.storage.job_progress import count_job_records
from app.usecases.releases import Shelf
from app.usecases.verify_audit import verify_audit
from tests.conftest import PostgresServer
from tests.workshop.conftest import Site, goods

KILLS = 10
ROWS = 600
MANY_ROWS = 1_500
"""Enough that the work is not over before the last kill."""


def kill(worker: Any) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


@pytest.mark.parametrize("format", ["csv", "ndjson", "parquet"])
def test_a_job_gives_the_file_that_the_command_line_writes(sqlite_site: Site, format: Any) -> None:
    content = goods(ROWS)
    job_id = sqlite_site.send(content, format, 4_096)
    sqlite_site.start()
    job = sqlite_site.until_over(job_id)
    assert job.state is JobState.DONE, sqlite_site.log.read_text()
    workers = 2 if format == "csv" else 1
    assert sqlite_site.result(job_id) == sqlite_site.screened(content, format, workers)
    assert (job.rows, job.blocks, job.share) == (ROWS, 1, 1.0)
    assert sorted(path.name for path in sqlite_site.spool.files(job_id).folder.iterdir()) == ["result"]


def test_a_job_whose_workers_are_killed_again_and_again_comes_to_the_same_result(site: Site) -> None:
    content = goods(MANY_ROWS)
    calm = site.send(content)
    worker = site.start()
    assert site.until_over(calm).state is JobState.DONE, site.log.read_text()
    kill(worker)

    chance = random.Random(5)
    job_id = site.send(content)
    for _ in range(KILLS):
        before = site.job(job_id).blocks
        worker = site.start()
        site.until(job_id, lambda job, least=before: job.blocks > least or job.state is JobState.DONE)
        time.sleep(chance.random() * 0.1)
        kill(worker)
    assert site.job(job_id).state is JobState.RUNNING, "the file is too small to be killed so often"
    site.start()
    job = site.until_over(job_id)

    assert job.state is JobState.DONE, site.log.read_text()
    assert site.result(job_id) == site.result(calm) == site.screened(content)
    assert job.verdicts == site.job(calm).verdicts
    counted = count_job_records(site.database)
    assert counted == {verdict: 2 * job.verdicts[verdict] for verdict in Verdict}, "a block was counted twice, or not"
    kept, blocks, records = site.kept(job_id)
    assert (kept, blocks, records) == site.kept(calm)
    assert kept
    assert records == MANY_ROWS


def test_a_job_goes_on_when_the_database_has_dropped_every_connection(site: Site, postgres_server: Any) -> None:
    if not site.trade.database_url.startswith("postgresql"):
        pytest.skip("SQLite has no connections to lose")
    content = goods(MANY_ROWS)
    job_id = site.send(content)
    site.start()
    chance = random.Random(6)
    for _ in range(4):
        before = site.job(job_id).blocks
        site.until(job_id, lambda job, least=before: job.blocks > least)
        time.sleep(chance.random() * 0.1)
        with postgres_server.admin() as connection:
            drop_connections(connection, site)
        site.database.dispose()
    job = site.until_over(job_id)
    assert job.state is JobState.DONE, site.log.read_text()
    assert site.result(job_id) == site.screened(content)
    assert site.kept(job_id)[2] == MANY_ROWS


def test_a_worker_that_dropped_a_job_takes_it_up_again_and_does_the_next_one(site: Site) -> None:
    content = goods(30)
    dropped, following = site.send(content), site.send(content)
    site.start(drops_first=True)
    for job_id in (dropped, following):
        assert site.until_over(job_id).state is JobState.DONE, site.log.read_text()
        assert site.result(job_id) == site.screened(content)
    assert "Exception encountered in background workflow" in site.log.read_text(), "nothing was dropped"


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_a_job_goes_on_when_the_database_server_was_stopped_and_started(
    compiled: Settings, shelf: Shelf, own_postgres_server: PostgresServer, tmp_path: Path, how: str
) -> None:
    server = own_postgres_server
    site = Site(compiled, shelf, server.url(server.create()), tmp_path)
    try:
        content = goods(MANY_ROWS)
        calm, job_id = site.send(content), site.send(content)
        site.start()
        assert site.until_over(calm).state is JobState.DONE, site.log.read_text()
        chance = random.Random(8)
        for pause in (0.0, 2.0):
            before = site.job(job_id).blocks
            site.until(job_id, lambda job, least=before: job.blocks > least + 2)
            time.sleep(chance.random() * 0.1)
            site.database.dispose()
            server.stop(how)
            time.sleep(pause)
            server.start()
        assert site.job(job_id).state is JobState.RUNNING, "the file is too small to stop the server twice"
        job = site.until_over(job_id)
        assert job.state is JobState.DONE, site.log.read_text()
        assert site.result(job_id) == site.result(calm) == site.screened(content)
        assert site.kept(job_id) == site.kept(calm)
        assert list(verify_audit(site.database)) == []
    finally:
        site.close()


def drop_connections(connection: psycopg.Connection[Any], site: Site) -> None:
    name = site.database.engine.url.database
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_several_workers_share_the_jobs_and_go_on_with_those_of_one_that_died(site: Site) -> None:
    content = goods(ROWS)
    jobs = [site.send(content) for _ in range(3)]
    workers = [site.start(), site.start()]
    running = lambda: [job for job in jobs if site.job(job).state is JobState.RUNNING and site.job(job).blocks]  # noqa: E731
    while len(running()) < 2:  # the second worker is not much later than the first
        assert any(site.job(job).state in (JobState.QUEUED, JobState.RUNNING) for job in jobs), site.log.read_text()
        time.sleep(0.01)
    kill(workers[0])
    for job_id in jobs:
        assert site.until_over(job_id).state is JobState.DONE, site.log.read_text()
        assert site.result(job_id) == site.screened(content)
    assert "jobs_taken_over" in site.log.read_text()


def test_several_workers_on_postgresql_have_equal_shares_of_equal_jobs(site: Site) -> None:
    if not site.trade.database_url.startswith("postgresql"):
        pytest.skip("with SQLite one process writes at a time")
    content = goods(200)
    site.start()
    site.start()
    warm = [site.send(content) for _ in range(2)]
    for job_id in warm:
        site.until_over(job_id)
    jobs = [site.send(content) for _ in range(8)]
    for job_id in jobs:
        assert site.until_over(job_id).state is JobState.DONE, site.log.read_text()
    taken = Counter()
    for line in site.log.read_text().splitlines():
        said = json.loads(line)
        if said["event"] == "job_taken" and said["job"] in jobs:
            taken[said["place"]] += 1
    assert taken.total() == len(jobs), "each is worked on by one"
    assert sorted(taken) == ["worker-1", "worker-2"]
    assert min(taken.values()) >= 3, taken


def test_a_worker_that_is_asked_to_leave_finishes_the_block_in_hand_and_another_goes_on(sqlite_site: Site) -> None:
    content = goods(300)
    job_id = sqlite_site.send(content)
    worker = sqlite_site.start()
    sqlite_site.until(job_id, lambda job: job.blocks > 2)
    worker.terminate()
    worker.join(300)
    assert worker.exitcode == 0
    assert '"block_finished":true' in sqlite_site.log.read_text()
    assert sqlite_site.job(job_id).state is JobState.RUNNING
    assert sqlite_site.attempts(job_id) == 1
    sqlite_site.start()
    assert sqlite_site.until_over(job_id).state is JobState.DONE
    assert sqlite_site.result(job_id) == sqlite_site.screened(content)
