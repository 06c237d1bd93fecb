"""What may be chosen of a model: steps, guidance, a picture to go by and how far to leave it.

Revision 0007, after 0006, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("generation") as table:
        table.add_column(sa.Column("steps", sa.Integer(), nullable=True))
        table.add_column(sa.Column("guidance", sa.Float(), nullable=True))
        table.add_column(sa.Column("reference_id", sa.String(length=26), server_default="", nullable=False))
        table.add_column(sa.Column("strength", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("generation") as table:
        table.drop_column("strength")
        table.drop_column("reference_id")
        table.drop_column("guidance")
        table.drop_column("steps")
