"""A machine without the libraries that RDKit draws with: it does everything but draw, and says what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.chemistry.depict import SYSTEM_LIBRARIES
from app.settings import Settings
from tests.conftest import NewDatabase

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = """
import json
import sys

class NoLibrary:
    def find_spec(self, name, path=None, target=None):
        if name == "rdkit.Chem.Draw.rdMolDraw2D":
            raise ImportError("libXrender.so.1: cannot open shared object file: No such file or directory")

sys.meta_path.insert(0, NoLibrary())

from starlette.testclient import TestClient

from app.main import build
from app.settings import read_settings
from app.usecases.prepare_database import prepare_database

settings = read_settings()
prepare_database(settings.database_url)
with TestClient(build(settings), base_url="http://127.0.0.1") as door:
    drawing = door.get("/v1/substances/acetic-anhydride/structure.svg")
    screening = door.post("/v1/screenings", json={"records": [{"smiles": "CC(=O)OC(C)=O"}]})
drawn = (drawing.status_code, drawing.headers["content-type"], drawing.json())
print(json.dumps({"drawing": drawn, "screening": screening.json()}))
"""


@pytest.fixture(scope="module")
def answers(compiled: Settings, new_database: NewDatabase) -> dict[str, Any]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PW_DATABASE_URL": new_database(),
        "PW_INDEX": str(compiled.index),
        "PW_WATCHLISTS": str(compiled.watchlists),
    }
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])  # the log comes first


def test_a_drawing_that_cannot_be_made_is_a_problem_503_that_names_the_packages(answers: dict[str, Any]) -> None:
    status, media_type, problem = answers["drawing"]
    assert (status, media_type) == (503, "application/problem+json")
    assert problem["type"] == "/problems/drawing-unavailable"
    assert [package for package in SYSTEM_LIBRARIES if package not in problem["detail"]] == []


def test_structures_are_screened_where_none_can_be_drawn(answers: dict[str, Any]) -> None:
    (decision,) = answers["screening"]["decisions"]
    assert decision["findings"][0]["substance_id"] == "acetic-anhydride"


def test_the_description_has_the_answer_of_a_machine_that_cannot_draw(sqlite_door: TestClient) -> None:
    described = sqlite_door.get("/openapi.json").json()["paths"]["/v1/substances/{substance_id}/structure.svg"]["get"]
    answer = described["responses"]["503"]
    assert "drawing-unavailable" in answer["content"]["application/problem+json"]["examples"]
    # The same status says other things too, which do pass.
    assert answer["headers"]["Retry-After"]["description"] == "Seconds to wait, where waiting helps."


def test_the_container_brings_what_drawing_needs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert [package for package in SYSTEM_LIBRARIES if package not in dockerfile] == []
