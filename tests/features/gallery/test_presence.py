"""Presence: who is there while a tab is open, told to the people of the collection alone, and gone without a goodbye."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.collaborators import invite, join, remove_collaborator
from pixelstudio.features.gallery.collections import CollectionForm, create
from pixelstudio.features.gallery.events import PresenceChanged, collection_topic
from pixelstudio.features.gallery.presence import GONE_AFTER, arrive, go, present_in, stay
from tests.factories import a_user, done


@pytest.fixture
async def pair(studio):
    """Who made a collection everybody may see, who joined it, and its id."""
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    collection_id = await done(studio, create, CollectionForm(title="Coast", visibility="public"), by=ines)
    await done(studio, invite, collection_id, "omar", by=ines)
    await done(studio, join, collection_id, by=omar)
    return ines, omar, collection_id


async def there(studio, viewer, collection_id):
    async with studio.db.reader() as reader:
        return [person.handle for person in await present_in(reader, viewer, collection_id)]


async def test_somebody_is_there_once_however_many_tabs_until_the_last_one_closes(studio, pair, bus):
    ines, omar, collection_id = pair
    with bus.subscribe(collection_topic(collection_id)) as page:
        tabs = [await done(studio, arrive, collection_id, by=omar) for _ in range(2)]

        assert (await there(studio, ines, collection_id), await there(studio, omar, collection_id)) == (["omar"], [])
        await done(studio, go, tabs[0])
        assert await there(studio, ines, collection_id) == ["omar"]
        for _ in range(2):
            await done(studio, go, tabs[1])
        assert await there(studio, ines, collection_id) == []
        assert page.take() == [PresenceChanged(collection_id=collection_id)] * 4


async def test_a_tab_that_cannot_say_goodbye_is_gone_when_it_has_missed_its_beat(studio, pair, clock):
    ines, omar, collection_id = pair
    tab = await done(studio, arrive, collection_id, by=omar)

    clock.advance(GONE_AFTER.total_seconds() - 1)
    assert await done(studio, stay, collection_id, tab, by=omar) == tab
    clock.advance(GONE_AFTER.total_seconds() - 1)
    assert await there(studio, ines, collection_id) == ["omar"]
    clock.advance(2)
    assert await there(studio, ines, collection_id) == []

    await done(studio, arrive, collection_id, by=ines)  # sweeps what is gone away
    again = await done(studio, stay, collection_id, tab, by=omar)
    assert again not in {"", tab}
    assert await there(studio, ines, collection_id) == ["omar"]
    await done(studio, remove_collaborator, collection_id, omar.id, by=ines)
    assert await done(studio, stay, collection_id, again, by=omar) == ""
    assert await there(studio, ines, collection_id) == []


async def test_strangers_are_neither_counted_nor_told(studio, pair):
    ines, _, collection_id = pair
    mika = await a_user(studio.db, "mika")
    await done(studio, arrive, collection_id, by=ines)

    assert [await done(studio, arrive, asked, by=mika) for asked in (collection_id, new_id(), "x")] == ["", "", ""]
    assert await there(studio, mika, collection_id) == []


async def test_so_many_are_counted_and_no_more(studio, pair, monkeypatch):
    ines, omar, collection_id = pair
    monkeypatch.setattr(limits, "PRESENT_MAX", 1)

    assert await done(studio, arrive, collection_id, by=omar)
    assert await done(studio, arrive, collection_id, by=ines) == ""
