"""One picture of Create is marked or thrown away; what is refused is said on the page."""

from __future__ import annotations

import pytest

from pixelstudio.db.outages import DatabaseAway
from pixelstudio.features.images import curation
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.notices import OUR_FAULT
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab


@pytest.fixture
async def ines(database):
    return await a_user(database)


async def stands(database, by, image_id):
    """None in the trash, else whether it is a favourite."""
    async with database.reader() as reader:
        found = (await images_by_id(reader, by, [image_id])).get(image_id)
        return found and found.is_favourite


async def test_one_picture_is_thrown_away_from_the_page_and_taken_out_again(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(CreateState, "throw_away", image_id=image_id)
        assert await stands(database, ines, image_id) is None
        assert (await tab.look(CreateState)).notice.action == "Undo"

        await tab.send(CreateState, "take_out")
        assert await stands(database, ines, image_id) is False
        assert (await tab.look(CreateState)).notice is None


async def test_a_favourite_is_marked_and_unmarked(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        for after in (True, False):
            await tab.send(CreateState, "favour", image_id=image_id)
            assert await stands(database, ines, image_id) is after
        assert (await tab.look(CreateState)).notice is None


@pytest.mark.parametrize(
    ("failure", "said"), [(DatabaseAway("The database is busy. Try again in a moment."), "busy"), (RuntimeError("broken"), OUR_FAULT)]
)
@pytest.mark.parametrize(("handler", "command"), [("favour", "set_favourite"), ("throw_away", "throw_away")])
async def test_what_the_studio_cannot_do_is_said_on_the_page_with_what_to_do(
    open_studio, database, ines, monkeypatch, handler, command, failure, said
):
    async def fails(*_args: object, **_named: object) -> None:
        raise failure

    image_id = await an_image(open_studio, ines)
    monkeypatch.setattr(curation, command, fails)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(CreateState, handler, image_id=image_id)
        notice = (await tab.look(CreateState)).notice

    assert notice.kind == "error"
    assert said in notice.sentence
    assert "try again" in notice.sentence.lower()
    assert await stands(database, ines, image_id) is False


async def test_another_persons_pictures_are_not_there(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    bob = await a_user(database, "bob")
    async with Tab(await a_cookie(database, bob.id), "/create") as tab:
        for handler in ("favour", "throw_away"):
            await tab.send(CreateState, handler, image_id=image_id)
            assert (await tab.look(CreateState)).notice.code == "not_found"
    assert await stands(database, ines, image_id) is False
