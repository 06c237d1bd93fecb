"""Bringing the schema up to this release: Alembic under a lock, so that several processes may start at once."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from pixelstudio.db.engine import make_engine

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries them inside the package; in a checkout they lie beside it.
SCRIPTS = next(folder for folder in (_PACKAGE / "migrations", _PACKAGE.parent / "alembic") if folder.is_dir())
MIGRATION_LOCK = 0x7069_7865  # "pixe": the advisory lock all processes of one installation agree on


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url` to `revision`. Safe to repeat and to run from several processes at once."""
    engine = make_engine(url)
    try:
        async with _migration_lock(engine), engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


async def downgrade(url: str, revision: str) -> None:
    """Take the schema back to `revision`; for tests of migrations and for a person who knows why."""
    engine = make_engine(url)
    try:
        async with _migration_lock(engine), engine.begin() as connection:
            await connection.run_sync(_downgrade, revision)
    finally:
        await engine.dispose()


async def write_revision(message: str) -> None:
    """Write the next migration under alembic/versions/ from the difference between the models and a migrated, empty database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/revision.db"
        await migrate(url)
        engine = make_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(_write_revision, message)
        await engine.dispose()


def _write_revision(connection: Connection, message: str) -> None:
    from alembic import command

    number = len(list((SCRIPTS / "versions").glob("[0-9]*.py"))) + 1
    command.revision(_configuration(connection), message, autogenerate=True, rev_id=f"{number:04}")


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # 15 MB that a running server does not need

    command.upgrade(_configuration(connection), revision)


def _downgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.downgrade(_configuration(connection), revision)


def _configuration(connection: Connection):  # noqa: ANN202  # alembic.config.Config, imported lazily
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))
    configuration.attributes["connection"] = connection
    return configuration


@contextlib.asynccontextmanager
async def _migration_lock(engine: AsyncEngine) -> AsyncGenerator[None]:
    if engine.dialect.name == "postgresql":
        # Autocommit: a lock held in an open transaction is lost with it when a migration takes longer than one may idle.
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            try:
                yield
            finally:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        return
    # A file lock beside the database: released by the kernel even when this process is killed.
    with Path(f"{engine.url.database}.migrating").open("w") as lock:  # noqa: ASYNC230  # opened once at start, before anything is served
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
