"""What lanes need: their rate, pause and breaker; what fair turns remember; and counts that a long-open snapshot does not slow down.

Revision 0003, after 0002, 2026-11-27.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WAITING_OR_HELD = "state IN (0,1,2,3,4)"


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("declared_rate", sa.Float(), nullable=True),
        sa.Column("burst", sa.Float(), nullable=False, server_default="1"),
        sa.Column("tokens", sa.Float(), nullable=False, server_default="0"),
        sa.Column("refilled", sa.Float(), nullable=False, server_default="0"),
        sa.Column("throttled_at", sa.Float(), nullable=False, server_default="0"),
        sa.Column("paused_until", sa.Float(), nullable=False, server_default="0"),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("breaker_after", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("breaker", sa.Text(), nullable=False, server_default="closed"),
        sa.Column("breaker_since", sa.Float(), nullable=True),
        sa.Column("probe", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_since", sa.Float(), nullable=False, server_default="0"),
    )


def upgrade() -> None:
    for column in _columns():
        op.add_column("q_lane", column)
    op.add_column("q_job", sa.Column("cost", sa.Float(), nullable=False, server_default="1"))
    op.create_table(
        "q_class",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("prio", sa.SmallInteger(), nullable=False),
        sa.Column("vtime", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "prio", name=op.f("pk_q_class")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "q_flow",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("prio", sa.SmallInteger(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("last_vft", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "prio", "user_id", name=op.f("pk_q_flow")),
        postgresql_with={"fillfactor": 50},
    )
    op.drop_index("q_held", table_name="q_job")
    _index_held("lane", "started")
    # Until now 2 was the class of guests; they now stand behind three classes of members.
    op.execute(f"UPDATE q_job SET prio=4 WHERE prio=2 AND {_WAITING_OR_HELD}")  # noqa: S608  # a constant of this file
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE q_lane SET (fillfactor=50)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE q_lane RESET (fillfactor)")
    op.execute(f"UPDATE q_job SET prio=2 WHERE prio=4 AND {_WAITING_OR_HELD}")  # noqa: S608  # a constant of this file
    op.drop_index("q_held", table_name="q_job")
    _index_held("lane")
    op.drop_table("q_flow")
    op.drop_table("q_class")
    op.drop_column("q_job", "cost")
    for column in reversed(_columns()):
        op.drop_column("q_lane", column.name)


def _index_held(*columns: str) -> None:
    held = sa.text("state IN (3,4)")
    op.create_index("q_held", "q_job", list(columns), unique=False, sqlite_where=held, postgresql_where=held)
