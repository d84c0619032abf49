"""`precursor-watch watchlist`: the law, checked, compiled, compared and put to use."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from app.settings import read_settings
from app.terminal import console, show, told

# What only one command needs is imported in it, as in `app.cli`.

watchlist = typer.Typer(
    name="watchlist", help="Check, compile, activate, list and compare the watchlist.", no_args_is_help=True
)
AS_JSON = typer.Option("--json", help="Write JSON.")


@watchlist.command()
def check() -> None:
    """Show every fault of the watchlist's files."""
    from app.usecases.compile_watchlist import check_watchlist

    settings = read_settings()
    faults = check_watchlist(settings.watchlists)
    for fault in faults:
        print(fault)
    if faults:
        told.print(f"{len(faults)} faults in {settings.watchlists}", style="red", soft_wrap=True)
        raise typer.Exit(1)
    told.print(f"no faults in {settings.watchlists}", soft_wrap=True)


@watchlist.command(name="compile")
def compile_(
    force: Annotated[bool, typer.Option(help="Compile even where the index is there.")] = False,
) -> None:
    """Compile the watchlist into the index that screening reads."""
    from app.usecases.compile_watchlist import compile_watchlist

    settings = read_settings()
    compiled = compile_watchlist(settings.watchlists, settings.index, force=force)
    print(compiled.place)
    told.print(f"{compiled.size / 1e6:.1f} MB in {compiled.seconds:.1f} s")


@watchlist.command()
def activate(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="A release's digest or its beginning.")],
) -> None:
    """Screen with this release from now on: every server process of this machine, and this command line.

    Where there is a database, it is entered in the audit trail of the tenant `local`.
    """
    from app.usecases.activate_release import activate_release, enter_activation
    from app.usecases.prepare_database import opened_if_made

    settings = read_settings()
    # Opened first: a release is not activated where that could not be entered.
    with opened_if_made(settings.database_url) as database:
        activated = activate_release(settings.index, release)
        print(activated.active.release)
        if database is not None:
            enter_activation(database, activated)
    told.print(f"active since {activated.active.activated_at:%Y-%m-%d %H:%M:%S} UTC", soft_wrap=True)


@watchlist.command(name="list")
def list_() -> None:
    """List the instruments, with their entries by evidence."""
    from app.usecases.compile_watchlist import list_watchlist

    show(console(), list_watchlist(read_settings().watchlists))


@watchlist.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A release's digest or its beginning, or a folder.")],
    new: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Say what changed from one release to another, and for whom."""
    from app.usecases.difference_sheets import difference_sheets
    from app.usecases.releases import compare_releases

    difference = compare_releases(read_settings().index, old, new)
    if as_json:
        print(json.dumps(asdict(difference), ensure_ascii=False, indent=2))
        return
    for sheet in difference_sheets(difference):
        show(console(), sheet)
