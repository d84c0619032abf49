"""Whose each run and decision is, and with which key it was asked for.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# One by one, as in 0002: what is there already belongs to the one tenant there was.

QUEUES = (
    ("ix_decisions_verdict_run_id", ["verdict", "run_id"]),
    ("ix_decisions_score_id", ["score", "id"]),
)
OF_TENANT = (
    ("ix_decisions_tenant_verdict_run_id", ["tenant", "verdict", "run_id"]),
    ("ix_decisions_tenant_run_id_position", ["tenant", "run_id", "position"]),
    ("ix_decisions_tenant_score_id", ["tenant", "score", "id"]),
)


def upgrade() -> None:
    for table, name in (("runs", "tenant"), ("runs", "key_id"), ("decisions", "tenant")):
        op.add_column(table, sa.Column(name, sa.String(64), nullable=False, server_default="local"))
    for index, _ in QUEUES:
        op.drop_index(index, table_name="decisions")
    for index, columns in OF_TENANT:
        op.create_index(index, "decisions", columns)


def downgrade() -> None:
    for index, _ in OF_TENANT:
        op.drop_index(index, table_name="decisions")
    for index, columns in QUEUES:
        op.create_index(index, "decisions", columns)
    for table, name in (("decisions", "tenant"), ("runs", "key_id"), ("runs", "tenant")):
        op.drop_column(table, name)
