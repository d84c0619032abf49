"""`precursor-watch keys`: who may ask the service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.callers import LOCAL_TENANT, LONGEST_DAYS, Right
from app.settings import read_settings
from app.terminal import console, show, told

if TYPE_CHECKING:
    from app.storage.engine import Database

# What only these commands need is imported in them, as in `app.cli`.

keys = typer.Typer(name="keys", help="Make, list and revoke the keys that open the service.", no_args_is_help=True)
AS_JSON = typer.Option("--json", help="Write JSON.")


@contextmanager
def _the_database() -> Iterator["Database"]:
    from app.usecases.prepare_database import open_database, prepare_database

    url = read_settings().database_url
    prepare_database(url)
    database = open_database(url)
    try:
        yield database
    finally:
        database.dispose()


@keys.command()
def create(
    name: Annotated[str, typer.Option(help="What you call it: the system or person that gets it.")],
    scope: Annotated[list[Right], typer.Option(help="What it is good for; may be repeated.")],
    tenant: Annotated[str, typer.Option(help="Whose records it opens.")] = LOCAL_TENANT,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="How long it lasts.")] = 365,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Make a key and show it, once; from the first one on the service opens to keys only."""
    from app.usecases.issue_keys import key_json, make_key

    now = datetime.now(UTC)
    with _the_database() as database:
        key, text = make_key(database, name, tenant, frozenset(scope), days=days, now=now)
    if as_json:
        print(json.dumps({**key_json(key, now), "key": text}, ensure_ascii=False))
        return
    print(text)
    told.print(
        f"key {key.id} for tenant {key.tenant}, until {key.expires_at:%Y-%m-%d %H:%M} UTC; it is not shown again."
        " Send it as `Authorization: Bearer KEY`.",
        soft_wrap=True,
        markup=False,
        highlight=False,
    )


@keys.command(name="list")
def list_(as_json: Annotated[bool, AS_JSON] = False) -> None:
    """List every key there ever was; the keys themselves are not kept."""
    from app.usecases.issue_keys import key_json, keys_sheet, list_keys

    now = datetime.now(UTC)
    with _the_database() as database:
        listed = list_keys(database)
    if as_json:
        print(json.dumps([key_json(key, now) for key in listed], ensure_ascii=False, indent=2))
        return
    show(console(), keys_sheet(listed, now))


@keys.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `keys list` has it.")]) -> None:
    """Make a key open nothing any more; every process knows it within seconds."""
    from app.usecases.issue_keys import revoke_key

    with _the_database() as database:
        revoke_key(database, key_id)
    told.print(f"key {key_id} is revoked", markup=False, highlight=False)
