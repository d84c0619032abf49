"""A worker's process for tests that start many: imported once and forked, with the index open."""

import contextlib
import os
from datetime import date
from functools import cache
from pathlib import Path

from dbos._sys_db import SystemDatabase
from sqlalchemy.exc import OperationalError

from app.screening.scope import Scope
from app.screening.screener import Screener
from app.usecases import releases
from app.workshop import engine, worker

releases.open_shelf = cache(releases.open_shelf)  # type: ignore[assignment]
assert engine  # imported for the workers


def open_index(index: Path, watchlists: Path) -> None:
    """Open the index and have it do once what it does at its first record only."""
    day = date(2025, 6, 2)
    releases.open_shelf(index, watchlists).loaded.decide({"description": "ACETIC ANHYDRIDE, COTTON"}, Scope(today=day))


if "WARM_INDEX" in os.environ:  # in the process that workers are forked from
    open_index(Path(os.environ["WARM_INDEX"]), Path(os.environ["WARM_WATCHLISTS"]))


def run(trade: worker.Trade, log: Path, deadly: str | None = None, *, drops_first: bool = False) -> None:
    """Work as `precursor-watch work` does.

    Screening a line with the deadly word ends the process. One that drops its first job has no database, and not in a
    way the engine waits for, when the end of the work on it is to be noted.
    """
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    from app.api.logs import set_up_logs

    set_up_logs("info")
    if deadly is not None:
        screen = Screener.screen

        def screen_or_die(self, records, scope):  # type: ignore[no-untyped-def]
            if any(deadly in (text or "") for text in records.column("description").to_pylist()):
                os._exit(9)
            return screen(self, records, scope)

        Screener.screen = screen_or_die  # type: ignore[method-assign]
    if drops_first:
        note_end = SystemDatabase.update_workflow_outcome

        def drop(self, *given, **named):  # type: ignore[no-untyped-def]
            SystemDatabase.update_workflow_outcome = note_end  # type: ignore[method-assign]
            raise OperationalError("UPDATE", {}, Exception("connection is bad: no such file or directory"))

        SystemDatabase.update_workflow_outcome = drop  # type: ignore[method-assign]
    with contextlib.suppress(KeyboardInterrupt):
        worker.work(trade, attached=False)
