"""Follows and blocks: counted both ways, told once, and ended by a block."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.blocks import blocked_by
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import block, set_follow, standing_of
from pixelstudio.features.gallery.walls import wall
from tests.factories import a_guest, a_post, a_user, an_image, done


async def standing(studio, viewer, handle):
    async with studio.db.reader() as reader:
        return await standing_of(reader, viewer, await person_named(reader, handle))


async def test_following_twice_counts_once_and_shows_both_ways(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    await a_post(studio, ines)
    await an_image(studio, ines)

    for _ in range(2):
        await done(studio, set_follow, ines.id, True, by=omar)

    seen = await standing(studio, omar, "INES")
    assert (seen.followers, seen.following, seen.pictures, seen.is_followed, seen.is_me) == (1, 0, 1, True, False)
    assert (await standing(studio, None, "omar")).following == 1
    await done(studio, set_follow, ines.id, False, by=omar)
    assert (await standing(studio, omar, "ines")).followers == 0


async def test_one_follows_neither_oneself_nor_nobody(studio):
    ines = await a_user(studio.db, "ines")
    guest = (await a_guest(studio.db)).actor

    with pytest.raises(Invalid):
        await done(studio, set_follow, ines.id, True, by=ines)
    for nobody in (new_id(), "x", guest.id):
        with pytest.raises(NotFound):
            await done(studio, set_follow, nobody, True, by=ines)


async def test_a_block_ends_the_following_and_keeps_each_from_the_others_walls(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    await a_post(studio, ines)
    await done(studio, set_follow, ines.id, True, by=omar)
    await done(studio, set_follow, omar.id, True, by=ines)

    await done(studio, block, omar.id, True, by=ines)

    with pytest.raises(NotAllowed):
        await done(studio, set_follow, ines.id, True, by=omar)
    async with studio.db.reader() as reader:
        assert [len((await wall(reader, viewer, WallFilter())).items) for viewer in (omar, ines, None)] == [0, 1, 1]
        assert [person.handle for person in await blocked_by(reader, ines)] == ["omar"]
    assert (await standing(studio, ines, "omar")).is_blocked
    assert (await standing(studio, None, "ines")).followers == 0
    await done(studio, block, omar.id, False, by=ines)
    await done(studio, set_follow, ines.id, True, by=omar)
