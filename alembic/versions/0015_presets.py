"""Presets keep all settings: how a model was tuned, and the picture to go by.

Revision 0015, after 0014, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preset", sa.Column("steps", sa.Integer(), nullable=True))
    op.add_column("preset", sa.Column("guidance", sa.Float(), nullable=True))
    op.add_column("preset", sa.Column("reference_id", sa.String(26), nullable=False, server_default=""))
    op.add_column("preset", sa.Column("strength", sa.Float(), nullable=True))


def downgrade() -> None:
    for column in ("strength", "reference_id", "guidance", "steps"):
        op.drop_column("preset", column)
