"""Signing in to the API: pairs of tokens, no cookie, and the same throttle as at the pages' door."""

from __future__ import annotations

import pytest

from tests.api.serving import a_browser
from tests.factories import PASSWORD

FORM = {"email": "ines@example.org", "handle": "ines", "password": PASSWORD}


@pytest.fixture
async def program(address):
    async with a_browser(address) as client:
        yield client


def bearer(pair):
    return {"Authorization": f"Bearer {pair['accessToken']}"}


async def test_a_program_registers_signs_in_and_goes_on_with_refreshed_tokens(program):
    registered = await program.post("/api/auth/register", json=FORM)
    signed_in = await program.post("/api/auth/login", json={"email": "ines@example.org", "password": PASSWORD})
    refreshed = await program.post("/api/auth/refresh", json={"refreshToken": signed_in.json()["refreshToken"]})

    assert (registered.status_code, signed_in.status_code, refreshed.status_code) == (201, 200, 200)
    for answer in (registered, signed_in, refreshed):
        assert set(answer.json()) == {"accessToken", "refreshToken", "tokenType", "expiresIn"}
        assert answer.json()["expiresIn"] == 900
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert (await program.get("/api/prompt/templates", headers=bearer(answer.json()))).status_code == 200


async def test_a_token_used_twice_ends_its_sign_in(program, clock):
    first = (await program.post("/api/auth/register", json=FORM)).json()
    second = (await program.post("/api/auth/refresh", json={"refreshToken": first["refreshToken"]})).json()
    clock.advance(11)

    again = await program.post("/api/auth/refresh", json={"refreshToken": first["refreshToken"]})

    assert (again.status_code, again.json()["code"]) == (401, "token_refused")
    assert (await program.post("/api/auth/refresh", json={"refreshToken": second["refreshToken"]})).status_code == 401
    assert (await program.get("/api/prompt/templates", headers=bearer(second))).status_code == 401


async def test_wrong_passwords_are_counted_with_those_at_the_door(program):
    await program.post("/api/auth/register", json=FORM)
    wrong = {"email": "ines@example.org", "password": "not the password"}

    statuses = [(await program.post("/api/auth/login", json=wrong)).status_code for _ in range(3)]
    statuses += [(await program.post("/auth/sign-in", json=wrong, headers={"Accept": "application/json"})).status_code for _ in range(2)]
    closed = await program.post("/api/auth/login", json={**wrong, "password": PASSWORD})

    assert statuses == [401] * 5
    assert closed.status_code == 429
    assert int(closed.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("register", {"email": "x@example.org"}, "password"),
        ("login", {"email": 7, "password": "p"}, "email"),
        ("login", {"email": "a" * 300, "password": "p"}, "email"),
        ("refresh", {"refreshToken": "x", "more": 1}, "more"),
        ("register", {**FORM, "handle": "no spaces here"}, "handle"),
    ],
)
async def test_what_is_wrong_with_a_request_is_said_by_its_field_and_never_repeated(program, path, body, field):
    answer = await program.post(f"/api/auth/{path}", json=body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert set(answer.json()) == {"code", "sentence", "field", "status"}
    assert "aaaa" not in answer.text


async def test_other_schemes_and_odd_credentials_are_nobody(program):
    for header in ("Basic aW5lczpw", "Bearer", "Bearer psk_nobody", "Bearer x.y.z", "Bearer " + "x" * 3_000):
        answer = await program.get("/api/prompt/templates", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
