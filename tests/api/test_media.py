"""Bytes of pictures over a real socket: who gets them, and how browsers and caches may keep them."""

from __future__ import annotations

import pytest

from pixelstudio.api.media import file_name
from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.pictures import delete, set_visibility
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_post, a_user, an_image, done


@pytest.fixture
async def owner(studio):
    return await a_user(studio.db, "owner")


@pytest.fixture
async def owners_browser(studio, address, owner):
    async with a_browser(address, await a_cookie(studio.db, owner.id)) as browser:
        yield browser


@pytest.fixture
async def strangers_browser(studio, address):
    async with a_browser(address, await a_cookie(studio.db, (await a_user(studio.db, "stranger")).id)) as browser:
        yield browser


async def published(studio, image_id, visibility, owner):
    async with studio.db.transaction() as tx:
        await set_visibility(tx, image_id, visibility, by=owner)


async def test_a_private_picture_is_for_its_owner_and_must_be_asked_for_every_time(studio, owner, owners_browser):
    image_id = await an_image(studio, owner)

    answer = await owners_browser.get(f"/media/{image_id}/512")

    assert (answer.status_code, answer.content) == (200, b"original512")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_somebody_elses_private_picture_is_answered_exactly_like_a_missing_one(studio, address, owner, strangers_browser):
    image_id = await an_image(studio, owner)

    async with a_browser(address) as nobody:
        for browser in (nobody, strangers_browser):
            private = await browser.get(f"/media/{image_id}/512")
            missing = await browser.get(f"/media/{new_id()}/512")

            assert private.status_code == missing.status_code == 404
            assert private.content == missing.content
            assert {**private.headers, "date": ""} == {**missing.headers, "date": ""}


async def test_making_private_and_deleting_work_at_once_although_answers_are_remembered(studio, address, owner, owners_browser):
    image_id = await an_image(studio, owner, is_public=True)
    async with a_browser(address) as nobody:

        async def statuses():
            return [(await browser.get(f"/media/{image_id}/256")).status_code for browser in (nobody, owners_browser)]

        assert await statuses() == await statuses() == [200, 200]
        await published(studio, image_id, "private", owner)
        assert await statuses() == [404, 200]
        await published(studio, image_id, "public", owner)
        assert await statuses() == [200, 200]
        async with studio.db.transaction() as tx:
            await delete(tx, image_id, by=owner)
        assert await statuses() == [404, 404]


async def test_a_session_that_ended_sees_nothing_private(studio, address, owner):
    image_id = await an_image(studio, owner)
    async with a_browser(address, await a_cookie(studio.db, owner.id)) as browser:
        before = await browser.get(f"/media/{image_id}/256")
        cookie = browser.cookies["sid"]
        await browser.post("/auth/sign-out")
        browser.cookies.clear()
        after = await browser.get(f"/media/{image_id}/256", headers={"Cookie": f"sid={cookie}"})

    assert (before.status_code, after.status_code) == (200, 404)


async def test_a_public_picture_may_be_kept_for_five_minutes_and_is_not_sent_twice(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True)
    async with a_browser(address) as nobody:
        first = await nobody.get(f"/media/{image_id}/1024")
        known = {"If-None-Match": first.headers["etag"]}
        again = await nobody.get(f"/media/{image_id}/1024", headers=known)
        weak = await nobody.get(f"/media/{image_id}/1024", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
        other = await nobody.get(f"/media/{image_id}/256", headers=known)

    assert first.headers["cache-control"] == "public, max-age=300"
    assert [(a.status_code, len(a.content)) for a in (again, weak, other)] == [(304, 0), (304, 0), (200, len(b"original256"))]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]


async def test_parts_of_the_original(studio, owner, owners_browser):
    image_id = await an_image(studio, owner, original=b"0123456789")
    asked = {"bytes=0-3": (206, b"0123", "bytes 0-3/10"), "bytes=10-": (416, b"", "bytes */10"), "bytes=-": (200, b"0123456789", None)}

    for header, expected in asked.items():
        answer = await owners_browser.get(f"/media/{image_id}/original", headers={"Range": header})

        assert (answer.status_code, answer.content, answer.headers.get("content-range")) == expected
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.headers["accept-ranges"] == "bytes"
        assert ("cache-control" in answer.headers) == (answer.status_code != 416)


async def test_a_part_of_other_bytes_than_the_ones_known_is_answered_in_full(studio, owner, owners_browser):
    image_id = await an_image(studio, owner, original=b"0123456789")
    part = {"Range": "bytes=0-3"}
    etag = (await owners_browser.head(f"/media/{image_id}/original")).headers["etag"]

    same = await owners_browser.get(f"/media/{image_id}/original", headers={**part, "If-Range": etag})
    changed = await owners_browser.get(f"/media/{image_id}/original", headers={**part, "If-Range": '"other"'})

    assert (same.status_code, changed.status_code) == (206, 200)


async def test_head_tells_the_size_and_sends_nothing(studio, owner, owners_browser):
    image_id = await an_image(studio, owner)

    answer = await owners_browser.head(f"/media/{image_id}/original")

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "8", b"")


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A red lighthouse, at dusk", "a-red-lighthouse-at-dusk.png"),
        ('../../etc/passwd"; filename="x.exe\r\nX: y', "etc-passwd-filename-x-exe-x-y.png"),
        ("Café Zürich", "cafe-zurich.png"),
        ("灯台", "picture.png"),
    ],
)
def test_a_file_name_is_harmless(prompt, name):
    assert file_name(prompt, "image/png") == name


async def test_a_download_is_named_after_the_prompt(studio, owner, owners_browser):
    image_id = await an_image(studio, owner, prompt="A red lighthouse, at dusk")

    answer = await owners_browser.get(f"/media/{image_id}/original?download=1")

    assert answer.headers["content-disposition"] == 'attachment; filename="a-red-lighthouse-at-dusk.png"'


async def test_a_download_goes_by_the_title_from_the_moment_it_has_one_and_follows_it(studio, owner, owners_browser, strangers_browser):
    image_id = await a_post(studio, owner, title='Morning at the "fjord"/..')

    async def name(browser):
        answer = await browser.get(f"/media/{image_id}/original?download=1")
        return answer.headers["content-disposition"]

    assert [await name(browser) for browser in (owners_browser, strangers_browser)] == [
        'attachment; filename="morning-at-the-fjord.png"'
    ] * 2
    await done(studio, publish, image_id, PostForm(title="Evening"), by=owner)
    assert await name(owners_browser) == 'attachment; filename="evening.png"'


async def test_what_is_no_picture_is_refused_without_a_fault(studio, owner, owners_browser):
    image_id = await an_image(studio, owner)

    for path in ("{id}/2048", "{id}/", "{id}", "x/512", "%00/512", "{id}/..%2f..%2fetc", "live/{id}/0", "live/{id}/x"):
        assert (await owners_browser.get(f"/media/{path.format(id=image_id)}")).status_code in {404, 422}
