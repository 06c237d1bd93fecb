"""The first schema: accounts, credits, generations, images, the queue and the outbox.

Revision 0001, after none, 2026-11-20.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("handle", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("is_maintainer", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_account_handle")),
    )
    op.create_table(
        "claim_token",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_claim_token")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("xid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_created"), "outbox", ["created"], unique=False)
    op.create_table(
        "q_attempt",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("started", sa.Float(), nullable=False),
        sa.Column("ended", sa.Float(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_sentence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "attempt", name=op.f("pk_q_attempt")),
    )
    op.create_table(
        "q_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Text(), nullable=True),
        sa.Column("prio", sa.SmallInteger(), nullable=False),
        sa.Column("vft", sa.Float(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("run_at", sa.Float(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("timeout_s", sa.Float(), nullable=True),
        sa.Column("cancel_req", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("started", sa.Float(), nullable=True),
        sa.Column("finished", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_q_job")),
        postgresql_with={"fillfactor": 85, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_cost_delay": 0},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "q_batch",
        "q_job",
        ["batch_id"],
        unique=False,
        sqlite_where=sa.text("batch_id IS NOT NULL"),
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_index("q_due", "q_job", ["run_at"], unique=False, sqlite_where=sa.text("state=1"), postgresql_where=sa.text("state=1"))
    op.create_index(
        "q_held", "q_job", ["lane"], unique=False, sqlite_where=sa.text("state IN (3,4)"), postgresql_where=sa.text("state IN (3,4)")
    )
    op.create_index(
        "q_ready",
        "q_job",
        ["lane", "prio", "vft", "id"],
        unique=False,
        sqlite_where=sa.text("state=2"),
        postgresql_where=sa.text("state=2"),
    )
    op.create_table(
        "q_lane",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("max_inflight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_q_lane")),
    )
    op.create_table(
        "q_payload",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_q_payload")),
    )
    op.create_table(
        "q_progress",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("updated", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_q_progress")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "q_turn",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_q_turn")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"], unique=False)
    op.create_index("ix_sign_in_attempt_key_at", "sign_in_attempt", ["key", "at"], unique=False)
    op.create_table(
        "credit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("available_delta", sa.Integer(), nullable=False),
        sa.Column("held_delta", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("generation_id", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('grant', 'hold', 'capture', 'release')", name=op.f("ck_credit_entry_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_entry_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_credit_entry_key")),
    )
    op.create_index("ix_credit_entry_account_id_id", "credit_entry", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_credit_entry_generation_id"), "credit_entry", ["generation_id"], unique=False)
    op.create_table(
        "generation",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("negative_prompt", sa.String(1000), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("style", sa.String(40), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("price_credits_each", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_generation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation")),
    )
    op.create_index("ix_generation_account_id_created_at_id", "generation", ["account_id", "created_at", "id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_session")),
    )
    op.create_index(op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_in_session_expires_at"), "sign_in_session", ["expires_at"], unique=False)
    op.create_table(
        "image",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("owner_id", sa.String(26), nullable=False),
        sa.Column("generation_id", sa.String(26), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("prompt", sa.String(3500), nullable=False),
        sa.Column("negative_prompt", sa.String(1000), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(7), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("thumbhash", sa.String(64), nullable=False),
        sa.Column("spill", sa.String(7), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("visibility IN ('private', 'public')", name=op.f("ck_image_visibility")),
        sa.ForeignKeyConstraint(["generation_id"], ["generation.id"], name=op.f("fk_image_generation_id_generation")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_image_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("generation_id", "slot", name=op.f("uq_image_generation_id_slot")),
    )
    op.create_index(op.f("ix_image_deleted_at"), "image", ["deleted_at"], unique=False)
    op.create_index(op.f("ix_image_digest"), "image", ["digest"], unique=False)
    op.create_index("ix_image_owner_id_created_at_id", "image", ["owner_id", "created_at", "id"], unique=False)
    op.create_table(
        "generation_slot",
        sa.Column("generation_id", sa.String(26), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=True),
        sa.Column("outcome", sa.String(9), nullable=True),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'failed', 'cancelled')", name=op.f("ck_generation_slot_outcome")),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_generation_slot_generation_id_generation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_generation_slot_image_id_image"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("generation_id", "slot", name=op.f("pk_generation_slot")),
    )
    op.create_index(op.f("ix_generation_slot_image_id"), "generation_slot", ["image_id"], unique=False)
    op.create_index(op.f("ix_generation_slot_job_id"), "generation_slot", ["job_id"], unique=False)
    op.create_table(
        "rendition",
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("variant", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_rendition_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "variant", name=op.f("pk_rendition")),
    )
    op.create_index(op.f("ix_rendition_digest"), "rendition", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_rendition_digest"), table_name="rendition")
    op.drop_table("rendition")
    op.drop_index(op.f("ix_generation_slot_job_id"), table_name="generation_slot")
    op.drop_index(op.f("ix_generation_slot_image_id"), table_name="generation_slot")
    op.drop_table("generation_slot")
    op.drop_index("ix_image_owner_id_created_at_id", table_name="image")
    op.drop_index(op.f("ix_image_digest"), table_name="image")
    op.drop_index(op.f("ix_image_deleted_at"), table_name="image")
    op.drop_table("image")
    op.drop_index(op.f("ix_sign_in_session_expires_at"), table_name="sign_in_session")
    op.drop_index(op.f("ix_sign_in_session_account_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index("ix_generation_account_id_created_at_id", table_name="generation")
    op.drop_table("generation")
    op.drop_index(op.f("ix_credit_entry_generation_id"), table_name="credit_entry")
    op.drop_index("ix_credit_entry_account_id_id", table_name="credit_entry")
    op.drop_table("credit_entry")
    op.drop_index("ix_sign_in_attempt_key_at", table_name="sign_in_attempt")
    op.drop_index(op.f("ix_sign_in_attempt_at"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("q_turn")
    op.drop_table("q_progress")
    op.drop_table("q_payload")
    op.drop_table("q_lane")
    op.drop_index("q_ready", table_name="q_job", sqlite_where=sa.text("state=2"), postgresql_where=sa.text("state=2"))
    op.drop_index("q_held", table_name="q_job", sqlite_where=sa.text("state IN (3,4)"), postgresql_where=sa.text("state IN (3,4)"))
    op.drop_index("q_due", table_name="q_job", sqlite_where=sa.text("state=1"), postgresql_where=sa.text("state=1"))
    op.drop_index(
        "q_batch", table_name="q_job", sqlite_where=sa.text("batch_id IS NOT NULL"), postgresql_where=sa.text("batch_id IS NOT NULL")
    )
    op.drop_table("q_job")
    op.drop_table("q_attempt")
    op.drop_index(op.f("ix_outbox_created"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("claim_token")
    op.drop_table("account")
