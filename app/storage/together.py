"""Keep the runs that end at the same moment in one transaction: a commit costs as much for many as for one."""

from collections.abc import Sequence

from sqlalchemy.exc import DataError, IntegrityError

from app.domain.errors import StorageError
from app.storage.engine import Database
from app.storage.runs import WholeRun, keep_runs

ToKeep = tuple[Database, WholeRun]
"""A run, and the database as the one sees it whose run it is."""


def keep_together(runs: Sequence[ToKeep]) -> list[StorageError | None]:
    """Keep runs, together where that can be; where one of them is at fault, each by itself.

    Args:
        runs: of any tenants, at least one.

    Returns:
        For each run, in order, None where it is on disk by now, and why it is not kept otherwise.
    """
    try:
        keep_runs(runs)
    except StorageError as error:
        if len(runs) > 1 and isinstance(error.__cause__, IntegrityError | DataError):
            return [failed for run in runs for failed in keep_together([run])]
        # A database that is locked or gone is so for all of them: to try each would make them wait for it in turn.
        return [error] * len(runs)
    return [None] * len(runs)
