"""Migration 0019 tells pictures that were shown before how they are called."""

from __future__ import annotations

from sqlalchemy import select

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.events import Bus
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import downgrade, migrate
from tests.factories import a_post, a_studio, a_user, an_image


async def test_pictures_that_were_shown_before_know_their_titles(empty_url, children):
    await migrate(empty_url)
    database = await Database.open(empty_url, FrozenClock(), Bus())
    studio = a_studio(database, database.clock, children)
    ines = await a_user(database, "ines")
    shown, private = await a_post(studio, ines, title="Morning at the fjord"), await an_image(studio, ines)
    await downgrade(empty_url, "0018")

    await migrate(empty_url)

    images = metadata.tables["image"]
    async with database.reader() as reader:
        titles = {row.id: row.title for row in (await reader.exec(select(images.c.id, images.c.title))).all()}
    await database.close()
    assert titles == {shown: "Morning at the fjord", private: ""}
