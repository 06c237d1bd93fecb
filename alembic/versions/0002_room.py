"""What the room needs: each part of this release adds its tables and columns here.

Revision 0002, after 0001, 2026-11-20.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unknown = sa.text("state=8")
    op.create_index("q_unknown", "q_job", ["finished"], unique=False, sqlite_where=unknown, postgresql_where=unknown)
    op.add_column("image", sa.Column("has_film", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("image", sa.Column("favourite_at", UtcDateTime(), nullable=True))
    op.add_column("image", sa.Column("forgotten_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_image_forgotten_at"), "image", ["forgotten_at"], unique=False)
    op.add_column("generation_slot", sa.Column("retried_in", sa.String(26), nullable=True))
    is_open = sa.text("ended_at IS NULL")
    op.create_index("ix_generation_open", "generation", ["account_id"], unique=False, sqlite_where=is_open, postgresql_where=is_open)
    op.add_column("account", sa.Column("is_guest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("account", sa.Column("display_name", sa.String(60), nullable=False, server_default=""))
    op.add_column("account", sa.Column("bio", sa.String(300), nullable=False, server_default=""))
    op.add_column("account", sa.Column("handle_changed_at", UtcDateTime(), nullable=True))
    op.add_column("account", sa.Column("closed_at", UtcDateTime(), nullable=True))
    op.add_column("account", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_account_is_guest"), "account", ["is_guest"], unique=False)
    op.create_index(op.f("ix_account_closed_at"), "account", ["closed_at"], unique=False)
    op.create_table(
        "avatar",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_avatar_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_avatar")),
        sa.UniqueConstraint("id", name=op.f("uq_avatar_id")),
    )
    op.create_table(
        "preference",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("size", sa.String(11), nullable=False),
        sa.Column("images", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(7), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preference_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(20), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_former_handle_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_handle")),
    )
    op.create_index(op.f("ix_former_handle_account_id"), "former_handle", ["account_id"], unique=False)
    op.create_table(
        "preset",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("negative_prompt", sa.String(1000), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("style", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preset_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preset")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_preset_account_id_name")),
    )


def downgrade() -> None:
    # The release before knows no such state: what nobody could say the end of is given back by its next look.
    op.execute("UPDATE q_job SET state=3, lease_until=0 WHERE state=8")
    op.drop_index("q_unknown", table_name="q_job")
    op.drop_table("preset")
    op.drop_index(op.f("ix_former_handle_account_id"), table_name="former_handle")
    op.drop_table("former_handle")
    op.drop_table("preference")
    op.drop_table("avatar")
    # The release before knows no guests: none of them may be taken for a member.
    op.execute("DELETE FROM sign_in_session WHERE account_id IN (SELECT id FROM account WHERE is_guest)")
    op.drop_index(op.f("ix_account_closed_at"), table_name="account")
    op.drop_index(op.f("ix_account_is_guest"), table_name="account")
    for column in ("erased_at", "closed_at", "handle_changed_at", "bio", "display_name", "is_guest"):
        op.drop_column("account", column)
    op.drop_index("ix_generation_open", table_name="generation")
    op.drop_column("generation_slot", "retried_in")
    op.drop_index(op.f("ix_image_forgotten_at"), table_name="image")
    for column in ("forgotten_at", "favourite_at", "has_film"):
        op.drop_column("image", column)
