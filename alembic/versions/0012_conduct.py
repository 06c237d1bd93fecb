"""Who is muted, for whom pictures are, what was decided about them, and what maintainers did.

Revision 0012, after 0011, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("sees", sa.String(9), nullable=False, server_default="general"))
    op.add_column("image", sa.Column("rating", sa.String(9), nullable=False, server_default="general"))
    op.add_column("image", sa.Column("least_rating", sa.String(9), nullable=False, server_default="general"))
    op.create_table(
        "mute",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("muted_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mute_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["muted_id"], ["account.id"], name=op.f("fk_mute_muted_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "muted_id", name=op.f("pk_mute")),
    )
    op.create_index("ix_mute_muted_id", "mute", ["muted_id"], unique=False)
    op.create_table(
        "leaning",
        sa.Column("account_id", sa.String(26), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("fresh", "popular", "novel", "following")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_leaning_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_leaning")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_search_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_account_id_created_at_id", "saved_search", ["account_id", "created_at", "id"], unique=False)
    op.create_index("ix_saved_search_is_told_id", "saved_search", ["is_told", "id"], unique=False)
    op.create_table(
        "digest",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("every", sa.String(6), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("told_until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_digest_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_digest")),
    )
    op.create_index("ix_digest_due_at", "digest", ["due_at"], unique=False)
    op.create_table(
        "footfall_day",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "what", name=op.f("pk_footfall_day")),
    )
    op.create_table(
        "ruling",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=True),
        sa.Column("comment_id", sa.String(26), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("because", sa.String(500), nullable=False),
        sa.Column("quoted", sa.String(500), nullable=False),
        sa.Column("before", sa.String(9), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("strike_until", UtcDateTime(), nullable=True),
        sa.Column("appeal", sa.String(500), nullable=False),
        sa.Column("appealed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("outcome_because", sa.String(500), nullable=False),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ruling_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_ruling_image_id_image"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index("ix_ruling_account_id_decided_at_id", "ruling", ["account_id", "decided_at", "id"], unique=False)
    op.create_index("ix_ruling_outcome_appealed_at_id", "ruling", ["outcome", "appealed_at", "id"], unique=False)
    op.create_index(op.f("ix_ruling_image_id"), "ruling", ["image_id"], unique=False)
    op.create_table(
        "logbook_entry",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("maintainer_id", sa.String(26), nullable=True),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["maintainer_id"], ["account.id"], name=op.f("fk_logbook_entry_maintainer_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_logbook_entry")),
    )
    op.create_index(op.f("ix_logbook_entry_maintainer_id"), "logbook_entry", ["maintainer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_logbook_entry_maintainer_id"), table_name="logbook_entry")
    op.drop_table("logbook_entry")
    for index in (op.f("ix_ruling_image_id"), "ix_ruling_outcome_appealed_at_id", "ix_ruling_account_id_decided_at_id"):
        op.drop_index(index, table_name="ruling")
    op.drop_table("ruling")
    op.drop_table("footfall_day")
    op.drop_index("ix_digest_due_at", table_name="digest")
    op.drop_table("digest")
    op.drop_index("ix_saved_search_is_told_id", table_name="saved_search")
    op.drop_index("ix_saved_search_account_id_created_at_id", table_name="saved_search")
    op.drop_table("saved_search")
    op.drop_table("leaning")
    op.drop_index("ix_mute_muted_id", table_name="mute")
    op.drop_table("mute")
    for table, column in (("image", "least_rating"), ("image", "rating"), ("account", "sees")):
        op.drop_column(table, column)
