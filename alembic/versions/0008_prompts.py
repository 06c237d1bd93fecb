"""What prompts, the API and the stories of files need: kept prompts, changed templates, token families, keys, and what pictures look
like; and sets that stand side by side.

Revision 0008, after 0007, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_template",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("negative", sa.String(500), nullable=False),
        sa.Column("guidance_scale", sa.Float(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_prompt_template")),
    )
    op.create_table(
        "saved_prompt",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("negative_prompt", sa.String(1000), nullable=False),
        sa.Column("tags", sa.String(621), nullable=False),
        sa.Column("forked_from", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_prompt_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["forked_from"], ["saved_prompt.id"], name=op.f("fk_saved_prompt_forked_from_saved_prompt"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_prompt")),
    )
    op.create_index(op.f("ix_saved_prompt_forked_from"), "saved_prompt", ["forked_from"], unique=False)
    op.create_index("ix_saved_prompt_account_id_changed_at_id", "saved_prompt", ["account_id", "changed_at", "id"], unique=False)
    op.create_table(
        "written_prompt",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("negative_prompt", sa.String(1000), nullable=False),
        sa.Column("guidance_scale", sa.Float(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_written_prompt_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "question", name=op.f("pk_written_prompt")),
    )
    op.create_index(op.f("ix_written_prompt_written_at"), "written_prompt", ["written_at"], unique=False)
    op.create_table(
        "token_family",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("turned_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_token_family_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_family")),
    )
    op.create_index(op.f("ix_token_family_account_id"), "token_family", ["account_id"], unique=False)
    op.create_index(op.f("ix_token_family_expires_at"), "token_family", ["expires_at"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("begins", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_key_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"], unique=False)
    op.create_table(
        "comparison",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("winner", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_comparison_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
    )
    op.create_index("ix_comparison_account_id_created_at_id", "comparison", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "compared_set",
        sa.Column("generation_id", sa.String(26), nullable=False),
        sa.Column("comparison_id", sa.String(26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_compared_set_generation_id_generation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparison.id"], name=op.f("fk_compared_set_comparison_id_comparison"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("generation_id", name=op.f("pk_compared_set")),
    )
    op.create_index(op.f("ix_compared_set_comparison_id"), "compared_set", ["comparison_id"], unique=False)
    op.add_column("image", sa.Column("fingerprint", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))


def downgrade() -> None:
    op.drop_column("image", "fingerprint")
    op.drop_table("compared_set")
    op.drop_table("comparison")
    op.drop_table("api_key")
    op.drop_table("token_family")
    op.drop_table("written_prompt")
    op.drop_table("saved_prompt")
    op.drop_table("prompt_template")
