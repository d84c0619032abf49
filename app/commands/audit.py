"""`precursor-watch audit`: show the trail, export its head, verify it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.audit import AuditEntry, Head
from app.domain.callers import LOCAL, LOCAL_TENANT
from app.settings import read_settings
from app.terminal import advance_bar, console, progress_bar, show, told
from app.usecases.sheets import Sheet

if TYPE_CHECKING:
    from app.storage.engine import Database

# What only these commands need is imported in them, as in `app.cli`.

FAULTY = 1
"""Exit status where the trail is not whole."""

PAGE = 500

audit = typer.Typer(name="audit", help="Show, export and verify the audit trail.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(metavar="T", help="Whose chain.")]


@contextmanager
def opened(tenant: str = LOCAL_TENANT) -> Iterator["Database"]:
    """Open the database of the settings as a tenant sees it."""
    from app.usecases.prepare_database import open_current_database

    database = open_current_database(read_settings().database_url)
    try:
        yield database.seen_by(LOCAL.of_tenant(tenant))
    finally:
        database.dispose()


@audit.command()
def verify(
    tenant: Annotated[str | None, typer.Option(metavar="T", help="Only this one's chain.")] = None,
    head: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A head that was exported: the chain must still have it.")
    ] = None,
) -> None:
    """Find whatever was changed, is missing, or was put in; ends with 1 where anything was."""
    from app.usecases.read_audit import list_tenants, read_exported_head

    exported = None if head is None else read_exported_head(head)
    with opened() as database:
        if exported is not None and tenant is None:
            tenant = exported.tenant
        tenants = [tenant] if tenant is not None else list_tenants(database)
        faulty = [name for name in tenants if _verify(database.seen_by(LOCAL.of_tenant(name)), exported)]
    if faulty:
        raise typer.Exit(FAULTY)


def _verify(database: "Database", exported: Head | None) -> int:
    """Print the faults of one chain, and return how many there are."""
    from app.usecases.read_audit import read_head
    from app.usecases.verify_audit import verify_audit

    faults = 0
    with progress_bar(1.0, "entries") as bar:

        def advance(done: int, total: int) -> None:
            advance_bar(bar, done, done / total if total else 1.0)

        for fault in verify_audit(database, exported, advance):
            faults += 1
            print(f"{database.tenant}: {fault}")
    end = read_head(database)
    said = f"{faults:,} faults" if faults else "whole"
    told.print(f"{database.tenant}: {said}; {end.number:,} entries, the last {end.hash[:12]}", soft_wrap=True)
    return faults


@audit.command()
def head(tenant: Tenant = LOCAL_TENANT) -> None:
    """Write the end of the chain as JSON, to be kept where this machine's owner cannot change it."""
    from app.usecases.read_audit import read_head

    with opened(tenant) as database:
        print(json.dumps(asdict(read_head(database))))


@audit.command(name="show")
def show_(
    tenant: Tenant = LOCAL_TENANT,
    after: Annotated[int, typer.Option(min=0, metavar="N", help="Begin behind entry N.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, as docs/audit.md verifies them.")
    ] = False,
) -> None:
    """List the entries in their order."""
    with opened(tenant) as database:
        if as_json:
            for entry in _entries(database, after, limit):
                print(json.dumps(asdict(entry), ensure_ascii=False))
            return
        rows = [_row(entry) for entry in _entries(database, after, limit or PAGE)]
    last = f"go on with --after {rows[-1][0]}" if len(rows) == (limit or PAGE) else ""
    show(console(), Sheet("Audit", ("number", "at", "key", "action", "subject", "hash"), tuple(rows), note=last))


def _row(entry: AuditEntry) -> tuple[str, ...]:
    return (str(entry.number), entry.at, entry.key_id, entry.action, entry.subject, entry.hash[:12])


def _entries(database: "Database", after: int, limit: int | None) -> Iterator[AuditEntry]:
    from app.usecases.read_audit import list_entries

    left = limit
    while left is None or left > 0:
        page = list_entries(database, PAGE if left is None else min(PAGE, left), after)
        yield from page.items
        if not page.more:
            return
        after = page.items[-1].number
        left = None if left is None else left - len(page.items)
