"""What the composer says while one types: what is changed of the picture it is made from, and that the very same one is there."""

from __future__ import annotations

import pytest

from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.remixes import ChangedSetting
from pixelstudio.features.generation.reasons import SAME_UNDER_WAY
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.images.pictures import delete
from pixelstudio.ui import session
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.prompts.remixes import RemixView
from tests.factories import PricedSketch, a_cookie, a_post, a_studio, a_user, done
from tests.paying import ended
from tests.ui.driving import Tab

FORM = {"prompt": "a quiet house", "model": "sketch-paper", "size": "256x256", "images": "1", "seed": "7"}


@pytest.fixture
async def omar(database):
    return await a_user(database, "omar")


async def test_a_remix_shows_what_is_changed_of_its_parent_until_one_goes_on_without_it(open_studio, database, omar):
    parent = await a_post(open_studio, await a_user(database), prompt="a red lighthouse")
    async with Tab(await a_cookie(database, omar.id), f"/create?from={parent}") as tab:
        await tab.send(CreateState, "begin")
        page = await tab.look(Remixing)
        assert (page.parent.id, page.parent.says, page.change) == (parent, "Remix of", RemixView())

        await tab.send(Remixing, "consider", form={**FORM, "prompt": "a blue lighthouse", "seed": "", "parent": parent})
        page = await tab.look(Remixing)
        assert [(part.kind, part.words) for part in page.change.parts if part.kind != "same"] == [("gone", " red"), ("new", " blue")]
        assert page.change.settings == [ChangedSetting("Seed", "7", "new")]

        await tab.send(Remixing, "let_go")
        assert ((await tab.look(Remixing)).parent.id, (await tab.look(Remixing)).change) == ("", RemixView())


async def test_a_parent_that_is_hidden_meanwhile_is_told_of_no_more(open_studio, database, omar):
    ines = await a_user(database)
    parent = await a_post(open_studio, ines, prompt="a red lighthouse")
    async with Tab(await a_cookie(database, omar.id), f"/create?from={parent}") as tab:
        await tab.send(CreateState, "begin")
        await done(open_studio, publish, parent, PostForm(showing="private"), by=ines)

        await tab.send(Remixing, "consider", form={**FORM, "parent": parent})

        page = await tab.look(Remixing)
        assert (page.parent.id, page.change) == ("", RemixView())


async def test_a_look_that_draws_what_the_words_name_is_offered_where_the_chosen_one_does_not(open_studio, database, omar):
    async with Tab(await a_cookie(database, omar.id), "/create") as tab:
        for model, prompt, offered in (
            ("horizon", "a pink peony", "Choose Bloom"),
            ("bloom", "a pink peony", ""),
            ("horizon", "a hill", ""),
        ):
            await tab.send(Remixing, "suit", prompt=prompt, model=f"sketch-{model}")
            assert (await tab.look(Remixing)).suited.act == offered


@pytest.fixture
async def house(database, clock, children):
    """A studio whose pictures cost something."""
    priced = a_studio(database, clock, children, PricedSketch(children))
    session.install(priced)
    yield priced
    session.uninstall()


async def test_that_the_very_same_picture_is_there_is_said_with_the_price_of_drawing_it_anew(house, database, clock):
    ines = await a_user(database, credits=20)
    await ended(house, ines, clock, model="sketch-paper", width=256, height=256, seed=7, prompt=FORM["prompt"])
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(Remixing, "consider", form=FORM)
        repeat = (await tab.look(Remixing)).repeat
        assert repeat.says.startswith("You have this very picture.")
        assert repeat.anew == "Draw it anew for 2 credits"

        await tab.send(Remixing, "consider", form={**FORM, "images": "3"})
        assert (await tab.look(Remixing)).repeat.says.startswith("You have 1 of these 3 pictures.")
        for other in ({"seed": "8"}, {"seed": ""}, {"prompt": "another"}, {"seed": "x"}):
            await tab.send(Remixing, "consider", form={**FORM, **other})
            assert (await tab.look(Remixing)).repeat.says == ""

        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form={**FORM, "keeps_seed": "on", "anew": "on"})
        assert (await tab.look(Remixing)).repeat.says.startswith("You have this very picture.")
        clock.advance(1)
        await tab.send(CreateState, "generate", form={**FORM, "keeps_seed": "on"})

    async with database.reader() as reader:
        again, anew = [view.slots[0].sentence for view in (await sets_of(reader, house, ines))[:2]]
    assert (again == SAME_UNDER_WAY, anew == SAME_UNDER_WAY) == (True, False)


async def test_what_was_thrown_away_is_not_said_to_be_there(house, database, clock):
    ines = await a_user(database, credits=20)
    drawn = await ended(house, ines, clock, model="sketch-paper", width=256, height=256, seed=7, prompt=FORM["prompt"])
    image = drawn.slots[0].image
    assert image is not None
    async with house.db.transaction() as tx:
        await delete(tx, image.id, by=ines)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(Remixing, "consider", form=FORM)

        assert (await tab.look(Remixing)).repeat.says == ""
