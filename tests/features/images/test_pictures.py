"""Pictures: who sees which, in which order, and what their owner alone may do."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from sqlalchemy import select

from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.images.events import ImageDeleted, ImageVisibilityChanged
from pixelstudio.features.images.pictures import delete, image_for, images_by_id, is_public, page_of, set_visibility, withdraw
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.features.images.tables import ImageRow
from tests.factories import a_user, an_image

VIEWERS = ("nobody", "other", "owner")
STATES = ("private", "public", "deleted")
SEEN = {("owner", "private"), ("owner", "public"), ("other", "public"), ("nobody", "public")}


async def a_picture(studio, owner, state):
    image_id = await an_image(studio, owner, is_public=state != "private")
    if state == "deleted":
        async with studio.db.transaction() as tx:
            await delete(tx, image_id, by=owner)
    return image_id


async def refusal_of(awaitable):
    with pytest.raises(NotFound) as refusal:
        await awaitable
    return refusal.value.sentence, refusal.value.code, refusal.value.status, refusal.value.fields


@pytest.mark.parametrize(("viewer", "state"), list(itertools.product(VIEWERS, STATES)))
async def test_who_sees_which_picture(studio, viewer, state):
    people = {"nobody": None, "owner": await a_user(studio.db, "owner"), "other": await a_user(studio.db, "other")}
    image_id = await a_picture(studio, people["owner"], state)

    async with studio.db.reader() as reader:
        listed = await images_by_id(reader, people[viewer], [image_id])
        assert set(listed) == ({image_id} if (viewer, state) in SEEN else set())
        if (viewer, state) in SEEN:
            view = await image_for(reader, people[viewer], image_id)
            assert (view.id, view.is_mine, view.visibility) == (image_id, viewer == "owner", state)
            assert (await rendition_for(reader, people[viewer], image_id, "512")).size_bytes == len(b"original512")
        else:
            missing = await refusal_of(image_for(reader, people[viewer], new_id()))
            assert await refusal_of(image_for(reader, people[viewer], image_id)) == missing
            assert await refusal_of(rendition_for(reader, people[viewer], image_id, "512")) == missing


@pytest.mark.parametrize("image_id", ["", "x", "../../etc/passwd", "a" * 26 + "\x00", "A" * 26])
async def test_what_is_no_id_is_missing(studio, image_id):
    async with studio.db.reader() as reader:
        await refusal_of(image_for(reader, None, image_id))
        await refusal_of(rendition_for(reader, None, image_id, "512"))


@pytest.mark.parametrize(("state", "refusal"), [("private", NotFound), ("public", NotAllowed), ("deleted", NotFound)])
async def test_a_stranger_can_neither_change_nor_delete(studio, state, refusal):
    owner, stranger = await a_user(studio.db, "owner"), await a_user(studio.db, "stranger")
    image_id = await a_picture(studio, owner, state)
    before = await rows_of(studio)

    for attempt in (lambda tx: set_visibility(tx, image_id, "private", by=stranger), lambda tx: delete(tx, image_id, by=stranger)):
        with pytest.raises(refusal):
            async with studio.db.transaction() as tx:
                await attempt(tx)

    assert await rows_of(studio) == before


async def rows_of(studio):
    async with studio.db.reader() as reader:
        return [row.model_dump() for row in (await reader.exec(select(ImageRow).order_by(ImageRow.id))).scalars()]


async def test_every_change_is_told_to_the_owner_once(studio):
    owner = await a_user(studio.db, "owner")
    image_id = await an_image(studio, owner)

    with studio.bus.subscribe(f"user:{owner.id}") as heard:
        for visibility in ("public", "public"):
            async with studio.db.transaction() as tx:
                await set_visibility(tx, image_id, visibility, by=owner)
        async with studio.db.transaction() as tx:
            await delete(tx, image_id, by=owner)
        facts = await heard.get_batch()

    assert facts == [
        ImageVisibilityChanged(image_id=image_id, owner_id=owner.id, visibility="public"),
        ImageDeleted(image_id=image_id, owner_id=owner.id, was_public=True),
    ]


async def test_a_picture_that_is_withdrawn_while_its_owner_shows_it_stays_out_of_sight(studio):
    owner = await a_user(studio.db, "owner")
    image_id = await an_image(studio, owner)

    async def show():
        async with studio.db.transaction() as tx:
            await set_visibility(tx, image_id, "public", by=owner)

    async with studio.db.transaction() as tx:
        await withdraw(tx, image_id)
        showing = asyncio.create_task(show())
        await asyncio.sleep(0.2)  # by now it has read the row, or waits for it
    with pytest.raises(NotAllowed):
        await showing

    async with studio.db.reader() as reader:
        assert not await is_public(reader, image_id)


async def test_an_unknown_visibility_is_refused(studio):
    owner = await a_user(studio.db, "owner")
    image_id = await an_image(studio, owner)

    with pytest.raises(Invalid) as refusal:
        async with studio.db.transaction() as tx:
            await set_visibility(tx, image_id, "unlisted", by=owner)
    assert refusal.value.field == "visibility"


async def test_paging_shows_every_own_picture_once_newest_first_even_when_new_ones_come_in_between(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    made = []
    for n in range(7):
        if n % 3:
            clock.advance(1)  # some share their moment
        made.append(await an_image(studio, ines))
        await an_image(studio, omar, is_public=True)

    seen, cursor = [], None
    while cursor != "":
        async with studio.db.reader() as reader:
            page = await page_of(reader, ines, before=cursor, limit=3)
        seen += page.items
        cursor = page.next_cursor
        clock.advance(1)
        await an_image(studio, ines)

    assert sorted(view.id for view in seen) == sorted(made)
    assert [(v.created_at, v.id) for v in seen] == sorted(((v.created_at, v.id) for v in seen), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "!!!", "MTIz", "é", "9" * 200, "MS4uLi8uLi9ldGM"])
async def test_a_foreign_cursor_is_refused_kindly(studio, cursor):
    ines = await a_user(studio.db, "ines")

    with pytest.raises(Invalid):
        async with studio.db.reader() as reader:
            await page_of(reader, ines, before=cursor)


async def test_a_variant_that_is_not_one_is_missing(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)

    async with studio.db.reader() as reader:
        for variant in ("2048", "", "original/..", "ORIGINAL"):
            await refusal_of(rendition_for(reader, ines, image_id, variant))
