"""Walls: the control truly sorts, pages follow each other whatever the order, nothing private hangs, and no list asks once per picture."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pixelstudio.core.errors import Invalid
from pixelstudio.features.gallery.comments import threads_of, write
from pixelstudio.features.gallery.filters import WallFilter, wall_filter
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.walls import those_on, wall
from pixelstudio.features.images.curation import throw_away
from tests.factories import a_post, a_user, an_image, done
from tests.statements import statements_asked

DAY_S = 24 * 60 * 60


async def ids_on(studio, wanted, viewer=None, **more):
    async with studio.db.reader() as reader:
        return [post.image.id for post in (await wall(reader, viewer, wanted, **more)).items]


@pytest.fixture
async def world(studio, clock):
    """Old and much liked, newer and liked a little, newest and not at all."""
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    old = await a_post(studio, ines, prompt="old")
    for by in (omar, mika, ines):
        await done(studio, set_like, old, True, by=by)
    clock.advance(20 * DAY_S)
    newer = await a_post(studio, omar, prompt="newer")
    await done(studio, set_like, newer, True, by=ines)
    clock.advance(60)
    newest = await a_post(studio, ines, prompt="newest")
    return {"old": old, "newer": newer, "newest": newest, "ines": ines, "omar": omar, "mika": mika}


async def test_each_order_is_the_one_it_says(studio, world):
    old, newer, newest = world["old"], world["newer"], world["newest"]

    assert await ids_on(studio, WallFilter(sort="newest")) == [newest, newer, old]
    assert await ids_on(studio, WallFilter(sort="liked")) == [old, newer, newest]
    assert await ids_on(studio, WallFilter(sort="trending", period="24h")) == [newer, newest, old]
    assert await ids_on(studio, WallFilter(sort="trending", period="30d")) == [newer, old, newest]


async def test_a_period_changes_what_is_trending(studio, clock):
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    of_the_month = await a_post(studio, ines)
    for by in (ines, omar, mika):
        await done(studio, set_like, of_the_month, True, by=by)
    clock.advance(3 * DAY_S)
    of_today = await a_post(studio, ines)

    assert await ids_on(studio, WallFilter(period="24h")) == [of_today, of_the_month]
    assert await ids_on(studio, WallFilter(period="30d")) == [of_the_month, of_today]


@pytest.mark.parametrize("sort", ["trending", "liked", "newest"])
async def test_pages_follow_each_other_without_a_gap(studio, clock, sort):
    ines = await a_user(studio.db, "ines")
    made = set()
    for _ in range(5):
        clock.advance(0.25)
        made.add(await a_post(studio, ines))
    wanted = WallFilter(sort=sort)

    async with studio.db.reader() as reader:
        seen, before = [], ""
        while True:
            page = await wall(reader, None, wanted, before=before, limit=2)
            seen += [post.image.id for post in page.items]
            before = page.next_cursor
            if not before:
                break
        whole = [post.image.id for post in (await wall(reader, None, wanted)).items]
        assert (seen, set(seen)) == (whole, made)
        for nonsense in ("x", "MQ", "bmFuIGE", "4pyT"):
            with pytest.raises(Invalid):
                await wall(reader, None, wanted, before=nonsense)


async def test_a_feed_holds_those_one_follows_and_ones_likes_what_one_liked(studio, world):
    ines, mika = world["ines"], world["mika"]
    await done(studio, set_follow, ines.id, True, by=mika)

    assert await ids_on(studio, WallFilter(sort="newest", followed_by=mika.id), mika) == [world["newest"], world["old"]]
    assert await ids_on(studio, WallFilter(sort="newest", person_id=world["omar"].id)) == [world["newer"]]
    assert await ids_on(studio, WallFilter(liked_by=ines.id), ines) == [world["newer"], world["old"]]


async def test_a_feed_of_many_goes_on_page_by_page_whoever_shows_how_much(studio, clock):
    mika, *makers = [await a_user(studio.db, handle) for handle in ("mika", "ines", "omar", "noor", "lena")]
    made = []
    for turn, maker in enumerate([*makers, *makers[:1] * 5, makers[3], *makers]):
        clock.advance(60)
        made.append((await a_post(studio, maker, prompt=f"boat {turn}"), maker))
    for maker in makers[:3]:
        await done(studio, set_follow, maker.id, True, by=mika)
    wanted = WallFilter(sort="newest", followed_by=mika.id)

    async with studio.db.reader() as reader:
        seen, before = [], ""
        while len(seen) < len(made):
            page = await wall(reader, mika, wanted, before=before, limit=2)
            seen += [post.image.id for post in page.items]
            if not (before := page.next_cursor):
                break

    assert seen == [image_id for image_id, maker in reversed(made) if maker in makers[:3]]


async def test_what_one_likes_stays_among_ones_likes_while_one_may_see_it(studio, world):
    ines, omar = world["ines"], world["omar"]
    await done(studio, publish, world["newer"], PostForm(showing="link"), by=omar)
    assert world["newer"] in await ids_on(studio, WallFilter(liked_by=ines.id), ines)

    await done(studio, publish, world["newer"], PostForm(showing="private"), by=omar)
    assert world["newer"] not in await ids_on(studio, WallFilter(liked_by=ines.id), ines)


async def test_nothing_hangs_that_not_everybody_may_see(studio, world):
    ines = world["ines"]
    await an_image(studio, ines)
    await an_image(studio, ines, is_public=True)
    await done(studio, publish, world["old"], PostForm(showing="link"), by=ines)
    await done(studio, throw_away, world["newest"], by=ines)
    every = [world[name] for name in ("old", "newer", "newest")]

    for viewer in (None, ines):
        for wanted in (WallFilter(sort="newest"), WallFilter(sort="liked"), WallFilter(), WallFilter(words="old")):
            assert set(await ids_on(studio, wanted, viewer)) <= {world["newer"]}
    async with studio.db.reader() as reader:
        assert [post.image.id for post in await those_on(reader, ines, WallFilter(), every)] == [world["newer"]]


async def test_no_list_asks_once_per_picture(studio, world):
    ines, omar = world["ines"], world["omar"]
    for n in range(4):
        image_id = await a_post(studio, omar, prompt=f"boat {n} by a pier", tags="sea")
        await done(studio, write, image_id, "a @ines word", by=ines)
        root = await done(studio, write, world["old"], f"thread {n}", by=ines)
        await done(studio, write, world["old"], "answer @omar", by=ines, parent_id=root)
    await done(studio, set_follow, omar.id, True, by=ines)

    counts = {}
    async with studio.db.reader() as reader:
        await wall(reader, ines, WallFilter())  # on SQLite the first statement of a connection brings a BEGIN
        with statements_asked(studio.db) as asked:
            for name, wanted in (
                ("explore", WallFilter()),
                ("feed", WallFilter(sort="newest", followed_by=ines.id)),
                ("person", WallFilter(sort="newest", person_id=omar.id)),
                ("search", WallFilter(words="pier tag:sea by:omar")),
                ("a kind", WallFilter(words="boat tag:sea by:omar")),
            ):
                asked.clear()
                assert len((await wall(reader, ines, wanted)).items) > 3
                counts[name] = len(asked)
            asked.clear()
            assert len((await threads_of(reader, ines, world["old"])).items) == 4
            counts["threads"] = len(asked)

    search = 11 if studio.db.dialect == "sqlite" else 13
    assert counts == {"explore": 6, "feed": 9, "person": 6, "search": search, "a kind": search + 2, "threads": 7}


@pytest.mark.parametrize("order", ["heat_24h", "heat_48h", "heat_7d", "heat_30d", "likes", "published_at"])
async def test_every_order_has_its_index(studio, order):
    async with studio.db.transaction() as tx:
        if tx.dialect == "postgresql":
            await tx.exec(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
        explain = "EXPLAIN" if tx.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
        asked = f"{explain} SELECT image_id FROM post ORDER BY {order} DESC, image_id DESC LIMIT 40"
        plan = " ".join(str(row) for row in (await tx.exec(text(asked))).all())

    assert f"ix_post_{order}_image_id" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_an_address_names_what_is_known_and_nothing_else():
    assert wall_filter({"sort": "liked", "period": "48h", "q": "x" * 900}) == WallFilter(sort="liked", period="48h", words="x" * 200)
    assert wall_filter({"sort": "'; --", "period": "1y"}) == WallFilter()
