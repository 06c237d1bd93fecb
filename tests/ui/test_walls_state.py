"""Walls while they are open: what comes and is counted is told at once, to strangers too; what went is told without its name."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.follows import block, followed_by, set_follow
from pixelstudio.features.gallery.likes import liked_since, set_like
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.curation import restore, throw_away
from pixelstudio.ui.gallery.gallery_state import ExploreState, FeedState, LikesState, Weights
from pixelstudio.ui.gallery.searches_state import SavedSearches
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.inbox.inbox_state import InboxState
from pixelstudio.ui.person.person_state import PersonState
from pixelstudio.ui.unread import Unread
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_post, a_user, an_image, done
from tests.ui.driving import Tab


async def opened(tab, state: Any = ExploreState):
    await tab.start(state, "follow")
    await tab.wait_until(state, lambda page: page.is_loaded)


@pytest.mark.parametrize("who", ["stranger", "omar"])
async def test_what_is_published_liked_and_said_reaches_an_open_wall(open_studio, database, who):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    async with Tab("" if who == "stranger" else await a_cookie(database, omar.id), "/explore") as tab:
        await opened(tab)

        image_id = await a_post(open_studio, ines)
        await tab.wait_until(ExploreState, lambda page: page.news.came == [image_id])
        await done(open_studio, set_like, image_id, True, by=omar)
        await tab.wait_until(ExploreState, lambda page: page.news.counted == {image_id: [1, 0]})
        await done(open_studio, write, image_id, "a word", by=ines)
        await tab.wait_until(ExploreState, lambda page: page.news.counted == {image_id: [1, 1]})


async def test_nothing_private_ever_crosses(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    secret = "only she has read this"
    async with Tab(await a_cookie(database, omar.id), "/explore") as wall, Tab("", "/explore") as stranger:
        for tab in (wall, stranger):
            await opened(tab)
        private = await an_image(open_studio, ines, prompt=secret)
        by_link = await a_post(open_studio, ines, prompt=secret, showing="link")
        seen = await a_post(open_studio, ines)
        for tab in (wall, stranger):
            await tab.wait_until(ExploreState, lambda page: page.news.came == [seen])
        await done(open_studio, set_like, by_link, True, by=omar)
        for command in (throw_away, restore, throw_away):
            await done(open_studio, command, private, by=ines)
        frames = [len(tab.updates) for tab in (wall, stranger)]
        hidden = await a_post(open_studio, ines, prompt=secret)
        await done(open_studio, publish, hidden, PostForm(showing="private"), by=ines)
        for tab in (wall, stranger):
            await tab.wait_until(ExploreState, lambda page: page.news.again)
        await asyncio.sleep(0.25)

        assert [len(tab.updates) > before for tab, before in zip((wall, stranger), frames, strict=True)] == [True, True]
        for tab in (wall, stranger):
            assert [thing for thing in (private, by_link, secret) if thing in tab.said()] == []


async def test_who_is_blocked_hears_nothing(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    await done(open_studio, block, omar.id, True, by=ines)
    async with Tab(await a_cookie(database, omar.id), "/explore") as tab:
        await opened(tab)
        image_id = await a_post(open_studio, ines)
        after = await a_post(open_studio, await a_user(database, "mika"))
        await tab.wait_until(ExploreState, lambda page: page.news.came == [after])

        assert image_id not in tab.said()


async def test_a_feed_says_whom_to_look_for_and_a_person_is_counted_live(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    async with Tab(await a_cookie(database, omar.id), "/feed") as feed, Tab("", "/u/ines") as person:
        await opened(feed, FeedState)
        await person.send(PersonState, "begin")
        await opened(person, PersonState)
        assert not (await feed.look(FeedState)).follows_anybody

        await done(open_studio, set_follow, ines.id, True, by=omar)

        await person.wait_until(PersonState, lambda page: page.standing.followers == "1 follower")


async def test_who_follows_nobody_is_shown_people_and_follows_them_there(open_studio, database):
    ines, omar, mika = [await a_user(database, name) for name in ("ines", "omar", "mika")]
    ids = [await a_post(open_studio, person, title="Dusk") for person in (ines, mika)]
    async with Tab(await a_cookie(database, omar.id), "/feed") as feed:
        await opened(feed, FeedState)
        page = await feed.look(FeedState)
        assert {one.person.handle: [(picture.id, picture.alt) for picture in one.latest] for one in page.people} == {
            "ines": [(ids[0], "Dusk")],
            "mika": [(ids[1], "Dusk")],
        }
        assert (page.begins, page.follows_anybody) == (True, False)

        await feed.send(FeedState, "follow_person", handle="ines", followed=True)

        page = await feed.look(FeedState)
        assert {one.person.handle: one.is_followed for one in page.people} == {"ines": True, "mika": False}
        assert (page.begins, page.follows_anybody, page.news.again) == (True, True, True)
        async with database.reader() as reader:
            assert await followed_by(reader, omar, 9) == [ines.id]
        await feed.send(FeedState, "follow_person", handle="ines", followed=False)
        assert not (await feed.look(FeedState)).follows_anybody
        for nobody in ("omar", "x"):
            await feed.send(FeedState, "follow_person", handle=nobody, followed=True)
            assert (await feed.look(FeedState)).notice.kind == "error"


async def test_a_picture_page_shows_likes_comments_and_its_end_to_everybody_who_watches(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    image_id = await a_post(open_studio, ines, title="Dusk")
    async with Tab("", f"/image/{image_id}") as stranger, Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as hers:
        for tab in (stranger, hers):
            await opened(tab, PostState)

        await done(open_studio, set_like, image_id, True, by=omar)
        await done(open_studio, write, image_id, "Look, @ines", by=omar)

        for tab in (stranger, hers):
            await tab.wait_until(PostState, lambda page: (page.likes, page.comment_count, len(page.threads)) == (1, 1, 1))
            (thread,) = (await tab.look(PostState)).threads
            assert [(piece.text, piece.handle) for piece in thread.comment.pieces] == [("Look, ", ""), ("@ines", "ines")]
        await done(open_studio, publish, image_id, PostForm(title="Dusk", showing="private"), by=ines)
        await stranger.wait_until(PostState, lambda page: page.shown.title == "" and page.threads == [])
        assert (await hers.look(PostState)).shown.title == "Dusk"


async def test_the_inbox_and_its_count_are_live(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    image_id = await a_post(open_studio, ines, title="Dusk")
    async with Tab(await a_cookie(database, ines.id), "/inbox") as tab:
        await opened(tab, InboxState)
        await tab.start(Unread, "follow")

        await done(open_studio, set_like, image_id, True, by=omar)

        await tab.wait_until(InboxState, lambda page: len(page.lines) == 1)
        await tab.wait_until(Unread, lambda rail: rail.count == "1")
        line = (await tab.look(InboxState)).lines[0]
        assert (line.person.handle, line.said, line.title, line.href) == ("omar", "likes your picture", "Dusk", f"/image/{image_id}")
        await tab.send(InboxState, "read_everything")
        await tab.wait_until(Unread, lambda rail: rail.count == "")


async def test_the_form_begins_with_what_is_proposed_and_what_is_refused_is_said(open_studio, database):
    ines = await a_user(database, "ines")
    image_id = await an_image(open_studio, ines, prompt="a red lighthouse, in fog")
    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab, PostState)
        assert ((await tab.look(PostState)).shown.title, (await tab.look(PostState)).is_open) == ("a red lighthouse", False)

        await tab.send(PostState, "publish", form={"title": "x" * 200, "showing": "public"})
        assert (await tab.look(PostState)).notice.field == "title"
        await tab.send(PostState, "publish", form={"title": "Fog", "tags": "sea", "showing": "public"})

        page = await tab.look(PostState)
        assert (page.shown.title, page.shown.tags, page.is_published, page.notice.kind) == ("Fog", ["sea"], True, "note")
        await tab.send(PostState, "write", form={"words": "Mine."})
        comment = (await tab.look(PostState)).threads[0].comment
        await tab.send(PostState, "edit", which=comment.id)
        await tab.send(PostState, "edit_comment", form={"comment_id": comment.id, "words": "Ours."})
        page = await tab.look(PostState)
        assert (page.threads[0].comment.words, page.editing, page.written) == ("Ours.", "", 1)


async def test_an_unliked_picture_comes_back_by_undo_and_one_liked_elsewhere_comes_at_once(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    image_id, other = await a_post(open_studio, ines), await a_post(open_studio, ines)
    await done(open_studio, set_like, image_id, True, by=omar)

    async with Tab(await a_cookie(database, omar.id), "/likes") as tab:
        await opened(tab, LikesState)
        await tab.send(LikesState, "like", image_id=image_id, liked=False)
        assert (await tab.look(LikesState)).notice.action == "Undo"
        await tab.send(LikesState, "undo")
        assert (await tab.look(LikesState)).news.came == [image_id]
        async with database.reader() as reader:
            assert await liked_since(reader, image_id, by=omar)

        await done(open_studio, set_like, other, True, by=omar)
        await tab.wait_until(LikesState, lambda page: other in page.news.came)
        await tab.send(LikesState, "undo")
        assert (await tab.look(LikesState)).notice is None


async def test_what_counts_is_remembered_and_the_wall_by_it_is_a_members_alone(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    image_id = await a_post(open_studio, ines)
    cookie = await a_cookie(database, omar.id)
    async with Tab(cookie, "/explore") as tab:
        await opened(tab)
        assert [card.handle for card in (await tab.look(ExploreState)).creators] == ["ines"]
        await tab.send(ExploreState, "weigh", fresh=10, popular=0, novel=0, following=0)
        await tab.send(ExploreState, "weigh", fresh=11, popular=0, novel=0, following=0)
        page = await tab.look(ExploreState)
        assert (page.weights, page.notice.code) == (Weights(10, 0, 0, 0), "leaning_invalid")
    async with served(open_studio) as address:
        for who, has_why in ((cookie, True), ("", False)):
            async with a_browser(address, who) as browser:
                for asked in ("", f"&only={image_id}"):
                    (card,) = (await browser.get(f"/api/gallery/explore?sort=yours{asked}")).json()["pictures"]
                    assert (card["id"], "why" in card) == (image_id, has_why)
                    if has_why:
                        assert card["why"] == {"fresh": 10.0, "popular": 0.0, "novel": 0.0, "following": 0.0, "likedOfMaker": 0}


async def test_a_search_is_kept_told_of_and_deleted_with_the_way_back(open_studio, database):
    ines = await a_user(database, "ines")
    async with Tab(await a_cookie(database, ines.id), "/search") as tab:
        await tab.send(SavedSearches, "list_searches")

        async def shown():
            return [(line.name, line.href, line.is_told) for line in (await tab.look(SavedSearches)).searches]

        await tab.send(SavedSearches, "save", form={"name": "Sea", "words": "tag:sea & fog"})
        (line,) = (await tab.look(SavedSearches)).searches
        await tab.send(SavedSearches, "set_told", search_id=line.id, told=True)
        assert await shown() == [("Sea", "/search?q=tag%3Asea+%26+fog", True)]
        await tab.send(SavedSearches, "delete", search_id=line.id)
        assert (await shown(), (await tab.look(SavedSearches)).notice.action) == ([], "Undo")
        for _ in range(2):
            await tab.send(SavedSearches, "undo")
        assert await shown() == [("Sea", "/search?q=tag%3Asea+%26+fog", True)]
        await tab.send(SavedSearches, "save", form={"words": " "})
        assert (await tab.look(SavedSearches)).notice.code == "search_empty"
    async with Tab("", "/search") as stranger:
        await stranger.send(SavedSearches, "list_searches")
        assert ((await stranger.look(SavedSearches)).searches, (await stranger.look(SavedSearches)).is_member) == ([], False)


@pytest.mark.parametrize(("state", "path"), [(ExploreState, "/explore"), (PostState, "/image/x")])
async def test_a_collection_is_begun_with_the_picture_where_it_is_looked_at(open_studio, database, state, path):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    image_id = await a_post(open_studio, ines)
    async with Tab(await a_cookie(database, omar.id), path) as tab:
        await tab.send(state, "collect_anew", form={"shelf_title": " Water "}, image_ids=[image_id])
        notice = (await tab.look(state)).notice
        await tab.send(state, "open_shelf", image_ids=[image_id])
        held = (await tab.look(state)).shelf
        told = []
        for is_in in (False, True):
            await tab.send(state, "collect", collection_id=held.places[0].id, image_ids=[image_id], held=is_in)
            told.append((await tab.look(state)).notice.sentence)
        await tab.send(state, "open_shelf", image_ids=[])
        closed = (await tab.look(state)).shelf

    [place] = held.places
    assert (held.pictures, place.title, place.count, place.held) == ([image_id], "Water", "1 picture", "all")
    assert (notice.sentence, notice.href) == ("Collected in Water.", f"/collections/{place.id}")
    assert told == ["Taken out of Water.", "Collected in Water."]
    assert (closed.pictures, closed.places) == ([], [])
