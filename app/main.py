"""Builds the service: the only place where everything meets."""

import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import structlog
import uvicorn

from app.api.desk import Desk, Limits
from app.api.gate import Gate
from app.api.logs import set_up_logs
from app.api.metrics import Metrics, forget_process, share_values
from app.api.service import Service
from app.api.turnover import kept_up
from app.chemistry.opsin import find_name_reader
from app.domain.errors import StorageError
from app.domain.version import VERSION
from app.serving import Processes, ReadNames, Server, SharedReader
from app.settings import Settings, is_loopback
from app.storage.engine import Access
from app.usecases.active_release import InUse, pointer_mark
from app.usecases.prepare_database import check_database, open_database, prepare_database
from app.usecases.releases import open_shelf

LOG = structlog.get_logger("precursor-watch")


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

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        access = Access(
            settings.database_connections, settings.database_lock_seconds, settings.database_statement_seconds
        )
        database = open_database(settings.database_url, access)
        desk = Desk(
            screener=shelf.loaded,
            shelf=shelf,
            in_use=InUse(shelf.folder, shelf.loaded.index),
            database=database,
            gate=Gate(settings.workers, settings.max_waiting, settings.max_wait_seconds, metrics),
            metrics=metrics,
            limits=Limits(settings.max_json_bytes, settings.max_upload_bytes),
            only_alarms=settings.keep_records == "alarms",
        )
        async with kept_up(service.state, desk, settings.watchlists, mark):
            release = service.state.desk.screener.index.release
            try:
                LOG.info("started", version=VERSION, release=release, database=check_database(database))
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
        ReleaseNotHereError: the active release is not on this machine any more.
    """
    settings.check_address()
    set_up_logs(settings.log_level)
    if not is_loopback(settings.host):
        why = "PW_ALLOW_UNAUTHENTICATED is set: who can reach this address can screen and read what was kept"
        LOG.warning("unauthenticated", host=settings.host, why=why)
    if settings.processes > 1:
        _serve_in_processes(settings)
        return
    service = build(settings)
    LOG.info("migrated", database=prepare_database(settings.database_url))
    # A signal that comes before the server looks for it ends cleanly too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    _server(settings, service).run()


def _serve_in_processes(settings: Settings) -> None:
    reader = find_name_reader()
    shared = SharedReader(reader.read, _own_reader) if reader else None
    with TemporaryDirectory(prefix="precursor-watch-") as folder:
        share_values(folder)
        service = build(settings, read_names=shared.read if shared else None, shared_metrics=Path(folder))
        LOG.info("migrated", database=prepare_database(settings.database_url))

        def serve_here(listener: socket.socket, parent: int) -> int:
            server = _server(settings, service)
            server.parent = parent
            server.run([listener])
            return 0

        listener = _server(settings, service).config.bind_socket()
        status = Processes(serve_here, shared, partial(forget_process, folder=folder)).run(listener, settings.processes)
    if status:
        raise SystemExit(status)


def _server(settings: Settings, service: Service) -> Server:
    config = uvicorn.Config(
        service,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.end_seconds,
    )
    return Server(config, settings.drain_seconds, service.begin_to_end)


def _own_reader() -> ReadNames:
    reader = find_name_reader()
    assert reader is not None  # it was there when the first process started
    return reader.read


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
