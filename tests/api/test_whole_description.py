"""Everything the description allows, and much it does not, sent by schemathesis to a running server."""

import subprocess
import sys
from pathlib import Path
from typing import Any

# What cannot be said in a schema is refused all the same: an unknown instrument, a header that is not in the file, a
# cursor nobody gave out. So "valid by the schema" is no promise of 2xx; every other check of schemathesis must hold.
NOT_PROMISED = "positive_data_acceptance"
# A stream of events ends with its job, and no worker is here to end one.
ENDLESS = "/events$"


def test_no_request_meets_a_fault_of_ours_or_an_undocumented_answer(sqlite_server: Any, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{sqlite_server.address}/openapi.json", "--no-color", "--continue-on-failure"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1"),
        *("--checks", "all", "--exclude-checks", NOT_PROMISED, "--exclude-path-regex", ENDLESS),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "Tested: 24" in done.stdout
    assert not [line for line in sqlite_server.log() if line["level"] == "error"]
