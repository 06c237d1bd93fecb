"""/image: one picture, for those who may see it."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import col

from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.pictures import image_for, set_visibility
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.prompts.remixes import RemixView
from tests.factories import a_cookie, a_post, a_user, an_image
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


async def test_the_recipe_tells_how_it_was_tuned_and_what_it_went_by(open_studio, database, ines):
    reference, image_id = await an_image(open_studio, ines), await an_image(open_studio, ines, is_public=True)
    async with database.transaction() as tx:
        set_id = (await image_for(tx, ines, image_id)).generation_id
        tuned = {"steps": 28, "guidance": 4.5, "reference_id": reference, "strength": 0.35}
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == set_id).values(tuned))

    for cookie, went_by, strength in ((await a_cookie(database, ines.id), reference, "35 %"), ("", "", "")):
        async with Tab(cookie, f"/image/{image_id}") as tab:
            facts = (await opened(tab)).facts
            assert (facts.steps, facts.guidance, facts.went_by, facts.strength) == ("28", "4.5", went_by, strength)
            assert "Steps: 28\nGuidance: 4.5" in facts.recipe


async def test_a_remix_says_what_it_changed_to_those_who_see_its_parent(open_studio, database, ines):
    omar = await a_user(database, "omar")
    parent = await a_post(open_studio, ines, prompt="a red lighthouse")
    image_id = await a_post(open_studio, omar, prompt="a blue lighthouse")
    async with database.transaction() as tx:
        set_id = (await image_for(tx, omar, image_id)).generation_id
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == set_id).values(parent_id=parent, steps=28))

    async with Tab("", f"/image/{image_id}") as tab:
        beside = (await opened(tab)).beside
        assert [(part.kind, part.words) for part in beside.remix.parts if part.kind != "same"] == [("gone", " red"), ("new", " blue")]
        assert [(one.word, one.before, one.after) for one in beside.remix.settings] == [("Steps", "usual", "28")]
    async with Tab("", f"/image/{parent}") as tab:
        told = [(kin.says, [part.words for part in kin.parts if part.kind == "new"]) for kin in (await opened(tab)).beside.family]
        assert told == [("This picture", []), ("Made from this", [" blue"])]

    async with database.transaction() as tx:
        await set_visibility(tx, parent, "private", by=ines)
    async with Tab(await a_cookie(database, omar.id), f"/image/{image_id}") as tab:
        assert (await opened(tab)).beside.remix == RemixView()


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


async def test_a_picture_is_shown_by_its_link_then_to_everybody_then_to_nobody_in_one_way(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    told = []

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        for showing, is_seen in (("link", True), ("public", True), ("private", False)):
            await tab.send(PostState, "publish", form={"showing": showing})
            page = await tab.look(PostState)
            told.append((page.shown.showing, page.notice.sentence, page.notice.way))
            async with Tab("", f"/image/{image_id}") as stranger:
                assert ((await opened(stranger)).picture is not None) == is_seen

    assert told == [
        ("link", "Whoever has its link sees it. It is not on Explore.", ""),
        ("public", "Everybody sees it, on Explore and in search.", "See it in Explore"),
        ("private", "Only you see it.", ""),
    ]


async def test_what_is_moved_to_the_trash_stays_in_sight_until_the_page_is_left_and_can_be_taken_back(open_studio, database, ines):
    image_id = await an_image(open_studio, ines, is_public=True)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, "move_to_trash")
        page = await tab.look(ImageState)
        assert (page.is_in_trash, page.notice.action, page.picture.id) == (True, "Undo", image_id)
        async with Tab("", f"/image/{image_id}") as stranger:
            assert (await opened(stranger)).picture is None

        await tab.send(ImageState, "undo")

        page = await tab.look(ImageState)
        assert (page.is_in_trash, page.is_public, page.notice) == (False, True, None)
        async with Tab("", f"/image/{image_id}") as stranger:
            assert (await opened(stranger)).picture is not None


async def test_a_picture_in_the_trash_is_not_shown_to_whoever_opens_its_page(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, "move_to_trash")
        await tab.send(ImageState, "begin")

        page = await opened(tab)
        assert (page.picture, page.is_in_trash) == (None, False)


async def test_another_tab_hears_that_a_picture_is_gone(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    cookie = await a_cookie(database, ines.id)

    async with Tab(cookie, f"/image/{image_id}") as tab, Tab(cookie, f"/image/{image_id}") as other:
        await opened(tab)
        await opened(other)
        await tab.send(ImageState, "move_to_trash")

        await other.wait_until(ImageState, lambda page: page.picture is None)


async def test_a_picture_moved_to_the_trash_is_gone_from_the_walls_this_tab_has_seen(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        following = await tab.start(LibraryState, "follow")
        await tab.wait_until(LibraryState, lambda page: page.is_loaded)
        following.cancel()
        await tab.send(ImageState, "move_to_trash")

        assert (await tab.look(LibraryState)).news.gone == [image_id]


async def test_a_favourite_is_remembered_and_taken_back(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, "set_favourite", favourite=True)
        await tab.send(ImageState, "begin")
        assert (await opened(tab)).is_favourite

        await tab.send(ImageState, "set_favourite", favourite=False)
        assert not (await tab.look(ImageState)).is_favourite


async def test_the_owner_goes_on_to_neighbours_and_to_what_else_came_of_the_prompt(open_studio, database, ines, clock):
    ids = []
    for _ in range(3):
        ids.append(await an_image(open_studio, ines, prompt="a red lighthouse"))
        clock.advance(60)

    async with Tab(await a_cookie(database, ines.id), f"/image/{ids[1]}") as tab:
        beside = (await opened(tab)).beside

        assert (beside.newer, beside.older) == (ids[2], ids[0])
        assert [thumb.id for thumb in beside.same_prompt] == [ids[2], ids[0]]
        assert beside.drawn_together == []


async def test_the_link_of_a_public_picture_leads_a_stranger_to_no_other(open_studio, database, ines, clock):
    ids = []
    for _ in range(2):
        ids.append(await an_image(open_studio, ines, is_public=True))
        clock.advance(60)

    for cookie in ("", await a_cookie(database, (await a_user(database, "bob")).id)):
        async with Tab(cookie, f"/image/{ids[0]}") as tab:
            assert (await opened(tab)).picture.id == ids[0]
            assert ids[1] not in tab.said()


async def test_the_recipe_is_one_text_to_be_copied(open_studio, database, ines):
    image_id = await an_image(open_studio, ines, prompt="a red lighthouse")

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        facts = (await opened(tab)).facts

        assert facts.recipe == "Prompt: a red lighthouse\nModel: Cut paper\nSeed: 7\nSize: 256 × 256"


@pytest.mark.parametrize("handler", ["move_to_trash", "undo", "set_favourite"])
async def test_nobody_else_can_change_a_public_picture(open_studio, database, ines, handler):
    image_id = await an_image(open_studio, ines, is_public=True)
    bob = await a_user(database, "bob")

    async with Tab(await a_cookie(database, bob.id), f"/image/{image_id}") as tab:
        await opened(tab)
        await tab.send(ImageState, handler, **{"set_favourite": {"favourite": True}}.get(handler, {}))

        page = await tab.look(ImageState)
        assert page.notice.kind == "error"
        assert page.picture is not None
        assert page.is_public


async def test_the_page_shows_what_was_made_from_the_picture_as_a_tree(open_studio, database, ines):
    parent, child = await a_post(open_studio, ines), await a_post(open_studio, ines)
    async with database.transaction() as tx:
        made = await image_for(tx, ines, child)
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == made.generation_id).values(parent_id=parent))

    for path, tree in (
        (parent, [(parent, "This picture", "0"), (child, "Made from this", "1")]),
        (child, [(parent, "Made from", "0"), (child, "This picture", "1")]),
    ):
        async with Tab("", f"/image/{path}") as tab:
            page = await opened(tab)
            assert [(kin.thumb.id, kin.says, kin.inset) for kin in page.beside.family] == tree
