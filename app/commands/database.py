"""`precursor-watch database`: migrate it, and grant a role what the service needs of it."""

from typing import Annotated

import typer

from app.settings import read_settings
from app.terminal import told

# What only these commands need is imported in them, as in `app.cli`.

database = typer.Typer(name="database", help="Migrate the database, and grant a role its use.", no_args_is_help=True)


@database.command()
def migrate() -> None:
    """Create or migrate the tables, as their owner; `serve` does so too where it may."""
    from app.usecases.prepare_database import prepare_database

    told.print(f"the database is at revision {prepare_database(read_settings().database_url)}", soft_wrap=True)


@database.command()
def grant(role: Annotated[str, typer.Argument(help="A role of PostgreSQL that is there and owns nothing.")]) -> None:
    """Grant a role of PostgreSQL what `serve` and `work` need, and nothing with which the past can be changed."""
    from app.usecases.prepare_database import grant_use
    from app.workshop.engine import grant_work  # the engine of jobs is slow to import

    url = read_settings().database_url
    grant_use(url, role)
    grant_work(url, role)
    told.print(f"{role} can use the database", soft_wrap=True, markup=False)
