"""Keys are made, listed and revoked on the terminal, in either database; the service starts for strangers only then."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


@pytest.fixture
def keys(run: Callable[..., Any], database_url: str) -> Callable[..., Any]:
    """Run `precursor-watch keys`."""
    return lambda *arguments: run("keys", *arguments, PW_DATABASE_URL=database_url)


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(keys: Callable[..., Any]) -> None:
    made = keys(
        "create", "--name", "Line 3", "--tenant", "port", "--scope", "screen", "--scope", "read", "--days", "90"
    )
    text = made.out.decode().strip()
    assert made.status == 0
    assert re.fullmatch("pw_[0-9a-f]{12}_[0-9a-f]{64}", text)
    key_id, secret = text.split("_")[1:]
    other = json.loads(keys("create", "--name", "Officer", "--scope", "review", "--json").out)
    assert other["key"].startswith(f"pw_{other['id']}_")
    assert (other["tenant"], other["scopes"], other["state"]) == ("local", ["review"], "good")

    listed = keys("list", "--json")
    assert secret not in listed.out.decode() + made.err
    first, second = json.loads(listed.out)
    assert (first["id"], first["name"], first["tenant"], first["state"]) == (key_id, "Line 3", "port", "good")
    assert first["scopes"] == ["read", "screen"]
    ends = datetime.fromisoformat(first["expires_at"])
    assert timedelta(days=89) < ends - datetime.now(UTC) < timedelta(days=90)
    assert second["id"] == other["id"]

    assert keys("revoke", key_id).status == 0
    when = json.loads(keys("list", "--json").out)[0]["revoked_at"]
    assert keys("revoke", key_id).status == 0
    first, second = json.loads(keys("list", "--json").out)
    assert (first["state"], first["revoked_at"], second["state"]) == ("revoked", when, "good")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "x"), "--scope"),
        (("--scope", "read"), "--name"),
        (("--name", "x", "--scope", "everything"), "everything"),
        (("--name", "x", "--scope", "read", "--days", "0"), "--days"),
        (("--name", "x", "--scope", "read", "--tenant", "The Port"), "tenant"),
        (("--name", "", "--scope", "read"), "name"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    run_here: Any, tmp_path: Any, monkeypatch: Any, arguments: Any, said: str
) -> None:
    monkeypatch.setenv("PW_DATABASE_URL", f"sqlite:///{tmp_path / 'keys.db'}")
    ended = run_here("keys", "create", *arguments)
    assert ended.status == 2
    assert said in ended.err
    assert run_here("keys", "list", "--json").out.strip() == b"[]"


def test_a_key_that_never_was_cannot_be_revoked(run_here: Any, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PW_DATABASE_URL", f"sqlite:///{tmp_path / 'keys.db'}")
    assert run_here("keys", "revoke", "0123456789ab").status == 2
