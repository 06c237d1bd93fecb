"""Somebody who forgot their password chooses another by a link.

Revision 0017, after 0016, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_reset",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("digest", name=op.f("uq_password_reset_digest")),
    )


def downgrade() -> None:
    op.drop_table("password_reset")
