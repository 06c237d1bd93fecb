"""Forgetting: bytes go after the days of grace, and only when nobody else names them."""

from __future__ import annotations

import os

from sqlalchemy import func, select

from pixelstudio.features.images.forgetting import SCRAPS_KEEP_S, collect_orphans, forget_deleted, sweep_scraps
from pixelstudio.features.images.pictures import delete
from pixelstudio.features.images.tables import ImageRow, RenditionRow
from pixelstudio.storage.local import LocalStorage
from tests.factories import a_film, a_studio, a_user, an_image

DAY_S = 24 * 60 * 60


async def digests(studio):
    return {digest async for digest in studio.storage.digests()}


async def deleted(studio, image_id, by):
    async with studio.db.transaction() as tx:
        await delete(tx, image_id, by=by)


async def counts(studio):
    async with studio.db.reader() as reader:
        return [(await reader.exec(select(func.count()).select_from(table))).scalar_one() for table in (ImageRow, RenditionRow)]


async def test_bytes_and_rows_of_a_deleted_picture_go_after_thirty_days(studio, clock):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)
    await a_film(studio, image_id)
    await deleted(studio, image_id, ines)

    clock.advance(30 * DAY_S - 1)
    assert await forget_deleted(studio) == 0
    assert len(await digests(studio)) == 5
    clock.advance(1)
    assert await forget_deleted(studio) == 1
    assert await digests(studio) == set()
    assert await counts(studio) == [0, 0]
    assert await forget_deleted(studio) == 0


async def test_bytes_another_picture_names_stay(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    hers = await an_image(studio, ines)
    await an_image(studio, omar)  # the very same bytes
    other = await an_image(studio, ines, original=b"other")
    for image_id in (hers, other):
        await deleted(studio, image_id, ines)

    clock.advance(30 * DAY_S)
    assert await forget_deleted(studio) == 2

    assert len(await digests(studio)) == 4
    assert await counts(studio) == [1, 3]


async def test_what_was_left_half_stored_goes_after_a_day(database, clock, children, tmp_path):
    storage = LocalStorage(tmp_path)
    studio = a_studio(database, clock, children, storage=storage)
    picture = storage.path(await storage.put(b"picture"))
    part = picture.with_name(f".{picture.name}.0123456789abcdef.part")
    part.write_bytes(b"pic")
    os.utime(part, (clock.epoch(), clock.epoch()))

    clock.advance(SCRAPS_KEEP_S)
    assert await sweep_scraps(studio) == 0
    clock.advance(1)
    assert await sweep_scraps(studio) == 1

    assert not part.exists()
    assert picture.exists()


def on_files(database, clock, children, folder):
    storage = LocalStorage(folder)
    return a_studio(database, clock, children, storage=storage), storage


async def test_whole_files_that_nobody_names_go_after_a_day(database, clock, children, tmp_path):
    studio, storage = on_files(database, clock, children, tmp_path)
    await an_image(studio, await a_user(database, "ines"))
    named = await digests(studio)
    orphan = storage.path(await storage.put(b"stored for nobody"))
    for file in (orphan, *map(storage.path, named)):
        os.utime(file, (clock.epoch(), clock.epoch()))

    clock.advance(SCRAPS_KEEP_S - 1)
    assert await collect_orphans(studio) == 0
    clock.advance(1)
    assert await collect_orphans(studio) == 1

    assert not orphan.exists()
    assert await digests(studio) == named


async def test_what_is_being_stored_is_left_alone(database, clock, children, tmp_path):
    """Without the file's time the bytes go between the storing and the commit that names them."""
    studio, storage = on_files(database, clock, children, tmp_path)
    old = storage.path(await storage.put(b"somebody asks for these again"))
    os.utime(old, (clock.epoch(), clock.epoch()))
    part = old.with_name(f".{old.name}.0123456789abcdef.part")
    part.write_bytes(b"half")
    clock.advance(2 * SCRAPS_KEEP_S)
    os.utime(old, (clock.epoch(), clock.epoch()))  # as a put does

    assert await collect_orphans(studio) == 0

    assert old.exists()
    assert part.exists()


async def test_a_storage_without_files_keeps_everything(studio, clock):
    await studio.storage.put(b"nobody's")
    clock.advance(2 * SCRAPS_KEEP_S)

    assert await collect_orphans(studio) == 0
    assert len(await digests(studio)) == 1
