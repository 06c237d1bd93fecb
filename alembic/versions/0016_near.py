"""Nearness is read from what is narrow: the looks of listed posts in the order of their numbers, and bands with the fingerprints they are of.

And FTS5 tells which words its index has.

Revision 0016, after 0015, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_look",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("look", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["post.number"], name=op.f("fk_post_look_number_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_post_look")),
    )
    op.execute(
        "INSERT INTO post_look (number, image_id, look) SELECT post.number, post.image_id, image.look FROM post"
        " JOIN image ON image.id = post.image_id WHERE post.words <> '' AND image.look IS NOT NULL ORDER BY post.number"
    )
    for at in range(4):
        op.drop_index(f"ix_image_band_{at}", table_name="image")
        op.create_index(f"ix_image_band_{at}_fingerprint_id", "image", [f"band_{at}", "fingerprint", "id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE post_search_words USING fts5vocab(post_search, instance)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE post_search_words")
    for at in range(4):
        op.drop_index(f"ix_image_band_{at}_fingerprint_id", table_name="image")
        op.create_index(f"ix_image_band_{at}", "image", [f"band_{at}"], unique=False)
    op.drop_table("post_look")
