"""/prompts from its page: words from facts, saved prompts, templates for who keeps them; and Enhance over the composer."""

from __future__ import annotations

import pytest

from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.prompts.templates import shipped, templates_of
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.enhancing_state import Enhancing
from pixelstudio.ui.prompts.prompts_state import PromptsState
from pixelstudio.ui.settings.keys_state import ApiKeys
from tests.factories import a_cookie, a_user
from tests.ui.driving import Tab

FORM = {"prompt": "a red mug", "model": "sketch-silk", "style": "dusk", "size": "1024x1024", "images": "3", "seed": "7"}


@pytest.fixture
async def ines(database):
    return await a_user(database)


@pytest.fixture
async def cookie(database, ines):
    return await a_cookie(database, ines.id)


async def test_every_choice_is_answered_with_words(open_studio, cookie):
    async with Tab(cookie, "/prompts") as tab:
        await tab.send(PromptsState, "begin")
        await tab.send(PromptsState, "describe", words="a silver ring")
        await tab.send(PromptsState, "choose_style", style="luxury")
        for angle in ("front", "top", "front"):
            await tab.send(PromptsState, "toggle_angle", angle=angle)
        await tab.send(PromptsState, "choose_colour", colour="rose")
        await tab.send(PromptsState, "tell_context", context="on marble")

        page = await tab.look(PromptsState)
        assert (len(page.styles), len(page.categories), len(page.angles), page.has_writer) == (10, 9, 9, False)
        assert (page.found_category, page.chosen_angles) == ("Jewelry", ["top"])
        assert "in rose, on marble, seen from directly above, dramatic lighting" in page.words.prompt
        assert page.words.facts == "Suggested: guidance 7.5, 50 steps"
        await tab.send(PromptsState, "choose_category", category="toy")
        assert "macro detail" not in (await tab.look(PromptsState)).words.prompt
        await tab.send(PromptsState, "describe", words=" ")
        assert (await tab.look(PromptsState)).words.prompt == ""


async def test_prompts_are_saved_found_changed_copied_and_deleted(open_studio, cookie):
    async with Tab(cookie, "/prompts") as tab:
        await tab.send(PromptsState, "save", form={"prompt": "a {red|blue} door", "tags": "Doors, evening"})
        await tab.send(PromptsState, "save", form={"prompt": "a quiet sea"})
        page = await tab.look(PromptsState)
        assert page.tags == ["doors", "evening"]
        await tab.send(PromptsState, "choose_tag", tag="doors")
        [door] = (await tab.look(PromptsState)).saved
        assert door.href == "/create?prompt=a%20%7Bred%7Cblue%7D%20door"

        await tab.send(PromptsState, "fork", prompt_id=door.id)
        await tab.send(PromptsState, "save", form={"prompt_id": door.id, "prompt": "a green door", "tags": "doors"})
        await tab.send(PromptsState, "find", words="green")
        assert [line.prompt for line in (await tab.look(PromptsState)).saved] == ["a green door"]
        await tab.send(PromptsState, "delete", prompt_id=door.id)
        await tab.send(PromptsState, "choose_tag", tag="doors")
        await tab.send(PromptsState, "find", words="")
        assert sorted(line.prompt for line in (await tab.look(PromptsState)).saved) == ["a quiet sea", "a {red|blue} door"]
        await tab.send(PromptsState, "save", form={"prompt": ""})
        assert (await tab.look(PromptsState)).notice.kind == "error"


async def test_templates_are_shown_to_and_changed_by_the_maintainer_alone(open_studio, database, ines, cookie):
    form = {"kind": "style", "template_id": "studio", "words": "north light", "guidance": "6,5", "steps": ""}
    async with Tab(cookie, "/prompts") as tab:
        await tab.send(PromptsState, "begin")
        await tab.send(PromptsState, "change_template", form=form)
        assert (await tab.look(PromptsState)).templates == []
        assert (await tab.look(PromptsState)).notice.code == "not_allowed"
    async with database.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=ines)
    async with Tab(cookie, "/prompts") as tab:
        await tab.send(PromptsState, "begin")
        await tab.send(PromptsState, "change_template", form=form)
        page = await tab.look(PromptsState)
        assert [(one.words, one.guidance) for one in page.templates if one.is_changed] == [("north light", "6.5")]
        await tab.send(PromptsState, "change_template", form={**form, "steps": "1.5"})
        assert (await tab.look(PromptsState)).notice.code == "steps_invalid"
        for typed in ("inf", "nan", "1e999"):
            await tab.send(PromptsState, "change_template", form={**form, "steps": typed})
            assert (await tab.look(PromptsState)).notice.code == "number_invalid"
        await tab.send(PromptsState, "restore_template", kind="style", template="studio")
    async with database.reader() as reader:
        assert await templates_of(reader) == shipped()


async def test_enhance_shows_the_change_and_only_then_puts_it_into_the_composer(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(Enhancing, "begin_enhancing", form=FORM)
        await tab.send(Enhancing, "choose_style", style="studio")
        page, composer = await tab.look(Enhancing), await tab.look(CreateState)
        assert "".join(part.words for part in page.parts if part.kind != "new") == "a red mug"
        assert {part.kind for part in page.parts} >= {"same", "new"}
        assert composer.recipe.prompt == ""

        await tab.send(Enhancing, "take_words")
        taken = (await tab.look(CreateState)).recipe
        assert taken.prompt == page.words.prompt
        assert (taken.model, taken.size, taken.images, taken.seed, taken.style) == ("sketch-silk", "1024x1024", "3", "7", "")


async def test_a_key_is_shown_once_and_revoked_at_once(open_studio, cookie):
    async with Tab(cookie, "/settings") as tab:
        await tab.send(ApiKeys, "make_key", form={"name": "Laptop"})
        page = await tab.look(ApiKeys)
        [card] = page.keys
        assert page.fresh.startswith("psk_")
        assert page.fresh not in card.facts
        await tab.send(ApiKeys, "list_keys")
        assert (await tab.look(ApiKeys)).fresh == ""
        await tab.send(ApiKeys, "revoke_key", key_id=card.id)
        page = await tab.look(ApiKeys)
        assert (page.keys, page.notice.kind) == ([], "note")
