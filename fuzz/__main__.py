"""`make fuzz`: every reader under libFuzzer, each for a while; what broke one is kept and fails the command."""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SLOWEST_SECONDS = 10
"""An input that takes a reader longer is a fault."""
MOST_MEGABYTES = 2_048
LONGEST = 65_536
"""Bytes of one input."""


def main() -> int:
    """Fuzz the readers that were chosen, one after the other, each in a process of its own.

    Returns:
        The number of readers that broke.
    """
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="READER", help="all unless given")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader (default: 60)")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "fuzz", help="what was found interesting")
    parser.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.within:
        _fuzz(asked.names[0], asked.seconds, asked.folder)
    from fuzz.targets import TARGETS  # within, it must be imported under the fuzzer's eyes

    if unknown := sorted(set(asked.names) - set(TARGETS)):
        parser.error(f"no reader is called {', '.join(unknown)}; known: {', '.join(TARGETS)}")
    broken = 0
    for name in asked.names or TARGETS:
        again = [sys.executable, "-m", "fuzz", name, "--within", "--seconds", str(asked.seconds)]
        done = subprocess.run([*again, "--folder", str(asked.folder)], stderr=subprocess.PIPE, check=False, cwd=ROOT)
        told = done.stderr.decode("utf-8", "replace").splitlines()
        runs = next((line for line in reversed(told) if line.startswith("Done ")), "")
        print(f"{name}: {'broke' if done.returncode else 'held'}; {runs or 'it ended before its time'}", flush=True)
        if done.returncode:
            broken += 1
            print("\n".join(told[-40:]), file=sys.stderr)
    return broken


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Feed one reader until the time is over; this ends the process."""
    import atheris

    with atheris.instrument_imports(include=["app"]):
        from fuzz.targets import TARGETS
    corpus, faults = folder / name / "corpus", folder / name / "faults"
    for each in (corpus, faults):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    bounds = [f"-max_total_time={seconds}", f"-timeout={SLOWEST_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}"]
    places = [f"-max_len={LONGEST}", f"-artifact_prefix={faults}/", str(corpus)]
    atheris.Setup(["fuzz", *bounds, *places], TARGETS[name].feed)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
