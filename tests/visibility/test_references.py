"""A picture that went by a private one: of that nobody but its owner learns, in any place where a recipe is shown or taken up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col

from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.pictures import image_for
from tests.visibility.acting import ACTS, told
from tests.visibility.cast import PEOPLE

RECIPES = ("image_state.follow", "create_state.begin", "create_state.reuse_picture", "remixing.consider")


async def as_drawn_by(world, reference, parent=""):
    """The public picture as if it had been drawn by that one."""
    drawn_so = {"reference_id": reference, "strength": 0.35 if reference else None, "parent_id": parent}
    async with world.studio.db.transaction() as tx:
        shown = await image_for(tx, world.owner, world.ids["public"])
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == shown.generation_id).values(drawn_so))


async def said(world, who):
    acts = [replace(ACTS[name][0], things=("public",)) for name in RECIPES]
    return [(await told(world, act, who, "public")).said for act in acts]


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "owner"])
async def test_a_stranger_is_told_the_same_as_if_there_had_been_none(world, who):
    await as_drawn_by(world, "")
    without = await said(world, who)

    await as_drawn_by(world, world.ids["private"], parent=world.ids["private"])

    assert await said(world, who) == without


async def test_its_owner_is_told_and_takes_it_up(world):
    await as_drawn_by(world, world.ids["private"], parent=world.ids["private"])

    page, opened, reused, _ = await said(world, "owner")

    assert all(world.ids["private"] in words for words in (page, opened, reused))
    assert all("35" in words for words in (page, opened, reused))
