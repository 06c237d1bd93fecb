"""Collections: what they hold for whom; and that being collected makes a picture no more visible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.features.gallery.collections import (
    COLLECTED_AT_ONCE,
    CollectionForm,
    change,
    collection_for,
    collections_of,
    create,
    delete_collection,
    pictures_of,
    put_back,
    set_all_collected,
    set_collected,
    set_cover,
    take_out,
)
from pixelstudio.features.gallery.posts import PostForm, publish
from tests.factories import a_post, a_user, an_image, done


async def seen(studio, viewer, collection_id):
    async with studio.db.reader() as reader:
        view = await collection_for(reader, viewer, collection_id)
        return view.count, [post.image.id for post in (await pictures_of(reader, viewer, collection_id)).items], [i.id for i in view.cover]


async def test_it_holds_what_was_put_in_the_last_first_and_its_cover_stands_for_it(studio):
    ines = await a_user(studio.db, "ines")
    ids = [await a_post(studio, ines) for _ in range(3)]
    collection_id = await done(studio, create, CollectionForm(title=" Coast ", visibility="public"), by=ines)

    for image_id in (*ids, ids[0]):
        await done(studio, set_collected, collection_id, image_id, True, by=ines)
    await done(studio, set_cover, collection_id, ids[0], by=ines)

    assert await seen(studio, None, collection_id) == (3, ids[::-1], [ids[0], ids[2], ids[1]])
    await done(studio, set_collected, collection_id, ids[0], False, by=ines)
    assert await seen(studio, None, collection_id) == (2, ids[:0:-1], ids[:0:-1])


@pytest.mark.parametrize(
    ("visibility", "by_link", "listed"), [("private", False, False), ("unlisted", True, False), ("public", True, True)]
)
async def test_who_sees_it_is_what_it_says(studio, visibility, by_link, listed):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    collection_id = await done(studio, create, CollectionForm(title="Coast", visibility=visibility), by=ines)

    for viewer in (None, omar):
        if by_link:
            assert (await seen(studio, viewer, collection_id))[0] == 0
        else:
            with pytest.raises(NotFound):
                await seen(studio, viewer, collection_id)
        async with studio.db.reader() as reader:
            assert len((await collections_of(reader, viewer, ines.id)).items) == listed
    async with studio.db.reader() as reader:
        assert len((await collections_of(reader, ines, ines.id)).items) == 1


async def test_a_picture_that_is_private_again_is_neither_shown_nor_counted(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id, hidden = await a_post(studio, omar), await an_image(studio, omar)
    collection_id = await done(studio, create, CollectionForm(title="Coast", visibility="public"), by=ines)
    await done(studio, set_collected, collection_id, image_id, True, by=ines)
    with pytest.raises(NotFound):
        await done(studio, set_collected, collection_id, hidden, True, by=ines)

    await done(studio, publish, image_id, PostForm(showing="private"), by=omar)

    for viewer in (None, ines):
        assert await seen(studio, viewer, collection_id) == (0, [], [])


async def test_a_stranger_changes_nothing(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, omar)
    for visibility, refusal in (("private", NotFound), ("public", NotAllowed)):
        form = CollectionForm(title="Coast", visibility=visibility)
        collection_id = await done(studio, create, form, by=ines)
        for command, arguments in ((change, (form,)), (delete_collection, ()), (set_collected, (image_id, True)), (set_cover, (image_id,))):
            with pytest.raises(refusal):
                await done(studio, command, collection_id, *arguments, by=omar)
    await done(studio, delete_collection, collection_id, by=ines)
    with pytest.raises(NotFound):
        await seen(studio, ines, collection_id)


async def test_words_have_bounds(studio):
    ines = await a_user(studio.db, "ines")

    for form, field in (
        (CollectionForm(title=" "), "title"),
        (CollectionForm(title="x" * (limits.COLLECTION_TITLE_MAX + 1)), "title"),
        (CollectionForm(title="x", description="x" * (limits.COLLECTION_DESCRIPTION_MAX + 1)), "description"),
        (CollectionForm(title="x", visibility="ours"), "visibility"),
    ):
        with pytest.raises(Invalid) as refused:
            await done(studio, create, form, by=ines)
        assert refused.value.field == field


async def test_many_are_put_in_and_taken_out_together_all_or_none(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    ids = [await an_image(studio, ines) for _ in range(3)]
    hidden = await an_image(studio, omar)
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)

    for refused in ([*ids, hidden], [*ids, "no id"], [], [ids[0]] * (COLLECTED_AT_ONCE + 1)):
        with pytest.raises(NotFound):
            await done(studio, set_all_collected, collection_id, refused, True, by=ines)
    assert await holds(studio, ines, ids) == [0]
    await done(studio, set_collected, collection_id, ids[1], True, by=ines)
    assert await holds(studio, ines, ids) == [1]
    await done(studio, set_all_collected, collection_id, ids, True, by=ines)

    assert await holds(studio, ines, ids) == [3]
    assert await seen(studio, ines, collection_id) == (3, [ids[2], ids[0], ids[1]], [ids[2], ids[0], ids[1]])
    await done(studio, set_cover, collection_id, ids[0], by=ines)
    await done(studio, set_all_collected, collection_id, ids[:2], False, by=ines)
    assert await seen(studio, ines, collection_id) == (1, [ids[2]], [ids[2]])


async def test_a_collection_takes_many_only_as_far_as_there_is_room_for_all(studio, monkeypatch):
    monkeypatch.setattr(limits, "COLLECTION_PICTURES_MAX", 2)
    ines = await a_user(studio.db, "ines")
    ids = [await an_image(studio, ines) for _ in range(3)]
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)

    with pytest.raises(Conflict):
        await done(studio, set_all_collected, collection_id, ids, True, by=ines)

    assert await holds(studio, ines, ids) == [0]
    await done(studio, set_all_collected, collection_id, ids[:2], True, by=ines)


async def holds(studio, by, image_ids):
    async with studio.db.reader() as reader:
        return [view.holds for view in (await collections_of(reader, by, by.id, about=image_ids)).items]


async def test_what_was_taken_out_hangs_again_where_it_hung_and_stands_for_the_collection_as_before(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    ids = [await a_post(studio, ines) for _ in range(3)]
    collection_id = await done(studio, create, CollectionForm(title="Coast", visibility="public"), by=ines)
    await done(studio, set_all_collected, collection_id, ids, True, by=ines)
    await done(studio, set_cover, collection_id, ids[1], by=ines)
    before = await seen(studio, ines, collection_id)

    taken = await done(studio, take_out, collection_id, ids[1], by=ines)
    assert (await seen(studio, ines, collection_id))[1] == [ids[2], ids[0]]
    assert await done(studio, take_out, collection_id, ids[1], by=ines) is None
    with pytest.raises(NotAllowed):
        await done(studio, put_back, taken, by=omar)
    for _ in range(2):
        await done(studio, put_back, taken, by=ines)
    assert await seen(studio, ines, collection_id) == before


async def test_what_was_taken_out_hangs_in_front_where_its_place_is_another_ones_by_now(studio):
    ines = await a_user(studio.db, "ines")
    ids = [await a_post(studio, ines) for _ in range(3)]
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    await done(studio, set_all_collected, collection_id, ids[:2], True, by=ines)
    taken = await done(studio, take_out, collection_id, ids[0], by=ines)
    other = await done(studio, take_out, collection_id, ids[1], by=ines)

    assert taken is not None
    assert other is not None
    await done(studio, put_back, replace(other, image_id=ids[2]), by=ines)
    await done(studio, put_back, replace(taken, number=other.number), by=ines)

    assert (await seen(studio, ines, collection_id))[1] == [ids[0], ids[2]]
