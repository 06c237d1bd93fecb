"""What is laid over a picture, which part of one is drawn anew, and the masks and logos people bring for it.

Revision 0013, after 0012, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("generation", sa.Column("overlay", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("generation", sa.Column("mask_id", sa.String(26), nullable=False, server_default=""))
    op.create_table(
        "upload",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height", "size_bytes")),
        sa.Column("brought_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('logo', 'mask')", name=op.f("ck_upload_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("account_id", "kind", "image_id", "digest", name=op.f("uq_upload_account_id_kind_image_id_digest")),
    )
    op.create_index(op.f("ix_upload_digest"), "upload", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_upload_digest"), table_name="upload")
    op.drop_table("upload")
    for column in ("mask_id", "overlay"):
        op.drop_column("generation", column)
