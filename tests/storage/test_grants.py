"""On PostgreSQL the role that serves can keep, read, review and erase, and can change nothing of the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import SettingsError, StorageError
from app.storage.decisions import list_queue
from app.storage.engine import Database, open_engine
from app.storage.grants import grant_use
from app.storage.migrate import migrate
from app.storage.revision import check_migrated
from app.storage.tables import METADATA
from app.usecases.erase import erase_before, erase_run
from app.usecases.prepare_database import prepare_database
from tests.storage.test_audit import NOON, faults, keep_story


@dataclass(frozen=True)
class Granted:
    owner: Database
    role: str
    url: str
    """The same database, reached as the role."""


@pytest.fixture(scope="module")
def granted(postgres_server: Any) -> Iterator[Granted]:
    name, role = postgres_server.create(), f"service_{uuid4().hex}"
    owner = open_engine(postgres_server.url(name))
    migrate(owner)
    with postgres_server.admin() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    grant_use(owner, role)
    grant_use(owner, role)
    yield Granted(owner, role, postgres_server.url(name).replace("postgres@", f"{role}@"))
    owner.dispose()
    postgres_server.drop(name)
    with postgres_server.admin() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def service(granted: Granted) -> Iterator[Database]:
    assert prepare_database(granted.url) == check_migrated(granted.owner), "it finds the tables migrated"
    database = open_engine(granted.url)
    keep_story(database)
    yield database
    database.dispose()


def test_the_role_can_do_what_the_service_does(service: Database) -> None:
    assert len(list_queue(service, 9)) > 0
    assert faults(service) == []
    assert erase_run(service, "two", "asked for").decisions == 1
    assert erase_before(service, NOON + timedelta(days=1), "asked for").runs == 1
    assert faults(service) == []


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"DELETE FROM {table}"
            for table in ("audit", "audit_heads", "decisions", "reviews", "runs", "record_blocks")
        ),
        *(f"TRUNCATE {table} CASCADE" for table in ("audit", "audit_heads", "decisions", "reviews", "runs")),
        *(f"DROP TABLE {table} CASCADE" for table in ("audit", "audit_heads", "decisions", "reviews", "runs")),
        "UPDATE audit SET facts = '{}'",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (tenant, number) DO UPDATE SET facts = '{}'",
        "UPDATE reviews SET disposition = 'cleared'",
        "UPDATE decisions SET verdict = 'not_listed'",
        "UPDATE decisions SET substance_ids = '[]'",
        "UPDATE decisions SET tenant = 'other'",
        "UPDATE runs SET release = 'other'",
        "UPDATE policies SET knobs = '{}'",
        "UPDATE alembic_version SET version_num = '0001'",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "ALTER TABLE audit DISABLE TRIGGER audit_is_not_changed",
        "DROP TRIGGER audit_is_not_changed ON audit",
        "DROP FUNCTION refuse_change_of_audit() CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "ALTER TABLE audit RENAME TO other",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (a int)",
    ],
)
def test_the_role_cannot_change_the_past(service: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), service.begin() as connection:
        connection.execute(text(statement))


def test_the_role_is_granted_the_use_of_every_table(granted: Granted) -> None:
    with granted.owner.connect() as connection:
        for table in METADATA.tables:
            for right in ("SELECT", "INSERT"):
                query = text("SELECT has_table_privilege(:role, :table, :right)")
                given = {"role": granted.role, "table": table, "right": right}
                assert connection.execute(query, given).scalar_one(), (table, right)


def test_a_role_that_is_not_there_and_a_database_without_roles_are_refused(granted: Granted, tmp_path: Any) -> None:
    with pytest.raises(StorageError):
        grant_use(granted.owner, "no such role")
    with pytest.raises(SettingsError):
        grant_use(open_engine(f"sqlite:///{tmp_path / 'a.db'}"), "anybody")
