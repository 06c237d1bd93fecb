"""Collections over a real socket: bytes a collection or a link shows, kept by nobody; and what a link says when it leads nowhere."""

from __future__ import annotations

from pixelstudio.core.ids import new_id, new_secret
from pixelstudio.features.gallery.collaborators import invite, join, let_see
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.links import LinkForm, make_link, revoke_link
from tests.api.pages import SHELLS
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_post, a_user, an_image, done

VARIANTS = ("256", "512", "1024", "original")


async def test_a_private_picture_has_its_bytes_for_the_people_of_a_collection_there_alone(studio, address):
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    image_id = await an_image(studio, ines)
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    await done(studio, set_collected, collection_id, image_id, True, by=ines)
    await done(studio, invite, collection_id, "omar", by=ines)
    await done(studio, join, collection_id, by=omar)
    there = f"/media/collections/{collection_id}/{image_id}"

    async def statuses(by, base):
        async with a_browser(address, await a_cookie(studio.db, by.id) if by else "") as browser:
            return {(await browser.get(f"{base}/{variant}")).status_code for variant in VARIANTS}

    assert (await statuses(ines, there), await statuses(omar, there)) == ({200}, {404})
    await done(studio, let_see, collection_id, True, by=ines)
    assert [await statuses(who, there) for who in (ines, omar, mika, None)] == [{200}, {200}, {404}, {404}]
    assert await statuses(omar, f"/media/{image_id}") == {404}
    async with a_browser(address, await a_cookie(studio.db, omar.id)) as browser:
        answer = await browser.get(f"{there}/512")
        assert (answer.content, answer.headers["cache-control"]) == (b"original512", "private, no-store")
        [shown] = (await browser.get(f"/api/gallery/collections/{collection_id}")).json()["pictures"]
        assert (shown["id"], shown["base"], shown["mine"]) == (image_id, f"/media/collections/{collection_id}", False)
    await done(studio, let_see, collection_id, False, by=ines)
    assert await statuses(omar, there) == {404}


async def test_a_picture_is_looked_at_again_however_far_down_it_hangs(studio, address):
    ines = await a_user(studio.db, "ines")
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    first, last, elsewhere = [await a_post(studio, ines) for _ in range(3)]
    for image_id in (first, last):
        await done(studio, set_collected, collection_id, image_id, True, by=ines)

    async with a_browser(address, await a_cookie(studio.db, ines.id)) as browser:
        page, again = [
            (await browser.get(f"/api/gallery/collections/{collection_id}", params={"limit": 1, **more})).json()
            for more in ({}, {"only": f"{elsewhere},{first},x"})
        ]

    assert ([one["id"] for one in page["pictures"]], bool(page["next"])) == ([last], True)
    assert [one["id"] for one in again["pictures"]] == [first]


async def test_a_link_shows_what_it_says_to_anybody_and_the_same_nothing_once_it_is_revoked(studio):
    ines = await a_user(studio.db, "ines")
    public, private = await a_post(studio, ines), await an_image(studio, ines)
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    for image_id in (public, private):
        await done(studio, set_collected, collection_id, image_id, True, by=ines)
    link = await done(studio, make_link, collection_id, LinkForm(shows_private=True), by=ines)

    async with served(studio, SHELLS) as address, a_browser(address) as browser:

        async def answers(secret, image_id=private):
            paths = ("/shared/{}", "/shared/{}/", "/api/gallery/shared/{}", f"/media/shared/{{}}/{image_id}/512")
            return [await browser.get(path.format(secret)) for path in paths]

        page, _, wall, picture = await answers(link.secret)
        assert [page.status_code, wall.status_code, picture.status_code] == [200, 200, 200]
        assert "Coast" not in page.text
        assert "noindex" in page.text
        cards = {one["id"]: one.get("base") for one in wall.json()["pictures"]}
        assert cards == {public: None, private: f"/media/shared/{link.secret}"}
        for answer in (page, wall, picture):
            assert answer.headers["cache-control"] == "private, no-store"
        assert (await browser.get(f"/media/shared/{link.secret}/{new_id()}/512")).status_code == 404

        await done(studio, revoke_link, link.view.id, by=ines)
        never = await answers(new_secret())
        for revoked, missing in zip(await answers(link.secret), never, strict=True):
            assert (revoked.status_code, revoked.content) == (404, missing.content)
            told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in (revoked, missing)]
            assert told[0] == told[1]
