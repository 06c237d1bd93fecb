"""What people show and say: posts with likes, comments and tags, follows, collections, notifications, reports, blocked words.

The words of posts are found by FTS5 on SQLite, kept by triggers, and by a GIN index on Postgres. A later migration that makes `post` anew
on SQLite (batch mode) drops the triggers and has to make them again.

Revision 0009, after 0008, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("image") as batch:
        batch.add_column(sa.Column("withdrawn_at", UtcDateTime(), nullable=True))
    in_trash = sa.text("deleted_at IS NOT NULL")
    op.drop_index(op.f("ix_image_deleted_at"), table_name="image")
    op.create_index(op.f("ix_image_deleted_at"), "image", ["deleted_at"], unique=False, sqlite_where=in_trash, postgresql_where=in_trash)
    op.create_table(
        "blocked_word",
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_blocked_word")),
    )
    op.create_table(
        "block",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("blocked_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_block_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["blocked_id"], ["account.id"], name=op.f("fk_block_blocked_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "blocked_id", name=op.f("pk_block")),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index("ix_block_blocked_id_account_id", ["blocked_id", "account_id"], unique=False)

    op.create_table(
        "creator",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.Column("following", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_creator_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_creator")),
    )
    op.create_table(
        "follow",
        sa.Column("follower_id", sa.String(26), nullable=False),
        sa.Column("followed_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["followed_id"], ["account.id"], name=op.f("fk_follow_followed_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["follower_id"], ["account.id"], name=op.f("fk_follow_follower_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name=op.f("pk_follow")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index("ix_follow_followed_id_follower_id", ["followed_id", "follower_id"], unique=False)

    op.create_table(
        "notification_choice",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notification_choice_account_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "collection",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(50), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("cover_id", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("visibility IN ('private', 'unlisted', 'public')", name=op.f("ck_collection_visibility")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_collection_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["cover_id"], ["image.id"], name=op.f("fk_collection_cover_id_image"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
    )
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.create_index("ix_collection_account_id_changed_at_id", ["account_id", "changed_at", "id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("writer_id", sa.String(26), nullable=True),
        sa.Column("parent_id", sa.String(26), nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_comment_image_id_image"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id_comment"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["writer_id"], ["account.id"], name=op.f("fk_comment_writer_id_account"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_image_id_parent_id_created_at_id", ["image_id", "parent_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_comment_parent_id_created_at_id", ["parent_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_comment_writer_id_created_at", ["writer_id", "created_at"], unique=False)

    _make_what_is_said_of_pictures()
    _make_search()


def _make_what_is_said_of_pictures() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("from_id", sa.String(26), nullable=True),
        sa.Column("image_id", sa.String(26), nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notification_account_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_id"], ["account.id"], name=op.f("fk_notification_from_id_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_notification_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_account_id_created_at_id", ["account_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_notification_account_id_read_at", ["account_id", "read_at"], unique=False)
        batch_op.create_index("ix_notification_account_id_topic", ["account_id", "topic"], unique=False)
        batch_op.create_index(batch_op.f("ix_notification_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notification_image_id"), ["image_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("style", sa.String(40), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("heat_24h", sa.Float(), nullable=False),
        sa.Column("heat_48h", sa.Float(), nullable=False),
        sa.Column("heat_7d", sa.Float(), nullable=False),
        sa.Column("heat_30d", sa.Float(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_post_account_id_account")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_post_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_post")),
        sa.UniqueConstraint("image_id", name=op.f("uq_post_image_id")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_account_id_published_at_image_id", ["account_id", "published_at", "image_id"], unique=False)
        batch_op.create_index("ix_post_heat_24h_image_id", ["heat_24h", "image_id"], unique=False)
        batch_op.create_index("ix_post_heat_30d_image_id", ["heat_30d", "image_id"], unique=False)
        batch_op.create_index("ix_post_heat_48h_image_id", ["heat_48h", "image_id"], unique=False)
        batch_op.create_index("ix_post_heat_7d_image_id", ["heat_7d", "image_id"], unique=False)
        batch_op.create_index("ix_post_likes_image_id", ["likes", "image_id"], unique=False)
        batch_op.create_index("ix_post_published_at_image_id", ["published_at", "image_id"], unique=False)

    op.create_table(
        "post_like",
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("liker_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_post_like_image_id_image"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["liker_id"], ["account.id"], name=op.f("fk_post_like_liker_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "liker_id", name=op.f("pk_post_like")),
    )
    with op.batch_alter_table("post_like", schema=None) as batch_op:
        batch_op.create_index("ix_post_like_liker_id_created_at_image_id", ["liker_id", "created_at", "image_id"], unique=False)

    op.create_table(
        "post_tag",
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("tag", sa.String(30), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_post_tag_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "tag", name=op.f("pk_post_tag")),
    )
    with op.batch_alter_table("post_tag", schema=None) as batch_op:
        batch_op.create_index("ix_post_tag_tag_image_id", ["tag", "image_id"], unique=False)

    op.create_table(
        "collection_picture",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.String(26), nullable=False),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_picture_collection_id_collection"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_collection_picture_image_id_image"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_collection_picture")),
        sa.UniqueConstraint("collection_id", "image_id", name=op.f("uq_collection_picture_collection_id_image_id")),
    )
    with op.batch_alter_table("collection_picture", schema=None) as batch_op:
        batch_op.create_index("ix_collection_picture_collection_id_number", ["collection_id", "number"], unique=False)
        batch_op.create_index("ix_collection_picture_image_id", ["image_id"], unique=False)

    op.create_table(
        "comment_like",
        sa.Column("comment_id", sa.String(26), nullable=False),
        sa.Column("liker_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_like_comment_id_comment"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["liker_id"], ["account.id"], name=op.f("fk_comment_like_liker_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "liker_id", name=op.f("pk_comment_like")),
    )
    with op.batch_alter_table("comment_like", schema=None) as batch_op:
        batch_op.create_index("ix_comment_like_liker_id", ["liker_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("reporter_id", sa.String(26), nullable=True),
        sa.Column("image_id", sa.String(26), nullable=False),
        sa.Column("comment_id", sa.String(26), nullable=True),
        sa.Column("author_id", sa.String(26), nullable=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("quoted", sa.String(500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("decided_because", sa.String(500), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_report_author_id_account"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_report_comment_id_comment"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_report_image_id_image"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reporter_id"], ["account.id"], name=op.f("fk_report_reporter_id_account"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_decision_created_at_id", ["decision", "created_at", "id"], unique=False)
        batch_op.create_index("ix_report_image_id_comment_id", ["image_id", "comment_id"], unique=False)
        batch_op.create_index("ix_report_reporter_id_created_at", ["reporter_id", "created_at"], unique=False)


_SQLITE = (
    "CREATE VIRTUAL TABLE post_search USING fts5(words, content='post', content_rowid='number', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER post_search_comes AFTER INSERT ON post BEGIN INSERT INTO post_search(rowid, words) VALUES (new.number, new.words); END",
    (
        "CREATE TRIGGER post_search_goes AFTER DELETE ON post BEGIN"
        " INSERT INTO post_search(post_search, rowid, words) VALUES ('delete', old.number, old.words); END"
    ),
    (
        "CREATE TRIGGER post_search_changes AFTER UPDATE OF words ON post WHEN old.words <> new.words BEGIN"
        " INSERT INTO post_search(post_search, rowid, words) VALUES ('delete', old.number, old.words);"
        " INSERT INTO post_search(rowid, words) VALUES (new.number, new.words); END"
    ),
)
_POSTGRES = ("CREATE INDEX ix_post_words ON post USING gin (array_to_tsvector(string_to_array(words, ' ')))",)


def _make_search() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE post_search")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_reporter_id_created_at")
        batch_op.drop_index("ix_report_image_id_comment_id")
        batch_op.drop_index("ix_report_decision_created_at_id")

    op.drop_table("report")
    with op.batch_alter_table("comment_like", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_like_liker_id")

    op.drop_table("comment_like")
    with op.batch_alter_table("collection_picture", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_picture_image_id")
        batch_op.drop_index("ix_collection_picture_collection_id_number")

    op.drop_table("collection_picture")
    with op.batch_alter_table("post_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_post_tag_tag_image_id")

    op.drop_table("post_tag")
    with op.batch_alter_table("post_like", schema=None) as batch_op:
        batch_op.drop_index("ix_post_like_liker_id_created_at_image_id")

    op.drop_table("post_like")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_published_at_image_id")
        batch_op.drop_index("ix_post_likes_image_id")
        batch_op.drop_index("ix_post_heat_7d_image_id")
        batch_op.drop_index("ix_post_heat_48h_image_id")
        batch_op.drop_index("ix_post_heat_30d_image_id")
        batch_op.drop_index("ix_post_heat_24h_image_id")
        batch_op.drop_index("ix_post_account_id_published_at_image_id")

    op.drop_table("post")
    _drop_what_people_do()


def _drop_what_people_do() -> None:
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_image_id"))
        batch_op.drop_index(batch_op.f("ix_notification_from_id"))
        batch_op.drop_index("ix_notification_account_id_topic")
        batch_op.drop_index("ix_notification_account_id_read_at")
        batch_op.drop_index("ix_notification_account_id_created_at_id")

    op.drop_table("notification")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_writer_id_created_at")
        batch_op.drop_index("ix_comment_parent_id_created_at_id")
        batch_op.drop_index("ix_comment_image_id_parent_id_created_at_id")

    op.drop_table("comment")
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_account_id_changed_at_id")

    op.drop_table("collection")
    op.drop_table("notification_choice")
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_followed_id_follower_id")

    op.drop_table("follow")
    op.drop_table("creator")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index("ix_block_blocked_id_account_id")

    op.drop_table("block")
    op.drop_table("blocked_word")
    op.drop_index(op.f("ix_image_deleted_at"), table_name="image")
    op.create_index(op.f("ix_image_deleted_at"), "image", ["deleted_at"], unique=False)
    with op.batch_alter_table("image") as batch:
        batch.drop_column("withdrawn_at")
