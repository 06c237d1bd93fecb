"""What pictures look like: their layout and colours, and their fingerprints in bands; and one index of everything a post is found by.

Fingerprints that are there are cut into bands here; looks come bit by bit, by upkeep. What posts were found by is written anew with its
fields, and only of those that are listed. A later migration that makes `post` anew on SQLite (batch mode) drops the triggers and has to
make them again.

Revision 0010, after 0009, 2026-11-28.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNSEEN = "look IS NULL AND forgotten_at IS NULL"
_BANDS = ", ".join(f"band_{at} = (fingerprint >> {48 - 16 * at}) & 65535" for at in range(4))
_TRIGGERS = (
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


def upgrade() -> None:
    op.add_column("image", sa.Column("look", sa.LargeBinary(), nullable=True))
    for at in range(4):
        op.add_column("image", sa.Column(f"band_{at}", sa.Integer(), nullable=True))
    op.execute(f"UPDATE image SET {_BANDS} WHERE fingerprint <> 0")  # noqa: S608  # numbers alone
    for at in range(4):
        op.create_index(f"ix_image_band_{at}", "image", [f"band_{at}"], unique=False)
    unseen = sa.text(_UNSEEN)
    op.create_index("ix_image_unseen", "image", ["id"], unique=False, sqlite_where=unseen, postgresql_where=unseen)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_search()
    op.execute(f"UPDATE post SET words = {_signs(is_sqlite)} WHERE is_listed")  # noqa: S608  # columns alone
    op.execute("UPDATE post SET words = '' WHERE NOT is_listed")
    if is_sqlite:
        _make_search(" tokenchars '':-''")


def _signs(is_sqlite: bool) -> str:
    """The words that are there, and the fields. A model of several words is found by its whole name until its post is shown anew."""
    listed = "group_concat(' tag:' || tag, '')" if is_sqlite else "string_agg(' tag:' || tag, '')"
    tags = f"coalesce((SELECT {listed} FROM post_tag WHERE post_tag.image_id = post.image_id), '')"  # noqa: S608  # columns alone
    model = "' model:' || replace(replace(replace(lower(model), '/', '-'), '.', '-'), ':', '-')"
    stretches = " || ".join(f"' at{bits}:' || (number >> {bits})" for bits in (12, 15, 18))
    return f"words || ' by:' || account_id || ' style:' || style || {model} || {tags} || {stretches}"


def _drop_search() -> None:
    for name in ("comes", "goes", "changes"):
        op.execute(f"DROP TRIGGER IF EXISTS post_search_{name}")
    op.execute("DROP TABLE post_search")


def _make_search(more: str) -> None:
    tokens = f"tokenize='unicode61 remove_diacritics 0{more}'"
    op.execute(f"CREATE VIRTUAL TABLE post_search USING fts5(words, content='post', content_rowid='number', {tokens})")
    op.execute("INSERT INTO post_search(post_search) VALUES ('rebuild')")
    for trigger in _TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """What posts are found by keeps its fields: they are words nobody types."""
    op.drop_index("ix_image_unseen", table_name="image")
    for at in range(4):
        op.drop_index(f"ix_image_band_{at}", table_name="image")
    if op.get_bind().dialect.name == "sqlite":
        _drop_search()
        _make_search("")
    for column in ("band_3", "band_2", "band_1", "band_0", "look"):
        op.drop_column("image", column)
