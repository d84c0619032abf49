"""A private PostgreSQL server, started from the installed programs and reached by its socket only."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def postgres_programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    # Debian keeps them off the path, one folder for each version.
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return packaged[-1].parent if packaged else None


@contextmanager
def private_postgres(programs: Path) -> Iterator[str]:
    """Start a server with its normal guarantees (every commit is on disk), and remove it with its data.

    Yields:
        The URL of its database.
    """
    folder = Path(tempfile.mkdtemp(prefix="pw-load-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "nobody")
        as_user = ["runuser", "-u", "nobody", "--"]

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, str(programs / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    place = str(folder / "data")
    options = f"-c listen_addresses='' -k {folder}"
    run("initdb", "-D", place, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-D", place, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", place, "-m", "fast", "stop")
        shutil.rmtree(folder)
