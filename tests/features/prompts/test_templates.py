"""Templates: shipped as data, changed by the maintainer alone, and brought back."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.prompts.briefs import Brief
from pixelstudio.features.prompts.templates import TemplateForm, change_template, restore_template, shipped, templates_of
from pixelstudio.features.prompts.writing import drafted
from tests.factories import a_cookie, a_user, an_actor


async def a_maintainer(database):
    keeper = await a_user(database, "keeper")
    async with database.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=keeper)
    return await an_actor(database, await a_cookie(database, keeper.id))


async def test_what_the_maintainer_writes_stands_before_the_shipped_words_until_it_is_taken_back(database):
    keeper = await a_maintainer(database)
    form = TemplateForm("north window light,\n grey card", "glare", 6.0, 22)
    async with database.transaction() as tx:
        changed = await change_template(tx, "style", "studio", form, by=keeper)
        again = await change_template(tx, "style", "studio", form, by=keeper)

    async with database.reader() as reader:
        templates, words = await templates_of(reader), await drafted(reader, Brief("a mug", style="studio"))
    assert changed == again == templates.entry("style", "studio")
    assert changed.is_changed
    assert "north window light, grey card" in words.prompt
    assert (words.guidance_scale, words.steps) == (6.0, 22)

    async with database.transaction() as tx:
        await restore_template(tx, "style", "studio", by=keeper)
        await restore_template(tx, "style", "studio", by=keeper)
    async with database.reader() as reader:
        assert await templates_of(reader) == shipped()


async def test_only_the_maintainer_changes_them(database):
    ines = await a_user(database)

    async with database.transaction() as tx:
        with pytest.raises(NotAllowed):
            await change_template(tx, "style", "studio", TemplateForm("mine"), by=ines)
        with pytest.raises(NotAllowed):
            await restore_template(tx, "style", "studio", by=ines)


@pytest.mark.parametrize("form", [TemplateForm("w" * 501), TemplateForm("w", guidance_scale=21), TemplateForm("w", steps=0)])
async def test_what_cannot_be_meant_is_refused(database, form):
    keeper = await a_maintainer(database)

    async with database.transaction() as tx:
        with pytest.raises(Invalid):
            await change_template(tx, "style", "studio", form, by=keeper)
        with pytest.raises(NotFound):
            await change_template(tx, "style", "cubist", TemplateForm("w"), by=keeper)
