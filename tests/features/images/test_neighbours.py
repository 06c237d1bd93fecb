"""What is beside a picture: for its owner, and for nobody else."""

from __future__ import annotations

from pixelstudio.features.images.curation import throw_away
from pixelstudio.features.images.neighbours import Neighbours, neighbours_of
from pixelstudio.features.images.pictures import image_for
from tests.factories import a_user, an_image


async def beside(studio, by, image_id):
    async with studio.db.reader() as reader:
        return await neighbours_of(reader, by, await image_for(reader, by, image_id))


async def test_the_library_is_walked_from_end_to_end_even_through_one_moment(studio):
    ines = await a_user(studio.db)
    await an_image(studio, await a_user(studio.db, "bob"), is_public=True)
    ids = {await an_image(studio, ines, prompt=f"picture {n}") for n in range(4)}  # the clock stands still
    walked, here = [], max(ids)

    while here:
        walked.append(here)
        here = (await beside(studio, ines, here)).older

    assert walked == sorted(ids, reverse=True)
    assert (await beside(studio, ines, walked[0])).newer == ""
    assert (await beside(studio, ines, walked[-1])).newer == walked[-2]


async def test_what_is_in_the_trash_is_passed_by(studio, clock):
    ines = await a_user(studio.db)
    ids = []
    for _ in range(3):
        ids.append(await an_image(studio, ines))
        clock.advance(1)
    async with studio.db.transaction() as tx:
        await throw_away(tx, ids[1], by=ines)

    found = await beside(studio, ines, ids[0])

    assert found.newer == ids[2]
    assert [image.id for image in found.same_prompt] == [ids[2]]


async def test_somebody_elses_public_picture_leads_nowhere(studio):
    ines, bob = await a_user(studio.db), await a_user(studio.db, "bob")
    shown = await an_image(studio, ines, is_public=True)
    await an_image(studio, ines, is_public=True)

    assert await beside(studio, bob, shown) == Neighbours()
    assert await beside(studio, None, shown) == Neighbours()
