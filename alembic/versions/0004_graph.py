"""The queue as a graph: jobs that wait for others.

Revision 0004, after 0002, 2026-11-27.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("q_job", sa.Column("nblock", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("q_job", sa.Column("is_parent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "q_dep",
        sa.Column("child", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("parent", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("on_failure", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("parent < child", name=op.f("ck_q_dep_order")),
        sa.PrimaryKeyConstraint("child", "parent", name=op.f("pk_q_dep")),
    )
    op.create_index("q_dep_parent", "q_dep", ["parent"], unique=False)


def downgrade() -> None:
    # The release before knows nobody who waits for others: they go at once, in the order in which they were put in.
    op.execute("UPDATE q_job SET state=2 WHERE state=0")
    op.drop_index("q_dep_parent", table_name="q_dep")
    op.drop_table("q_dep")
    op.drop_column("q_job", "is_parent")
    op.drop_column("q_job", "nblock")
