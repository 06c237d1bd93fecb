"""The revision of a database and of this release, without Alembic, against Alembic's own word."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pixelstudio.db.migrate import SCRIPTS
from pixelstudio.db.revision import head_revision, is_at_head, revision_of


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


async def test_a_server_knows_before_it_loads_anything_whether_there_is_something_to_migrate(database, database_url):
    assert is_at_head(database_url)

    async with database.transaction() as tx:
        await tx.exec(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        assert not is_at_head(database_url)
    finally:
        async with database.transaction() as tx:
            await tx.exec(text("UPDATE alembic_version SET version_num = :head").bindparams(head=head_revision()))


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path):
    assert not is_at_head(f"sqlite:///{tmp_path}/none.db")
    assert not list(tmp_path.iterdir())
    assert not is_at_head("postgresql://nobody@127.0.0.1:1/none")
