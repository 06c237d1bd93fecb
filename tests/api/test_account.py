"""One's own account over a real socket: password, picture, export and the end."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile

import pytest

from pixelstudio.core import limits
from pixelstudio.features.accounts.avatars import avatar_of, set_avatar
from pixelstudio.features.accounts.sessions import actor_for
from tests.api.serving import JSON, a_browser
from tests.factories import PASSWORD, a_cookie, a_guest, a_user, an_image, quick_hash
from tests.imaging.pictures import a_picture, encoded

POSTS = ("/auth/password", "/auth/erase", "/api/avatar", "/api/export")


@pytest.fixture
async def ines(database):
    actor = await a_user(database, password_hash=quick_hash())
    return actor, await a_cookie(database, actor.id)


async def test_strangers_and_guests_are_sent_to_the_door(database, address):
    guest = await a_guest(database)
    for cookie in ("", guest.cookie):
        async with a_browser(address, cookie) as browser:
            for path in POSTS:
                assert (await browser.post(path, headers=JSON)).status_code == 401
                assert (await browser.post(path)).headers["location"].startswith("/login?error=not_signed_in")


async def test_changing_the_password_asks_for_the_old_one_and_signs_the_others_out(database, address, ines):
    _, cookie = ines
    async with a_browser(address, cookie) as browser:
        wrong = await browser.post("/auth/password", data={"current_password": "x", "new_password": "a new password"}, headers=JSON)
        short = await browser.post("/auth/password", data={"current_password": PASSWORD, "new_password": "x"}, headers=JSON)
        plain = await browser.post("/auth/password", data={"current_password": "x", "new_password": "a new password"})
        right = await browser.post("/auth/password", data={"current_password": PASSWORD, "new_password": "a new password"}, headers=JSON)

    assert (wrong.status_code, wrong.json()["field"], wrong.json()["code"]) == (422, "current_password", "password_refused")
    assert (short.status_code, short.json()["field"]) == (422, "new_password")
    assert plain.headers["location"] == "/settings?error=password_refused&in=password#error-password_refused"
    assert right.json()["sentence"] == "Your password is changed. One other device was signed out."
    async with a_browser(address) as browser:
        door = "/auth/sign-in"
        assert (await browser.post(door, data={"email": "ines@example.org", "password": PASSWORD}, headers=JSON)).status_code == 401
        assert (await browser.post(door, data={"email": "ines@example.org", "password": "a new password"}, headers=JSON)).is_success
    async with database.reader() as reader:
        assert await actor_for(reader, cookie)


async def test_deleting_the_account_asks_for_password_and_handle(database, address, ines):
    _, cookie = ines
    async with a_browser(address, cookie) as browser:
        tries = [{"typed_password": PASSWORD, "typed_handle": "someone"}, {"typed_password": "x", "typed_handle": "ines"}]
        fields = [(await browser.post("/auth/erase", data=form, headers=JSON)).json()["field"] for form in tries]
        gone = await browser.post("/auth/erase", data={"typed_password": PASSWORD, "typed_handle": "@Ines"})
        again = await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": PASSWORD}, headers=JSON)

    assert fields == ["typed_handle", "typed_password"]
    assert (gone.status_code, gone.headers["location"]) == (303, "/")
    assert 'sid="";' in gone.headers["set-cookie"]
    assert again.status_code == 401
    async with database.reader() as reader:
        assert await actor_for(reader, cookie) is None


async def test_an_avatar_is_made_anew_shown_to_everybody_and_refused_when_it_is_none(database, address, ines):
    actor, cookie = ines
    async with a_browser(address, cookie) as browser:
        for sent, code in (({}, "avatar_missing"), ({"picture": ("x.png", b"<svg/>")}, "avatar_unreadable")):
            refused = await browser.post("/api/avatar", files=sent or {"other": b""}, headers=JSON)
            assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert (await browser.post("/api/avatar", content=b"x", headers=JSON)).json()["code"] == "avatar_missing"
        large = {"picture": ("x.png", b"\x89PNG" + bytes(limits.AVATAR_MAX_BYTES))}
        assert (await browser.post("/api/avatar", files=large, headers=JSON)).json()["code"] == "avatar_too_large"
        done = await browser.post("/api/avatar", files={"picture": ("me.png", encoded(a_picture(900, 700), "PNG"))})
    assert (done.status_code, done.headers["location"]) == (303, "/settings?done=profile#done-profile")

    async with database.reader() as reader:
        avatar_id = await avatar_of(reader, actor)
    async with a_browser(address) as stranger:
        seen = await stranger.get(f"/media/avatars/{avatar_id}")
        kept = await stranger.get(f"/media/avatars/{avatar_id}", headers={"If-None-Match": seen.headers["etag"]})
        missing = await stranger.get(f"/media/avatars/{actor.id}")
    assert (seen.status_code, seen.headers["content-type"], seen.content[8:12]) == (200, "image/webp", b"WEBP")
    assert seen.headers["cache-control"] == "public, max-age=300"
    assert (kept.status_code, missing.status_code) == (304, 404)


async def test_the_export_has_everything_of_ones_own_and_nothing_of_others(studio, database, address, ines):
    actor, cookie = ines
    marc = await a_user(database, "marc")
    hers = [await an_image(studio, actor, prompt="copper ünder glass", original=f"hers {n}".encode()) for n in range(3)]
    await an_image(studio, marc, prompt="tin without glass")
    async with database.transaction() as tx:
        await set_avatar(tx, b"face", by=actor)

    async with a_browser(address, cookie) as browser:
        came = await browser.post("/api/export")

    assert came.headers["content-disposition"].startswith('attachment; filename="pixel-studio-ines-')
    assert came.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(came.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {f"pictures/{image_id}.png" for image_id in hers} <= set(files)
    assert len(files) == 12 + len(hers)
    told = {name: json.loads(files[name]) for name in ("account.json", "ledger.json", "sets.json", "pictures.json")}
    assert told["account.json"]["profile"]["email"] == "ines@example.org"
    assert [line["reason"] for line in told["ledger.json"]] == ["welcome"]
    assert {row["prompt"] for row in told["sets.json"]} == {row["prompt"] for row in told["pictures.json"]} == {"copper ünder glass"}
    assert files[f"pictures/{hers[0]}.png"] == b"hers 0"
    assert b"tin without glass" not in files["pictures.json"]
    for secret in (actor.session_digest, cookie, "argon2"):
        assert secret.encode() not in b"".join(files.values())


async def test_an_export_takes_the_memory_of_one_picture_however_many_there_are(studio, database, address, ines):
    actor, cookie = ines
    for n in range(12):
        await an_image(studio, actor, original=bytes([n]) * 1_000_000)
    received = 0
    async with a_browser(address, cookie) as browser, browser.stream("POST", "/api/export") as answer:
        tracemalloc.start()
        async for piece in answer.aiter_bytes():
            received += len(piece)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert received > 12_000_000
    assert peak < 6_000_000
