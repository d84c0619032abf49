"""Who may ask is part of the trail: keys are entered when they are made and when they are revoked, once."""

from datetime import UTC, datetime

import pytest

from app.domain.audit import Action
from app.domain.callers import Right
from app.domain.errors import UnknownNameError
from app.storage.audit import list_entries
from app.storage.engine import Database
from app.usecases.issue_keys import make_key, revoke_key
from app.usecases.verify_audit import verify_audit

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_a_key_is_entered_with_its_tenant_when_it_is_made_and_when_it_is_revoked(database: Database) -> None:
    key, _ = make_key(database, "gate", "customs-port", frozenset({Right.SCREEN}), days=1, now=NOON)
    theirs = database.seen_by(database.caller.of_tenant("customs-port"))
    revoke_key(database, key.id)
    revoke_key(database, key.id)
    entries = list_entries(theirs, 9)
    assert [(each.action, each.subject) for each in entries] == [
        (Action.KEY_CREATED, key.id),
        (Action.KEY_REVOKED, key.id),
    ]
    assert list_entries(database, 9) == []
    assert list(verify_audit(theirs)) == []
    assert key.sha256 not in "".join(each.facts for each in entries)


def test_a_key_that_is_not_there_is_not_entered(database: Database) -> None:
    with pytest.raises(UnknownNameError):
        revoke_key(database, "0" * 12)
    assert list_entries(database, 9) == []
