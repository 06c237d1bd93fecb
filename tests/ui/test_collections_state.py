"""Collections while they are open: moved with a way back, shared, and who looks just now told to their people, and to them alone."""

from __future__ import annotations

import contextlib
import re

import pytest

from pixelstudio.core import limits
from pixelstudio.features.gallery.collaborators import invite, join, remove_collaborator
from pixelstudio.features.gallery.collections import CollectionForm, create, pictures_of, set_all_collected, set_collected
from pixelstudio.features.gallery.links import shared_by
from pixelstudio.features.gallery.proofs import Opinion, give
from pixelstudio.ui.collections.collections_state import CollectionsState, CollectionState
from pixelstudio.ui.collections.sharing_state import SharingState
from tests.factories import a_cookie, a_post, a_user, an_image, done
from tests.ui.driving import Tab


@contextlib.asynccontextmanager
async def looking(database, by, collection_id, *, be_here=False):
    async with Tab(await a_cookie(database, by.id) if by else "", f"/collections/{collection_id}") as tab:
        for state in (CollectionState, SharingState):
            await tab.start(state, "follow")
            await tab.wait_until(state, lambda page: page.is_loaded)
        if be_here:
            await tab.start(SharingState, "be_here")
        yield tab


async def hanging(database, viewer, collection_id):
    async with database.reader() as reader:
        return [post.image.id for post in (await pictures_of(reader, viewer, collection_id)).items]


@pytest.fixture
async def shared(open_studio, database):
    """Who made a collection everybody may see, who joined it, and its id."""
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    collection_id = await done(open_studio, create, CollectionForm(title="Coast", visibility="public"), by=ines)
    await done(open_studio, invite, collection_id, "omar", by=ines)
    await done(open_studio, join, collection_id, by=omar)
    return ines, omar, collection_id


async def test_one_that_was_moved_lies_there_at_once_and_undo_lays_it_back(open_studio, database):
    ines = await a_user(database)
    outer, inner = [await done(open_studio, create, CollectionForm(title=title), by=ines) for title in ("Year", "Month")]

    async with Tab(await a_cookie(database, ines.id), "/collections") as tab:
        await tab.start(CollectionsState, "follow")
        await tab.wait_until(CollectionsState, lambda page: len(page.collections) == 2)
        await tab.send(CollectionsState, "list_places", collection_id=inner)
        assert [place.id for place in (await tab.look(CollectionsState)).places] == [outer]

        await tab.send(CollectionsState, "move_to", collection_id=inner, into=outer)
        await tab.wait_until(CollectionsState, lambda page: [card.id for card in page.collections] == [outer])
        async with looking(database, ines, inner) as other:
            assert [step.title for step in (await other.look(CollectionState)).way] == ["Year"]
            assert (await tab.look(CollectionsState)).notice.action == "Undo"
            await tab.send(CollectionsState, "undo")
            await other.wait_until(CollectionState, lambda page: page.way == [])
        await tab.wait_until(CollectionsState, lambda page: len(page.collections) == 2)


async def test_taking_out_says_of_what_and_undo_puts_it_back_where_it_hung_for_who_may(shared, open_studio, database):
    ines, omar, collection_id = shared
    ids = [await a_post(open_studio, omar) for _ in range(3)]
    await done(open_studio, set_all_collected, collection_id, ids, True, by=ines)

    async with looking(database, omar, collection_id) as his:
        await his.send(CollectionState, "take_out", image_id=ids[1])
        notice = (await his.look(CollectionState)).notice
        assert (notice.sentence, notice.action) == ("Taken out of Coast.", "Undo")
        await his.send(CollectionState, "undo")
        assert (await his.look(CollectionState)).notice is None
        assert await hanging(database, ines, collection_id) == ids[::-1]

        await his.send(CollectionState, "take_out", image_id=ids[1])
        await done(open_studio, remove_collaborator, collection_id, omar.id, by=ines)
        await his.send(CollectionState, "undo")
        assert (await his.look(CollectionState)).notice.kind == "error"
        assert await hanging(database, ines, collection_id) == [ids[2], ids[0]]


async def test_an_own_picture_is_a_favourite_or_thrown_away_where_it_hangs_and_undo_hangs_it_again(shared, open_studio, database):
    ines, omar, collection_id = shared
    image_id = await an_image(open_studio, omar)
    await done(open_studio, set_collected, collection_id, image_id, True, by=omar)

    async with looking(database, omar, collection_id) as his:
        await his.send(CollectionState, "set_favourite", image_id=image_id, favourite=True)
        async with database.reader() as reader:
            assert [post.image.is_favourite for post in (await pictures_of(reader, omar, collection_id)).items] == [True]

        await his.send(CollectionState, "throw_away", image_id=image_id)
        notice = (await his.look(CollectionState)).notice
        assert (notice.sentence.endswith("” is in the trash."), notice.action) == (True, "Undo")
        assert await hanging(database, omar, collection_id) == []
        told = (await his.look(CollectionState)).news.number
        await his.send(CollectionState, "undo")
        assert await hanging(database, omar, collection_id) == [image_id]
        news = (await his.look(CollectionState)).news
        assert (news.number, news.again) == (told + 1, True)

    async with looking(database, ines, collection_id) as hers:
        for handler, sent in (("set_favourite", {"favourite": False}), ("throw_away", {})):
            await hers.send(CollectionState, handler, image_id=image_id, **sent)
            assert (await hers.look(CollectionState)).notice.code == "not_found"
    assert await hanging(database, omar, collection_id) == [image_id]


async def test_who_looks_is_seen_by_the_others_and_gone_when_the_tab_closes(shared, database):
    ines, omar, collection_id = shared
    mika = await a_user(database, "mika")

    async with looking(database, ines, collection_id) as hers, looking(database, mika, collection_id) as strangers:
        async with looking(database, omar, collection_id, be_here=True) as his:
            await hers.wait_until(SharingState, lambda page: [one.handle for one in page.present] == ["omar"])
            his.leave()
            await hers.wait_until(SharingState, lambda page: page.present == [])
        told = strangers.said()
    assert not re.search(r"\bomar\b", told)  # as a word: a random id may have these four letters in it
    assert omar.id not in told


async def test_who_joins_while_the_page_is_open_is_there_at_the_next_beat(shared, open_studio, database, monkeypatch):
    ines, _, collection_id = shared
    mika = await a_user(database, "mika")
    monkeypatch.setattr(limits, "PRESENCE_BEAT_S", 0.05)

    async with looking(database, ines, collection_id) as hers, looking(database, mika, collection_id, be_here=True) as tab:
        await done(open_studio, invite, collection_id, "mika", by=ines)
        await done(open_studio, join, collection_id, by=mika)
        await hers.wait_until(SharingState, lambda page: [one.handle for one in page.present] == ["mika"])
        tab.leave()
        await hers.wait_until(SharingState, lambda page: page.present == [])


async def test_an_invitation_reaches_the_open_page_and_is_answered_there(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    collection_id = await done(open_studio, create, CollectionForm(title="Coast"), by=ines)

    async with Tab(await a_cookie(database, omar.id), "/collections") as tab, looking(database, ines, collection_id) as hers:
        await tab.start(CollectionsState, "follow")
        await hers.send(SharingState, "invite_person", form={"handle": "omar"})
        await tab.wait_until(CollectionsState, lambda page: [card.part for card in page.joined] == ["invited"])
        async with looking(database, omar, collection_id) as his:
            await his.send(CollectionState, "join_this")
            await hers.wait_until(SharingState, lambda page: [one.part for one in page.people] == ["maker", "joined"])
            await hers.send(SharingState, "remove_person", person_id=omar.id)
            await his.wait_until(CollectionState, lambda page: page.card.id == "")
        await tab.wait_until(CollectionsState, lambda page: page.joined == [])


async def test_a_link_is_shown_once_and_opinions_come_before_its_makers_eyes(shared, open_studio, database):
    ines, omar, collection_id = shared
    image_id = await a_post(open_studio, ines)
    await done(open_studio, set_collected, collection_id, image_id, True, by=ines)

    async with looking(database, ines, collection_id) as tab, looking(database, omar, collection_id) as his:
        await tab.send(SharingState, "make_a_link", form={"link_days": "1", "link_use": "proof"})
        page = await tab.look(SharingState)
        secret = page.made.rpartition("/shared/")[2]
        assert [link.shows for link in page.links] == ["For opinions, without your private pictures"]
        async with database.reader() as reader:
            assert (await shared_by(reader, secret)).is_proofing

        await done(open_studio, give, secret, image_id, "Anna", Opinion(is_loved=True, verdict="approved", words="Yes"))
        await tab.wait_until(SharingState, lambda page: page.marks == {image_id: [1, 1, 0]})
        assert [(proof.guest, proof.words) for proof in (await tab.look(SharingState)).proofs] == [("Anna", "Yes")]
        await tab.send(SharingState, "put_link_away")
        assert (await tab.look(SharingState)).made == ""
        await tab.send(SharingState, "revoke_a_link", link_id=page.links[0].id)
        assert (await tab.look(SharingState)).links == []
        assert "Anna" not in his.said()
        for days in ("", "2", "-1", "\u0663", "9" * 9):
            await tab.send(SharingState, "make_a_link", form={"link_days": days})
            assert (await tab.look(SharingState)).notice.field == "days"
