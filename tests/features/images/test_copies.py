"""Copies: found by their bands among what a viewer may see, told by the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from pixelstudio.db.bits import bits_apart
from pixelstudio.db.columns import metadata
from pixelstudio.features.images.copies import fingerprinted, near
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.imaging.fingerprints import FLAT, NEAR, as_column, distance
from tests.factories import a_user, an_image

IMAGES = metadata.tables["image"]
BITS = 0xF00F_1234_8765_ABCD


async def an_image_like(studio, by, bits, **more):
    image_id = await an_image(studio, by, **more)
    row = ImageRow()  # pyright: ignore[reportCallIssue]  # of what it looks like alone
    fingerprinted(row, bits, b"")
    async with studio.db.transaction() as tx:
        values = {name: getattr(row, name) for name in ("fingerprint", "band_0", "band_1", "band_2", "band_3")}
        await tx.exec(update(IMAGES).where(IMAGES.c.id == image_id).values(**values))
    return image_id


@pytest.mark.parametrize("other", [BITS, BITS ^ 1, BITS ^ (1 << 63), 0, (1 << 64) - 1])
async def test_the_database_counts_as_we_do(studio, other):
    image_id = await an_image_like(studio, await a_user(studio.db), other)

    async with studio.db.reader() as reader:
        counted = select(bits_apart(IMAGES.c.fingerprint, as_column(BITS))).where(IMAGES.c.id == image_id)
        assert (await reader.exec(counted)).scalar_one() == distance(BITS, other)


async def test_the_nearest_come_first_and_the_far_not_at_all(studio):
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    spread = sum(1 << (6 * at) for at in range(NEAR))
    at_the_edge = await an_image_like(studio, ines, BITS ^ spread)
    same = await an_image_like(studio, ines, BITS)
    await an_image_like(studio, ines, BITS ^ spread ^ (1 << 63))
    await an_image_like(studio, ines, FLAT)
    public = await an_image_like(studio, omar, BITS ^ 3, is_public=True)
    await an_image_like(studio, omar, BITS ^ 3)

    async with studio.db.reader() as reader:
        assert list((await near(reader, ines, BITS)).items()) == [(same, 0), (public, 2), (at_the_edge, NEAR)]
        assert await near(reader, None, BITS) == {public: 2}
        assert await near(reader, ines, FLAT) == {}
