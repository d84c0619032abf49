"""The durable engine: which worker has which job, and which of its parts are done. Only here is dbos known."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID, StepOptions

from app.domain.errors import StorageError
from app.storage.engine import know_lost_connections, read_url, storage_errors
from app.storage.job_progress import Failure
from app.usecases.tidy_jobs import LOST
from app.usecases.work_on_job import Workshop, work_on_job
from app.workshop.places import vacant_place

LOG = structlog.get_logger("precursor-watch")

NAME, QUEUE, SCHEMA = "precursor-watch", "files", "dbos"

SHAPE = "1"
"""Of the work: the parts of a job and their order. One that was begun in another shape is not gone on with."""

PATIENCE = StepOptions(
    retries_allowed=True,
    interval_seconds=1.0,
    backoff_rate=1.0,
    max_attempts=3_600,
    should_retry=lambda error: isinstance(error, StorageError),
)
"""A database that is away is waited for, an hour for each part; any other fault is no better the second time."""

POLLING_SECONDS = 0.25

_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

T = TypeVar("T")


class Engine:
    """This process's part in the engine, which all workers share through the database."""

    def __init__(self, shop: Workshop, database_url: str, place: str, places: Path) -> None:
        """Start; what the last worker in this place left half-done is gone on with at once.

        Args:
            shop: what this worker works with.
            database_url: of the engine's own tables: see `engine_url`.
            place: this worker's name.
            places: the folder of the workers' locks.
        """
        self._place = place
        self._places = places
        self._leaving = threading.Event()
        self._at_work = threading.Lock()
        self._handed: set[str] = set()
        self._held: set[str] = set()
        self._idle: set[str] = set()
        _quieten()
        know_lost_connections()
        DBOS(
            config=DBOSConfig(
                name=NAME,
                system_database_url=database_url,
                dbos_system_schema=SCHEMA,
                db_engine_kwargs={"hide_parameters": True},
                sys_db_pool_size=5,
                executor_id=place,
                application_version=SHAPE,
                log_level="WARNING",
            )
        )

        @DBOS.workflow(name="screen", max_recovery_attempts=None)
        def screen(job_id: str) -> Failure | None:
            self._held.add(job_id)
            try:
                with self._at_work:
                    LOG.info("job_taken", job=job_id, place=place)
                    return work_on_job(shop, job_id, self._step)
            finally:
                self._held.discard(job_id)

        self._screen = screen
        DBOS.launch()
        self._queue = DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLLING_SECONDS)

    def hand_over(self, job_ids: Iterable[str]) -> None:
        """Put jobs in the queue; one that is there already, or in some worker's hands, is left alone."""
        for job_id in job_ids:
            if job_id not in self._handed:
                with SetWorkflowID(job_id):
                    self._queue.enqueue(self._screen, job_id)
                self._handed.add(job_id)

    def ended(self) -> Iterator[tuple[str, Failure | None]]:
        """Yield the jobs on which the work has ended and was not settled yet, with what came of it."""
        for each in DBOS.list_workflows(status=_ENDED, queue_name=QUEUE, load_input=False):
            yield each.workflow_id, each.output if each.status == "SUCCESS" else LOST

    def forget(self, job_id: str) -> None:
        """Remove what the engine remembers of a job that is settled."""
        DBOS.delete_workflow(job_id)
        self._handed.discard(job_id)

    def take_over(self) -> list[str]:
        """Put the jobs of workers that have died back in the queue, and what was dropped here; return which."""
        pending = DBOS.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False)
        taken = self._take_up([each.workflow_id for each in pending if each.executor_id == self._place])
        for place in {each.executor_id for each in pending} - {self._place, None}:
            assert place is not None
            with vacant_place(self._places, place) as vacant:
                if vacant:
                    held = DBOS.list_workflows(status="PENDING", executor_id=place, load_input=False, load_output=False)
                    for each in held:
                        DBOS.resume_workflow(each.workflow_id, queue_name=QUEUE)
                        taken.append(each.workflow_id)
        return taken

    def _take_up(self, own: list[str]) -> list[str]:
        """Put back jobs of this worker that nobody here works on, now and when it was looked last.

        The engine waits for a database that is away, but not whatever way that shows: then the work ends in the middle,
        its job stays this worker's, and the worker is given no other.
        """
        idle = set(own) - self._held
        dropped, self._idle = idle & self._idle, idle
        for job_id in dropped:
            DBOS.resume_workflow(job_id, queue_name=QUEUE)
        return sorted(dropped)

    def leave(self, seconds: float) -> bool:
        """Stop at the end of the part that is being worked on; the next worker in this place goes on behind it.

        Args:
            seconds: how long that is waited for.

        Returns:
            Whether the part was finished; otherwise it will be worked on again.
        """
        self._leaving.set()
        return self._at_work.acquire(timeout=seconds)

    def _step(self, name: str, part: Callable[[], T]) -> T:
        if self._leaving.is_set():
            # Nothing may be raised here, as that would be the end of the job: the process ends under this thread.
            self._at_work.release()
            threading.Event().wait()
        return DBOS.run_step(StepOptions(**PATIENCE, name=name), part)


def engine_url(database_url: str) -> str:
    """Return where the engine keeps its own tables.

    Args:
        database_url: the service's.

    Returns:
        A file beside the service's for SQLite, where one file has one writer at a time; the same database for
        PostgreSQL, where the engine has a schema of its own, given up as soon when it is silent.
    """
    if database_url.startswith("sqlite"):
        return f"{database_url.removesuffix('.db')}.engine.db"
    return read_url(database_url).render_as_string(hide_password=False)


def grant_work(database_url: str, role: str) -> None:
    """Create or migrate the engine's tables, and grant a role of PostgreSQL their use.

    They say which worker has which job, and nothing of what was decided. A role that serves may not create them: the
    owner does so here, again at each upgrade.

    Args:
        database_url: of PostgreSQL, reached as the owner.
        role: it is there.

    Raises:
        StorageError: no such role, or whoever asks may not create or does not own the engine's tables.
    """
    logging.getLogger("dbos").setLevel(logging.ERROR)
    with storage_errors():
        DBOS.migrate(engine_url(database_url), schema=SCHEMA, application_role=role)


def _quieten() -> None:
    """Have the engine write to the service's log, and nowhere else."""
    logger = logging.getLogger("dbos")
    logger.addHandler(logging.NullHandler())  # it brings its own where there is none
    logger.propagate = True
