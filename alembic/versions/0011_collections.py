"""Collections in folders, with other people in them, links to them, who looks just now, and what guests think; and what a set was made from.

The new columns of `collection` are added in place: on SQLite a table that is made anew takes along what refers to it.

Revision 0011, after 0010, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collection", sa.Column("parent_id", sa.String(26), nullable=True))
    for name in ("is_collaborative", "shows_private"):
        op.add_column("collection", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_collection_parent_id", "collection", ["parent_id"], unique=False)
    op.add_column("generation", sa.Column("parent_id", sa.String(26), nullable=False, server_default=""))
    op.execute("UPDATE generation SET parent_id = reference_id WHERE reference_id <> ''")
    is_made_from = sa.text("parent_id <> ''")
    op.create_index("ix_generation_parent_id", "generation", ["parent_id"], sqlite_where=is_made_from, postgresql_where=is_made_from)
    op.create_table(
        "collaborator",
        sa.Column("collection_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("shows_private", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_collaborator_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collaborator_collection_id_collection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("collection_id", "account_id", name=op.f("pk_collaborator")),
    )
    op.create_index("ix_collaborator_account_id_collection_id", "collaborator", ["account_id", "collection_id"], unique=False)
    op.create_table(
        "collection_link",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("collection_id", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_proofing", sa.Boolean(), nullable=False),
        sa.Column("shows_private", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_link_collection_id_collection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_collection_link_digest")),
    )
    op.create_index("ix_collection_link_collection_id_created_at", "collection_link", ["collection_id", "created_at"], unique=False)
    op.create_table(
        "presence",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("collection_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_presence_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_presence_collection_id_collection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_collection_id_seen_at", "presence", ["collection_id", "seen_at"], unique=False)
    op.create_index("ix_presence_account_id", "presence", ["account_id"], unique=False)
    op.create_table(
        "proof",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("collection_id", sa.String(26), nullable=False),
        sa.Column("link_id", sa.String(26), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("guest", sa.String(40), nullable=False),
        sa.Column("guest_key", sa.String(80), nullable=False),
        sa.Column("is_loved", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('', 'approved', 'changes')", name=op.f("ck_proof_verdict")),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_proof_collection_id_collection"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_proof_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("link_id", "guest_key", "image_id", name=op.f("uq_proof_link_id_guest_key_image_id")),
    )
    op.create_index("ix_proof_collection_id_changed_at", "proof", ["collection_id", "changed_at"], unique=False)
    op.create_index("ix_proof_image_id", "proof", ["image_id"], unique=False)


def downgrade() -> None:
    for table in ("proof", "presence", "collection_link", "collaborator"):
        op.drop_table(table)
    op.drop_index("ix_generation_parent_id", table_name="generation")
    op.drop_column("generation", "parent_id")
    op.drop_index("ix_collection_parent_id", table_name="collection")
    for name in ("shows_private", "is_collaborative", "parent_id"):
        op.drop_column("collection", name)
