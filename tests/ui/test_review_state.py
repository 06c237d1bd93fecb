"""Looking a set through: each verdict is carried out at once, and taken back by undo."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.ids import is_id
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.features.images.pictures import image_for, images_by_id
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.review_state import Review
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab


@pytest.fixture
async def ines(database):
    return await a_user(database)


async def a_set(studio, by):
    """A finished set of one picture."""
    image_id = await an_image(studio, by)
    async with studio.db.transaction() as tx:
        image = await image_for(tx, by, image_id)
        tx.add(GenerationSlotRow(generation_id=image.generation_id, slot=0, job_id=1, seed=7, image_id=image_id, outcome="done"))
    return image.generation_id, image_id


async def stands(database, by, image_id):
    """None in the trash, else whether it is a favourite."""
    async with database.reader() as reader:
        found = (await images_by_id(reader, by, [image_id])).get(image_id)
        return found and found.is_favourite


async def test_verdicts_are_carried_out_and_taken_back(open_studio, database, ines):
    generation_id, image_id = await a_set(open_studio, ines)
    assert is_id(generation_id)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(Review, "begin", generation_id=generation_id)
        for verdict, after, words in (("keep", False, "1 picture kept"), ("favourite", True, "favourites"), ("bin", None, "in the trash")):
            await tab.send(Review, "judge", verdict=verdict)
            page = await tab.look(Review)
            assert (page.is_over, words in page.summary) == (True, True)
            assert await stands(database, ines, image_id) is after
            await tab.send(Review, "judge", verdict="bin")  # nothing is left to judge
            await tab.send(Review, "undo")
            assert (await tab.look(Review)).progress == "1 of 1"
            assert await stands(database, ines, image_id) is False
        await tab.send(Review, "undo")
        assert (await tab.look(Review)).place == 0


async def test_undo_leaves_a_favourite_of_before_alone(open_studio, database, ines):
    generation_id, image_id = await a_set(open_studio, ines)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(CreateState, "favour", image_id=image_id)
        await tab.send(Review, "begin", generation_id=generation_id)
        await tab.send(Review, "judge", verdict="favourite")
        await tab.send(Review, "undo")

    assert await stands(database, ines, image_id) is True


async def test_another_persons_pictures_are_not_there(open_studio, database, ines):
    generation_id, image_id = await a_set(open_studio, ines)
    bob = await a_user(database, "bob")
    async with Tab(await a_cookie(database, bob.id), "/create") as tab:
        await tab.send(Review, "begin", generation_id=generation_id)
        assert (await tab.look(Review)).notice.code == "not_found"
        assert (await tab.look(Review)).pictures == []
    async with database.reader() as reader:
        rows = select(GenerationSlotRow).where(col(GenerationSlotRow.image_id) == image_id)
        assert len((await reader.exec(rows)).all()) == 1
    assert await stands(database, ines, image_id) is False
