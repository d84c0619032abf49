"""The tables: made, taken back and made again, with rows in them, on both databases."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Table, insert, inspect, select

from app.domain.errors import StorageError
from app.domain.words import Verdict
from app.storage.engine import Access, Database, open_engine, read_url
from app.storage.migrate import ADVISORY_LOCK, MIGRATIONS, alembic_config, migrate, migrate_down
from app.storage.revision import REVISION, check_migrated, revision_of
from app.storage.runs import Alarm, RunStart, keep_run
from app.storage.tables import DECISIONS, METADATA, RUNS, UtcTime

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def run_of(run_id: str) -> RunStart:
    return RunStart(run_id, NOON, "cli", "r" * 64, "i" * 64, "default-1", "0.1.0", date(2026, 1, 1), ("un-1988",), None)


def alarm_at(position: int) -> Alarm:
    document = {"record_id": "a\x00b", "reason": "\u2028 é 無水酢酸"}
    return Alarm(position, "a\x00b", Verdict.REVIEW, 0.5, "look", ("acetic-anhydride",), document)


def test_the_tables_go_up_down_and_up_again_with_rows_in_them(database: Database) -> None:
    assert migrate(database) == REVISION != ""
    keep_run(database, run_of("one"), NOON, [Verdict.REVIEW], [alarm_at(0)])

    assert migrate_down(database, "base") == ""
    assert not {"runs", "decisions"} & set(inspect(database.engine).get_table_names())

    migrate(database)
    keep_run(database, run_of("one"), NOON, [Verdict.REVIEW], [alarm_at(0)])
    with database.connect() as connection:
        assert len(connection.execute(select(DECISIONS)).all()) == 1


VALUES = {str: "one", int: 1, float: 0.5, object: {}, bytes: b"one", bool: True, date: NOON.date()}


def row_of(table: Table) -> dict[str, object]:
    """A row that refers to the one of each other table: every name is `one`."""
    columns = [column for column in table.columns if column.primary_key or not column.nullable]
    return {
        column.name: NOON if isinstance(column.type, UtcTime) else VALUES[column.type.python_type] for column in columns
    }


def test_every_migration_goes_down_and_up_again_with_a_row_in_every_table(database: Database) -> None:
    head = migrate(database)
    with database.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(insert(table).values(**row_of(table)))
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert revisions[0] == head
    for earlier in revisions[1:]:
        assert migrate_down(database, earlier) == earlier
        with database.connect() as connection:
            assert connection.execute(select(RUNS.c.id)).scalars().all() == ["one"]
    assert migrate_down(database, "base") == ""
    for revision in reversed(revisions):
        assert migrate(database, revision) == revision
    with database.begin() as connection:
        for table in METADATA.sorted_tables:
            assert connection.execute(select(table)).all() == []
            connection.execute(insert(table).values(**row_of(table)))


def test_a_migration_that_breaks_off_leaves_the_tables_as_they_were(database: Database) -> None:
    migrate(database, "0006")
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE amounts (somebody_elses int)")
    before = [each["name"] for each in inspect(database.engine).get_columns("runs")]
    with pytest.raises(StorageError):
        migrate(database, "0007")  # it adds a column to the runs before it comes to the amounts
    assert revision_of(database) == "0006"
    assert [each["name"] for each in inspect(database.engine).get_columns("runs")] == before
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE amounts")
    assert migrate(database, "0007") == "0007"


def test_a_server_that_starts_while_another_one_migrates_waits_for_it_longer_than_for_other_locks(
    database: Database, database_url: str
) -> None:
    second = open_engine(database_url, Access(lock_seconds=0.2))
    with ThreadPoolExecutor() as beside:
        with database.begin() as first:
            if first.dialect.name == "postgresql":
                first.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            else:
                first.exec_driver_sql("BEGIN IMMEDIATE")
            migrated = beside.submit(migrate, second)
            assert wait([migrated], 1.0).not_done
        assert migrated.result(60) == REVISION
    with second.connect() as connection:
        shows = {"postgresql": "SHOW lock_timeout", "sqlite": "PRAGMA busy_timeout"}[connection.dialect.name]
        assert connection.exec_driver_sql(shows).scalar() in ("200ms", 200), "what is waited for is as it was"
    second.dispose()


def test_servers_that_start_at_once_on_an_empty_database_all_find_it_migrated(database_url: str) -> None:
    program = "import sys; from app.usecases.prepare_database import prepare_database as p; print(p(sys.argv[1]))"
    command = [sys.executable, "-c", program, database_url]
    servers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [server.communicate()[0] for server in servers] == [f"{REVISION}\n"] * 3


def test_migrating_twice_changes_nothing_and_keeps_the_rows(database: Database) -> None:
    migrate(database)
    keep_run(database, run_of("one"), NOON, [Verdict.REVIEW], [alarm_at(0)])
    migrate(database)
    with database.connect() as connection:
        assert connection.execute(select(RUNS.c.id)).scalars().all() == ["one"]


def test_the_migrations_make_exactly_the_tables_the_code_describes(database: Database) -> None:
    migrate(database)
    with database.connect() as connection:
        command.check(alembic_config(connection))


def test_alembic_checks_the_database_that_the_environment_names(database_url: str) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    engine.dispose()
    alembic = [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), "check"]
    done = subprocess.run(alembic, env={"PW_DATABASE_URL": database_url}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "No new upgrade operations detected" in done.stdout


def test_a_database_that_was_never_migrated_is_named_as_such(database: Database) -> None:
    with pytest.raises(StorageError, match="revision none"):
        check_migrated(database)


def test_a_database_that_cannot_be_reached_is_a_storage_error() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageError):
        check_migrated(engine)
    engine.dispose()


def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    migrate(database)
    east = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    keep_run(database, run_of("one"), east, [], [])
    with database.connect() as connection:
        kept = connection.execute(select(RUNS.c.finished_at)).scalar_one()
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


def test_sqlite_waits_for_locks_and_checks_foreign_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5_000}


@pytest.mark.parametrize("text", ["mysql://host/name", "no url", "", "sqlite+aiosqlite:///x", "oracle://x"])
def test_databases_that_are_not_supported_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"database URL|not supported"):
        read_url(text)


def test_a_postgresql_url_of_any_driver_is_read_with_psycopg_3() -> None:
    for text in ("postgresql://h/n", "postgresql+psycopg2://h/n", "postgresql+psycopg://h/n"):
        assert read_url(text).drivername == "postgresql+psycopg"
