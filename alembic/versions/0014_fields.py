"""More of what a post is found by: the seed and the size of its picture, and the day on which it came onto the walls.

And a post, shown to nobody by itself, for each picture that was collected before collecting made one: a collection shows posts.

Revision 0014, after 0013, 2026-11-28.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SHAPE = "CASE WHEN width = height THEN 'square' WHEN width > height THEN 'landscape' ELSE 'portrait' END"
_SIZES = f"' size:' || width || 'x' || height || ' size:' || width || ' size:' || height || ' size:' || {_SHAPE}"


def upgrade() -> None:
    day = (
        "substr(published_at, 1, 10)"
        if op.get_bind().dialect.name == "sqlite"
        else "to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    )
    dates = " || ".join(f"' date:' || substr({day}, 1, {length})" for length in (4, 7, 10))
    drawn = f"coalesce((SELECT ' seed:' || seed || {_SIZES} FROM image WHERE image.id = post.image_id), '')"  # noqa: S608  # columns alone
    op.execute(f"UPDATE post SET words = words || {drawn} || {dates} WHERE is_listed")  # noqa: S608  # as above

    op.execute(f"INSERT INTO post ({', '.join(_COLLECTED)}) SELECT {', '.join(_COLLECTED.values())} {_WITHOUT}")  # as above


_COLLECTED = {
    "image_id": "image.id",
    "account_id": "image.owner_id",
    "title": "coalesce(nullif(trim(substr(image.prompt, 1, 60)), ''), 'Untitled')",
    "description": "''",
    "alt": "coalesce(nullif(trim(substr(image.prompt, 1, 300)), ''), 'A picture without words')",
    "model": "image.model",
    "style": "''",
    "is_listed": "false",
    "published_at": "image.created_at",
    **dict.fromkeys(("likes", "comments", "heat_24h", "heat_48h", "heat_7d", "heat_30d"), "0"),
    "words": "''",
}
_WITHOUT = (
    "FROM image WHERE EXISTS (SELECT 1 FROM collection_picture WHERE collection_picture.image_id = image.id)"
    " AND NOT EXISTS (SELECT 1 FROM post WHERE post.image_id = image.id) ORDER BY image.created_at, image.id"
)


def downgrade() -> None:
    """What posts are found by keeps its fields: they are words nobody types. Posts that were made stay too: the slice makes such ones itself."""
