"""Migrations: up from nothing, down and up again, equal to the models, safe to start twice at once."""

from __future__ import annotations

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import pixelstudio.tables  # noqa: F401  # registers every table
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import make_engine
from pixelstudio.db.migrate import downgrade, migrate

BESIDE_MODELS = ("post_search", "ix_post_words")
"""The full-text index: a table of FTS5 with its own tables on SQLite, an index over an expression on Postgres. No model can say either."""


async def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    await engine.dispose()
    return names


async def test_up_from_nothing_gives_exactly_the_models(empty_url: str) -> None:
    await migrate(empty_url)

    def differences(connection: Connection) -> list[object]:
        opts = {"compare_type": True, "include_name": lambda name, *_: not (name or "").startswith(BESIDE_MODELS)}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))

    engine = make_engine(empty_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_down_to_nothing_and_up_again(empty_url: str) -> None:
    await migrate(empty_url)
    before = await _tables(empty_url)

    await downgrade(empty_url, "base")
    assert await _tables(empty_url) == {"alembic_version"}

    await migrate(empty_url)
    assert await _tables(empty_url) == before


async def test_two_that_start_at_once_migrate_once(empty_url: str) -> None:
    await asyncio.gather(migrate(empty_url), migrate(empty_url))

    assert "account" in await _tables(empty_url)


async def test_migrating_again_keeps_what_is_there(empty_url: str) -> None:
    await migrate(empty_url)
    engine = make_engine(empty_url)
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO outbox(xid, name, fields, origin, created) VALUES(0, 'lamp.lit', '{}', 'here', 0)"))

    await migrate(empty_url)

    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one() == 1
    await engine.dispose()
