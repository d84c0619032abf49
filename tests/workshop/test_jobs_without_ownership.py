"""On PostgreSQL the service and its workers run as a role that owns nothing and can change nothing of the past."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import StorageError
from app.domain.words import JobState
from app.settings import Settings
from app.storage.migrate import migrate
from app.usecases.prepare_database import grant_use, open_database
from app.usecases.releases import Shelf
from app.usecases.verify_audit import verify_audit
from app.workshop.engine import grant_work
from tests.workshop.conftest import Site, goods


@pytest.fixture
def role(postgres_server: Any) -> Iterator[str]:
    name = f"service_{uuid4().hex}"
    with postgres_server.admin() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    yield name
    with postgres_server.admin() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_a_role_that_owns_nothing_works_on_jobs_and_cannot_change_what_they_kept(
    compiled: Settings, shelf: Shelf, postgres_server: Any, role: str, tmp_path: Path
) -> None:
    name = postgres_server.create()
    url = postgres_server.url(name)
    owner = open_database(url)
    migrate(owner)
    for _ in range(2):  # as at each upgrade
        grant_use(url, role)
        grant_work(url, role)
    site = Site(compiled, shelf, url.replace("postgres@", f"{role}@"), tmp_path)
    try:
        job_id = site.send(goods(30))
        site.start()
        assert site.until_over(job_id).state is JobState.DONE
        assert list(verify_audit(site.database)) == []
        for statement in (
            "UPDATE audit SET facts = '{}'",
            "DELETE FROM audit",
            "DELETE FROM jobs",
            "DELETE FROM decisions",
            "DROP TABLE dbos.workflow_status",
            "CREATE TABLE dbos.mine (a int)",
        ):
            with (
                pytest.raises(DBAPIError, match=r"permission denied|must be owner"),
                site.database.begin() as connection,
            ):
                connection.execute(text(statement))
    finally:
        site.close()
        owner.dispose()
        postgres_server.drop(name)


def test_a_role_that_is_not_there_is_refused(postgres_server: Any) -> None:
    name = postgres_server.create()
    with pytest.raises(StorageError):
        grant_work(postgres_server.url(name), "no such role")
    postgres_server.drop(name)
