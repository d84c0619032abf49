"""What a role of PostgreSQL is granted to work on jobs: the engine's tables, which it need not own."""

import logging

from dbos import DBOS

from app.storage.engine import storage_errors
from app.workshop.engine import SCHEMA, engine_url


def grant_work(database_url: str, role: str) -> None:
    """Create or migrate the engine's tables, and grant a role their use.

    They say which worker has which job, and nothing of what was decided. A role that serves may not create them: the
    owner does so here, again at each upgrade.

    Args:
        database_url: of PostgreSQL, reached as the owner.
        role: it is there.

    Raises:
        StorageError: no such role, or whoever asks may not create or does not own the engine's tables.
    """
    logging.getLogger("dbos").setLevel(logging.ERROR)
    with storage_errors():
        DBOS.migrate(engine_url(database_url), schema=SCHEMA, application_role=role)
