"""Migration 0014 gives posts from before what new ones are found by, and collected pictures from before the post they are shown by."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.events import Bus
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import downgrade, migrate
from pixelstudio.features.gallery.collections import CollectionForm, create, pictures_of, set_collected
from tests.factories import a_post, a_studio, a_user, an_image, done

POSTS = metadata.tables["post"]
FIELDS = ("seed:", "size:", "date:")


@pytest.fixture
async def database(empty_url):
    await migrate(empty_url)
    opened = await Database.open(empty_url, FrozenClock(), Bus())
    yield opened
    await opened.close()


async def test_what_was_shown_and_collected_before_is_found_and_shown_as_what_comes_after(database, children):
    studio = a_studio(database, database.clock, children)
    ines = await a_user(database, "ines")
    listed = await a_post(studio, ines, size=(512, 768), seed=41, tags="sea")
    private = await an_image(studio, ines, prompt="a mast, at dusk")
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    await done(studio, set_collected, collection_id, private, True, by=ines)
    words = {row.image_id: set(row.words.split()) for row in await _posts(studio)}
    await downgrade(database.url, "0012")
    async with database.transaction() as tx:
        older = " ".join(sign for sign in words[listed] if not sign.startswith(FIELDS))
        await tx.exec(update(POSTS).where(POSTS.c.image_id == listed).values(words=older))
        await tx.exec(delete(POSTS).where(POSTS.c.image_id == private))

    await migrate(database.url)

    assert {row.image_id: set(row.words.split()) for row in await _posts(studio)} == words
    assert {"seed:41", "size:512x768", "size:portrait"} <= words[listed]
    async with database.reader() as reader:
        (post,) = (await pictures_of(reader, ines, collection_id)).items
    assert (post.image.id, post.title, post.showing, post.image.visibility) == (private, "a mast, at dusk", "private", "private")


async def _posts(studio):
    async with studio.db.reader() as reader:
        return (await reader.exec(select(POSTS.c.image_id, POSTS.c.words))).all()
