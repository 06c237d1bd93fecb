"""Logos and masks by plain posts: for members, made anew, and handed back to whoever brought them alone."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from pixelstudio.core import limits
from pixelstudio.edge.bodies import body_bound
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_guest, a_true_image, a_user, an_image
from tests.imaging.test_overlay import file_of
from tests.imaging.test_stencils import a_mask
from tests.standin.pictures import drawn

LOGO, MASK = "/api/uploads/logo", "/api/uploads/mask"


async def test_a_logo_comes_back_as_a_png_of_ours_to_whoever_brought_it_alone(studio, address, member):
    kept = await member.post(LOGO, content=drawn("a logo", 64, 48, 0.5, "jpeg"))
    path = f"/media/uploads/{kept.json()['id']}"

    shown = await member.get(path)
    again = await member.get(path, headers={"If-None-Match": shown.headers["etag"]})
    other = await a_cookie(studio.db, (await a_user(studio.db, "omar")).id)
    async with a_browser(address, other) as omar, a_browser(address) as stranger:
        refused = [(await browser.get(where)).status_code for browser in (omar, stranger) for where in (path, "/media/uploads/" + "a" * 26)]

    assert (kept.status_code, kept.json()["width"], kept.headers["cache-control"]) == (200, 64, "no-store")
    picture = Image.open(io.BytesIO(shown.content))
    assert (picture.format, picture.size, shown.headers["cache-control"]) == ("PNG", (64, 48), "private, no-cache")
    assert (again.status_code, again.content) == (304, b"")
    assert refused == [404, 404, 401, 401]


async def test_a_mask_is_as_large_as_the_picture_it_is_for(studio, ines, member):
    picture = await a_true_image(studio, ines, drawn("a house", 60, 40, 0.5, "png"))

    kept = await member.post(f"{MASK}?picture={picture}", content=file_of(a_mask()))
    too_small = await member.post(f"{MASK}?picture={picture}", content=file_of(a_mask(30)))

    shown = Image.open(io.BytesIO((await member.get(f"/media/uploads/{kept.json()['id']}")).content))
    assert (shown.mode, shown.size) == ("L", (60, 40))
    assert np.asarray(shown)[:, 30:].min() == 255
    assert (too_small.status_code, too_small.json()["code"]) == (422, "mask_size")
    assert "60 x 40" in too_small.json()["sentence"]


async def test_nobody_paints_on_what_is_not_theirs(studio, member):
    hers = await an_image(studio, await a_user(studio.db, "omar"), is_public=True)

    answers = [await member.post(f"{MASK}?picture={name}", content=file_of(a_mask())) for name in (hers, "a" * 26, "")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_what_is_no_picture_is_refused_in_words(member):
    for content, code in (
        (b"", "file_missing"),
        (b"<svg onload=alert(1)>", "picture_format"),
        (b"\x89PNG\r\n\x1a\n broken", "picture_unreadable"),
    ):
        answer = await member.post(LOGO, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["sentence"].endswith(".")


async def test_a_stranger_and_a_guest_bring_nothing_and_nobody_too_much(studio, address, member, monkeypatch):
    guest = (await a_guest(studio.db)).cookie
    for cookie in ("", guest):
        async with a_browser(address, cookie) as browser:
            assert (await browser.post(LOGO, content=drawn("a logo", 64, 48, 0.5, "png"))).status_code == 401
    monkeypatch.setattr(limits, "UPLOADS_PER_HOUR", 1)

    answers = [await member.post(LOGO, content=drawn("a logo", 64, 48, 0.5, "png")) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert body_bound(LOGO) == body_bound(MASK) == limits.UPLOAD_KEPT_MAX_BYTES
