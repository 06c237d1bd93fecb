"""A picture knows its title too, so that its owner finds it by that; and what has ended may be cleared from the list of one's own jobs.

Revision 0019, after 0018, 2026-11-29.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("image", sa.Column("title", sa.String(120), nullable=False, server_default=""))
    op.execute(
        "UPDATE image SET title = (SELECT title FROM post WHERE post.image_id = image.id)"
        " WHERE EXISTS (SELECT 1 FROM post WHERE post.image_id = image.id)"
    )
    for table in ("generation", "generation_slot"):
        op.add_column(table, sa.Column("cleared_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for table in ("generation", "generation_slot"):
        op.drop_column(table, "cleared_at")
    op.drop_column("image", "title")
