"""Keeping a service on the active release while it answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import structlog
from anyio import to_thread
from starlette.datastructures import State

from app.api.desk import Desk
from app.domain.errors import PrecursorWatchError
from app.domain.version import VERSION
from app.usecases.active_release import InUse, Mark, pointer_mark
from app.usecases.releases import Shelf, turn_to_active

LOOK_SECONDS = 0.25
"""How often each process looks whether another release was activated."""

LOG = structlog.get_logger("precursor-watch")


@asynccontextmanager
async def kept_up(state: State, desk: Desk, watchlists: Path, mark: Mark) -> AsyncIterator[None]:
    """Have `state.desk` be a desk with the active release, from before the first request until after the last.

    Args:
        state: of the service.
        desk: to begin with.
        watchlists: the folder of the watchlist's files.
        mark: of the pointer, taken before the desk's index was opened.
    """
    turnover = _Turnover(state, watchlists, mark)
    turnover.take_up(desk)
    await turnover.look()
    looking = asyncio.create_task(turnover.keep_looking())
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        state.desk.in_use.end()


class _Turnover:
    def __init__(self, state: State, watchlists: Path, mark: Mark) -> None:
        self._state = state
        self._watchlists = watchlists
        self._mark = mark

    def take_up(self, desk: Desk) -> None:
        """Let requests begin at this desk; those that are at the one before end there."""
        screener = desk.screener
        labels = (screener.index.release, screener.index.digest, screener.policy.id, VERSION)
        desk.metrics.name_index(labels, desk.in_use.compiled_at)
        self._state.desk = desk

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Take up the active release, where it is another than a moment ago and can be opened."""
        desk: Desk = self._state.desk
        try:
            mark = pointer_mark(desk.shelf.folder)
            if mark == self._mark:
                return
            self._mark = mark
            taken = await to_thread.run_sync(self._opened, desk.shelf)
        except (PrecursorWatchError, OSError) as error:
            desk.metrics.count_not_taken_up()
            LOG.error("release_not_taken_up", why=str(error), goes_on_with=desk.screener.index.release)
            return
        if taken is not None:
            shelf, in_use = taken
            self.take_up(replace(desk, screener=shelf.loaded, shelf=shelf, in_use=in_use))
            desk.in_use.end()
            LOG.info("release_taken_up", release=shelf.loaded.index.release, before=desk.screener.index.release)

    def _opened(self, shelf: Shelf) -> tuple[Shelf, InUse] | None:
        turned = turn_to_active(shelf, self._watchlists)
        return None if turned is shelf else (turned, InUse(turned.folder, turned.loaded.index))
