"""Tokens: good for a quarter of an hour, renewed once, and worth nothing as soon as somebody has a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from pixelstudio.core.keyring import Keyring
from pixelstudio.features.accounts import sessions, tokens
from pixelstudio.features.accounts.closing import close
from pixelstudio.features.accounts.tokens import TokenRefused
from tests.factories import a_user

KEYS = Keyring(b"t" * 32, b"r" * 32)


@dataclass
class Api:
    database: Any
    ines: Any

    async def opened(self):
        async with self.database.transaction() as tx:
            return await tokens.open_family(tx, KEYS, self.ines.id)

    async def renewed(self, token):
        async with self.database.transaction() as tx:
            return await tokens.renew(tx, KEYS, token)

    async def who(self, token):
        async with self.database.reader() as reader:
            return await tokens.actor_of_token(reader, KEYS, token)


@pytest.fixture
async def api(database):
    return Api(database, await a_user(database))


def forged(token, key: Any = KEYS.tokens, algorithm="HS256", leave_out="", **changes):
    told = jwt.decode(token, options={"verify_signature": False})
    told = {name: value for name, value in {**told, **changes}.items() if name != leave_out}
    return jwt.encode(told, key, algorithm=algorithm)


async def test_a_token_says_who_comes_until_its_time_is_over(api, clock):
    pair = await api.opened()

    actor = await api.who(pair.access)
    assert (actor.id, actor.handle, actor.is_maintainer, actor.is_guest) == (api.ines.id, "ines", False, False)
    clock.advance(15 * 60 + 29)
    await api.who(pair.access)
    clock.advance(2)
    with pytest.raises(TokenRefused):
        await api.who(pair.access)


async def test_forged_and_mistaken_tokens_are_refused_alike(api, clock):
    pair, now = await api.opened(), int(clock.now().timestamp())
    wrong = [
        pair.refresh,
        "",
        "x.y.z",
        pair.access[:-3] + "AAA",
        forged(pair.access, key=b"u" * 32),
        forged(pair.access, key=None, algorithm="none"),
        forged(pair.access, aud="somebody"),
        forged(pair.access, iss="somebody"),
        forged(pair.access, typ="refresh"),
        forged(pair.access, iat=now + 120),
        forged(pair.access, exp=now - 120),
        forged(pair.access, exp="soon"),
        *(forged(pair.access, leave_out=claim) for claim in ("exp", "iat", "sub", "jti", "typ", "aud", "iss", "fam", "turn")),
    ]

    for token in wrong:
        with pytest.raises(TokenRefused):
            await api.who(token)
    await api.who(forged(pair.access, iat=now + 20))
    with pytest.raises(TokenRefused):
        await api.renewed(pair.access)


async def test_a_refresh_token_gives_one_pair_and_a_second_time_within_moments_the_same(api, clock):
    first = await api.opened()
    second = await api.renewed(first.refresh)
    clock.advance(9)
    again = await api.renewed(first.refresh)

    assert again.refresh == second.refresh != first.refresh
    third = await api.renewed(second.refresh)
    assert (await api.who(third.access)).handle == "ines"


@pytest.mark.parametrize("turns", [1, 3])
async def test_a_used_token_ends_the_whole_sign_in(api, clock, turns):
    stolen = latest = await api.opened()
    for _ in range(turns):
        latest = await api.renewed(latest.refresh)
    clock.advance(11)

    assert await api.renewed(stolen.refresh) is None
    for act in (api.renewed(latest.refresh), api.who(latest.access), api.renewed(stolen.refresh)):
        with pytest.raises(TokenRefused):
            await act


async def test_other_sign_ins_live_on_and_each_ends_after_a_week_of_silence(api, clock):
    one, other = await api.opened(), await api.opened()
    clock.advance(11)
    await api.renewed(one.refresh)
    clock.advance(11)
    assert await api.renewed(one.refresh) is None

    clock.advance(6 * 86_400)
    other = await api.renewed(other.refresh)
    clock.advance(6 * 86_400)
    other = await api.renewed(other.refresh)
    clock.advance(7 * 86_400 + 1)
    with pytest.raises(TokenRefused):
        await api.renewed(other.refresh)


async def test_signing_out_everywhere_and_closing_the_account_end_all_tokens(api):
    pair = await api.opened()
    async with api.database.transaction() as tx:
        await sessions.end_others(tx, by=api.ines)
    with pytest.raises(TokenRefused):
        await api.who(pair.access)

    pair = await api.opened()
    async with api.database.transaction() as tx:
        await close(tx, api.ines.id)
    for act in (api.who(pair.access), api.renewed(pair.refresh)):
        with pytest.raises(TokenRefused):
            await act


async def test_upkeep_forgets_families_nobody_can_renew(api, clock):
    pair = await api.opened()
    clock.advance(7 * 86_400 + 1)
    async with api.database.transaction() as tx:
        await tokens.forget_old_families(tx)
        row = jwt.decode(pair.refresh, options={"verify_signature": False})["fam"]
        assert await tx.get(tokens.TokenFamilyRow, row) is None
