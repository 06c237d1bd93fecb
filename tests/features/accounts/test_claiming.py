"""Claiming: the token of the last start makes one person maintainer, once."""

from __future__ import annotations

import pytest

from pixelstudio.core.ids import new_secret
from pixelstudio.features.accounts.claiming import claim, has_maintainer, issue_claim_token
from pixelstudio.features.accounts.errors import ClaimRefused
from tests.factories import a_cookie, a_user, an_actor


async def issued(database):
    async with database.transaction() as tx:
        return await issue_claim_token(tx)


async def claimed(database, token, by):
    async with database.transaction() as tx:
        await claim(tx, token, by=by)


async def test_the_bearer_of_the_token_becomes_maintainer(database):
    ines = await a_user(database, "ines")

    await claimed(database, await issued(database), ines)

    assert (await an_actor(database, await a_cookie(database, ines.id))).is_maintainer


async def test_a_stranger_with_a_wrong_token_is_refused_and_nothing_changes(database):
    stranger = await a_user(database, "stranger")
    await issued(database)

    for token in ("", "x", new_secret()):
        with pytest.raises(ClaimRefused):
            await claimed(database, token, stranger)

    async with database.reader() as reader:
        assert not await has_maintainer(reader)


async def test_a_token_works_once(database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    token = await issued(database)
    await claimed(database, token, ines)

    with pytest.raises(ClaimRefused):
        await claimed(database, token, omar)

    assert not (await an_actor(database, await a_cookie(database, omar.id))).is_maintainer


async def test_the_next_start_replaces_the_token_until_somebody_claims(database):
    ines = await a_user(database, "ines")
    old, new = await issued(database), await issued(database)

    with pytest.raises(ClaimRefused):
        await claimed(database, old, ines)
    await claimed(database, new, ines)

    assert await issued(database) is None
