"""Links a maintainer hands out: for whoever proves to be the maintainer, once more and at that moment."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.features.accounts import passwords
from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from tests.api.serving import JSON, a_browser
from tests.factories import PASSWORD, a_cookie, a_guest, a_user, done

ROUTE = "/auth/reset-link"
FORM = {"handle": "ines", "own_password": PASSWORD}


@pytest.fixture
async def keeper(studio):
    """The cookie of a maintainer with a password."""
    actor = await a_user(studio.db, "keeper", password_hash=await passwords.hashed(PASSWORD))
    await done(studio, claim, await done(studio, issue_claim_token), by=actor)
    return await a_cookie(studio.db, actor.id)


async def test_the_maintainer_gets_a_link_that_works(studio, address, ines, keeper):
    async with a_browser(address, keeper) as browser:
        missing = await browser.post(ROUTE, data={**FORM, "handle": "nobody"}, headers=JSON)
        made = await browser.post(ROUTE, data=FORM, headers=JSON)
    token = made.json()["link"].partition("/reset#")[2]
    async with a_browser(address) as browser:
        used = await browser.post("/auth/reset", data={"token": token, "password": "another password"}, headers=JSON)
        entered = await browser.post("/auth/sign-in", data={"email": "ines@example.org", "password": "another password"}, headers=JSON)

    assert (missing.status_code, missing.json()["code"]) == (404, "person_not_found")
    assert made.headers["cache-control"] == "no-store"
    assert (used.status_code, entered.status_code) == (200, 200)


async def test_an_open_tab_of_the_maintainer_is_not_enough_and_guesses_are_counted(address, ines, keeper):
    async with a_browser(address, keeper) as browser:
        tries = [
            await browser.post(ROUTE, data={**FORM, "own_password": "guess"}, headers=JSON)
            for _ in range(limits.SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP + 1)
        ]

    assert [answer.status_code for answer in tries] == [422] * limits.SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP + [429]
    assert (tries[0].json()["code"], tries[0].json()["field"]) == ("password_refused", "own_password")


async def test_for_everybody_else_there_is_nothing(studio, address, ines):
    marc = await a_user(studio.db, "marc", password_hash=await passwords.hashed(PASSWORD))
    for cookie, status in ((await a_cookie(studio.db, marc.id), 404), ((await a_guest(studio.db)).cookie, 401), ("", 401)):
        async with a_browser(address, cookie) as browser:
            answer = await browser.post(ROUTE, data=FORM, headers=JSON)

        assert answer.status_code == status
        assert "link" not in answer.json()
