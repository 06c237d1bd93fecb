"""What a page without a socket is told: one's own sets and pictures, the new ones, and nothing of anybody else's."""

from __future__ import annotations

from pixelstudio.features.generation.generations import submit
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_request, a_user, an_image

PATH = "/api/live/changes"


async def test_own_sets_under_way_and_new_pictures_are_told_and_then_only_what_came(studio, address, clock):
    owner, stranger = await a_user(studio.db, "owner"), await a_user(studio.db, "stranger")
    first = await an_image(studio, owner, prompt="a red\nlighthouse")
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(prompt="a paper boat", count=2), owner)
    async with (
        a_browser(address, await a_cookie(studio.db, owner.id)) as owners,
        a_browser(address, await a_cookie(studio.db, stranger.id)) as strangers,
        a_browser(address) as nobody,
    ):
        begun = await owners.get(PATH)
        cursor = begun.json()["cursor"]
        clock.advance(1)
        second = await an_image(studio, owner)
        later = await owners.get(PATH, params={"since": cursor})
        known = await owners.get(PATH, params={"since": cursor}, headers={"If-None-Match": later.headers["etag"]})
        theirs, refused = await strangers.get(PATH, params={"since": cursor}), await nobody.get(PATH)
        nonsense = await owners.get(PATH, params={"since": "x"})

    assert [(job["prompt"], job["words"]) for job in begun.json()["jobs"]] == [("a paper boat", "0 of 2 drawn. It begins in a moment.")]
    assert [(p["id"], p["alt"], p["src"]) for p in begun.json()["pictures"]] == [(first, "a red lighthouse", f"/media/{first}/256")]
    assert [picture["id"] for picture in later.json()["pictures"]] == [second]
    assert (known.status_code, known.content) == (304, b"")
    assert (theirs.json()["jobs"], theirs.json()["pictures"]) == ([], [])
    assert (refused.status_code, nonsense.status_code) == (401, 422)
    assert begun.headers["cache-control"] == "private, no-cache"


async def test_own_prompts_are_found_by_their_words(studio, address, clock):
    owner, stranger = await a_user(studio.db, "owner"), await a_user(studio.db, "stranger")
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(prompt="a paper boat"), owner)
    clock.advance(1)
    async with studio.db.transaction() as tx:
        await submit(tx, studio, a_request(prompt="a red lighthouse"), owner)

    async with (
        a_browser(address, await a_cookie(studio.db, owner.id)) as owners,
        a_browser(address, await a_cookie(studio.db, stranger.id)) as strangers,
    ):
        found = [(await owners.get("/api/prompts", params={"q": words})).json()["prompts"] for words in ("", "BOAT", "cat")]
        theirs = (await strangers.get("/api/prompts")).json()["prompts"]

    assert found == [["a red lighthouse", "a paper boat"], ["a paper boat"], []]
    assert theirs == []
