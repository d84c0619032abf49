"""The container: what the Dockerfile and compose.yaml promise to whoever runs them."""

import re
import sys
from pathlib import Path
from subprocess import run
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "ports", "read_only",
    "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
"""The keys of a compose service that are used here; a misspelt one would be ignored by some engines."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.split(None, 1)[1].strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_the_linter_finds_nothing_in_the_dockerfile():
    hadolint = Path(sys.executable).with_name("hadolint")
    result = run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_base_can_be_chosen_and_is_used_for_every_stage():
    assert any(argument.startswith("BASE=") for argument in instructions("ARG"))
    assert {stage.split()[0] for stage in instructions("FROM")} == {"${BASE}"}
    assert len(instructions("FROM")) >= 2


def test_packages_are_installed_by_hash_only():
    installs = [step for step in instructions("RUN") if "pip install" in step]
    assert any("--require-hashes" in step and "requirements.lock" in step for step in installs)
    loose = re.findall(r"pip install(?:(?!pip install).)*", " && ".join(installs))
    assert [step for step in loose if "--require-hashes" not in step and "--no-index" not in step] == []


def test_the_service_runs_as_nobody_in_particular():
    assert instructions("USER")[-1].split(":")[0].isdigit()
    assert int(instructions("USER")[-1].split(":")[0]) >= 10_000


def test_the_container_says_how_it_is():
    (check,) = instructions("HEALTHCHECK")
    assert "/healthz" in check
    assert "curl" not in check


def test_the_index_is_compiled_while_building():
    assert any("watchlist compile" in step for step in instructions("RUN"))


def test_the_composition_uses_known_keys_and_names_what_it_defines(compose: dict[str, Any]):
    assert set(compose) <= {"name", "services", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert {"image", "build"} & set(service), name
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"], volume


def test_every_part_is_watched(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        assert "healthcheck" in service or "build" in service, name
    assert compose["services"]["service"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_nothing_is_published_beyond_this_machine(compose: dict[str, Any]):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_service_cannot_write_to_its_own_image(compose: dict[str, Any]):
    service = compose["services"]["service"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_what_the_service_writes_to_is_there_and_nothing_else_is_writable(compose: dict[str, Any]):
    service = compose["services"]["service"]
    assert [volume.split(":")[1] for volume in service["volumes"]] == instructions("VOLUME")
    assert service["tmpfs"] == ["/tmp"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    written = [word.split("=", 1)[1] for word in instructions("ENV")[-1].split() if "=" in word and "/var/" in word]
    assert len(written) == 2
    assert all(instructions("VOLUME")[0] in each for each in written)


def test_the_service_is_given_time_to_drain_and_end(compose: dict[str, Any]):
    (drain,) = re.findall(r"PW_DRAIN_SECONDS=(\d+)", DOCKERFILE)
    granted = int(compose["services"]["service"]["stop_grace_period"].removesuffix("s"))
    assert granted > int(drain) + Settings.model_fields["end_seconds"].default
    (port,) = compose["services"]["service"]["ports"]
    assert port.endswith(f":{instructions('EXPOSE')[0]}")


def test_the_service_is_told_where_its_database_is(compose: dict[str, Any]):
    service, database = compose["services"]["service"], compose["services"]["database"]
    place = urlsplit(
        service["environment"]["PW_DATABASE_URL"].replace("${DATABASE_PASSWORD:-local-use-only}", "secret")
    )
    assert (place.hostname, place.path) == ("database", f"/{database['environment']['POSTGRES_DB']}")
    assert place.username == database["environment"]["POSTGRES_USER"]
    given = {name for name in service["environment"] if name.startswith("PW_")}
    assert given <= {f"PW_{name.upper()}" for name in Settings.model_fields}


def test_no_secret_is_written_down(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert str(value).startswith("${"), f"{name}: {key} is written down"
