"""Collaborators: who is invited, joins and leaves; what each may put in; and whose private pictures are seen by whom."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.features.gallery.admission import rendition_there
from pixelstudio.features.gallery.collaborators import collaborators_of, invite, join, leave_collection, let_see, remove_collaborator
from pixelstudio.features.gallery.collections import (
    CollectionForm,
    change,
    collection_for,
    create,
    delete_collection,
    joined_by,
    pictures_of,
    set_collected,
    set_cover,
)
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.removal import remove_post
from pixelstudio.features.images.curation import throw_away
from pixelstudio.features.notifications.inbox import inbox_of
from tests.factories import a_post, a_user, an_image, done

FORM = CollectionForm(title="Coast", visibility="collaborative")


@pytest.fixture
async def three(studio):
    """Who made a collection, who has joined it, somebody else, and its id."""
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    collection_id = await done(studio, create, FORM, by=ines)
    await done(studio, invite, collection_id, "@omar", by=ines)
    await done(studio, join, collection_id, by=omar)
    return ines, omar, mika, collection_id


async def seen(studio, viewer, collection_id):
    async with studio.db.reader() as reader:
        view = await collection_for(reader, viewer, collection_id)
        ids = [post.image.id for post in (await pictures_of(reader, viewer, collection_id)).items]
    assert view.count == len(ids)
    return ids


async def has_bytes(studio, viewer, collection_id, image_id):
    async with studio.db.reader() as reader:
        try:
            await rendition_there(reader, viewer, collection_id, image_id, "512")
        except NotFound:
            return False
    return True


async def people(studio, viewer, collection_id):
    async with studio.db.reader() as reader:
        return [(one.person.handle, one.part) for one in await collaborators_of(reader, viewer, collection_id)]


async def test_who_is_invited_is_told_looks_in_and_belongs_to_it_once_they_joined(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    for _ in range(2):
        await done(studio, invite, collection_id, "Omar", by=ines)

    async with studio.db.reader() as reader:
        [line] = (await inbox_of(reader, omar)).items
        assert (line.kind, line.about_id, line.words) == ("invitation", collection_id, "Coast")
        assert [view.part for view in await joined_by(reader, omar)] == ["invited"]
        assert (await collection_for(reader, ines, collection_id)).visibility == "collaborative"
    assert await people(studio, omar, collection_id) == []
    await done(studio, join, collection_id, by=omar)
    assert await people(studio, omar, collection_id) == [("ines", "maker"), ("omar", "joined")]


async def test_they_put_in_and_take_out_pictures_of_their_own_and_no_others(studio, three):
    ines, omar, _, collection_id = three
    hers, his = await a_post(studio, ines), await a_post(studio, omar)
    await done(studio, set_collected, collection_id, hers, True, by=ines)

    await done(studio, set_collected, collection_id, his, True, by=omar)
    for is_in, image_id in ((False, hers), (True, await a_post(studio, ines))):
        with pytest.raises(NotAllowed, match="your own"):
            await done(studio, set_collected, collection_id, image_id, is_in, by=omar)

    assert await seen(studio, omar, collection_id) == [his, hers]
    await done(studio, set_collected, collection_id, his, False, by=omar)
    await done(studio, set_collected, collection_id, hers, False, by=ines)
    assert await seen(studio, ines, collection_id) == []


async def test_a_private_picture_is_seen_by_the_others_only_while_its_owner_says_so(studio, three):
    ines, omar, mika, collection_id = three
    hers, his = await an_image(studio, ines), await an_image(studio, omar)
    await done(studio, set_collected, collection_id, hers, True, by=ines)
    await done(studio, set_collected, collection_id, his, True, by=omar)
    await done(studio, invite, collection_id, "mika", by=ines)
    assert (await seen(studio, ines, collection_id), await seen(studio, omar, collection_id)) == ([hers], [his])

    await done(studio, let_see, collection_id, True, by=omar)
    assert (await seen(studio, ines, collection_id), await seen(studio, omar, collection_id)) == ([his, hers], [his])
    await done(studio, let_see, collection_id, True, by=ines)
    assert await seen(studio, omar, collection_id) == [his, hers]
    assert await seen(studio, mika, collection_id) == []  # invited, and not joined yet
    table = {(who.handle, what): await has_bytes(studio, who, collection_id, what) for who in (ines, omar, mika) for what in (hers, his)}
    assert {who for (who, _), is_seen in table.items() if is_seen} == {"ines", "omar"}
    assert not await has_bytes(studio, None, collection_id, hers)

    await done(studio, let_see, collection_id, False, by=omar)
    assert await seen(studio, ines, collection_id) == [hers]
    assert not await has_bytes(studio, ines, collection_id, his)


async def test_nothing_shows_what_is_in_the_trash_withdrawn_or_of_somebody_blocked(studio, three):
    ines, omar, _, collection_id = three
    kept, thrown, withdrawn = [await an_image(studio, omar) for _ in range(3)]
    for image_id in (kept, thrown, withdrawn):
        await done(studio, set_collected, collection_id, image_id, True, by=omar)
    await done(studio, let_see, collection_id, True, by=omar)
    assert await seen(studio, ines, collection_id) == [withdrawn, thrown, kept]

    await done(studio, throw_away, thrown, by=omar)
    await done(studio, remove_post, withdrawn)
    assert await seen(studio, ines, collection_id) == [kept]
    assert not await has_bytes(studio, ines, collection_id, withdrawn)
    await done(studio, block, omar.id, True, by=ines)
    assert await seen(studio, ines, collection_id) == []
    with pytest.raises(NotFound):
        await seen(studio, omar, collection_id)


@pytest.mark.parametrize("how", ["leaves", "is_removed"])
async def test_whoever_leaves_takes_their_private_pictures_along(studio, three, how):
    ines, omar, _, collection_id = three
    public, private = await a_post(studio, omar), await an_image(studio, omar)
    for image_id in (public, private):
        await done(studio, set_collected, collection_id, image_id, True, by=omar)
    await done(studio, let_see, collection_id, True, by=omar)

    for _ in range(1 if how == "leaves" else 2):
        if how == "leaves":
            await done(studio, leave_collection, collection_id, by=omar)
        else:
            await done(studio, remove_collaborator, collection_id, omar.id, by=ines)

    assert await seen(studio, ines, collection_id) == [public]
    with pytest.raises(NotFound):
        await seen(studio, omar, collection_id)


async def test_made_private_again_it_is_its_makers_alone(studio, three):
    ines, omar, _, collection_id = three
    private = await an_image(studio, omar)
    await done(studio, set_collected, collection_id, private, True, by=omar)
    await done(studio, let_see, collection_id, True, by=omar)

    await done(studio, change, collection_id, CollectionForm(title="Coast"), by=ines)

    assert await seen(studio, ines, collection_id) == []
    for refused in (seen(studio, omar, collection_id), done(studio, set_collected, collection_id, private, False, by=omar)):
        with pytest.raises(NotFound):
            await refused
    async with studio.db.reader() as reader:
        assert await joined_by(reader, omar) == []


async def test_only_its_maker_changes_it_and_a_stranger_does_nothing_at_all(studio, three):
    ines, omar, mika, collection_id = three
    hers = await a_post(studio, ines)
    await done(studio, set_collected, collection_id, hers, True, by=ines)
    makers = (
        (change, (FORM,)),
        (delete_collection, ()),
        (set_cover, (hers,)),
        (invite, ("mika",)),
        (remove_collaborator, (omar.id,)),
    )
    for command, arguments in makers:
        for by, refusal in ((omar, NotAllowed), (mika, NotFound)):
            with pytest.raises(refusal):
                await done(studio, command, collection_id, *arguments, by=by)
    for command, arguments in (
        (join, ()),
        (leave_collection, ()),
        (let_see, (True,)),
        (set_collected, (await an_image(studio, mika), True)),
    ):
        with pytest.raises(NotFound):
            await done(studio, command, collection_id, *arguments, by=mika)
    assert await people(studio, mika, collection_id) == []


async def test_an_invitation_names_a_person_and_has_bounds(studio, three, monkeypatch):
    ines, _, mika, collection_id = three
    await done(studio, block, ines.id, True, by=mika)

    for handle, refusal in (("nobody", NotFound), ("mika", NotFound), ("ines", Invalid)):
        with pytest.raises(refusal):
            await done(studio, invite, collection_id, handle, by=ines)
    monkeypatch.setattr(limits, "COLLABORATORS_MAX", 1)
    await a_user(studio.db, "lena")
    with pytest.raises(Conflict):
        await done(studio, invite, collection_id, "lena", by=ines)
