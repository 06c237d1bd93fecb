"""Where each picture stands in its owner's library: with its set, by slot, however late it came.

Revision 0018, after 0017, 2026-11-29.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pixelstudio.db.columns import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ASKED = "(SELECT created_at FROM generation WHERE generation.id = image.generation_id)"
# SQLite keeps moments as text with six digits of microseconds, and reckons with three alone: what is below a second is reckoned here.
_MICROS = "CAST(substr(asked, 21, 6) AS INTEGER) - slot"
_STANDS_ON_SQLITE = (
    f"SELECT CASE WHEN {_MICROS} >= 0 THEN substr(asked, 1, 20) || printf('%06d', {_MICROS})"  # noqa: S608  # columns alone
    f" ELSE strftime('%Y-%m-%d %H:%M:%S', substr(asked, 1, 19), '-1 second') || '.' || printf('%06d', {_MICROS} + 1000000) END"
    f" FROM (SELECT {_ASKED} AS asked)"
)


def upgrade() -> None:
    # A default for the rows there are, and on Postgres for those that a process from before writes while others have come up already.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    first = sa.text("'1970-01-01 00:00:00.000000'" if is_sqlite else "now()")
    op.add_column("image", sa.Column("stands_at", UtcDateTime(), nullable=False, server_default=first))
    stands = _STANDS_ON_SQLITE if is_sqlite else f"SELECT {_ASKED} - slot * interval '1 microsecond'"
    op.execute(f"UPDATE image SET stands_at = ({stands})")  # noqa: S608  # columns alone
    op.create_index("ix_image_owner_id_stands_at_id", "image", ["owner_id", "stands_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_image_owner_id_stands_at_id", table_name="image")
    op.drop_column("image", "stands_at")
