"""The queue as a graph, and what was asked of whom: jobs that wait for others, call records, the inbox, the cache.

Revision 0004, after 0003, 2026-11-27.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PARKED, _UNPLACED = sa.text("state=4"), sa.text("job_id IS NULL")
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
    op.create_table(
        "q_call",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("job_id", _BIG_ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("idem_key", sa.Text(), nullable=False),
        sa.Column("webhook_token", sa.Text(), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("sent", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_q_call")),
        sa.UniqueConstraint("job_id", "seq", name=op.f("uq_q_call_job_id_seq")),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_q_call_provider_external_id")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_q_call_idem_key")),
        sa.UniqueConstraint("webhook_token", name=op.f("uq_q_call_webhook_token")),
    )
    op.create_table(
        "q_inbox",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("webhook_token", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received", sa.Float(), nullable=False),
        sa.Column("job_id", _BIG_ID, nullable=True),
        sa.Column("is_read", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("provider", "delivery_id", name=op.f("pk_q_inbox")),
    )
    op.create_index("q_inbox_job", "q_inbox", ["job_id"], unique=False)
    op.create_index("q_inbox_token", "q_inbox", ["webhook_token"], unique=False, sqlite_where=_UNPLACED, postgresql_where=_UNPLACED)
    op.create_index(
        "q_inbox_external", "q_inbox", ["provider", "external_id"], unique=False, sqlite_where=_UNPLACED, postgresql_where=_UNPLACED
    )
    op.create_table(
        "q_cache",
        sa.Column("params_hash", sa.Text(), nullable=False),
        sa.Column("job_id", _BIG_ID, nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("params_hash", name=op.f("pk_q_cache")),
    )
    op.create_index(op.f("ix_q_cache_job_id"), "q_cache", ["job_id"], unique=False)
    op.add_column("generation_slot", sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("q_parked", "q_job", ["run_at"], unique=False, sqlite_where=_PARKED, postgresql_where=_PARKED)


def downgrade() -> None:
    # The release before knows nobody who waits for others: they go at once, in the order in which they were put in.
    op.execute("UPDATE q_job SET state=2 WHERE state=0")
    # Nor does it know what may be asked after: whatever was sent is never taken up again there.
    op.execute("UPDATE q_job SET phase=1 WHERE phase>1")
    # Nobody would take these up there: they are as if their worker had died after sending, and are given back a day later at the latest.
    op.execute("UPDATE q_job SET state=3, lease_until=0 WHERE state=4 OR (state IN (1,2) AND phase>0)")
    op.drop_index("q_parked", table_name="q_job")
    op.drop_column("generation_slot", "is_copy")
    op.drop_table("q_cache")
    op.drop_table("q_inbox")
    op.drop_table("q_call")
    op.drop_index("q_dep_parent", table_name="q_dep")
    op.drop_table("q_dep")
    op.drop_column("q_job", "is_parent")
    op.drop_column("q_job", "nblock")
