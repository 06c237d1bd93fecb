"""A picture knows its title too, so that its owner finds it by that.

Revision 0019, after 0018, 2026-11-29.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    op.drop_column("image", "title")
