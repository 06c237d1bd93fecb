"""Migration 0018 lets pictures from before stand where new ones do: with their set, by slot."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.events import Bus
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import downgrade, migrate
from tests.factories import a_set, a_studio, a_user, an_image

IMAGES = metadata.tables["image"]


async def test_pictures_from_before_stand_with_their_set_to_the_microsecond(empty_url, children):
    await migrate(empty_url)
    clock = FrozenClock()
    database = await Database.open(empty_url, clock, Bus())
    studio = a_studio(database, clock, children)
    ines = await a_user(database, "ines")
    asked = await a_set(studio, ines)  # on a full second: what stands before it is of the second before
    clock.advance(0.000001)
    other = await a_set(studio, ines)
    for slot in (2, 0, 1):
        clock.advance(1)
        await an_image(studio, ines, asked=asked, slot=slot)
        await an_image(studio, ines, asked=other, slot=slot)
    before = await _places(database)
    await downgrade(database.url, "0017")

    await migrate(database.url)

    after = await _places(database)
    await database.close()
    assert after == before
    assert asked[1].microsecond == 0
    assert after[asked[0], 2] == asked[1] - timedelta(microseconds=2)


async def _places(database):
    async with database.reader() as reader:
        rows = await reader.exec(select(IMAGES.c.generation_id, IMAGES.c.slot, IMAGES.c.stands_at))
        return {(row.generation_id, row.slot): row.stands_at for row in rows.all()}
