"""Which revision a database stands at, and which one this release wants; read without Alembic, which a server does not load."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import column, select, table
from sqlalchemy.exc import OperationalError, ProgrammingError

from pixelstudio.db.migrate import SCRIPTS

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader

_VERSION = table("alembic_version", column("version_num"))


@cache
def head_revision() -> str:
    """The newest migration of this release. They are numbered and in one line; a test holds this against Alembic's own answer."""
    return max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


async def revision_of(reader: Reader) -> str | None:
    """Where the database stands; None when nothing has ever been migrated into it. The reader is spent then."""
    try:
        return (await reader.exec(select(_VERSION.c.version_num))).scalar()
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise
