"""What tests of several rooms need: the compiled watchlist, and databases of both kinds."""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from app.settings import Settings, read_settings
from app.storage.engine import Database, open_engine
from app.storage.migrate import migrate
from app.usecases.compile_watchlist import compile_watchlist
from app.watchlist.index import origin_of


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of this checkout, with the watchlist compiled as `make run` does."""
    settings = read_settings(spool=tmp_path_factory.mktemp("spool"))
    settings.index.mkdir(parents=True, exist_ok=True)
    # Of several processes that test side by side, one compiles and the others find what it made.
    with (settings.index / ".tested").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        compile_watchlist(settings.watchlists, settings.index)
    return settings


@dataclass(frozen=True)
class Amendment:
    """A real amendment: Delegated Regulation (EU) 2025/1475 put two piperidones into Category 1 of 111/2005."""

    index: Path
    """Where both releases are compiled."""
    before: Path
    after: Path
    """The watchlist's files before it and after it."""


AMENDED = "instruments/eu-111-2005.toml"
LINES = ("1-4-piperidone", "1-1-boc-4-piperidone")


@pytest.fixture(scope="session")
def amendment(compiled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Amendment:
    """The watchlist of this checkout, and the same as it was before the amendment, both compiled."""
    folder = tmp_path_factory.mktemp("amendment")
    before = folder / "before"
    shutil.copytree(compiled.watchlists, before)
    head, *entries = (before / AMENDED).read_text("utf-8").split("[[entry]]\n")
    kept = [entry for entry in entries if not any(f'line = "{line}"' in entry for line in LINES)]
    assert len(entries) - len(kept) == len(LINES)
    head = head.replace(f"expected_entries = {len(entries)}", f"expected_entries = {len(kept)}")
    head = re.sub(r"^2025-1475 = .*\n", "", head, flags=re.MULTILINE)  # a source that no entry names is a fault
    (before / AMENDED).write_text("[[entry]]\n".join([head, *kept]), "utf-8")
    place = compile_watchlist(compiled.watchlists, compiled.index).place
    shutil.copytree(place, folder / "index" / place.name)
    compile_watchlist(before, folder / "index")
    return Amendment(folder / "index", before, compiled.watchlists)


@dataclass(frozen=True)
class TwoReleases:
    """A folder of indexes of a test's own, in which it may activate and damage what it likes."""

    index: Path
    watchlists: Path
    old: str
    new: str
    """Digests of the releases before and after the amendment; without activation the new one is used."""


@pytest.fixture
def two_releases(amendment: Amendment, tmp_path: Path) -> TwoReleases:
    index = tmp_path / "index"
    shutil.copytree(amendment.index, index)
    old, new = (origin_of(folder).release for folder in (amendment.before, amendment.after))
    return TwoReleases(index, amendment.after, old, new)


SmallDisk = Callable[[str], Path]
"""Mounts a disk of a size such as `256k` and returns its folder."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "small"

    def mount(size: str) -> Path:
        folder.mkdir()
        if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size={size} none {folder}") != 0:
            pytest.skip("a small disk can only be mounted by root")
        return folder

    yield mount
    assert not os.path.ismount(folder) or os.system(f"umount -l {folder}") == 0


NewDatabase = Callable[[], str]
"""Makes an empty database and returns its URL."""


@dataclass(frozen=True)
class PostgresServer:
    """A private server, reached by its socket only."""

    sockets: Path
    programs: Path
    as_user: tuple[str, ...]
    keeps: bool
    """What it has committed survives a crash of it; others are quicker."""

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.sockets}"

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def create(self) -> str:
        name = f"t{uuid4().hex}"
        with self.admin() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop(self, name: str) -> None:
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def start(self) -> None:
        options = f"-c listen_addresses='' -k {self.sockets} -F -c full_page_writes=off"
        options += f" -c synchronous_commit={'on' if self.keeps else 'off'}"
        self._control("-w", "-l", str(self.sockets / "log"), "-o", options, "start")

    def stop(self, how: str) -> None:
        """Stop it: `fast` in order, `immediate` like a crash."""
        self._control("-m", how, "stop")

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", str(self.sockets / "data"), *arguments)

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.as_user, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def postgres_programs() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    # Debian keeps them off the path, one folder for each version.
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return packaged[-1].parent if packaged else None


@contextmanager
def started_postgres(*, keeps: bool) -> Iterator[PostgresServer]:
    programs = postgres_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must test with PostgreSQL, and its programs are not installed")
        pytest.skip("PostgreSQL is not installed: only SQLite is tested")
    folder = Path(tempfile.mkdtemp(prefix="pw-pg-"))
    as_user: tuple[str, ...] = ()
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "nobody")
        as_user = ("runuser", "-u", "nobody", "--")
    server = PostgresServer(folder, programs, as_user, keeps)
    server.run(
        "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
    )
    server.start()
    try:
        yield server
    finally:
        server.stop("fast")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with started_postgres(keeps=False) as server:
        yield server


@pytest.fixture
def own_postgres_server() -> Iterator[PostgresServer]:
    """A server that a test may stop; it is running again when that ends."""
    with started_postgres(keeps=True) as server:
        yield server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        choices=("sqlite", "postgresql"),
        help="Run the tests that need a database of either kind, whichever, on this one, and no others.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a store is named, leave out what does not depend on it: that has been run."""
    if config.getoption("--store") is not None:
        left_out = [item for item in items if "new_database" not in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Makes empty databases for tests that mean either kind: SQLite, or what `--store` says."""
    if request.config.getoption("--store") != "postgresql":
        folder = tmp_path_factory.mktemp("databases")
        yield lambda: f"sqlite:///{folder / uuid4().hex}.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made: list[str] = []

    def make() -> str:
        made.append(server.create())
        return server.url(made[-1])

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with its tables, of either kind."""
    opened = open_engine(database_url)
    migrate(opened)
    yield opened
    opened.dispose()
