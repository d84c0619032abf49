"""The locks: every package pinned, hashed, and named without saying where it was fetched from."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LEFT_OUT = {canonicalize_name(name) for name in PROJECT["tool"]["uv"]["exclude-dependencies"]}
PYTHONS = ("3.11", "3.12", "3.13")
PIN = re.compile(r"^(?P<requirement>[A-Za-z0-9][^\\]*?)\s*\\?$")


def pins(lock: str) -> dict[str, list[Requirement]]:
    """The pins of a lock by canonical name; one name may have several, told apart by markers."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if match := PIN.match(line):
            requirement = Requirement(match["requirement"])
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def version_of(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


def wanted(*groups: str) -> list[Requirement]:
    texts = list(PROJECT["project"]["dependencies"])
    for group in groups:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


def holds(marker: Marker | None, python: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    return marker is None or marker.evaluate(environment)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev"))])
def test_what_the_project_asks_for_is_in_the_lock(lock: str, groups: tuple[str, ...], python: str):
    pinned = pins(lock)
    for requirement in wanted(*groups):
        here = [pin for pin in pinned.get(canonicalize_name(requirement.name), []) if holds(pin.marker, python)]
        assert len(here) == 1, f"{requirement} on Python {python}: run `make lock`"
        assert requirement.specifier.contains(version_of(here[0]), prereleases=True), f"{requirement}: run `make lock`"


def needs_of(requirement: Requirement) -> set[str]:
    """What an installed package of a lock asks for here, its extras included."""
    needs = set()
    for text in importlib.metadata.requires(requirement.name) or ():
        need = Requirement(text)
        if any(need.marker is None or need.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
            needs.add(canonicalize_name(need.name))
    return needs


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_all_that_its_packages_ask_for_but_what_is_left_out_on_purpose(lock: str):
    # pip is told to install no more than the lock has, so nothing else would notice.
    pinned = pins(lock)
    here = [pin for several in pinned.values() for pin in several if pin.marker is None or pin.marker.evaluate()]
    asked = {wish for pin in (*here, *wanted("build")) for wish in needs_of(pin)}
    assert asked - set(pinned) == LEFT_OUT
    assert set(pinned) & LEFT_OUT == set()


def test_tests_run_on_the_packages_that_serve():
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: pinned for name, pinned in runtime.items() if development.get(name) != pinned} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str):
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text("utf-8"))
    assert [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    named = re.findall(r"^.*(?:://|index-url|find-links|trusted-host|(?:^|[\s\"'=])/\w|\s@\s).*$", text, re.MULTILINE)
    assert named == []


def test_no_lock_that_records_hosts_is_kept():
    assert [name for name in ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock") if (ROOT / name).exists()] == []
