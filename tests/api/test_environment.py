"""The environment is read once, and a wrong value is refused by the variable's name."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.callers import is_loopback
from app.domain.errors import SettingsError
from app.settings import ROOT, read_settings


def test_without_any_variable_everything_lies_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PW_DATABASE_URL", "PW_WATCHLISTS", "PW_INDEX"):
        monkeypatch.delenv(name, raising=False)
    settings = read_settings()
    assert settings.watchlists == ROOT / "watchlists"
    assert settings.index == ROOT / "var" / "index"
    assert settings.database_url == f"sqlite:///{ROOT}/var/precursor-watch.db"
    assert (settings.host, settings.port, settings.max_upload_bytes) == ("127.0.0.1", 8000, 64 * 1024 * 1024)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PW_PORT", "http"),
        ("PW_PORT", "70000"),
        ("PW_MAX_UPLOAD_BYTES", "0"),
        ("PW_MAX_JSON_BYTES", "big"),
        ("PW_WORKERS", "0"),
        ("PW_JOB_WORKERS", "-1"),
        ("PW_MAX_JOB_BYTES", "0"),
        ("PW_KEEP_JOBS_HOURS", "0"),
        ("PW_KEEP_KEYS_HOURS", "soon"),
        ("PW_MAX_WAITING", "-1"),
        ("PW_MAX_WAIT_SECONDS", "0"),
        ("PW_DATABASE_URL", "mysql://host/name"),
        ("PW_REQUESTS_PER_MINUTE", "-1"),
        ("PW_RECORDS_PER_DAY", "many"),
        ("PW_MAX_CONNECTIONS", "0"),
        ("PW_OIDC_ISSUER", "http://issuer.example"),
        ("PW_OIDC_ISSUER", "issuer.example"),
        ("PW_OIDC_ISSUER", "https://issuer.example"),  # without an audience
        ("PW_LOG_LEVEL", "loud"),
        ("PW_PROCESSES", "0"),
        ("PW_DRAIN_SECONDS", "soon"),
        ("PW_DATABASE_CONNECTIONS", "0"),
        ("PW_DATABASE_LOCK_SECONDS", "-1"),
        ("PW_PROT", "8000"),
        ("PW_SECOND_PERSON", "not_listed"),
        ("PW_SECOND_PERSON", "review,"),
        ("PW_KEEP_CONTENT_DAYS", "-1"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable):
        read_settings()


def test_a_password_is_not_repeated_in_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW_DATABASE_URL", "mysql://user:SECRET@host/name")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "SECRET" not in str(caught.value)


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW_PORT", "9000")
    assert read_settings().port == 9000
    assert read_settings(port=9001).port == 9001


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_this_machines_own_addresses_are_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_variable_that_is_none_of_ours_is_refused_with_the_one_that_may_be_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PW_PROT", "8000")
    monkeypatch.setenv("PW_KEEP_RECORD", "all")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "PW_PROT: is no setting; is PW_PORT meant?" in str(caught.value)
    assert "PW_KEEP_RECORD: is no setting; is PW_KEEP_RECORDS meant?" in str(caught.value)


def test_the_page_on_settings_is_the_one_that_the_code_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "settings_page.py", "--out", tmp_path / "page.md"], check=True)
    assert (tmp_path / "page.md").read_text("utf-8") == (ROOT / "docs" / "settings.md").read_text("utf-8")
