"""The audit trail, which is only ever added to; who reviewed with which key, and what awaits a second person.

Revision ID: 0004
Revises: 0003
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REFUSALS = {
    "sqlite": (
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'entries of the audit trail are never changed'); END",
        "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'entries of the audit trail are never deleted'); END",
        # INSERT OR REPLACE deletes without asking the trigger above.
        "CREATE TRIGGER audit_is_added_to_at_its_end BEFORE INSERT ON audit"
        " WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit WHERE tenant = NEW.tenant)"
        " BEGIN SELECT RAISE(ABORT, 'entries of the audit trail are added at its end'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'entries of the audit trail are never changed or deleted'; END $$",
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()",
        "ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_is_not_changed",
    ),
}


def upgrade() -> None:
    op.add_column("reviews", sa.Column("key_id", sa.String(64), nullable=False, server_default="local"))
    op.add_column("reviews", sa.Column("awaits_second", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "audit",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "number", name="pk_audit"),
    )
    op.create_index("ix_audit_tenant_subject", "audit", ["tenant", "subject"])
    op.create_table(
        "audit_heads",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_audit_heads"),
    )
    for statement in REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)
    adopt(op.get_bind())


def downgrade() -> None:
    # Dropping a table asks no trigger.
    op.drop_table("audit_heads")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_audit()")
    # A clearance that nobody has confirmed must not hold for want of the column that says so.
    op.execute("UPDATE reviews SET disposition = 'escalated' WHERE awaits_second")
    op.drop_column("reviews", "awaits_second")
    op.drop_column("reviews", "key_id")


# What was kept before there was a trail is entered as it is found: what is changed from here on is noticed. Written out
# and not taken from the software, which goes on changing.

AT_ONCE = 2_000


def adopt(connection: sa.Connection) -> None:
    run_query = sa.text("SELECT * FROM runs ORDER BY tenant, id").columns(
        created_at=sa.DateTime(timezone=True), finished_at=sa.DateTime(timezone=True), today=sa.Date(), as_of=sa.Date()
    )
    chain = Chain(connection)
    for run in connection.execute(run_query).mappings():
        for facts in stretches(connection, run):
            chain.add(run["tenant"], run["key_id"], "adopted", run["id"], facts)
    reviews = sa.text(
        "SELECT reviews.*, decisions.tenant FROM reviews JOIN decisions ON decisions.id = decision_id"
        " ORDER BY tenant, decision_id, number"
    ).columns(created_at=sa.DateTime(timezone=True))
    for review in connection.execute(reviews).mappings():
        facts = {name: review[name] for name in ("number", "disposition", "reviewer", "carried_from")}
        facts |= {"awaits_second": False, "key_id": "local", "reason": sha256(review["reason"])}
        facts["at"] = moment(review["created_at"])
        chain.add(review["tenant"], "local", "reviewed", review["decision_id"], facts)
    chain.close()


def stretches(connection: sa.Connection, run: Any) -> Iterator[dict[str, Any]]:
    kinds = ("controlled", "conditional", "review", "undetermined", "not_listed")
    facts = {
        "door": run["door"],
        "began": moment(run["created_at"]),
        "input": run["input_sha256"],
        "release": run["release"],
        "index": run["index_digest"],
        "policy": run["policy"],
        "version": run["version"],
        "today": None if run["today"] is None else run["today"].isoformat(),
        "as_of": None if run["as_of"] is None else run["as_of"].isoformat(),
        "instruments": parsed(run["instruments"]),
        "verdicts": None,
    }
    finished = None
    if run["finished_at"] is not None:
        finished = {"at": moment(run["finished_at"]), **{name: run[name] for name in ("records", *kinds)}}
    blocks = connection.execute(
        sa.text("SELECT first_position, content FROM record_blocks WHERE run_id = :run ORDER BY first_position"),
        {"run": run["id"]},
    )
    # Fields that were erased before have nothing to be compared with.
    hashed = [{"first": place, "content": sha256(bytes(content))} for place, content in blocks if content is not None]
    query = sa.text(
        "SELECT decisions.*, CAST(document AS TEXT) AS words FROM decisions"
        " WHERE run_id = :run AND position >= :first ORDER BY position LIMIT :most"
    ).columns(created_at=sa.DateTime(timezone=True))
    first = 0
    while True:
        some = connection.execute(query, {"run": run["id"], "first": first, "most": AT_ONCE}).mappings().all()
        last = len(some) < AT_ONCE
        until = 2**31 - 1 if last else some[-1]["position"] + 1
        here = [each for each in hashed if first <= each["first"] < until]
        stretch = {"first": first, "until": until, "decisions": [told(each) for each in some], "records": here}
        yield {**facts, **stretch, **({"finished": finished} if last and finished else {})}
        if last:
            return
        first = until


def told(decision: Any) -> dict[str, Any]:
    link = {}
    if decision["replaces"] is not None:
        link = {"replaces": decision["replaces"], "trigger": decision["trigger"]}
        link |= {"origin_run": decision["origin_run_id"], "origin_position": decision["origin_position"]}
    return {
        "position": decision["position"],
        "verdict": decision["verdict"],
        "score": decision["score"],
        "substances": parsed(decision["substance_ids"]),
        "document": sha256(decision["words"]),
        "at": moment(decision["created_at"]),
        **link,
    }


class Chain:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.heads: dict[str, tuple[int, str, str]] = {}

    def add(self, tenant: str, key_id: str, action: str, subject: str, facts: dict[str, Any]) -> None:
        number, previous, _ = self.heads.get(tenant, (0, "0" * 64, ""))
        at = moment(datetime.now(UTC))
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        fields = (tenant, number + 1, at, key_id, action, subject, text, previous)
        parts = [str(field).encode() for field in ("precursor-watch audit 1", *fields)]
        digest = hashlib.sha256(b"".join(b"%d:%b," % (len(part), part) for part in parts)).hexdigest()
        names = ("tenant", "number", "at", "key_id", "action", "subject", "facts", "previous", "hash")
        self.connection.execute(
            sa.text(f"INSERT INTO audit ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"),
            dict(zip(names, (*fields, digest), strict=True)),
        )
        self.heads[tenant] = number + 1, digest, at

    def close(self) -> None:
        for tenant, (number, digest, at) in self.heads.items():
            self.connection.execute(
                sa.text("INSERT INTO audit_heads (tenant, number, hash, at) VALUES (:tenant, :number, :hash, :at)"),
                {"tenant": tenant, "number": number, "hash": digest, "at": at},
            )


def moment(value: datetime) -> str:
    at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def sha256(value: str | bytes) -> str:
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()
