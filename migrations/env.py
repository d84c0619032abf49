"""How Alembic reaches the database."""

from alembic import context
from sqlalchemy import Connection

from app.storage.engine import open_engine
from app.storage.tables import METADATA


def run(connection: Connection) -> None:
    # Batch mode: SQLite cannot alter a column, so Alembic copies the table.
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    raise SystemExit("migrations are run on a database, not written out as SQL")
if given is not None:
    run(given)
else:
    from app.settings import read_settings

    with open_engine(read_settings().database_url).begin() as opened:
        run(opened)
