"""Masks and logos: each to whoever brought it alone, the same once, and the newest of them kept."""

from __future__ import annotations

import os

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import NotFound
from pixelstudio.features.images.forgetting import collect_orphans, forget_pictures
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.features.images.uploads import UploadKind, keep_upload, upload_for, upload_to_use, uploads_of
from pixelstudio.storage.local import LocalStorage
from tests.factories import a_studio, a_user, an_image


async def kept(studio, by, data=b"a logo", kind: UploadKind = "logo", image_id=""):
    file = StoredFile(await studio.storage.put(data), "image/png", 60, 40, len(data))
    async with studio.db.transaction() as tx:
        return await keep_upload(tx, kind, file, by=by, image_id=image_id)


async def test_what_somebody_brought_is_theirs_alone(studio):
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    mine = await kept(studio, ines)

    async with studio.db.reader() as reader:
        stored = await upload_for(reader, ines, mine)
        assert [view.id for view in await uploads_of(reader, "logo", ines, 10)] == [mine]
        assert await uploads_of(reader, "logo", omar, 10) == []
        assert await upload_to_use(reader, "logo", mine, omar.id) is None
        for missing in (mine, "nothing", "a" * 26):
            with pytest.raises(NotFound):
                await upload_for(reader, omar, missing)
    assert await studio.storage.get(stored.digest) == b"a logo"


async def test_the_same_brought_again_is_the_same_and_the_newest(studio, clock):
    ines = await a_user(studio.db)
    first = await kept(studio, ines)
    clock.advance(60)
    other = await kept(studio, ines, b"another")
    clock.advance(60)

    assert await kept(studio, ines) == first

    async with studio.db.reader() as reader:
        assert [view.id for view in await uploads_of(reader, "logo", ines, 10)] == [first, other]


async def test_a_mask_is_of_one_picture_and_no_logo(studio):
    ines = await a_user(studio.db)
    picture, other = await an_image(studio, ines), await an_image(studio, ines)
    mask = await kept(studio, ines, b"a mask", "mask", picture)

    async with studio.db.reader() as reader:
        assert await upload_to_use(reader, "mask", mask, ines.id, picture) is not None
        assert await upload_to_use(reader, "mask", mask, ines.id, other) is None
        assert await upload_to_use(reader, "logo", mask, ines.id) is None
    assert await kept(studio, ines, b"a mask", "mask", other) != mask


async def test_only_the_newest_stay(studio, clock, monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS_KEPT", 2)
    ines = await a_user(studio.db)
    brought = []
    for data in (b"one", b"two", b"three"):
        brought.append(await kept(studio, ines, data))
        clock.advance(60)

    async with studio.db.reader() as reader:
        assert [view.id for view in await uploads_of(reader, "logo", ines, 10)] == brought[:0:-1]


async def test_bytes_stay_while_somebody_keeps_them_and_go_as_orphans(database, clock, children, tmp_path):
    studio = a_studio(database, clock, children, storage=LocalStorage(tmp_path))
    ines = await a_user(database)
    await kept(studio, ines, b"one")
    picture = await an_image(studio, ines, original=b"one")
    orphan = await studio.storage.put(b"nobody's")
    for digest in [digest async for digest in studio.storage.digests()]:
        os.utime(studio.storage.path(digest) or tmp_path, (clock.epoch(), clock.epoch()))
    clock.advance(10 * 24 * 3_600)

    await forget_pictures(studio, [picture])
    await collect_orphans(studio)

    left = {digest async for digest in studio.storage.digests()}
    async with database.reader() as reader:
        view = (await uploads_of(reader, "logo", ines, 1))[0]
        assert (await upload_for(reader, ines, view.id)).digest in left
    assert orphan not in left
