"""`precursor-watch erase`: the words of records and decisions."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from app.commands.audit import Tenant, opened
from app.domain.callers import LOCAL_TENANT
from app.terminal import advance_bar, progress_bar, read_day, told

WHY = "asked for on the command line"


def erase(
    run: Annotated[str | None, typer.Option(metavar="ID", help="The words of this run.")] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="Those of every run that began before this day.")
    ] = None,
    tenant: Tenant = LOCAL_TENANT,
) -> None:
    """Erase record fields and the words of decisions; verdicts, digests and the audit trail stay."""
    from app.usecases.erase import erase_before, erase_run

    if (run is None) == (before is None):
        raise typer.BadParameter("name either a run or a day", param_hint="--run or --before")
    with opened(tenant) as database:
        if run is not None:
            erased = erase_run(database, run, WHY)
        else:
            day = read_day(before)
            assert day is not None
            with progress_bar(None, "runs") as bar:
                moment = datetime.combine(day, time(), UTC)
                erased = erase_before(database, moment, WHY, lambda done: advance_bar(bar, done.runs, None))
    told.print(
        f"erased the words of {erased.runs:,} runs: {erased.decisions:,} decisions, {erased.blocks:,} blocks, "
        f"the reasons of {erased.reviews:,} reviews"
    )
