"""Ratings hold on every list, whatever serves it: every route without an id, every open wall, the inbox, counts and covers, for everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.api.app import make_api
from pixelstudio.core.ratings import RATINGS, up_to
from pixelstudio.features.accounts.wishes import go_up_to
from pixelstudio.features.gallery.collections import CollectionForm, collection_for, create, set_collected
from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.follows import set_follow, standing_of
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.links import LinkForm, make_link
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.copies import keep_look
from pixelstudio.features.images.stories import _near
from pixelstudio.features.notifications.inbox import inbox_of, unread_of
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.fingerprints import FLAT
from pixelstudio.imaging.likeness import look_of
from pixelstudio.ui import session
from pixelstudio.ui.collections.collections_state import CollectionState
from pixelstudio.ui.gallery.gallery_state import ExploreState, FeedState, LikesState
from pixelstudio.ui.gallery.walls import Walls
from pixelstudio.ui.person.person_state import PersonState
from tests.api.pages import SHELLS
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_post, a_studio, a_user, an_image, done
from tests.imaging.test_looks import a_field
from tests.ui.driving import Tab
from tests.visibility.copies import Copy
from tests.visibility.test_routes import paths_of

VIEWERS = {"stranger": ("general",), **{sees: up_to(sees) for sees in RATINGS}, "owner": RATINGS}
ASKED = ("", "?sort=newest", "?sort=liked", "?q=lighthouse", "?only={ids}", "?colours=2f5d8a", "?similar={source}")
SHADES = ("#2f5d8a", "#305080", "#345a88")
SHOWN = {
    *(f"/api/gallery/{wall}" for wall in ("explore", "search", "people/{handle}", "collections/{collection_id}")),
    *("/u/{handle}/feed.xml", "/sitemap.xml", "/api/gallery/shared/{secret}"),
}
MEMBERS = {"/api/gallery/feed", "/api/gallery/likes"}
ALL_ANSWERED_ALIKE = {"/u/{handle}/feed.xml", "/sitemap.xml", "/api/gallery/shared/{secret}"}
"""Public and kept by whoever stands between, or for whoever has a secret: nobody's wishes are asked."""
WALLS = {
    ExploreState: "/explore",
    FeedState: "/feed",
    LikesState: "/likes",
    PersonState: "/u/owner",
    CollectionState: "/collections/{collection_id}",
}


_kept = {}
"""Of the first world on each kind of database what it held, and how it is called."""


@pytest.fixture
async def world(database, clock):
    """A picture of each rating by one person, and somebody for each wish who follows her, likes all of them and is mentioned under each."""
    children = ChildPool(size=1)
    studio = a_studio(database, clock, children)
    session.install(studio)
    if kept := _kept.get(database.dialect):
        copy, names = kept
        await copy.give(studio)
    else:
        names = await founded(studio)
        _kept[database.dialect] = await Copy.of(studio), names
    yield {"studio": studio, **names, "people": dict(names["people"]), "ids": dict(names["ids"])}
    session.uninstall()
    await children.close()


async def founded(studio):
    """By commands of the product."""
    people = {name: await a_user(studio.db, name) for name in ("owner", *RATINGS)}
    for sees in RATINGS:
        await done(studio, go_up_to, sees, by=people[sees])
        people[sees] = replace(people[sees], sees=sees)
    owner = people["owner"]
    ids = {rating: await a_seen_post(studio, owner, rating, shade) for rating, shade in zip(RATINGS, SHADES, strict=True)}
    source = await a_seen_post(studio, people["general"], "general", SHADES[0])
    collection_id = await done(studio, create, CollectionForm(title="All", visibility="public"), by=owner)
    for image_id in ids.values():
        await done(studio, set_collected, collection_id, image_id, is_in=True, by=owner)
        for sees in RATINGS:
            await done(studio, set_like, image_id, True, by=people[sees])
        await done(studio, write, image_id, " ".join(f"@{sees}" for sees in RATINGS), by=owner)
    for sees in RATINGS:
        await done(studio, set_follow, owner.id, True, by=people[sees])
    link = await done(studio, make_link, collection_id, LinkForm(), by=owner)
    return {"people": people, "ids": ids, "collection_id": collection_id, "source": source, "secret": link.secret}


async def a_seen_post(studio, by, rating, shade):
    """A post whose colours are known."""
    image_id = await an_image(studio, by)
    await done(studio, keep_look, image_id, 0x5A5A << 40, look_of(a_field("#2f5d8a", shade)))
    await done(studio, publish, image_id, PostForm(rating=rating), by=by)
    return image_id


def ratings_in(text, ids):
    return tuple(rating for rating in RATINGS if ids[rating] in text)


async def test_no_route_without_an_id_names_what_its_viewer_does_not_want(world):
    ids, filled = world["ids"], {"handle": "owner", "collection_id": world["collection_id"], "secret": world["secret"], "path": "x"}
    paths = [path for path in paths_of(make_api().routes) if path.count("{") == sum(f"{{{name}" in path for name in filled)]
    assert {*SHOWN, *MEMBERS} <= set(paths)
    assert len(paths) > 40

    async with served(world["studio"], SHELLS) as address:
        for who, wanted in VIEWERS.items():
            cookie = "" if who == "stranger" else await a_cookie(world["studio"].db, world["people"][who].id)
            async with a_browser(address, cookie) as browser:
                for path in paths:
                    for asked in ASKED if path.startswith("/api/gallery") else ASKED[:1]:
                        address_ = path.replace("{path:path}", "x").format(**filled) + asked.format(
                            ids=",".join(ids.values()), source=world["source"]
                        )
                        found = ratings_in((await browser.get(address_)).text, ids)

                        allowed = ("general",) if path in ALL_ANSWERED_ALIKE else wanted
                        is_own = who == "owner" and path not in SHOWN
                        assert (who, address_, set(found) <= set(RATINGS if is_own else allowed)) == (who, address_, True)
                        is_asked = path != "/api/gallery/search" or any(name in asked for name in ("q=", "colours=", "similar="))
                        if (path in SHOWN and is_asked) or (path in MEMBERS and who in RATINGS):
                            assert (who, address_, found) == (who, address_, allowed)


async def test_what_programs_read_of_a_marked_picture_says_that_it_is_marked_and_no_more(world):
    ids = world["ids"]
    async with served(world["studio"], SHELLS) as address, a_browser(address, "") as browser:
        for rating in RATINGS:
            page = await browser.get(f"/image/{ids[rating]}")
            embed = await browser.get(f"/api/oembed?url=https://a.example/image/{ids[rating]}")

            is_general = rating == "general"
            assert page.status_code == 200
            assert (f"/media/{ids[rating]}" in page.text, "lighthouse" in page.text) == (is_general, is_general)
            assert (f"marked as {rating}" in page.text, "noindex" in page.text) == (not is_general, not is_general)
            assert embed.status_code == (200 if is_general else 404)


async def test_counts_covers_the_inbox_and_what_looks_alike_hold_to_it_too(world):
    studio, ids = world["studio"], world["ids"]
    async with studio.db.reader() as reader:
        digest = (await reader.exec(_digest_of(ids["general"]))).scalar_one()
        for who, wanted in VIEWERS.items():
            viewer = world["people"].get(who)
            view = await collection_for(reader, viewer, world["collection_id"])
            standing = await standing_of(reader, viewer, view.person)
            near = await _near(reader, viewer, digest, FLAT)

            assert (view.count, standing.pictures, len(view.cover)) == (len(wanted),) * 3
            assert {rating for rating in RATINGS if ids[rating] in near} == set(wanted)
            if who in RATINGS:
                mentions = {line.image_id for line in (await inbox_of(reader, viewer)).items if line.kind == "mention"}
                assert mentions == {ids[rating] for rating in wanted}
                assert await unread_of(reader, viewer) == len(mentions)


def _digest_of(image_id):
    from sqlalchemy import select
    from sqlmodel import col

    from pixelstudio.features.images.tables import ImageRow

    return select(col(ImageRow.digest)).where(col(ImageRow.id) == image_id)


def test_every_wall_that_can_be_open_is_listened_to_here():
    assert set(WALLS) == set(Walls.__subclasses__())


@pytest.mark.parametrize("state", WALLS, ids=lambda state: state.__name__)
@pytest.mark.parametrize("who", ["stranger", "general", "sensitive"])
async def test_an_open_wall_hears_of_nothing_its_viewer_does_not_want(world, state, who):
    studio, owner = world["studio"], world["people"]["owner"]
    if state in {FeedState, LikesState} and who == "stranger":
        return
    cookie = "" if who == "stranger" else await a_cookie(studio.db, world["people"][who].id)
    async with Tab(cookie, WALLS[state].format(**world)) as tab:
        if "begin" in state.event_handlers:
            await tab.send(state, "begin")
        await tab.start(state, "follow")
        await tab.wait_until(state, lambda page: page.is_loaded)

        mature = await a_post(studio, owner, rating="mature")
        await done(studio, set_like, mature, True, by=owner)
        general = await a_post(studio, owner)
        if state is LikesState:
            for image_id in (mature, general):
                await done(studio, set_like, image_id, True, by=world["people"][who])
        await tab.wait_until(state, lambda page: general in page.news.came, timeout_s=10)
        await done(studio, publish, general, PostForm(rating="mature"), by=owner)
        await tab.wait_until(state, lambda page: page.news.again, timeout_s=10)

        assert [image_id for image_id in (mature, world["ids"]["mature"]) if image_id in tab.said()] == []
