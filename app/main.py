"""Builds the service: the only place where everything meets."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import structlog
import uvicorn

from app.api.desk import Desk, Limits
from app.api.gate import Gate
from app.api.logs import set_up_logs
from app.api.metrics import Metrics
from app.api.service import Service
from app.domain.errors import StorageError
from app.domain.version import VERSION
from app.settings import Settings, is_loopback
from app.storage.spool import Spool
from app.usecases.prepare_database import check_database, open_database, prepare_database
from app.usecases.releases import open_shelf
from app.work import ATTACHED
from app.workshop.foreman import employed_workers

LOG = structlog.get_logger("precursor-watch")

SHUTDOWN_SECONDS = 30
"""How long requests that are being answered may go on after SIGTERM."""


def build(settings: Settings) -> Service:
    """Build the service; it opens the index now, and the database when it starts.

    Args:
        settings: the environment.

    Returns:
        An ASGI application. A database that is not there or not migrated leaves it started but not ready, so that it
        mends itself when that does.

    Raises:
        StaleIndexError: the watchlist must be compiled first.
    """
    shelf = open_shelf(settings.index, settings.watchlists)
    screener = shelf.loaded
    index = screener.index
    metrics = Metrics()
    metrics.name_index(index.release, index.digest, screener.policy.id, VERSION)

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        database = open_database(settings.database_url)
        service.state.desk = Desk(
            screener=screener,
            shelf=shelf,
            database=database,
            gate=Gate(settings.workers, settings.max_waiting, settings.max_wait_seconds),
            metrics=metrics,
            limits=Limits(settings.max_json_bytes, settings.max_upload_bytes, settings.max_job_bytes),
            spool=Spool(settings.spool),
            keep_keys_hours=settings.keep_keys_hours,
            only_alarms=settings.keep_records == "alarms",
        )
        try:
            LOG.info("started", version=VERSION, release=index.release, database=check_database(database))
        except StorageError as error:
            LOG.error("database_not_ready", why=str(error))
        try:
            yield
        finally:
            database.dispose()
            LOG.info("stopped")

    return Service(metrics, lifespan)


def serve(settings: Settings) -> None:
    """Migrate the database and serve until SIGTERM or SIGINT; returns when the last answer is given.

    Args:
        settings: the environment.

    Raises:
        SettingsError: the address can be reached by strangers and that was not allowed.
        StorageError: the database cannot be migrated.
        StaleIndexError: the watchlist must be compiled first.
    """
    settings.check_address()
    set_up_logs(settings.log_level)
    if not is_loopback(settings.host):
        why = "PW_ALLOW_UNAUTHENTICATED is set: who can reach this address can screen and read what was kept"
        LOG.warning("unauthenticated", host=settings.host, why=why)
    service = build(settings)
    LOG.info("migrated", database=prepare_database(settings.database_url))
    config = uvicorn.Config(
        service,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    # uvicorn raises the signal once more when it is done; a clean end is status 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    with employed_workers(settings.job_workers, ["-m", "app.work", ATTACHED]):
        _Server(config, service).run()


class _Server(uvicorn.Server):
    """Ends the streams that would go on for ever when it is asked to end."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end."""
        if isinstance(desk := getattr(self._service.state, "desk", None), Desk):
            desk.closing.set()
        super().handle_exit(sig, frame)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
