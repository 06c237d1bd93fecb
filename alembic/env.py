"""How Alembic reaches the database: on the connection `pixelstudio.db.migrate` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

import pixelstudio.tables  # noqa: F401  # registers every table
from pixelstudio.db.columns import UtcDateTime, metadata


def _render_item(kind: str, item: object, autogen: Any) -> str | bool:  # Alembic's own type is internal
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from pixelstudio.db.columns import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=_render_item,
    transactional_ddl=True,
)
if connection.dialect.name == "postgresql":
    # A migration that cannot get its lock gives up instead of queueing everybody behind it.
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
context.run_migrations()
