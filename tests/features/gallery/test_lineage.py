"""Lineage: what a picture was made from and what was made from it, as far as the viewer may be led."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.lineage import DEPTH, REMIXES, lineage_of, tuning_for
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.generation.variations import variations
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images.curation import throw_away
from pixelstudio.features.images.pictures import image_for, set_visibility
from tests.factories import a_post, a_request, a_user, an_image, done


async def made_from(studio, parent, image_id, by):
    """`image_id` as if it had been drawn from `parent`."""
    async with studio.db.transaction() as tx:
        child = await image_for(tx, by, image_id)
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == child.generation_id).values(parent_id=parent))
    return image_id


async def tuned(studio, image_id, tuning, by):
    """A picture as if its set had been tuned like this."""
    chosen = {"steps": tuning.steps, "guidance": tuning.guidance, "reference_id": tuning.reference, "strength": tuning.strength}
    chosen["mask_id"] = tuning.mask
    async with studio.db.transaction() as tx:
        image = await image_for(tx, by, image_id)
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == image.generation_id).values(chosen))


async def family(studio, viewer, image_id):
    async with studio.db.reader() as reader:
        found = await lineage_of(reader, viewer, await image_for(reader, viewer, image_id))
    return [image.id for image in found.parents], [image.id for image in found.remixes]


async def test_everybody_is_led_to_parents_and_remixes_that_hang_on_the_walls(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    first = await a_post(studio, ines)
    second = await made_from(studio, first, await a_post(studio, omar), omar)
    clock.advance(1)
    third = await made_from(studio, second, await a_post(studio, ines), ines)
    clock.advance(1)
    other = await made_from(studio, second, await a_post(studio, ines), ines)

    for viewer in (None, ines, omar):
        assert await family(studio, viewer, second) == ([first], [other, third])
        assert await family(studio, viewer, third) == ([first, second], [])


async def test_a_private_or_linked_parent_does_not_show_nor_what_lies_behind_it(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    first = await a_post(studio, ines)
    second = await made_from(studio, first, await a_post(studio, ines), ines)
    third = await made_from(studio, second, await a_post(studio, omar), omar)
    assert (await family(studio, omar, third))[0] == [first, second]

    for showing in ("link", "private"):
        await done(studio, publish, second, PostForm(showing=showing), by=ines)
        assert await family(studio, omar, third) == ([], [])
        assert await family(studio, None, first) == ([], [])
        assert await family(studio, ines, first) == ([], [second])
    await done(studio, throw_away, second, by=ines)
    assert await family(studio, ines, first) == ([], [])


async def test_nobody_is_led_to_somebody_they_have_blocked(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    parent = await a_post(studio, ines)
    child = await made_from(studio, parent, await a_post(studio, omar), omar)
    await done(studio, block, omar.id, True, by=ines)

    assert await family(studio, ines, parent) == ([], [])
    assert await family(studio, None, parent) == ([], [child])


async def test_a_long_line_and_many_remixes_are_shown_in_part(studio):
    ines = await a_user(studio.db, "ines")
    line = [await a_post(studio, ines)]
    while len(line) < DEPTH + 2:
        line.append(await made_from(studio, line[-1], await an_image(studio, ines), ines))
    for _ in range(REMIXES + 1):
        await made_from(studio, line[-1], await an_image(studio, ines), ines)

    parents, remixes = await family(studio, ines, line[-1])
    assert (parents, len(remixes)) == (line[1:-1], REMIXES)


@pytest.mark.parametrize("is_public", [True, False])
async def test_a_set_keeps_the_picture_it_was_made_from_where_its_owner_may_see_that(studio, is_public):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    parent = await a_post(studio, ines)
    if not is_public:
        await done(studio, set_visibility, parent, "private", by=ines)

    view = await done(studio, submit, studio, a_request(parent=parent), omar)
    made_up = await done(studio, submit, studio, a_request(parent="x' --", seed=8), omar)

    async with studio.db.reader() as reader:
        rows = {row.id: row.parent_id for row in (await reader.exec(select(GenerationRow))).scalars()}
        [subtle] = variations(await image_for(reader, ines, parent), Tuning(), "subtle", studio.providers)
    assert (rows[view.id], rows[made_up.id], subtle.parent) == (parent if is_public else "", "", parent)


async def tuned_by(studio, viewer, image_id):
    async with studio.db.reader() as reader:
        return await tuning_for(reader, viewer, await image_for(reader, viewer, image_id))


async def test_the_picture_it_went_by_shows_to_its_owner_and_to_others_where_it_hangs_on_the_walls(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    reference, picture = await an_image(studio, ines), await a_post(studio, ines)
    chosen = Tuning(28, 4.5, reference, 0.35, "a-mask")
    without_mask = replace(chosen, mask="")
    await tuned(studio, picture, chosen, ines)

    for showing in ("private", "link", "public"):
        await done(studio, publish, reference, PostForm(showing=showing), by=ines)
        others = without_mask if showing == "public" else chosen.without_reference()
        assert [await tuned_by(studio, viewer, picture) for viewer in (ines, omar, None)] == [chosen, others, others]

    await done(studio, block, omar.id, True, by=ines)
    assert await tuned_by(studio, None, picture) == without_mask
    await done(studio, throw_away, reference, by=ines)
    assert await tuned_by(studio, ines, picture) == chosen.without_reference()
