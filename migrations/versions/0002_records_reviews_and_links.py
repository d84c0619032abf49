"""The records that were screened, policies, reviews, and decisions that replace others.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# Columns are added and dropped one by one and not by copying the table: where SQLite drops a table for a copy, its
# foreign keys delete the rows that point to it.


def upgrade() -> None:
    op.add_column("runs", sa.Column("today", sa.Date()))
    for name, kind in (
        ("replaces", sa.String(48)),
        ("trigger", sa.String(32)),
        ("origin_run_id", sa.String(36)),
        ("origin_position", sa.Integer()),
    ):
        op.add_column("decisions", sa.Column(name, kind))
    op.create_index("ix_decisions_replaces", "decisions", ["replaces"])
    op.create_index("ix_decisions_score_id", "decisions", ["score", "id"])
    op.create_index("ix_decisions_origin_run_id_origin_position", "decisions", ["origin_run_id", "origin_position"])
    op.create_table(
        "policies",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("knobs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
    )
    op.create_table(
        "record_blocks",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("index_digest", sa.String(64), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("run_id", "first_position", name="pk_record_blocks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_record_blocks_run_id_runs", ondelete="CASCADE"),
    )
    op.create_table(
        "reviews",
        sa.Column("decision_id", sa.String(48), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_from", sa.String(48)),
        sa.PrimaryKeyConstraint("decision_id", "number", name="pk_reviews"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name="fk_reviews_decision_id_decisions", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_table("record_blocks")
    op.drop_table("policies")
    # Without their link they would stand as alarms on records of their own.
    op.execute("DELETE FROM decisions WHERE replaces IS NOT NULL")
    op.drop_index("ix_decisions_origin_run_id_origin_position", table_name="decisions")
    op.drop_index("ix_decisions_score_id", table_name="decisions")
    op.drop_index("ix_decisions_replaces", table_name="decisions")
    for name in ("origin_position", "origin_run_id", "trigger", "replaces"):
        op.drop_column("decisions", name)
    op.drop_column("runs", "today")
