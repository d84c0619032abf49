"""A worker put together: the process that works on jobs, started by the service or by `precursor-watch work`."""

import sys

import app.domain.garbage  # noqa: F401  # first, so that the imports behind it are sooner done
from app.api.logs import set_up_logs
from app.settings import Settings, read_settings
from app.workshop.worker import Trade, work

ATTACHED = "--attached"
"""Told to a worker that is to leave when the process that started it does."""


def work_on_jobs(settings: Settings, *, attached: bool = False) -> None:
    """Work on jobs until SIGTERM or SIGINT; ends the process.

    Args:
        settings: the environment.
        attached: also leave when standard input ends.
    """
    set_up_logs(settings.log_level)
    trade = Trade(settings.database_url, settings.index, settings.watchlists, settings.spool, settings.keep_jobs_hours)
    work(trade, attached=attached)


if __name__ == "__main__":
    work_on_jobs(read_settings(), attached=ATTACHED in sys.argv)
