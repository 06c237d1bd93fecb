"""Looking at pictures from before: afterwards they are found as copies, by their colours and by their words as before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from pixelstudio.db.columns import metadata
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.looking import look_at_older
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.stories import story_of
from pixelstudio.imaging.children import ChildDied, ChildPool
from pixelstudio.imaging.looks import colour_of
from tests.factories import a_true_image, a_user, an_image, done
from tests.features.gallery.test_nearness import encoded, ids_on
from tests.imaging.test_fingerprints import a_scene

IMAGES = metadata.tables["image"]
GROUND = tuple(colour for colour in (colour_of("#785aa0"),) if colour)
"""Of the scene."""
UNSEEN = dict.fromkeys(("fingerprint", "look", "band_0", "band_1", "band_2", "band_3"))


@pytest.fixture
async def from_before(studio):
    """A published picture nobody has looked at."""
    ines = await a_user(studio.db)
    image_id = await a_true_image(studio, ines, encoded(a_scene(4)), prompt="a field")
    async with studio.db.transaction() as tx:
        await tx.exec(update(IMAGES).values(**UNSEEN))
    await done(studio, publish, image_id, PostForm(tags="sea"), by=ines)
    return image_id, ines


async def test_pictures_from_before_are_looked_at_later(studio, from_before):
    image_id, ines = from_before
    copy = encoded(a_scene(4).resize((320, 240)))
    assert (await story_of(studio, copy, ines)).alike == ()
    assert await ids_on(studio, WallFilter(palette=GROUND)) == await ids_on(studio, WallFilter(like=image_id), ines) == []

    assert (await look_at_older(studio), await look_at_older(studio)) == (1, 0)

    assert [one.image.id for one in (await story_of(studio, copy, ines)).alike] == [image_id]
    assert await ids_on(studio, WallFilter(palette=GROUND)) == [image_id]
    assert await ids_on(studio, WallFilter(sort="newest", words="field tag:sea")) == [image_id]


async def test_pictures_wait_while_no_child_can_be_started(studio, from_before):
    nobody = ChildPool(1, python="/nonexistent/python")
    with pytest.raises(ChildDied):
        await look_at_older(replace(studio, children=nobody))
    await nobody.close()

    assert await look_at_older(studio) == 1
    assert await ids_on(studio, WallFilter(palette=GROUND)) == [from_before[0]]


async def test_what_cannot_be_looked_at_is_asked_for_once(studio):
    await an_image(studio, await a_user(studio.db), renditions=b"no picture at all")

    assert (await look_at_older(studio), await look_at_older(studio)) == (1, 0)
