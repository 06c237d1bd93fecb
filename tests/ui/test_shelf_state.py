"""Presets and prompts of one's own, from the page."""

from __future__ import annotations

import pytest

from pixelstudio.features.images.pictures import delete
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.shelf_state import Shelf
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab

FORM = {
    "prompt": "a quiet house",
    "model": "sketch-silk",
    "style": "dusk",
    "size": "1024x1024",
    "images": "3",
    "seed": "7",
    "keeps_seed": "on",
}


@pytest.fixture
async def cookie(database):
    return await a_cookie(database, (await a_user(database)).id)


async def test_a_preset_is_saved_renamed_put_into_the_composer_and_deleted(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(Shelf, "save_preset", name="Evenings", form=FORM)
        [line] = (await tab.look(Shelf)).presets
        assert (line.name, "Silk" in line.facts, "3 pictures" in line.facts) == ("Evenings", True, True)

        await tab.send(Shelf, "rename_preset", form={"preset_id": line.id, "name": "Nights"})
        await tab.send(Shelf, "apply_preset", preset_id=line.id)
        page = await tab.look(CreateState)
        assert (page.recipe.prompt, page.recipe.style, page.chosen.id, page.size, page.seed) == (
            "a quiet house",
            "dusk",
            "sketch-silk",
            "1024x1024",
            "7",
        )
        key = page.recipe.key
        await tab.send(Shelf, "apply_preset", preset_id=line.id)
        assert (await tab.look(CreateState)).recipe.key != key

        await tab.send(Shelf, "delete_preset", preset_id=line.id)
        assert ((await tab.look(Shelf)).presets, (await tab.look(Shelf)).notice.action) == ([], "Undo")


async def test_a_preset_that_was_deleted_is_taken_back_once(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(Shelf, "save_preset", name="Evenings", form=FORM)
        [line] = (await tab.look(Shelf)).presets
        await tab.send(Shelf, "delete_preset", preset_id=line.id)

        for _ in range(2):
            await tab.send(Shelf, "undo")
            shelf = await tab.look(Shelf)
            assert ([(one.name, one.facts) for one in shelf.presets], shelf.notice) == ([("Evenings", line.facts)], None)


async def test_a_preset_keeps_all_settings_and_says_when_the_picture_it_goes_by_is_gone(open_studio, database):
    ines = await a_user(database)
    reference = await an_image(open_studio, ines)
    tuned = {"steps": "28", "guidance": "4.5", "reference": reference, "strength": "35"}
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(Shelf, "save_preset", name="Evenings", form={**FORM, **tuned})
        [line] = (await tab.look(Shelf)).presets
        assert all(words in line.facts for words in ("28 steps", "guidance 4.5", "by a picture"))

        await tab.send(Shelf, "apply_preset", preset_id=line.id)
        page = await tab.look(CreateState)
        assert {name: getattr(page.recipe, name) for name in tuned} == tuned
        assert [choice.id for choice in page.references] == [reference]

    async with database.transaction() as tx:
        await delete(tx, reference, by=ines)
    async with Tab(await a_cookie(database, ines.id), "/create") as tab:
        await tab.send(Shelf, "apply_preset", preset_id=line.id)
        page = await tab.look(CreateState)
        assert (page.recipe.reference, page.recipe.strength, page.notice.code) == ("", "", "reference_gone")


async def test_what_cannot_be_kept_is_said_where_it_was_tried(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        for name, form in (("", FORM), ("Evenings", {**FORM, "size": ""})):
            await tab.send(Shelf, "save_preset", name=name, form=form)
            assert (await tab.look(Shelf)).notice.kind == "error"
            assert (await tab.look(Shelf)).presets == []


async def test_ones_prompts_are_found_and_taken_up_again(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "generate", form={**FORM, "size": "256x256"})
        await tab.send(Shelf, "find_prompts", words="HOUSE")
        [line] = (await tab.look(Shelf)).prompts
        assert (line.prompt, line.facts.startswith("Dusk")) == ("a quiet house", True)

        await tab.send(CreateState, "reuse", generation_id=line.generation_id)
        assert (await tab.look(CreateState)).recipe.style == "dusk"
        await tab.send(Shelf, "find_prompts", words="no such words")
        assert (await tab.look(Shelf)).prompts == []
