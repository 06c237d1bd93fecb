"""Mutes: nothing of a muted person reaches the one who muted, who alone knows of it; and all of it is back when they are heard again."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.accounts.events import WishesChanged
from pixelstudio.features.accounts.mutes import muted_by, set_mute
from pixelstudio.features.belongings.erasure import erase, finish
from pixelstudio.features.gallery.collections import CollectionForm, collection_for, create, pictures_of, set_collected
from pixelstudio.features.gallery.comments import answers_of, threads_of, write
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import set_follow, standing_of
from pixelstudio.features.gallery.walls import those_on, wall
from pixelstudio.features.notifications.inbox import inbox_of, unread_of
from tests.factories import a_guest, a_post, a_user, done

WALLS = {
    "trending": WallFilter(),
    "liked": WallFilter(sort="liked"),
    "newest": WallFilter(sort="newest"),
    "search": WallFilter(sort="newest", words="lighthouse"),
    "by name": WallFilter(sort="newest", words="by:omar"),
}


@pytest.fixture
async def people(studio):
    return {name: await a_user(studio.db, name) for name in ("ines", "omar", "mika")}


async def told(studio, by):
    async with studio.db.reader() as reader:
        return [line.kind for line in (await inbox_of(reader, by)).items], await unread_of(reader, by)


async def test_a_muted_persons_pictures_hang_on_their_own_wall_alone_and_for_others_as_before(studio, people):
    ines, omar, mika = people.values()
    await done(studio, set_follow, omar.id, True, by=ines)
    image_id = await a_post(studio, omar)
    collection_id = await done(studio, create, CollectionForm(title="All", visibility="public"), by=mika)
    await done(studio, set_collected, collection_id, image_id, is_in=True, by=mika)

    async def seen(viewer):
        async with studio.db.reader() as reader:
            filters = WALLS | {"feed": WallFilter(sort="newest", followed_by=ines.id)}
            found = {name: len((await wall(reader, viewer, wanted)).items) for name, wanted in filters.items()}
            found["live"] = len(await those_on(reader, viewer, WallFilter(sort="newest"), [image_id]))
            found["collection"] = len((await pictures_of(reader, viewer, collection_id)).items)
            view = await collection_for(reader, viewer, collection_id)
            person = await wall(reader, viewer, WallFilter(sort="newest", person_id=omar.id))
            return {**found, "count": view.count, "cover": len(view.cover)}, len(person.items)

    everything = dict.fromkeys([*WALLS, "feed", "live", "collection", "count", "cover"], 1)
    assert await seen(ines) == (everything, 1)
    await done(studio, set_mute, omar.id, True, by=ines)
    assert await seen(ines) == (dict.fromkeys(everything, 0), 1)
    assert await seen(mika) == await seen(omar) == await seen(None) == (everything, 1)
    await done(studio, set_mute, omar.id, False, by=ines)
    assert await seen(ines) == (everything, 1)


async def test_a_muted_persons_words_and_acts_are_not_told_and_come_back_with_them(studio, people):
    ines, omar, mika = people.values()
    image_id = await a_post(studio, ines)
    root = await done(studio, write, image_id, "by mika", by=mika)
    await done(studio, write, image_id, "an answer of omar's, @ines", by=omar, parent_id=root)
    await done(studio, write, image_id, "omar's own", by=omar)
    await done(studio, set_follow, ines.id, True, by=omar)

    async def said(viewer):
        async with studio.db.reader() as reader:
            threads = (await threads_of(reader, viewer, image_id)).items
            return [(t.comment.words, len(t.answers)) for t in threads], len(await answers_of(reader, viewer, root))

    before = await said(ines), await told(studio, ines)
    await done(studio, set_mute, omar.id, True, by=ines)

    assert await said(ines) == ([("by mika", 0)], 0)
    assert await told(studio, ines) == (["comment"], 1)
    assert await said(omar) == await said(mika) == before[0]
    await done(studio, set_mute, omar.id, False, by=ines)
    assert (await said(ines), await told(studio, ines)) == before


async def test_muting_is_safe_to_repeat_and_told_to_oneself_alone(studio, people, bus):
    ines, omar, _ = people.values()
    with bus.subscribe(f"user:{omar.id}") as his, bus.subscribe(f"user:{ines.id}") as hers:
        for _ in range(2):
            await done(studio, set_mute, omar.id, True, by=ines)
        assert (his.take(), hers.take()) == ([], [WishesChanged(account_id=ines.id)] * 2)
    async with studio.db.reader() as reader:
        assert [person.handle for person in await muted_by(reader, ines)] == ["omar"]
        assert await muted_by(reader, omar) == []
        omars = (await muted_by(reader, ines))[0]
        assert [(await standing_of(reader, viewer, omars)).is_muted for viewer in (ines, omar, None)] == [True, False, False]


async def test_nobody_mutes_themselves_a_guest_or_nobody(studio, people):
    ines = people["ines"]
    guest = await a_guest(studio.db)

    with pytest.raises(Invalid):
        await done(studio, set_mute, ines.id, True, by=ines)
    for whom in (new_id(), "x", guest.actor.id):
        with pytest.raises(NotFound):
            await done(studio, set_mute, whom, True, by=ines)


async def test_nothing_is_left_of_a_mute_when_either_leaves(studio, people):
    ines, omar, mika = people.values()
    await done(studio, set_mute, omar.id, True, by=ines)
    await done(studio, set_mute, ines.id, True, by=mika)

    for gone in (omar, mika):
        await done(studio, erase, studio, gone.id)
        assert await finish(studio, gone.id)

    async with studio.db.reader() as reader:
        assert (await muted_by(reader, ines), await muted_by(reader, mika)) == ([], [])
