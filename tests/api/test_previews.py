"""Link previews: what programs read at the address of a picture and of the first page, and who is told nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from pixelstudio.api.previews import GUEST, NEWCOMER, WITHOUT_MAIL
from pixelstudio.core.ids import new_id
from pixelstudio.edge.policy import script_hashes
from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.images.pictures import delete, set_visibility
from pixelstudio.gateways.mail.smtp import smtp_mailer
from tests.api.pages import DOORS, EMPTY, FORGOT, HOME, MEMBERS, SHELLS, read
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_guest, a_user, an_image

CANARY = "\"'><svg/onload=alert(1)>{{7*7}}${7}</script></title>\u2028"
PUBLIC_URL = "https://studio.example.org"


@pytest.fixture
async def address(studio):
    async with served(studio, SHELLS) as where:
        yield where


@pytest.fixture
async def owner(studio):
    return await a_user(studio.db, "owner")


async def page_at(address, path, cookie="", **headers):
    async with a_browser(address, cookie) as browser:
        return await browser.get(path, headers=headers)


async def test_a_public_picture_is_shown_to_whoever_shows_its_link(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True, prompt="a red lighthouse\nat dusk")

    answer = await page_at(address, f"/image/{image_id}")

    found = read(answer.text)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert found.titles == ["a red lighthouse at dusk · Pixel Studio"]
    assert found.meta == {
        "description": "a red lighthouse at dusk",
        "og:site_name": "Pixel Studio",
        "og:type": "website",
        "og:title": "a red lighthouse at dusk",
        "og:description": "a red lighthouse at dusk",
        "og:url": f"{address}/image/{image_id}",
        "og:image": f"{address}/media/{image_id}/1024",
        "og:image:alt": "a red lighthouse at dusk",
        "og:image:type": "image/png",
        "og:image:width": "256",
        "og:image:height": "256",
        "twitter:card": "summary_large_image",
        "twitter:title": "a red lighthouse at dusk",
        "twitter:description": "a red lighthouse at dusk",
        "twitter:image": f"{address}/media/{image_id}/1024",
        "twitter:image:alt": "a red lighthouse at dusk",
    }
    assert (await page_at(address, found.meta["og:image"].removeprefix(address))).content == b"original1024"


async def test_its_owner_sees_a_private_picture_without_a_preview(studio, address, owner):
    image_id = await an_image(studio, owner, prompt="hers alone")

    answer = await page_at(address, f"/image/{image_id}", await a_cookie(studio.db, owner.id))

    found = read(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert "Cookie" in answer.headers["vary"]
    assert found.titles == ["hers alone · Pixel Studio"]
    assert found.meta == {"robots": "noindex"}


@pytest.mark.parametrize("compressed", ["gzip", "identity"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_strangers_private_picture_is_answered_exactly_like_a_missing_one(studio, address, owner, method, compressed):
    private, deleted = await an_image(studio, owner, prompt="hers alone"), await an_image(studio, owner, is_public=True)
    async with studio.db.transaction() as tx:
        await delete(tx, deleted, by=owner)
    ids = [private, deleted, new_id(), "x", private.upper(), "%00", "a" * 500]
    stranger = await a_cookie(studio.db, (await a_user(studio.db, "stranger")).id)

    for cookie in ("", stranger, "expired"):
        async with a_browser(address, cookie) as browser:
            headers = {"Accept-Encoding": compressed}
            answers = [await browser.request(method, f"/image/{i}{end}", headers=headers) for i in ids for end in ("", "/")]

            assert {answer.status_code for answer in answers} == {404}
            assert len({answer.content for answer in answers}) == 1
            assert len({str({**answer.headers, "date": ""}) for answer in answers}) == 1
            assert answers[0].headers["cache-control"] == "no-store"
            if method == "GET":
                assert read(answers[0].text).titles == ["Nothing here · Pixel Studio"]
                assert read(answers[0].text).meta == {"robots": "noindex"}


async def test_made_private_again_it_has_no_preview_at_once(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True)
    async with a_browser(address) as nobody:
        before = await nobody.get(f"/image/{image_id}")
        async with studio.db.transaction() as tx:
            await set_visibility(tx, image_id, "private", by=owner)
        after = await nobody.get(f"/image/{image_id}", headers={"If-Modified-Since": before.headers["date"], "If-None-Match": "*"})

    assert (before.status_code, after.status_code) == (200, 404)


@pytest.mark.parametrize("compressed", ["gzip", "identity"])
async def test_whoever_has_a_page_is_not_sent_it_again_until_it_says_something_else(studio, address, owner, compressed):
    image_id = await an_image(studio, owner, is_public=True)
    async with a_browser(address) as nobody:
        nobody.headers["Accept-Encoding"] = compressed
        for path in ("/", f"/image/{image_id}"):
            first = await nobody.get(path)
            again = await nobody.get(path, headers={"If-None-Match": first.headers["etag"]})

            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
            assert again.headers["cache-control"] == "no-cache"
        async with studio.db.transaction() as tx:
            await set_visibility(tx, image_id, "private", by=owner)
        assert (await nobody.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 404


@pytest.mark.parametrize("is_public", [True, False])
async def test_what_a_prompt_says_stays_text(studio, address, owner, is_public):
    plain, hostile = [await an_image(studio, owner, is_public=is_public, prompt=prompt) for prompt in ("a lighthouse", CANARY)]
    cookie = await a_cookie(studio.db, owner.id)

    expected, answer = [await page_at(address, f"/image/{image_id}", cookie) for image_id in (plain, hostile)]

    assert read(answer.text).elements == read(expected.text).elements
    assert "<svg" not in answer.text
    assert read(answer.text).titles == [f"{CANARY.strip()} · Pixel Studio"]


async def test_a_long_prompt_is_cut(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True, prompt="word " * 700)

    found = read((await page_at(address, f"/image/{image_id}")).text)

    assert len(found.titles[0]) <= 90 + len(" · Pixel Studio")
    assert len(found.meta["description"]) <= 200


async def test_the_first_page_keeps_its_words_and_gains_a_picture(address):
    answer = await page_at(address, "/")

    found = read(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert found.titles == ["The & studio"]
    assert found.meta["og:title"] == "The & studio"
    assert found.meta["description"] == found.meta["og:description"] == "Type a sentence & hang it."
    assert found.meta["og:image"] == f"{address}/art/coral-dunes.webp"
    assert answer.text.partition("<body>")[2] == HOME.partition("<body>")[2]


async def test_a_member_is_led_on_before_the_first_page_is_drawn(studio, address, owner):
    cookie = await a_cookie(studio.db, owner.id)

    answers = [await page_at(address, "/", kept) for kept in (cookie, "stale")]

    assert [(answer.status_code, answer.headers.get("location")) for answer in answers] == [(303, "/create"), (200, None)]
    assert answers[0].headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", MEMBERS)
async def test_whoever_is_no_member_is_led_to_the_door_before_a_members_page_is_drawn(studio, address, owner, path):
    cookie, guest = await a_cookie(studio.db, owner.id), await a_guest(studio.db)

    answers = [await page_at(address, path, kept) for kept in ("", "stale", guest.cookie, cookie)]

    door = (303, f"/login?next=%2F{path[1:]}")
    assert [(answer.status_code, answer.headers.get("location")) for answer in answers] == [door, door, door, (200, None)]
    assert read(answers[3].text).titles == [path]
    assert answers[3].headers["cache-control"] == "private, no-cache"


async def test_who_has_never_asked_for_a_picture_is_sent_a_page_that_says_so(studio, address, owner):
    cookie, other = await a_cookie(studio.db, owner.id), await a_user(studio.db, "other")
    await an_image(studio, other)

    before = await page_at(address, "/library", cookie)
    await an_image(studio, owner)
    after = await page_at(address, "/library", cookie)

    assert NEWCOMER in before.text
    assert NEWCOMER not in after.text
    assert before.text.replace(NEWCOMER, "<html") == after.text


async def test_the_way_back_in_says_in_the_page_itself_whether_mail_is_sent(studio, address):
    settings = studio.settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})
    silent = await page_at(address, FORGOT)
    async with served(replace(studio, mailer=smtp_mailer(settings, studio.clock)), SHELLS) as mailing:
        mails = await page_at(mailing, FORGOT)

    assert silent.text.count(WITHOUT_MAIL) == 1
    assert silent.text.replace(WITHOUT_MAIL, "<html") == mails.text
    assert silent.headers["etag"] != mails.headers["etag"]


@pytest.mark.parametrize("path", DOORS)
async def test_a_member_is_led_on_before_a_door_is_drawn(studio, address, owner, path):
    cookie, guest = await a_cookie(studio.db, owner.id), await a_guest(studio.db)

    answers = [await page_at(address, path, kept) for kept in ("", guest.cookie, cookie)]

    assert [(answer.status_code, answer.headers.get("location")) for answer in answers] == [(200, None), (200, None), (303, "/create")]
    assert read(answers[0].text).titles == [path]


@pytest.mark.parametrize("path", DOORS)
async def test_a_door_shows_no_picture_of_the_house_to_a_guest_who_has_drawn_one(studio, address, owner, path):
    guest = await a_guest(studio.db)
    await an_image(studio, owner, is_public=True)

    before = await page_at(address, path, guest.cookie)
    await an_image(studio, guest.actor)
    after, stranger = await page_at(address, path, guest.cookie), await page_at(address, path)

    assert before.text == stranger.text == after.text.replace(GUEST, "<html")
    assert after.text.count(GUEST) == 1
    assert after.headers["cache-control"] == "private, no-cache"


async def test_a_door_leads_on_within_this_site_alone(studio, address, owner):
    cookie = await a_cookie(studio.db, owner.id)

    led = [
        (await page_at(address, f"/login?next={there}", cookie)).headers["location"] for there in ("/library", "//evil.example", "https:x")
    ]

    assert led == ["/library", "/create", "/create"]


@pytest.mark.parametrize(("path", "title"), [("/components", "Components"), ("/admin", "Operations"), ("/admin/webhooks", "Webhooks")])
async def test_some_pages_are_there_for_the_maintainer_alone(studio, address, owner, path, title):
    cookie = await a_cookie(studio.db, owner.id)
    before = [await page_at(address, path, kept) for kept in ("", cookie)]

    async with studio.db.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=owner)
    after = await page_at(address, path, cookie)

    assert [(answer.status_code, answer.text, answer.headers["vary"]) for answer in before] == [(404, SHELLS.empty, "Accept-Encoding")] * 2
    assert (after.status_code, read(after.text).titles) == (200, [f"{title} · Pixel Studio"])


async def test_addresses_begin_with_the_one_people_are_told(studio, owner):
    image_id = await an_image(studio, owner, is_public=True)
    told = replace(studio, settings=studio.settings.model_copy(update={"public_url": PUBLIC_URL}))

    async with served(told, SHELLS) as where:
        found = [read((await page_at(where, path)).text).meta for path in (f"/image/{image_id}", "/")]

    assert [meta[key].startswith(f"{PUBLIC_URL}/") for meta in found for key in ("og:url", "og:image", "twitter:image")] == [True] * 6


async def test_a_host_that_is_no_host_stays_text(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True)

    found = [
        read((await page_at(address, path, Host='"><script>alert(1)</script>')).text).elements.count(("script", ()))
        for path in (f"/image/{image_id}", "/")
    ]

    assert found == [EMPTY.count("<script>"), HOME.count("<script>")]


async def test_the_pages_scripts_are_the_built_ones(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True, prompt=CANARY)

    for path in (f"/image/{image_id}", "/image/x"):
        assert script_hashes((await page_at(address, path)).text) == script_hashes(EMPTY)


async def test_the_page_comes_although_something_broke(studio, address, owner):
    image_id = await an_image(studio, owner, is_public=True)
    object.__setattr__(studio, "db", None)

    answer = await page_at(address, f"/image/{image_id}")

    assert (answer.status_code, read(answer.text).titles) == (500, ["Pixel Studio"])


async def test_a_server_without_pages_says_so(studio, owner):
    async with served(studio) as where:
        answer = await page_at(where, "/")

    assert (answer.status_code, answer.json()["code"]) == (503, "no_pages")
