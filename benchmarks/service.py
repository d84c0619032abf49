"""The service: one record over HTTP, and how soon it is ready."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryDirectory

import numpy as np
import orjson

from benchmarks.bench import Bench
from benchmarks.callers import post_all, serving
from benchmarks.echo import PATH
from benchmarks.figures import Figure, alternate, seconds_of
from benchmarks.lines import Clerk
from benchmarks.running import COMMAND, environment, memory_of, run_command

REQUESTS = 5_000
CONNECTIONS = 8
SERVER_PROCESSES = 4


def one_record_over_http(bench: Bench) -> Iterator[Figure]:
    """`POST /v1/screenings` with one record, against a route of the same app that only validates and echoes it."""
    count = bench.scaled(REQUESTS, least=200)
    bodies = _bodies(bench)
    taken: dict[str, list[float]] = {PATH: [], "/v1/screenings": []}

    def rate(port: int, path: str) -> float:
        asked = [next(bodies) for _ in range(count)]

        def post() -> None:
            taken[path] = post_all(port, path, asked, CONNECTIONS)

        return count / seconds_of(post)

    with (
        TemporaryDirectory() as folder,
        serving(sys.executable, "-m", "benchmarks.echo", database_url=f"sqlite:///{folder}/runs.db") as server,
    ):
        ways = [partial(rate, server.port, path) for path in taken]
        alternate(ways, 1)  # warm
        echoed, screened = alternate(ways, bench.repeats)
    slow = [1_000 * float(np.percentile(taken[path], 99)) for path in taken]
    yield Figure(
        "`POST /v1/screenings` with one record, one process, as a share of the rate of validating and echoing it",
        25,
        50,
        100 * screened / echoed,
        "%",
        f"{screened:,.0f} requests a second (p99 {slow[1]:.0f} ms) to {echoed:,.0f} (p99 {slow[0]:.0f} ms), "
        f"{CONNECTIONS} kept connections, SQLite, every run committed",
        more_is_better=True,
    )


def memory_of_several_processes(bench: Bench) -> Iterator[Figure]:
    """The memory of four server processes together, against one alone, both after the same requests."""
    count = bench.scaled(1_000, least=100)
    bodies = _bodies(bench)
    asked = [next(bodies) for _ in range(count)]

    def memory(processes: int) -> int:
        with (
            TemporaryDirectory() as folder,
            serving(*COMMAND, "serve", database_url=f"sqlite:///{folder}/runs.db", PW_PROCESSES=processes) as server,
        ):
            post_all(server.port, "/v1/screenings", asked, CONNECTIONS)
            return memory_of(server.process.pid)

    one, several = memory(1), memory(SERVER_PROCESSES)
    own = (several - one) / (SERVER_PROCESSES - 1) / 1e6
    how = f"{several / 1e6:,.0f} MB to {one / 1e6:,.0f} MB, the reader of names included; {own:,.0f} MB for each more"
    yield Figure(
        f"memory of `serve --processes {SERVER_PROCESSES}` to that of one process", 2.5, 2, several / one, "x", how
    )


def start_to_ready(bench: Bench) -> Iterator[Figure]:
    """From the start of `precursor-watch serve` to 200 at `/readyz`, and one `precursor-watch resolve acetone`."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/runs.db"

        def start() -> float:
            with serving(*COMMAND, "serve", database_url=url) as server:
                return server.seconds

        imports = [sys.executable, "-c", "import app.main, app.cli"]
        start()  # migrates the new database
        ready, imported, resolved = alternate(
            (
                start,
                partial(seconds_of, partial(subprocess.run, imports, env=environment(), check=True)),
                partial(seconds_of, partial(run_command, "resolve", "acetone")),
            ),
            bench.repeats,
        )
    how = f"the index compiled, the database migrated; importing the program alone takes {imported:.2f} s"
    yield Figure("start of `serve` to ready", 3, 1.5, ready, "s", how)
    yield Figure("`precursor-watch resolve acetone`", None, None, resolved, "s", "start and end included")


def _bodies(bench: Bench) -> Iterator[bytes]:
    return (orjson.dumps({"records": [record]}) for record in Clerk(bench.material).records())
