"""Curation: one, many or all that match; never what is somebody else's; every change told once and undone by its opposite."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.images import curation
from pixelstudio.features.images.curation import forget, restore, set_favourite, set_visibility_of, throw_away
from pixelstudio.features.images.events import ImageDeleted, ImageFavourited, ImageForgotten, ImageRestored
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.forgetting import FORGOTTEN_KEEP, forget_deleted
from pixelstudio.features.images.library import count_in
from pixelstudio.features.images.pictures import image_for, images_by_id
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.features.images.tables import ImageRow
from tests.factories import a_user, an_image

TRASH = PictureFilter(place="trash")


async def done(studio, command, *args, by):
    async with studio.db.transaction() as tx:
        return await command(tx, *args, by=by)


async def rows_of(studio):
    async with studio.db.reader() as reader:
        return [row.model_dump() for row in (await reader.exec(select(ImageRow).order_by(ImageRow.id))).scalars()]


async def test_what_is_in_the_trash_is_there_for_its_owner_alone_and_comes_back_as_it_was(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await an_image(studio, ines, is_public=True)
    before = await rows_of(studio)

    assert (await done(studio, throw_away, image_id, by=ines)).image_ids == [image_id]

    async with studio.db.reader() as reader:
        assert await images_by_id(reader, ines, [image_id]) == {}
        assert (await count_in(reader, ines, TRASH), await count_in(reader, omar, TRASH)) == (1, 0)
        assert (await rendition_for(reader, ines, image_id, "256", in_trash=True)).size_bytes
        for viewer, in_trash in ((ines, False), (omar, True), (None, True)):
            with pytest.raises(NotFound):
                await rendition_for(reader, viewer, image_id, "256", in_trash=in_trash)
    await done(studio, restore, [image_id], by=ines)
    assert await rows_of(studio) == before


async def test_a_picture_on_the_wall_is_not_in_the_trash(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)

    for command in (restore, forget):
        with pytest.raises(NotFound):
            await done(studio, command, image_id, by=ines)
    async with studio.db.reader() as reader:
        with pytest.raises(NotFound):
            await rendition_for(reader, ines, image_id, "256", in_trash=True)


async def test_deleted_for_ever_it_is_gone_at_once_and_its_bytes_within_hours(studio, clock):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)
    await done(studio, throw_away, image_id, by=ines)

    await done(studio, forget, TRASH, by=ines)

    async with studio.db.reader() as reader:
        assert await count_in(reader, ines, TRASH) == 0
        with pytest.raises(NotFound):
            await rendition_for(reader, ines, image_id, "256", in_trash=True)
    with pytest.raises(NotFound):
        await done(studio, restore, image_id, by=ines)
    assert await forget_deleted(studio) == 0
    clock.advance(FORGOTTEN_KEEP.total_seconds())
    assert await forget_deleted(studio) == 1
    assert [digest async for digest in studio.storage.digests()] == []


async def test_of_many_only_ones_own_are_changed_and_of_none_nothing_is_known(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    mine, theirs = await an_image(studio, ines), await an_image(studio, omar, is_public=True)

    changed = await done(studio, throw_away, [mine, theirs, new_id(), "../etc", "\x00"], by=ines)

    assert changed.image_ids == [mine]
    async with studio.db.reader() as reader:
        assert (await image_for(reader, omar, theirs)).visibility == "public"


async def test_a_stranger_changes_nothing_and_learns_nothing(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    ids = [await an_image(studio, ines, is_public=is_public) for is_public in (True, False)]
    await done(studio, throw_away, thrown := await an_image(studio, ines), by=ines)
    before = await rows_of(studio)

    for command, more in ((set_favourite, (True,)), (set_visibility_of, ("private",)), (throw_away, ()), (restore, ()), (forget, ())):
        for image_id in (*ids, thrown, new_id(), "x"):
            with pytest.raises(NotFound) as refusal:
                await done(studio, command, image_id, *more, by=omar)
            assert (refusal.value.sentence, refusal.value.fields) == (NotFound().sentence, NotFound().fields)
        wanted = TRASH if command in {restore, forget} else PictureFilter()
        assert (await done(studio, command, wanted, *more, by=omar)).image_ids == []

    assert await rows_of(studio) == before


async def test_every_change_is_told_once_and_repeating_it_tells_nothing(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)
    named = {"image_id": image_id, "owner_id": ines.id}

    with studio.bus.subscribe(f"user:{ines.id}") as heard:
        for command, args in ((set_favourite, (True,)), (throw_away, ()), (restore, ()), (throw_away, ()), (forget, ())):
            await done(studio, command, image_id, *args, by=ines)
            if command is set_favourite:
                await done(studio, command, image_id, *args, by=ines)
        facts = await heard.get_batch()

    deleted, restored = ImageDeleted(**named), ImageRestored(**named)
    assert facts == [ImageFavourited(**named, is_favourite=True), deleted, restored, deleted, ImageForgotten(**named)]


async def test_all_that_match_go_in_steps_and_no_others(studio, monkeypatch):
    monkeypatch.setattr(curation, "AT_ONCE", 2)
    ines = await a_user(studio.db, "ines")
    boats = [await an_image(studio, ines, prompt=f"boat {n}") for n in range(3)]
    await an_image(studio, ines, prompt="a tree")

    first = await done(studio, throw_away, PictureFilter(words="boat"), by=ines)
    second = await done(studio, throw_away, PictureFilter(words="boat"), by=ines)

    assert (first.has_more, second.has_more) == (True, False)
    assert sorted(first.image_ids + second.image_ids) == sorted(boats)
    with pytest.raises(Invalid):
        await done(studio, restore, boats, by=ines)


async def test_a_filter_of_another_place_is_refused(studio):
    ines = await a_user(studio.db, "ines")
    for command, wanted in ((throw_away, TRASH), (forget, PictureFilter())):
        with pytest.raises(Invalid):
            await done(studio, command, wanted, by=ines)
    with pytest.raises(Invalid):
        await done(studio, set_visibility_of, PictureFilter(), "unlisted", by=ines)
