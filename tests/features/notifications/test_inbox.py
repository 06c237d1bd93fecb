"""The inbox: one's own alone, once, only what one wants, and nothing about what one may not see any more."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.notifications.events import InboxChanged
from pixelstudio.features.notifications.inbox import choose, inbox_of, read_all, unread_of, unwanted_by
from tests.factories import a_post, a_user, done


async def kinds(studio, by, **more):
    async with studio.db.reader() as reader:
        return [line.kind for line in (await inbox_of(reader, by, **more)).items]


async def test_a_kind_that_is_not_wanted_is_not_told(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    await done(studio, choose, "like", False, by=ines)
    await done(studio, choose, "like", False, by=ines)

    await done(studio, set_like, image_id, True, by=omar)
    await done(studio, set_follow, ines.id, True, by=omar)

    assert await kinds(studio, ines) == ["follow"]
    async with studio.db.reader() as reader:
        assert await unwanted_by(reader, ines) == {"like"}
    await done(studio, choose, "like", True, by=ines)
    async with studio.db.reader() as reader:
        assert await unwanted_by(reader, ines) == set()
    for kind in ("decision", "x"):
        with pytest.raises(Invalid):
            await done(studio, choose, kind, False, by=ines)


async def test_reading_counts_everything_as_read_and_is_told_to_oneself(studio, bus, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    for n in range(3):
        clock.advance(1)
        await done(studio, write, image_id, f"word {n}", by=omar)

    async with studio.db.reader() as reader:
        assert (await unread_of(reader, ines), await unread_of(reader, omar)) == (3, 0)
        first = await inbox_of(reader, ines, limit=2)
        rest = await inbox_of(reader, ines, limit=2, before=first.next_cursor)
        assert [line.words for line in (*first.items, *rest.items)] == ["word 2", "word 1", "word 0"]
    with bus.subscribe(f"user:{ines.id}") as heard:
        for _ in range(2):
            await done(studio, read_all, by=ines)
        assert heard.take() == [InboxChanged(account_id=ines.id)]
    async with studio.db.reader() as reader:
        assert await unread_of(reader, ines) == 0


async def test_what_is_hidden_since_is_neither_listed_nor_counted(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    await done(studio, write, image_id, "look, @omar", by=ines)
    assert await kinds(studio, omar) == ["mention"]

    await done(studio, publish, image_id, PostForm(showing="private"), by=ines)

    assert await kinds(studio, omar) == []
    async with studio.db.reader() as reader:
        assert await unread_of(reader, omar) == 0
