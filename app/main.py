"""Builds the service: the only place where everything meets."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
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
from app.domain.words import Verdict
from app.settings import Settings, is_loopback
from app.storage.engine import Database
from app.usecases.erase import erase_expired
from app.usecases.prepare_database import check_database, open_database, prepare_database
from app.usecases.releases import open_shelf

LOG = structlog.get_logger("precursor-watch")

DAY_SECONDS, HOUR_SECONDS = 86_400.0, 3_600.0
"""How long after an erasure of what has expired the next one comes; sooner where it failed."""

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
            limits=Limits(settings.max_json_bytes, settings.max_upload_bytes),
            only_alarms=settings.keep_records == "alarms",
            second_for=frozenset(Verdict(each) for each in settings.second_person.split(",") if each),
        )
        try:
            LOG.info("started", version=VERSION, release=index.release, database=check_database(database))
        except StorageError as error:
            LOG.error("database_not_ready", why=str(error))
        retention = asyncio.create_task(keep_erasing(database, settings.keep_content_days))
        try:
            yield
        finally:
            retention.cancel()
            await asyncio.wait([retention])
            database.dispose()
            LOG.info("stopped")

    return Service(metrics, lifespan)


async def keep_erasing(
    database: Database,
    days: int,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Erase what has been kept for longer than some days, at once and then every day.

    Args:
        database: as anybody sees it.
        days: how long words are kept; 0 for ever.
        now: the clock.
        wait: how a day is waited for.
    """
    while days:
        try:
            erased = await asyncio.to_thread(erase_expired, database, days, now())
            LOG.info("expired", runs=erased.runs, decisions=erased.decisions)
            pause = DAY_SECONDS
        except StorageError as error:
            LOG.error("expiry_failed", why=str(error))
            pause = HOUR_SECONDS
        await wait(pause)


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
    uvicorn.Server(config).run()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
