"""Jobs, and the processes that work on them."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.words import JobState
from app.screening.scope import Scope
from app.settings import Settings
from app.storage.engine import Database
from app.storage.jobs import Format, Job
from app.storage.spool import Spool
from app.storage.tables import DECISIONS, JOBS, RECORD_BLOCKS
from app.usecases.make_job import JobOrder, SentFile, Told, make_job
from app.usecases.prepare_database import open_database, prepare_database
from app.usecases.read_jobs import find_job
from app.usecases.releases import Shelf, open_shelf
from app.usecases.screen_to_file import Order, screen_to_file
from app.usecases.screening_task import Task
from app.usecases.worker_processes import employed
from app.workshop.worker import Trade
from tests.workshop import warm

DAY = date(2025, 6, 2)
BLOCK_ROWS = 10
GOODS = (
    "ACETIC ANHYDRIDE 99% 200 DRUMS",
    "COTTON T-SHIRTS",
    "SODIUM CHLORIDE FOOD GRADE",
    "POTASSIUM PERMANGANATE",
    "TOLUENE IN BULK",
    "WOODEN FURNITURE",
    "METHYL ETHYL KETONE",
    "CHEMICALS N.O.S.",
)


def goods(rows: int, seed: int = 1, extra: str = "") -> bytes:
    """A file whose rows add up over the months, so that what is said of one depends on those before it."""
    chosen = random.Random(seed)
    lines = ["line_no,goods_description,country_of_origin,country_of_destination,shipment_date,qty,unit,consignor"]
    for number in range(rows):
        words = extra if extra and number == rows // 2 else chosen.choice(GOODS)
        day = f"2025-0{chosen.randint(1, 5)}-1{chosen.randint(0, 9)}"
        lines.append(f"{number},{words},US,IN,{day},{chosen.randint(1, 400)},KG,ACME {chosen.randint(1, 3)}")
    return "\r\n".join([*lines, ""]).encode()


class Site:
    """A database and a spool, jobs in them and workers for them."""

    def __init__(self, settings: Settings, shelf: Shelf, database_url: str, folder: Path) -> None:
        prepare_database(database_url)
        self.database: Database = open_database(database_url)
        self.spool = Spool(folder / "spool")
        self.shelf = shelf
        self.settings = settings
        self.folder = folder
        self.log = folder / "log"
        self.trade = Trade(database_url, settings.index, settings.watchlists, self.spool.folder, 1.0)
        self._workers: list[multiprocessing.process.BaseProcess] = []

    def send(self, content: bytes, format: Format = "csv", block_rows: int = BLOCK_ROWS) -> str:
        import hashlib

        told: list[Job] = []

        def tell(job: Job) -> Told:
            told.append(job)
            return Told(202, {}, b"")

        with self.spool.incoming() as files:
            files.input.write_bytes(content)
            sent = SentFile(files, len(content), hashlib.sha256(content).hexdigest())
            order = JobOrder(Scope(today=DAY), {}, format, False, block_rows)
            make_job(self.shelf.loaded, self.database, self.spool, sent, order, tell=tell, key=None)
        return told[0].id

    def start(self, deadly: str | None = None, *, drops_first: bool = False) -> multiprocessing.process.BaseProcess:
        os.environ["WARM_INDEX"] = str(self.settings.index)
        os.environ["WARM_WATCHLISTS"] = str(self.settings.watchlists)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.workshop.warm"])
        worker = context.Process(
            target=warm.run, args=(self.trade, self.log, deadly), kwargs={"drops_first": drops_first}
        )
        worker.start()
        self._workers.append(worker)
        return worker

    def job(self, job_id: str) -> Job:
        return find_job(self.database, job_id)

    def until(self, job_id: str, wanted: Callable[[Job], bool], seconds: float = 300.0) -> Job:
        end = time.monotonic() + seconds
        while not wanted(job := self.job(job_id)):
            if time.monotonic() > end:
                raise AssertionError(f"{job}\n{self.log.read_text()}")
            time.sleep(0.01)
        return job

    def until_over(self, job_id: str) -> Job:
        return self.until(job_id, lambda job: job.state not in (JobState.QUEUED, JobState.RUNNING))

    def result(self, job_id: str) -> bytes:
        return self.spool.files(job_id).result.read_bytes()

    def screened(self, content: bytes, format: Format = "csv", workers: int = 1) -> bytes:
        """What `precursor-watch screen` writes of the same file."""
        given, out = self.folder / "given", self.folder / "out"
        given.write_bytes(content)
        task = Task(self.settings.index, self.settings.watchlists, Scope(today=DAY), False)
        with (
            given.open("rb") as unused,
            (self.folder / "unused").open("wb") as sink,
            employed(task, workers) as staff,
        ):
            screen_to_file(Order(str(given), out, format, None, {}), staff, (unused, sink), lambda _: None)
        return out.read_bytes()

    def kept(self, job_id: str) -> tuple[list[object], int, int]:
        """What is kept of a job's decisions, and how many records in how many blocks."""
        table, blocks = DECISIONS.c, RECORD_BLOCKS.c
        with self.database.connect() as connection:
            query = select(table.position, table.verdict, table.reason, table.document).where(table.run_id == job_id)
            decisions = [tuple(row) for row in connection.execute(query.order_by(table.position))]
            counted = select(func.count(), func.coalesce(func.sum(blocks.records), 0)).where(blocks.run_id == job_id)
            number, records = connection.execute(counted).one()
        return list(decisions), number, records

    def attempts(self, job_id: str) -> int:
        with self.database.connect() as connection:
            return int(connection.execute(select(JOBS.c.attempts).where(JOBS.c.id == job_id)).scalar_one())

    def close(self) -> None:
        for worker in self._workers:
            if worker.is_alive() and worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
            worker.join()
        self.database.dispose()


@pytest.fixture(scope="session")
def shelf(compiled: Settings) -> Shelf:
    return open_shelf(compiled.index, compiled.watchlists)


@pytest.fixture
def site(compiled: Settings, shelf: Shelf, database_url: str, tmp_path: Path) -> Iterator[Site]:
    site = Site(compiled, shelf, database_url, tmp_path)
    yield site
    site.close()


@pytest.fixture
def sqlite_site(compiled: Settings, shelf: Shelf, tmp_path: Path) -> Iterator[Site]:
    """For tests to which the database does not matter."""
    site = Site(compiled, shelf, f"sqlite:///{tmp_path / 'test.db'}", tmp_path)
    yield site
    site.close()
