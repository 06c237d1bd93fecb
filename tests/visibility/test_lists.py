"""What lists and files of many hold for whom: one's own and nothing else, whatever ids somebody sends."""

from __future__ import annotations

import io
import zipfile

from tests.api.serving import a_browser
from tests.visibility.cast import PEOPLE, SECRET, SIGNED_IN

LISTS = {
    "/api/library": {"private", "public"},
    "/api/library?view=trash": {"deleted"},
    "/api/library?q=only&who=private": {"private"},
    "/api/library?only={ids}": {"private", "public"},
    "/api/library?view=trash&only={ids}": {"deleted"},
    "/api/library/sets": {"private", "public"},
}


async def test_a_library_shows_what_is_ones_own_and_the_trash_what_one_threw_away(world, address):
    ids = ",".join(world.ids.values())
    before = await world.records()

    for who in PEOPLE:
        async with a_browser(address, world.cookies[who]) as browser:
            for path, own in LISTS.items():
                answer = await browser.get(path.format(ids=ids))

                assert answer.status_code == (200 if who in SIGNED_IN else 401)
                shown = {what for what, thing in world.ids.items() if thing in answer.text}
                assert (who, path, shown) == (who, path, own if who == "owner" else set())
                assert (SECRET in answer.text) == (who == "owner")

    assert await world.records() == before


WALLS = ("explore", "explore?sort=newest", "explore?sort=liked", "search?q=only", "search?q=by:owner", "people/owner", "explore?only={ids}")


async def test_what_everybody_sees_holds_nothing_that_is_not_public_even_for_its_owner(world, address):
    ids = ",".join(world.ids.values())
    paths = [*(f"/api/gallery/{wall}" for wall in WALLS), f"/api/gallery/collections/{world.ids['shown_collection']}"]

    for who in PEOPLE:
        async with a_browser(address, world.cookies[who]) as browser:
            for path in [*paths, "/u/owner/feed.xml", "/sitemap.xml"]:
                answer = await browser.get(path.format(ids=ids))

                is_hers = who == "owner" and "collections" in path
                pictures = {what for what in ("private", "public", "deleted", "forgotten") if world.ids[what] in answer.text}
                assert (who, path, answer.status_code) == (who, path, 200)
                assert (who, path, pictures) == (who, path, {"private", "public"} if is_hers else {"public"})
            for path in ("/api/gallery/feed", "/api/gallery/likes"):
                assert (await browser.get(path)).status_code == (200 if who in SIGNED_IN else 401)


async def test_a_file_of_many_holds_what_is_ones_own_and_the_rest_is_as_if_it_never_was(world, address):
    every = [*world.ids.values(), "../../etc/passwd", "\x00", ""]
    forms = ({"ids": ",".join(every)}, {"all": "1"}, {"ids": ",".join(every), "check": "1"}, *({"ids": thing} for thing in every))

    for who in PEOPLE:
        async with a_browser(address, world.cookies[who]) as browser:
            answers = [await browser.post("/api/library/zip", data=form) for form in forms]
        if who != "owner":
            assert {answer.status_code for answer in answers} == {404 if who in SIGNED_IN else 401}
            assert len({answer.content for answer in answers}) == 1
            continue
        seen = [answer.status_code for answer in answers[3:]]
        assert seen == [200 if thing in {world.ids["private"], world.ids["public"]} else 404 for thing in every]
        for answer in answers[:2]:
            with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                assert packed.testzip() is None
                assert sorted(packed.namelist()) == ["001-only-she-has-read-this.png", "002-only-she-has-read-this.png"]
                assert {packed.read(name) for name in packed.namelist()} == {b"original"}
            assert int(answer.headers["content-length"]) == len(answer.content)
        assert answers[2].json() == {"pictures": 2, "bytes": len(answers[0].content)}
