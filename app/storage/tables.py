"""The tables: runs and jobs, their records and decisions, what officers said of them, and the trail of it all."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and write the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read a moment as UTC, whatever the zone of the database's connection."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", String(36), primary_key=True),
    # Whose run it is, and the key it was asked with; "local" where nobody is asked.
    Column("tenant", String(64), nullable=False, server_default="local"),
    Column("key_id", String(64), nullable=False, server_default="local"),
    Column("created_at", UtcTime, nullable=False),
    # Null while the run goes on; it stays null when the caller left or the process died half-way.
    Column("finished_at", UtcTime),
    Column("door", String(16), nullable=False),
    Column("release", String(64), nullable=False),
    Column("index_digest", String(64), nullable=False),
    Column("policy", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    # The day whose law a record without a day of its own was judged by; null in runs that are older than this column,
    # which took the day they began on.
    Column("today", Date),
    Column("as_of", Date),
    Column("instruments", JSON(none_as_null=True)),
    Column("input_sha256", String(64)),
    # Whether totals were begun with what earlier runs had added up; null in runs that could not.
    Column("history", Boolean),
    Column("records", Integer, nullable=False),
    Column("controlled", Integer, nullable=False),
    Column("conditional", Integer, nullable=False),
    Column("review", Integer, nullable=False),
    Column("undetermined", Integer, nullable=False),
    Column("not_listed", Integer, nullable=False),
    # What a key had screened today is added up from here.
    Index(None, "key_id", "created_at"),
)
"""One screening of one request or file: what was asked, with which law, and how many of each verdict came out."""

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", String(48), primary_key=True),
    Column("run_id", String(36), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    # The run's, so that a tenant's queue is read from one index.
    Column("tenant", String(64), nullable=False, server_default="local"),
    Column("position", Integer, nullable=False),
    Column("record_id", Text),
    Column("verdict", String(16), nullable=False),
    Column("score", Float),
    Column("reason", Text, nullable=False),
    Column("substance_ids", JSON, nullable=False),
    # JSON's null once its words are erased; `reason` is empty then.
    Column("document", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # A rescreening's decisions only: the one each stands in the place of (not kept where it was no alarm), why
    # it was made, and the run and place the record came with.
    Column("replaces", String(48)),
    Column("trigger", String(32)),
    Column("origin_run_id", String(36)),
    Column("origin_position", Integer),
    UniqueConstraint("run_id", "position"),
    Index(None, "tenant", "verdict", "run_id"),
    Index(None, "tenant", "run_id", "position"),
    Index(None, "replaces"),
    # The queue is read from its end.
    Index(None, "tenant", "score", "id"),
    Index(None, "origin_run_id", "origin_position"),
)
"""Every alarm, whole, as it was answered, and every changed outcome of a rescreening; the others are only counted."""

POLICIES = Table(
    "policies",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("knobs", JSON, nullable=False),
)
"""The values behind the name of a policy, so that a decision can be given again."""

RECORD_BLOCKS = Table(
    "record_blocks",
    METADATA,
    Column("run_id", String(36), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("first_position", Integer, primary_key=True, autoincrement=False),
    Column("records", Integer, nullable=False),
    # Substances seen in any of the records, alarm or not.
    Column("seen", JSON, nullable=False),
    # What its records were judged with last.
    Column("release", String(64), nullable=False),
    Column("index_digest", String(64), nullable=False),
    Column("policy", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    # The fields as they were screened; null once they are erased, which touches no decision.
    Column("content", LargeBinary),
)
"""The records of a run, some consecutive ones together, apart from what was decided on them."""

AMOUNTS = Table(
    "amounts",
    METADATA,
    Column("run_id", String(36), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    # A digest over what is added up: substance, entry, threshold, period, and the parties, whose names are not kept.
    Column("total", String(32), primary_key=True),
    # The run that judged it so, and the rescreening that came to something else; null as long as it stands.
    Column("judged_in", String(36), primary_key=True),
    Column("replaced_in", String(36)),
    # A decimal number; null where it is not known.
    Column("amount", String(64)),
    Index(None, "total", "run_id"),
)
"""What each record adds to a total that a law compares with a threshold; most records add to none."""

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("decision_id", String(48), ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("disposition", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # The decision whose clearance still holds: the findings it cleared are the same.
    Column("carried_from", String(48)),
    # The key it was said with; "local" where nobody is asked.
    Column("key_id", String(64), nullable=False, server_default="local"),
    # A clearance that does not hold before another person has said the same.
    Column("awaits_second", Boolean, nullable=False, server_default=false()),
)
"""What officers said of a decision, in order; the last one holds."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("tenant", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    # Text, so that it is what was hashed whatever the database makes of moments.
    Column("at", String(27), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "tenant", "subject"),
)
"""What was done, each tenant's entries chained by hash; triggers refuse to change or delete any (see the migration)."""

AUDIT_HEADS = Table(
    "audit_heads",
    METADATA,
    Column("tenant", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(27), nullable=False),
)
"""The end of each tenant's chain: whoever adds to it locks the row, so that it never forks."""


KEYS = Table(
    "keys",
    METADATA,
    Column("id", String(12), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("rights", JSON, nullable=False),
    # Of the secret, which is nowhere.
    Column("sha256", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("last_used", Date),
)
"""Who may ask, and for what. No row is ever deleted: that there was a key once is why strangers are refused."""


JOBS = Table(
    "jobs",
    METADATA,
    # A job is one run, which says whose it is and with what it is screened; both have one name.
    Column("id", String(36), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    # The run's, so that a tenant's jobs are read from one index.
    Column("tenant", String(64), nullable=False, server_default="local"),
    Column("state", String(16), nullable=False),
    Column("format", String(8), nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("recognised", JSON(none_as_null=True)),
    Column("only_alarms", Boolean, nullable=False),
    Column("block_rows", Integer, nullable=False),
    Column("input_bytes", BigInteger, nullable=False),
    # Times that work was begun since the last block was kept.
    Column("attempts", Integer, nullable=False),
    # What is kept: blocks, their rows, and what came out.
    Column("blocks", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("unreadable", Integer, nullable=False),
    Column("verdicts", JSON, nullable=False),
    Column("share", Float),
    Column("seconds", Float, nullable=False),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("failure", String(32)),
    Column("why", Text),
    Column("result_bytes", BigInteger),
    Column("result_sha256", String(64)),
    Index(None, "tenant", "id"),
    Index(None, "state", "id"),
)
"""A large file that is screened behind the answer: what was asked, how far it is and how it ended."""

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("tenant", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "expires_at"),
)
"""What was answered to a request with an `Idempotency-Key`, to be answered again."""
