"""Links to a collection: what they show, for how long, and that what holds no more answers as what never was."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id, new_secret
from pixelstudio.features.gallery.collections import CollectionForm, create, delete_collection, set_collected
from pixelstudio.features.gallery.links import LinkForm, links_of, make_link, pictures_shared, rendition_shared, revoke_link, shared_by
from pixelstudio.features.gallery.tables import CollectionLinkRow
from pixelstudio.features.images.curation import throw_away
from tests.factories import a_post, a_user, an_image, done

DAY_S = 24 * 3600


async def a_collection(studio, by, *image_ids):
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=by)
    for image_id in image_ids:
        await done(studio, set_collected, collection_id, image_id, True, by=by)
    return collection_id


async def shown(studio, secret):
    async with studio.db.reader() as reader:
        return [post.image.id for post in (await pictures_shared(reader, secret)).items]


async def leads_nowhere(studio, secret, image_id):
    async with studio.db.reader() as reader:
        refusals = []
        for asked in (shared_by(reader, secret), pictures_shared(reader, secret), rendition_shared(reader, secret, image_id, "512")):
            with pytest.raises(NotFound) as refused:
                await asked
            refusals.append((refused.value.code, refused.value.sentence))
    return set(refusals)


async def test_a_link_shows_a_private_collection_and_of_private_pictures_those_it_says(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    public, private, theirs = await a_post(studio, ines), await an_image(studio, ines), await a_post(studio, omar)
    collection_id = await a_collection(studio, ines, public, private, theirs)

    plain = await done(studio, make_link, collection_id, LinkForm(), by=ines)
    full = await done(studio, make_link, collection_id, LinkForm(shows_private=True), by=ines)

    assert await shown(studio, plain.secret) == [theirs, public]
    assert await shown(studio, full.secret) == [theirs, private, public]
    async with studio.db.reader() as reader:
        view = await shared_by(reader, full.secret)
        assert (view.title, view.person.handle, view.is_proofing) == ("Coast", "ines", False)
        assert (await rendition_shared(reader, full.secret, private, "512")).digest
        with pytest.raises(NotFound):
            await rendition_shared(reader, plain.secret, private, "512")
    await done(studio, throw_away, private, by=ines)
    assert await shown(studio, full.secret) == [theirs, public]


async def test_what_is_expired_revoked_deleted_or_was_never_a_link_answers_the_same(studio, clock):
    ines = await a_user(studio.db, "ines")
    image_id = await a_post(studio, ines)
    collection_id, gone = await a_collection(studio, ines, image_id), await a_collection(studio, ines, image_id)
    day, revoked, lasting = [await done(studio, make_link, collection_id, LinkForm(days=days), by=ines) for days in (1, 7, 0)]
    deleted = await done(studio, make_link, gone, LinkForm(), by=ines)

    clock.advance(DAY_S - 1)
    assert await shown(studio, day.secret) == [image_id]
    clock.advance(1)
    await done(studio, revoke_link, revoked.view.id, by=ines)
    await done(studio, delete_collection, gone, by=ines)
    clock.advance(400 * DAY_S)

    ended = (day.secret, revoked.secret, deleted.secret, new_secret(), "", "x" * 10_000, collection_id)
    assert len({answer for secret in ended for answer in await leads_nowhere(studio, secret, image_id)}) == 1
    assert await shown(studio, lasting.secret) == [image_id]
    async with studio.db.reader() as reader:
        links = {link.id: link.is_expired for link in await links_of(reader, ines, collection_id)}
    assert links == {day.view.id: True, lasting.view.id: False}


async def test_the_secret_is_nowhere_but_in_the_link(studio):
    ines = await a_user(studio.db, "ines")
    made = await done(studio, make_link, await a_collection(studio, ines), LinkForm(), by=ines)

    async with studio.db.reader() as reader:
        rows = list((await reader.exec(select(CollectionLinkRow))).scalars())
    assert made.secret not in repr(rows)
    assert made.secret not in repr(made)


async def test_only_who_made_a_collection_makes_sees_and_revokes_its_links(studio, monkeypatch):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    collection_id = await a_collection(studio, ines)
    shown_id = await done(studio, create, CollectionForm(title="Shown", visibility="public"), by=ines)
    made = await done(studio, make_link, collection_id, LinkForm(), by=ines)

    for asked, refusal in ((collection_id, NotFound), (shown_id, NotAllowed), (new_id(), NotFound)):
        with pytest.raises(refusal):
            await done(studio, make_link, asked, LinkForm(), by=omar)
    for link_id in (made.view.id, new_id(), "x"):
        with pytest.raises(NotFound):
            await done(studio, revoke_link, link_id, by=omar)
    async with studio.db.reader() as reader:
        assert await links_of(reader, omar, collection_id) == []
    with pytest.raises(Invalid):
        await done(studio, make_link, collection_id, LinkForm(days=2), by=ines)
    monkeypatch.setattr(limits, "COLLECTION_LINKS_MAX", 1)
    with pytest.raises(Conflict):
        await done(studio, make_link, collection_id, LinkForm(), by=ines)
    assert await shown(studio, made.secret) == []
