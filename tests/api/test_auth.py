"""The doors over a real socket: with and without scripts, by form and by JSON."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import func, select

from pixelstudio.core import limits
from pixelstudio.core.ids import secret_digest
from pixelstudio.features.accounts.claiming import issue_claim_token
from pixelstudio.features.accounts.resets import ASKED, make_link
from pixelstudio.features.accounts.sessions import actor_for
from pixelstudio.features.accounts.tables import AccountRow, SignInSessionRow
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.ui.failures import DOOR_FAILURES
from tests.api.serving import JSON, a_browser, served
from tests.factories import PASSWORD, a_cookie, a_guest, a_user, an_actor, an_image, done
from tests.gateways.mailbox import a_mailbox

FORM = {"email": "ines@example.org", "handle": "ines", "password": PASSWORD}


async def count_of(studio, table):
    async with studio.db.reader() as reader:
        return (await reader.exec(select(func.count()).select_from(table))).scalar_one()


async def test_registering_signs_in_and_leads_on(studio, address):
    async with a_browser(address) as browser:
        answer = await browser.post("/auth/register", data={**FORM, "next": "/create"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/create")
    [cookie] = answer.headers.get_list("set-cookie")  # nothing was brought along
    assert cookie.startswith("sid=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    assert (await an_actor(studio.db, answer.cookies["sid"])).handle == "ines"


async def test_a_script_is_answered_in_json(studio, address):
    async with a_browser(address) as browser:
        made = await browser.post("/auth/register", json=FORM, headers=JSON)
        refused = await browser.post("/auth/register", json=FORM, headers=JSON)

    assert (made.status_code, made.json()) == (200, {"ok": True, "next": "/create"})
    assert refused.status_code == 409
    assert refused.json() == {
        "code": "email_taken",
        "sentence": "This email already has an account. Sign in instead, or use another email.",
        "field": "email",
        "status": 409,
    }
    assert await count_of(studio, AccountRow) == 1


async def test_a_form_without_scripts_comes_back_with_a_code_and_without_its_fields(studio, address):
    async with a_browser(address) as browser:
        answer = await browser.post("/auth/register", data={**FORM, "password": "short"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/register?error=password_invalid#error-password_invalid")
    assert "set-cookie" not in answer.headers
    assert await count_of(studio, AccountRow) == 0


BODIES = [
    (b"email=a%40b.org", "text/plain"),
    (b"[1, 2]", "application/json"),
    (b"{", "application/json"),
    (b"[" * 50_000, "application/json"),
    (b'{"email": 1, "handle": null, "password": [NaN]}', "application/json"),
    (b"\xff\xfe", "application/x-www-form-urlencoded"),
    (b"a=1&" * 1000, "application/x-www-form-urlencoded"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"", ""),
]


@pytest.mark.parametrize("door", ["register", "sign-in", "claim", "reset", "reset-link"])
async def test_any_other_body_is_refused_calmly(studio, address, door):
    async with a_browser(address) as browser:
        for content, kind in BODIES:
            answer = await browser.post(f"/auth/{door}", content=content, headers={**JSON, "Content-Type": kind})

            assert answer.status_code in {401, 422}
            assert answer.json()["sentence"].endswith(".")
    assert await count_of(studio, SignInSessionRow) == 0


async def test_signing_in_rotates_the_cookie_and_signing_out_ends_it(studio, address):
    async with a_browser(address) as browser:
        await browser.post("/auth/register", data=FORM)
        first = browser.cookies["sid"]
        with studio.bus.subscribe(f"session:{secret_digest(first)}") as heard:
            await browser.post("/auth/sign-in", data={"email": FORM["email"], "password": PASSWORD})
            async with asyncio.timeout(1):
                assert len(await heard.get_batch()) == 1
        second = browser.cookies["sid"]
        assert second != first
        assert await count_of(studio, SignInSessionRow) == 1
        with studio.bus.subscribe(f"session:{secret_digest(second)}") as heard:
            answer = await browser.post("/auth/sign-out")
            async with asyncio.timeout(1):
                assert len(await heard.get_batch()) == 1

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert 'sid="";' in answer.headers["set-cookie"]
    assert await count_of(studio, SignInSessionRow) == 0


async def test_unknown_mail_and_wrong_password_get_the_same_answer_to_the_byte(address):
    async with a_browser(address) as browser:
        await browser.post("/auth/register", data=FORM)
        browser.cookies.clear()
        wrong, unknown = [
            await browser.post("/auth/sign-in", data={"email": email, "password": "wrong password"}, headers=JSON)
            for email in (FORM["email"], "nobody@example.org")
        ]

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["field"] == "password"  # the one that is looked at first
    assert {k for k in wrong.headers if k != "date"} == {k for k in unknown.headers if k != "date"}


async def test_the_sixth_wrong_password_is_told_when_to_come_back(address):
    async with a_browser(address) as browser:
        for _ in range(5):
            await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": "wrong"}, headers=JSON)
        script = await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": "wrong"}, headers=JSON)
        form = await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": "wrong"})

    assert (script.status_code, script.headers["retry-after"], script.json()["code"]) == (429, "900", "too_many_attempts")
    assert form.headers["location"] == "/login?error=too_many_attempts#error-too_many_attempts"


async def test_signing_in_leads_where_one_was_going_and_never_to_another_site(address):
    async with a_browser(address) as browser:
        here = await browser.post("/auth/register", json={**FORM, "next": "/library"}, headers=JSON)
        there = await browser.post("/auth/sign-in", data={**FORM, "next": "//evil.example"})

    assert here.json()["next"] == "/library"
    assert there.headers["location"] == "/create"


async def test_the_maintainer_claims_by_the_token_once(studio, address):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    async with studio.db.transaction() as tx:
        token = await issue_claim_token(tx)
    async with a_browser(address) as stranger:
        nobody = await stranger.post("/auth/claim", data={"token": token})
    async with a_browser(address, await a_cookie(studio.db, omar.id)) as browser:
        wrong = await browser.post("/auth/claim", data={"token": "x" * 43}, headers=JSON)
    async with a_browser(address, await a_cookie(studio.db, ines.id)) as browser:
        right = await browser.post("/auth/claim", data={"token": token}, headers=JSON)
        again = await browser.post("/auth/claim", data={"token": token}, headers=JSON)

    assert nobody.headers["location"] == "/login?error=not_signed_in#error-not_signed_in"
    assert (wrong.status_code, wrong.json()["code"]) == (404, "claim_refused")
    assert right.status_code == 200
    assert again.status_code == 404
    assert (await an_actor(studio.db, await a_cookie(studio.db, ines.id))).is_maintainer
    assert not (await an_actor(studio.db, await a_cookie(studio.db, omar.id))).is_maintainer


async def test_doors_open_for_posts_only(address):
    async with a_browser(address) as browser:
        assert [
            (await browser.get(f"/auth/{door}")).status_code for door in ("register", "sign-in", "sign-out", "claim", "forgot", "reset")
        ] == [405] * 6


TRY = {"prompt": "dunes of paper at dusk"}


async def test_a_stranger_who_tries_it_becomes_a_guest_with_one_drawing_under_way(studio, address):
    async with a_browser(address) as browser:
        answer = await browser.post("/auth/guest", data=TRY)
        guest = await an_actor(studio.db, browser.cookies["sid"])
        again = await browser.post("/auth/guest", data={**TRY, "model": "sketch-silk"}, headers=JSON)

    assert (answer.status_code, answer.headers["location"]) == (303, "/#tried")
    assert "set-cookie" not in again.headers
    assert guest.is_guest
    assert await count_of(studio, AccountRow) == 1
    async with studio.db.reader() as reader:
        assert "sketch-silk" in {view.model for view in await sets_of(reader, studio, guest)}


async def test_a_sentence_that_cannot_be_drawn_makes_no_guest(studio, address):
    async with a_browser(address) as browser:
        empty = await browser.post("/auth/guest", data={"prompt": "  "}, headers=JSON)
        long = await browser.post("/auth/guest", data={"prompt": "x" * 4000})

    assert (empty.status_code, empty.json()["field"]) == (422, "prompt")
    assert long.headers["location"] == "/?error=prompt_too_long#error-prompt_too_long"
    assert await count_of(studio, AccountRow) == 0


async def test_the_fourth_try_is_refused_and_a_member_needs_none(studio, address):
    async with a_browser(address) as browser:
        tries = [await browser.post("/auth/guest", data=TRY, headers=JSON) for _ in range(4)]
        assert [answer.status_code for answer in tries] == [200, 200, 200, 403]
        assert tries[3].json()["code"] == "trial_used_up"
        await browser.post("/auth/register", data=FORM)
        assert (await browser.post("/auth/guest", data=TRY, headers=JSON)).json()["code"] == "signed_in_already"


async def test_a_flood_of_guests_from_one_address_ends(studio, address):
    codes = []
    for _ in range(limits.GUESTS_PER_IP + 2):
        async with a_browser(address) as browser:
            codes.append((await browser.post("/auth/guest", data=TRY, headers=JSON)).status_code)

    assert codes == [200] * limits.GUESTS_PER_IP + [429] * 2
    assert await count_of(studio, AccountRow) == limits.GUESTS_PER_IP


@pytest.mark.parametrize("door", ["register", "sign-in"])
async def test_what_a_guest_drew_comes_along(studio, address, door):
    async with a_browser(address) as other:
        await other.post("/auth/register", data={**FORM, "email": "old@example.org", "handle": "old"})
    async with a_browser(address) as browser:
        await browser.post("/auth/guest", data=TRY)
        guest, guests_cookie = await an_actor(studio.db, browser.cookies["sid"]), browser.cookies["sid"]
        await an_image(studio, guest)
        answer = await browser.post(
            f"/auth/{door}", data=FORM if door == "register" else {"email": "old@example.org", "password": PASSWORD}
        )
        member = await an_actor(studio.db, browser.cookies["sid"])

    assert (member.id == guest.id, member.is_guest) == (door == "register", False)
    assert "kept=1; HttpOnly; Max-Age=60; Path=/; SameSite=lax" in answer.headers.get_list("set-cookie")
    async with studio.db.reader() as reader:
        assert [view.prompt for view in await sets_of(reader, studio, member)] == [TRY["prompt"]]
        assert await actor_for(reader, guests_cookie) is None
    assert await count_of(studio, AccountRow) == (2 if door == "register" else 1)


@pytest.fixture
async def mailing(studio):
    """The studio with a mail server."""
    async with a_mailbox() as box:
        yield box.given_to(studio)


async def test_whoever_has_the_address_or_not_gets_the_same_answer_to_the_byte(mailing):
    ines = await a_user(mailing.db)
    async with served(mailing) as address, a_browser(address) as browser:
        script, form = [
            [await browser.post("/auth/forgot", data={"email": email}, headers=headers) for email in ("ines@example.org", "no@example.org")]
            for headers in (JSON, {})
        ]
        wrong = await browser.post("/auth/forgot", data={"email": "ines"}, headers=JSON)

    assert script[0].content == script[1].content
    assert script[0].json() == {"ok": True, "next": "/forgot?done=asked#done-asked", "sentence": ASKED}
    assert [answer.headers["location"] for answer in form] == ["/forgot?done=asked#done-asked"] * 2
    for known, unknown in (script, form):
        assert known.status_code == unknown.status_code
        assert [pair for pair in known.headers.items() if pair[0] != "date"] == [
            pair for pair in unknown.headers.items() if pair[0] != "date"
        ]
    assert (wrong.status_code, wrong.json()["field"]) == (422, "email")
    assert ines.handle not in script[0].text


async def test_asking_takes_no_longer_for_an_address_somebody_has(mailing):
    people = ("ines", "noor")  # each may be asked for a few times only, and one of all those asks has to be undisturbed
    for handle in people:
        await a_user(mailing.db, handle)
    quickest = {"somebody": 9.0, "nobody": 9.0}
    async with served(mailing) as address, a_browser(address) as browser:
        for handle in people * limits.RESETS_ASKED_PER_ACCOUNT:
            for who, email in (("somebody", f"{handle}@example.org"), ("nobody", f"no-{handle}@example.org")):
                begun = time.perf_counter()
                answer = await browser.post("/auth/forgot", data={"email": email})
                assert answer.headers["location"] == "/forgot?done=asked#done-asked"
                quickest[who] = min(quickest[who], time.perf_counter() - begun)

    # The bound is wide because the machine is shared; a letter written and sent on the way would take many times as long.
    assert 0.4 < quickest["somebody"] / quickest["nobody"] < 2.5


async def test_where_no_mail_is_sent_the_page_says_who_can_help(address):
    async with a_browser(address) as browser:
        script = await browser.post("/auth/forgot", data={"email": "ines@example.org"}, headers=JSON)
        form = await browser.post("/auth/forgot", data={"email": "ines@example.org"})

    assert (script.status_code, script.json()["sentence"]) == (409, DOOR_FAILURES["no_mail_for_link"])
    assert form.headers["location"] == "/forgot?error=no_mail_for_link#error-no_mail_for_link"


@pytest.mark.parametrize("shown", ["{}", " http://localhost:3000/reset#{} "], ids=["token", "whole link"])
async def test_a_link_changes_the_password_and_leads_to_the_door(studio, address, shown):
    ines = await a_user(studio.db)
    token = await done(studio, make_link, ines.id)
    async with a_browser(address, cookie := await a_cookie(studio.db, ines.id)) as browser:
        short = await browser.post("/auth/reset", data={"token": token, "password": "x"}, headers=JSON)
        answer = await browser.post("/auth/reset", data={"token": shown.format(token), "password": "another password"})
        again = [
            await browser.post("/auth/reset", data={"token": token, "password": "one more"}, headers=headers) for headers in (JSON, {})
        ]
        entered = await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": "another password"}, headers=JSON)

    assert (short.status_code, short.json()["field"]) == (422, "password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=reset#done-reset")
    assert 'sid="";' in answer.headers["set-cookie"]
    assert (again[0].status_code, again[0].json()["sentence"]) == (404, DOOR_FAILURES["reset_refused"])
    assert again[1].headers["location"] == "/reset?error=reset_refused#error-reset_refused"
    assert entered.status_code == 200
    async with studio.db.reader() as reader:
        assert await actor_for(reader, cookie) is None


async def test_a_link_used_in_the_browser_of_somebody_else_signs_them_out_and_leaves_a_guest(studio, address):
    ines, marc, guest = await a_user(studio.db), await a_user(studio.db, "marc"), await a_guest(studio.db)
    for cookie, stays in ((await a_cookie(studio.db, marc.id), False), (guest.cookie, True)):
        async with a_browser(address, cookie) as browser:
            token = await done(studio, make_link, ines.id)
            answer = await browser.post("/auth/reset", data={"token": token, "password": "another password"}, headers=JSON)

        assert answer.json() == {"ok": True, "next": "/login?done=reset#done-reset"}
        assert ("set-cookie" in answer.headers) != stays
        async with studio.db.reader() as reader:
            assert (await actor_for(reader, cookie) is not None) == stays
