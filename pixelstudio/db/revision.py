"""Which revision a database stands at, and which one this release wants; read without Alembic, which a server does not load."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, create_engine, select, table
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from pixelstudio.db.engine import async_url
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


def is_at_head(url: str) -> bool:
    """Whether the database at `url` stands at this release; False also when it does not answer. Blocks: for the start alone."""
    address = async_url(url)
    engine = create_engine(address.set(drivername="sqlite") if address.get_backend_name() == "sqlite" else address)
    try:
        if engine.url.database and engine.dialect.name == "sqlite" and not Path(engine.url.database).exists():
            return False  # looking would make the file
        with engine.connect() as connection:
            return connection.execute(select(_VERSION.c.version_num)).scalar() == head_revision()
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
