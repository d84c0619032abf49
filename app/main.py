"""Builds the service: the only place where everything meets."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import FrameType

import structlog
import uvicorn

from app.api.blocks import Blocks
from app.api.bodies import Room
from app.api.connections import connection_of
from app.api.counts import Counts
from app.api.desk import Desk, Limits
from app.api.doorkeeper import ChecksTokens, Doorkeeper
from app.api.gate import Gate
from app.api.job_figures import keep_counting_jobs
from app.api.logs import set_up_logs
from app.api.metrics import Metrics, forget_process, share_values
from app.api.pace import Allowance, Pace
from app.api.service import Service
from app.api.threads import in_thread
from app.api.turnover import kept_up
from app.chemistry.opsin import ReadNames, find_name_reader
from app.domain.callers import is_loopback
from app.domain.errors import SettingsError, StorageError
from app.domain.version import VERSION
from app.domain.words import Verdict
from app.serving import Processes, Server
from app.settings import Settings
from app.storage.engine import Access, Database
from app.storage.spool import Spool
from app.usecases.active_release import InUse, pointer_mark
from app.usecases.erase import erase_expired
from app.usecases.issue_keys import list_keys
from app.usecases.prepare_database import check_database, open_database, prepare_database
from app.usecases.releases import open_shelf
from app.work import ATTACHED
from app.workshop.foreman import employed_workers

LOG = structlog.get_logger("precursor-watch")

WORK = ["-m", "app.work", ATTACHED]
"""Starts a worker that leaves when this process does."""

HELD_JSON_BODIES = 8
HELD_UPLOADS = 16
"""Bodies of the largest size that are held at once, in memory and on disk; many more of the usual size."""

DAY_SECONDS, HOUR_SECONDS = 86_400.0, 3_600.0
"""How long after an erasure of what has expired the next one comes; sooner where it failed."""


def build(settings: Settings, *, read_names: ReadNames | None = None, shared_metrics: Path | None = None) -> Service:
    """Build the service; it opens the index now, and the database when it starts.

    Args:
        settings: the environment.
        read_names: reads systematic names; a reader of this process's own where none is given.
        shared_metrics: the folder through which several processes add up their figures.

    Returns:
        An ASGI application. A database that is not there or not migrated leaves it started but not ready, so that it
        mends itself when that does.

    Raises:
        StaleIndexError: the watchlist must be compiled first.
        ReleaseNotHereError: the active release is not on this machine any more.
    """
    mark = pointer_mark(settings.index)
    shelf = open_shelf(settings.index, settings.watchlists, read_names)
    metrics = Metrics(shared_metrics)
    counts = Counts()  # before any process is forked: all count together

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        access = Access(
            settings.database_connections, settings.database_lock_seconds, settings.database_statement_seconds
        )
        database = open_database(settings.database_url, access)
        gate = Gate(settings.workers, settings.max_waiting, settings.max_wait_seconds, metrics)
        desk = Desk(
            screener=shelf.loaded,
            shelf=shelf,
            in_use=InUse(shelf.folder, shelf.loaded.index),
            database=database,
            gate=gate,
            blocks=Blocks(gate, settings.max_waiting, settings.max_wait_seconds),
            metrics=metrics,
            limits=Limits(
                settings.max_json_bytes,
                settings.max_upload_bytes,
                Room(HELD_JSON_BODIES * settings.max_json_bytes),
                Room(HELD_UPLOADS * settings.max_upload_bytes),
                settings.max_job_bytes,
                Room(HELD_UPLOADS * settings.max_job_bytes),
                settings.max_json_seconds,
                settings.max_file_seconds,
            ),
            keeper=Doorkeeper(database, _issuer(settings), only_this_machine=is_loopback(settings.host)),
            pace=Pace(settings.requests_per_minute, counts),
            allowance=Allowance(settings.records_per_day, counts),
            spool=Spool(settings.spool),
            keep_keys_hours=settings.keep_keys_hours,
            only_alarms=settings.keep_records == "alarms",
            second_for=frozenset(Verdict(each) for each in settings.second_person.split(",") if each),
        )
        async with kept_up(service.state, desk, settings.watchlists, mark):
            release = service.state.desk.screener.index.release
            try:
                LOG.info("started", version=VERSION, release=release, database=check_database(database))
            except StorageError as error:
                LOG.error("database_not_ready", why=str(error))
            beside = [
                asyncio.create_task(keep_erasing(database, settings.keep_content_days)),
                asyncio.create_task(keep_counting_jobs(database, metrics)),
            ]
            try:
                yield
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.wait(beside)
                await desk.blocks.end()
                await gate.end()
                database.dispose()
                LOG.info("stopped")

    return Service(metrics, lifespan, settings.oidc_issuer)


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
            erased = await in_thread(partial(erase_expired, database, days, now()))
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
        SettingsError: the address can be reached by strangers, and nothing was made to know the others by.
        StorageError: the database cannot be migrated.
        StaleIndexError: the watchlist must be compiled first.
        ReleaseNotHereError: the active release is not on this machine any more.
    """
    set_up_logs(settings.log_level)
    # A signal that comes before the server looks for it ends cleanly too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    if settings.processes > 1:
        _serve_in_processes(settings)
        return
    service = build(settings)
    LOG.info("migrated", database=prepare_database(settings.database_url))
    check_keys(settings)
    with employed_workers(settings.job_workers, WORK, Lock()):
        _server(settings, service).run()


def _serve_in_processes(settings: Settings) -> None:
    reader = find_name_reader()
    with TemporaryDirectory(prefix="precursor-watch-") as folder:
        share_values(folder)
        service = build(settings, read_names=reader.read if reader else None, shared_metrics=Path(folder))
        LOG.info("migrated", database=prepare_database(settings.database_url))
        check_keys(settings)

        def serve_here(listener: socket.socket, parent: int) -> int:
            server = _server(settings, service)
            server.parent = parent
            server.run([listener])
            return 0

        listener = _server(settings, service).config.bind_socket()
        starting = Lock()
        processes = Processes(serve_here, reader, partial(forget_process, folder=folder), starting)
        with employed_workers(settings.job_workers, WORK, starting):
            status = processes.run(listener, settings.processes)
    if status:
        raise SystemExit(status)


def _server(settings: Settings, service: Service) -> Server:
    config = uvicorn.Config(
        service,
        host=settings.host,
        port=settings.port,
        http=connection_of(settings.max_connections),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.end_seconds,
    )
    return Server(config, settings.drain_seconds, service.begin_to_end)


def check_keys(settings: Settings) -> None:
    """Refuse to listen where strangers can reach a service that has no keys, and say where none are asked for.

    Raises:
        SettingsError: the address is not a loopback one, no key was ever made, and there is no issuer of tokens.
        StorageError: the keys cannot be read.
    """
    database = open_database(settings.database_url)
    try:
        made = bool(list_keys(database))
    finally:
        database.dispose()
    if made or settings.oidc_issuer:
        LOG.info("keys_are_asked_for", keys=made, issuer=settings.oidc_issuer or None)
    elif is_loopback(settings.host):
        why = "no key was ever made: whoever reaches this machine's own address may do everything"
        LOG.warning("no_keys_are_asked_for", host=settings.host, why=why)
    else:
        raise SettingsError(
            f"PW_HOST: {settings.host} can be reached from other machines, and no key was ever made in this database"
            " (PW_DATABASE_URL): make one with `precursor-watch keys create --name NAME --scope screen --scope read`,"
            " or name an issuer of tokens with PW_OIDC_ISSUER"
        )


def _issuer(settings: Settings) -> ChecksTokens | None:
    if not settings.oidc_issuer:
        return None
    from app.api.issuers import Issuer, Terms  # slow to import, and needed by few

    claims = (settings.oidc_tenant_claim, settings.oidc_scope_claim)
    return Issuer(Terms(settings.oidc_issuer, settings.oidc_audience, *claims))


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
