"""/library: one's own pictures, page by page."""

from __future__ import annotations

from pixelstudio.features.images.pictures import delete
from pixelstudio.ui.library import library_state
from pixelstudio.ui.library.library_state import LibraryState
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab


async def opened(tab):
    await tab.start(LibraryState, "follow")
    await tab.wait_until(LibraryState, lambda page: page.is_loaded)
    return await tab.look(LibraryState)


async def test_the_wall_holds_ones_own_pictures_and_nobody_elses(open_studio, database):
    ines, bob = await a_user(database), await a_user(database, "bob")
    mine = await an_image(open_studio, ines)
    await an_image(open_studio, bob, is_public=True)

    async with Tab(await a_cookie(database, ines.id), "/library") as tab:
        page = await opened(tab)

        assert [view.id for view in page.pages[0]] == [mine]


async def test_an_empty_library_says_so(open_studio, database):
    ines = await a_user(database)

    async with Tab(await a_cookie(database, ines.id), "/library") as tab:
        assert (await opened(tab)).is_empty


async def test_pages_follow_each_other_without_a_gap_and_without_repeating(open_studio, database, clock, monkeypatch):
    monkeypatch.setattr(library_state, "PAGE", 3)
    ines = await a_user(database)
    drawn = []
    for _ in range(7):
        clock.advance(1)
        drawn.append(await an_image(open_studio, ines))

    async with Tab(await a_cookie(database, ines.id), "/library") as tab:
        await opened(tab)
        for _ in range(4):
            await tab.send(LibraryState, "load_more")

        page = await tab.look(LibraryState)
        assert [view.id for views in page.pages for view in views] == drawn[::-1]
        assert not page.has_more


async def test_a_picture_deleted_elsewhere_leaves_the_wall(open_studio, database):
    ines = await a_user(database)
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), "/library") as tab:
        await opened(tab)
        async with database.transaction() as tx:
            await delete(tx, image_id, by=ines)
        await tab.wait_until(LibraryState, lambda page: not any(page.pages))
