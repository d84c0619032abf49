"""The bill of materials: valid CycloneDX, and it has all that is shipped."""

import json
import subprocess
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.test_locks import pins

ROOT = Path(__file__).resolve().parents[2]


def test_the_bill_is_valid_and_names_every_locked_package_and_what_is_carried_inside(tmp_path: Path):
    bills = [tmp_path / "one.json", tmp_path / "two.json"]
    for bill in bills:
        subprocess.run(
            [sys.executable, ROOT / "tools" / "bill_of_materials.py", "--out", bill], check=True, cwd=tmp_path
        )
    text = bills[0].read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert bills[1].read_text("utf-8") == text, "the same lock gives the same bill"
    parts = {part["purl"].partition("@")[0]: part for part in json.loads(text)["components"]}
    assert {f"pkg:pypi/{name}" for name in pins("requirements.lock")} <= set(parts)
    assert {"pkg:maven/uk.ac.cam.ch.opsin/opsin-core", "pkg:generic/openjdk"} <= set(parts)
    assert all(part["version"] for part in parts.values())
