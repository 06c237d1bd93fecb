"""/image: one picture, for those who may see it."""

from __future__ import annotations

import pytest

from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.library.library_state import LibraryState
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab


@pytest.fixture
async def ines(database):
    return await a_user(database)


async def opened(tab):
    await tab.send(ImageState, "begin")
    await tab.start(ImageState, "follow")
    await tab.wait_until(ImageState, lambda page: page.is_loaded)
    return await tab.look(ImageState)


async def test_the_owner_sees_the_picture_and_its_recipe(open_studio, database, ines):
    image_id = await an_image(open_studio, ines, prompt="a red lighthouse")

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        page = await opened(tab)

        assert page.picture.id == image_id
        assert (page.facts.prompt, page.facts.model, page.facts.maker, page.facts.seed) == (
            "a red lighthouse",
            "Cut paper",
            "Sketch (not AI)",
            "7",
        )
        assert page.is_mine
        assert page.title == "a red lighthouse · Pixel Studio"


@pytest.mark.parametrize("who", ["stranger", "bob"])
async def test_a_private_picture_is_to_others_as_if_it_did_not_exist(open_studio, database, ines, who):
    image_id = await an_image(open_studio, ines, prompt="hers alone")
    cookie = "" if who == "stranger" else await a_cookie(database, (await a_user(database, who)).id)

    async with Tab(cookie, f"/image/{image_id}") as tab:
        page = await opened(tab)

        assert page.picture is None
        assert "hers alone" not in tab.said()


async def test_a_stranger_sees_a_public_picture_without_its_owners_buttons(open_studio, ines):
    image_id = await an_image(open_studio, ines, is_public=True)

    async with Tab("", f"/image/{image_id}") as tab:
        page = await opened(tab)

        assert page.picture.id == image_id
        assert not page.is_mine


async def test_the_switch_shows_a_picture_to_others_and_takes_it_back(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, "set_public", public=True)
        assert (await tab.look(ImageState)).is_public
        async with Tab("", f"/image/{image_id}") as stranger:
            assert (await opened(stranger)).picture is not None

        await tab.send(ImageState, "set_public", public=False)
        async with Tab("", f"/image/{image_id}") as stranger:
            assert (await opened(stranger)).picture is None


async def test_deleting_sends_the_owner_to_the_library(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab)
        events = await tab.send(ImageState, "delete")

        assert "/library" in repr(events)


async def test_a_deleted_picture_is_gone_from_the_walls_this_tab_has_seen(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        following = await tab.start(LibraryState, "follow")
        await tab.wait_until(LibraryState, lambda page: any(page.pages))
        following.cancel()
        await tab.send(ImageState, "delete")

        assert (await tab.look(LibraryState)).is_empty


@pytest.mark.parametrize("handler", ["delete", "set_public"])
async def test_nobody_else_can_change_a_public_picture(open_studio, database, ines, handler):
    image_id = await an_image(open_studio, ines, is_public=True)
    bob = await a_user(database, "bob")

    async with Tab(await a_cookie(database, bob.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, handler, **({"public": False} if handler == "set_public" else {}))

        page = await tab.look(ImageState)
        assert page.notice.kind == "error"
        assert page.picture is not None
        assert page.is_public
