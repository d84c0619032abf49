"""What records add to totals, so that later runs can be added up with earlier ones.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("history", sa.Boolean()))
    op.create_table(
        "amounts",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(32), nullable=False),
        sa.Column("judged_in", sa.String(36), nullable=False),
        sa.Column("amount", sa.String(64)),
        sa.Column("replaced_in", sa.String(36)),
        sa.PrimaryKeyConstraint("run_id", "position", "total", "judged_in", name="pk_amounts"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_amounts_run_id_runs", ondelete="CASCADE"),
    )
    op.create_index("ix_amounts_total_run_id", "amounts", ["total", "run_id"])


def downgrade() -> None:
    op.drop_table("amounts")
    op.drop_column("runs", "history")
