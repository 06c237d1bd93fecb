"""Migration 0016 keeps the looks of what is listed beside it; what was found by them before is found as it was."""

from __future__ import annotations

from sqlalchemy import select

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.events import Bus
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import downgrade, migrate
from tests.factories import a_studio, a_user
from tests.features.gallery.test_nearness import shown
from tests.imaging.test_looks import a_field


async def test_what_is_listed_keeps_its_look_beside_it(empty_url, children):
    await migrate(empty_url)
    database = await Database.open(empty_url, FrozenClock(), Bus())
    studio = a_studio(database, database.clock, children)
    ines = await a_user(database, "ines")
    listed = await shown(studio, ines, a_field("#2f5d8a"))
    await shown(studio, ines, a_field("#c8301d"), showing="link")
    before = await _looks(database)
    await downgrade(empty_url, "0015")

    await migrate(empty_url)

    after = await _looks(database)
    await database.close()
    assert after == before
    assert [image_id for _, image_id, _ in after] == [listed]


async def _looks(database):
    async with database.reader() as reader:
        return [tuple(row) for row in (await reader.exec(select(metadata.tables["post_look"]))).all()]
