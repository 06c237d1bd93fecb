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
    op.add_column("generation", sa.Column("steps", sa.Integer(), nullable=True))
    op.add_column("generation", sa.Column("guidance", sa.Float(), nullable=True))
    op.add_column("generation", sa.Column("reference_id", sa.String(length=26), nullable=False, server_default=""))
    op.add_column("generation", sa.Column("strength", sa.Float(), nullable=True))


def downgrade() -> None:
    for column in ("strength", "reference_id", "guidance", "steps"):
        op.drop_column("generation", column)
