"""What honest waiting needs: the waits that were shown, to be judged.

Revision 0005, after 0004, 2026-11-27.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("low_s", sa.Float(), nullable=False),
        sa.Column("high_s", sa.Float(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("took_s", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_forecast")),
    )
    op.create_index(op.f("ix_forecast_asked_at"), "forecast", ["asked_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_forecast_asked_at"), table_name="forecast")
    op.drop_table("forecast")
