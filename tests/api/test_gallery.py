"""The gallery over plain HTTP: what is found by words, colours and likeness, to whom, and what the search field offers while one types."""

from __future__ import annotations

import pytest

from pixelstudio.features.gallery.collaborators import invite, join, let_see
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.curation import set_favourite
from pixelstudio.features.images.pictures import set_visibility
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_post, a_user, done
from tests.features.gallery.test_lineage import made_from
from tests.features.gallery.test_nearness import shown
from tests.imaging.test_looks import a_field

STRANGE = (
    "colours=2f5d8a-", "colours=zzzzzz", "colours=" + "-".join(["2f5d8a"] * 9), "similar=", "similar=x", "similar=%00", "similar=' OR 1=1",
    "q=date:2026-99&colours=2f5d8a", "q=%00&similar=1", "colours=2f5d8a&before=nothing", "limit=0&colours=2f5d8a", "only=x,,%00&colours=2f5d8a",
    "q=" + "seed:" * 90, "q=size:9x9x9+is:+date:..+by:@",
)  # fmt: skip


@pytest.fixture
async def world(studio):
    """Two blue pictures of one person's and a red one of another's."""
    ines, omar = [await a_user(studio.db, handle) for handle in ("ines", "omar")]
    blue, navy = [await shown(studio, ines, a_field("#2f5d8a", shade), tags="sea") for shade in ("#2f5d8a", "#305080")]
    red = await shown(studio, omar, a_field("#c8301d"), tags="seal, fire")
    return {"ines": ines, "omar": omar, "blue": blue, "navy": navy, "red": red}


async def found(browser, query):
    answer = await browser.get(f"/api/gallery/search?{query}")
    assert (query, answer.status_code) == (query, 200)
    cards = answer.json()["pictures"]
    assert [card["at"] for card in cards] == sorted((card["at"] for card in cards), reverse=True)
    return {card["id"] for card in cards}


async def test_colours_and_likeness_find_the_nearest_first_to_whoever_asks(studio, address, world):
    async with a_browser(address) as browser:
        assert await found(browser, "colours=2f5d8a") == {world["blue"], world["navy"]}
        assert await found(browser, "colours=C8301D&q=tag:fire") == {world["red"]}
        assert await found(browser, "colours=c8301d&q=tag:sea") == set()
        assert await found(browser, f"similar={world['blue']}") == {world["navy"]}
        assert await found(browser, f"colours=2f5d8a&only={world['navy']},{world['red']}") == {world["navy"]}
        page = (await browser.get("/api/gallery/search?colours=2f5d8a&limit=1")).json()
        rest = await found(browser, f"colours=2f5d8a&limit=1&before={page['next']}")
        assert {page["pictures"][0]["id"], *rest} == {world["blue"], world["navy"]}


async def test_what_is_out_of_sight_is_found_by_nobody_and_likened_to_by_its_owner_alone(studio, address, world):
    cookies = {who: await a_cookie(studio.db, world[who].id) for who in ("ines", "omar")}
    await done(studio, publish, world["blue"], PostForm(showing="private"), by=world["ines"])

    for who, likened in (("ines", {world["navy"]}), ("omar", set()), ("", set())):
        async with a_browser(address, cookies.get(who, "")) as browser:
            assert await found(browser, "colours=2f5d8a") == {world["navy"]}
            assert await found(browser, f"similar={world['blue']}") == likened
    await done(studio, block, world["ines"].id, True, by=world["omar"])
    async with a_browser(address, cookies["omar"]) as browser:
        assert await found(browser, "colours=2f5d8a") == set()


async def test_what_one_likes_is_found_by_oneself(studio, address, world):
    await done(studio, set_like, world["blue"], True, by=world["omar"])
    for cookie, ids in ((await a_cookie(studio.db, world["omar"].id), {world["blue"]}), ("", set())):
        async with a_browser(address, cookie) as browser:
            assert await found(browser, "q=is:liked") == ids
            assert await found(browser, "q=is:liked&colours=2f5d8a") == ids


async def test_explore_hangs_pictures_of_one_prompt_apart_and_pages_follow_each_other(studio, address, clock):
    ines, omar = [await a_user(studio.db, handle) for handle in ("ines", "omar")]
    made = []
    for by, prompt in ((omar, "tree"), (ines, "boat"), (ines, "boat")):
        made.append(await a_post(studio, by, prompt=prompt))
        clock.advance(60)
    tree, boat, newest = made

    async with a_browser(address) as browser:

        async def hanging(query):
            page = (await browser.get(f"/api/gallery/explore?{query}")).json()
            return [card["id"] for card in page["pictures"]], page["next"]

        assert (await hanging(""))[0] == [newest, tree, boat]
        assert (await hanging("sort=newest"))[0] == [newest, boat, tree]
        first, mark = await hanging("limit=2")
        assert first + (await hanging(f"limit=2&before={mark}"))[0] == [newest, boat, tree]


async def test_nothing_that_is_asked_is_an_error_of_ours(address, world):
    async with a_browser(address) as browser:
        for query in STRANGE:
            for path in ("search", "explore"):
                assert (query, (await browser.get(f"/api/gallery/{path}?{query}")).status_code) in {(query, 200), (query, 422)}


async def offered(browser, field, typed):
    return (await browser.get("/api/gallery/suggestions", params={"field": field, "typed": typed})).json()["values"]


async def test_the_field_offers_what_there_is(address, world):
    async with a_browser(address) as browser:
        assert await offered(browser, "tag", "Se") == ["sea", "seal"]
        assert await offered(browser, "tag", "") == []
        assert await offered(browser, "by", "@O") == ["omar"]
        assert await offered(browser, "style", "p") == ["pastel"]
        assert "sketch-paper" in await offered(browser, "model", "paper")
        assert await offered(browser, "is", "l") == ["liked", "landscape"]
        assert await offered(browser, "size", "") == ["square", "landscape", "portrait"]
        assert await offered(browser, "date", "y") == ["yesterday", "year"]
        for field, typed in (("seed", "1"), ("nothing", ""), ("tag", "%"), ("by", "_"), ("by", "' OR"), ("tag", "x" * 300)):
            assert (field, typed, await offered(browser, field, typed)) == (field, typed, [])


async def test_no_tag_of_what_somebody_may_not_see_is_offered(studio, address, world):
    ines = world["ines"]
    await a_post(studio, ines, tags="secret-plan", showing="private")
    await a_post(studio, ines, tags="secret-link", showing="link")
    await a_post(studio, ines, tags="secret-mature", rating="mature")
    cookies = {who: await a_cookie(studio.db, world[who].id) for who in ("ines", "omar")}

    for who, tags in (("", []), ("omar", []), ("ines", ["secret-mature"])):
        async with a_browser(address, cookies.get(who, "")) as browser:
            assert (who, await offered(browser, "tag", "secret")) == (who, tags)


async def test_what_a_remix_changed_is_told_to_whoever_is_led_to_its_parent(studio, address):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    parent = await a_post(studio, ines, prompt="a red mug")
    child = await made_from(studio, parent, await a_post(studio, omar, prompt="a blue mug"), omar)
    path = f"/api/gallery/remixes/{child}"

    async with a_browser(address) as stranger, a_browser(address, await a_cookie(studio.db, ines.id)) as maker:
        told = (await stranger.get(path)).json()
        assert told["words"][1:3] == [{"kind": "gone", "words": " red"}, {"kind": "new", "words": " blue"}]
        assert told["settings"] == []
        assert (await stranger.get(f"/api/gallery/remixes/{parent}")).json() == {}

        await done(studio, set_visibility, parent, "private", by=ines)
        assert (await stranger.get(path)).json() == {}
        assert (await maker.get(path)).json() == told


async def test_a_collection_tells_the_owner_of_a_picture_alone_whether_it_is_private_and_a_favourite(studio, address, world):
    ines, omar = world["ines"], world["omar"]
    await done(studio, publish, world["blue"], PostForm(showing="private"), by=ines)
    await done(studio, set_favourite, world["blue"], True, by=ines)
    collection_id = await done(studio, create, CollectionForm(title="Sea", visibility="collaborative"), by=ines)
    await done(studio, invite, collection_id, "omar", by=ines)
    await done(studio, join, collection_id, by=omar)
    await done(studio, let_see, collection_id, True, by=ines)
    for one in ("blue", "navy"):
        await done(studio, set_collected, collection_id, world[one], True, by=ines)

    told = {}
    for who in (ines, omar):
        async with a_browser(address, await a_cookie(studio.db, who.id)) as browser:
            cards = (await browser.get(f"/api/gallery/collections/{collection_id}")).json()["pictures"]
        told[who.id] = {card["id"]: (card.get("private"), card.get("favourite")) for card in cards}

    assert told[ines.id] == {world["blue"]: (True, True), world["navy"]: (False, False)}
    assert told[omar.id] == dict.fromkeys((world["blue"], world["navy"]), (None, None))
