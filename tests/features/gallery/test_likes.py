"""Likes: twice counts once, the counts and the heat follow, and its owner is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pixelstudio.core.errors import NotAllowed, NotFound
from pixelstudio.features.gallery.events import PostCounted
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.likes import liked_since, set_like
from pixelstudio.features.gallery.tables import CreatorRow, PostRow
from pixelstudio.features.images.events import WALLS_TOPIC
from pixelstudio.features.notifications.inbox import inbox_of, unread_of
from tests.factories import a_guest, a_post, a_user, an_image, done


async def the_post(studio, image_id):
    async with studio.db.reader() as reader:
        return (await reader.exec(select(PostRow).where(PostRow.image_id == image_id))).scalar_one()


async def test_liking_twice_counts_once_and_taking_it_back_leaves_no_trace(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    before = (await the_post(studio, image_id)).model_dump()

    clock.advance(3600)
    assert await done(studio, set_like, image_id, True, by=omar) == (1, True)
    assert await done(studio, set_like, image_id, True, by=omar) == (1, True)
    liked = await the_post(studio, image_id)
    assert (liked.likes, liked.heat_24h > before["heat_24h"], liked.heat_30d > before["heat_30d"]) == (1, True, True)
    async with studio.db.reader() as reader:
        assert (await reader.get(CreatorRow, ines.id)).likes == 1
        assert [(line.kind, line.person and line.person.handle, line.is_unread) for line in (await inbox_of(reader, ines)).items] == [
            ("like", "omar", True)
        ]

    clock.advance(3600)
    assert await done(studio, set_like, image_id, False, by=omar) == (0, False)
    after = (await the_post(studio, image_id)).model_dump()
    assert {name: value for name, value in after.items() if not name.startswith("heat")} == {
        name: value for name, value in before.items() if not name.startswith("heat")
    }
    assert after["heat_24h"] == pytest.approx(before["heat_24h"], abs=1e-6)
    async with studio.db.reader() as reader:
        assert (await reader.get(CreatorRow, ines.id)).likes == 0


async def test_a_like_given_again_is_told_once_and_ones_own_not_at_all(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)

    for is_liked in (True, False, True):
        await done(studio, set_like, image_id, is_liked, by=omar)
    await done(studio, set_like, image_id, True, by=ines)

    async with studio.db.reader() as reader:
        assert await unread_of(reader, ines) == 1


async def test_a_stranger_likes_nothing_they_may_not_see(studio):
    ines, omar, guest = await a_user(studio.db, "ines"), await a_user(studio.db, "omar"), await a_guest(studio.db)
    private, public = await an_image(studio, ines), await a_post(studio, ines)

    with pytest.raises(NotFound):
        await done(studio, set_like, private, True, by=omar)
    for image_id, by in ((private, ines), (public, guest.actor)):
        with pytest.raises(NotAllowed):
            await done(studio, set_like, image_id, True, by=by)
    await done(studio, block, omar.id, True, by=ines)
    with pytest.raises(NotAllowed):
        await done(studio, set_like, public, True, by=omar)
    assert (await the_post(studio, public)).likes == 0


async def test_a_picture_shown_by_its_link_alone_is_liked_and_no_wall_hears_of_it(studio, bus):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await an_image(studio, ines, is_public=True)

    with bus.subscribe(WALLS_TOPIC) as walls, bus.subscribe(f"picture:{image_id}") as page:
        assert await done(studio, set_like, image_id, True, by=omar) == (1, True)

        assert [type(event) for event in page.take()] == [PostCounted]
        assert walls.take() == []


async def test_a_like_taken_back_by_mistake_stands_again_where_it_stood(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    first, second = await a_post(studio, ines), await a_post(studio, ines)
    for image_id in (first, second):
        clock.advance(60)
        await done(studio, set_like, image_id, True, by=omar)
    heat = (await the_post(studio, first)).heat_24h
    since = await done(studio, liked_since, first, by=omar)
    await done(studio, set_like, first, False, by=omar)
    assert await done(studio, liked_since, first, by=omar) is None

    clock.advance(60)
    await done(studio, set_like, first, True, by=omar, since=since)

    assert await done(studio, liked_since, first, by=omar) == since
    assert (await the_post(studio, first)).heat_24h == pytest.approx(heat)
    assert await done(studio, liked_since, "x", by=omar) is None
