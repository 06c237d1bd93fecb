"""The revision of a database and of this release, without Alembic, against Alembic's own word."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pixelstudio.db.migrate import SCRIPTS
from pixelstudio.db.revision import head_revision, revision_of


def test_the_head_is_what_alembic_calls_the_head():
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))

    assert ScriptDirectory.from_config(configuration).get_heads() == [head_revision()]


async def test_a_migrated_database_stands_at_the_head(database):
    async with database.reader() as reader:
        assert await revision_of(reader) == head_revision()


async def test_a_database_without_alembics_table_stands_nowhere(database):
    async with database.transaction() as tx:
        await tx.exec(text("ALTER TABLE alembic_version RENAME TO elsewhere"))
    try:
        async with database.reader() as reader:
            assert await revision_of(reader) is None
    finally:
        async with database.transaction() as tx:
            await tx.exec(text("ALTER TABLE elsewhere RENAME TO alembic_version"))
