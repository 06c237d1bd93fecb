"""API keys: shown once, found by their digest, gone the moment they are revoked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.db.columns import metadata
from pixelstudio.features.accounts import api_keys
from pixelstudio.features.accounts.closing import close
from pixelstudio.features.accounts.tokens import TokenRefused
from tests.factories import a_user


async def made(database, by, name="Laptop"):
    async with database.transaction() as tx:
        return await api_keys.make_key(tx, name, by=by)


async def who(database, secret):
    async with database.reader() as reader:
        return await api_keys.actor_of_key(reader, secret)


async def test_a_key_is_kept_as_a_digest_and_says_who_comes(database, clock):
    ines = await a_user(database)
    key = await made(database, ines, "  My\n laptop ")

    actor = await who(database, key.secret)
    assert (actor.id, actor.is_maintainer, key.view.name, key.secret[:8]) == (ines.id, False, "My laptop", key.view.begins)
    async with database.reader() as reader:
        assert key.secret[8:] not in repr((await reader.exec(select(metadata.tables["api_key"]))).all())
        assert await api_keys.keys_of(reader, ines) == [key.view]
    async with database.transaction() as tx:
        await api_keys.mark_used(tx, key.secret)
    async with database.reader() as reader:
        assert [view.used_at for view in await api_keys.keys_of(reader, ines)] == [clock.now()]


async def test_a_revoked_key_is_worth_nothing_at_once(database):
    ines, bob = await a_user(database), await a_user(database, "bob")
    key, other = await made(database, ines), await made(database, ines, "Other")

    for by, key_id in ((bob, key.view.id), (ines, new_id()), (ines, "no id")):
        async with database.transaction() as tx:
            with pytest.raises(NotFound):
                await api_keys.revoke_key(tx, key_id, by=by)
    async with database.transaction() as tx:
        await api_keys.revoke_key(tx, key.view.id, by=ines)
    with pytest.raises(TokenRefused):
        await who(database, key.secret)
    assert (await who(database, other.secret)).id == ines.id


async def test_a_closed_account_has_no_keys(database):
    ines = await a_user(database)
    key = await made(database, ines)
    async with database.transaction() as tx:
        await close(tx, ines.id)

    with pytest.raises(TokenRefused):
        await who(database, key.secret)


async def test_a_key_has_a_name_and_nobody_has_too_many(database, monkeypatch):
    monkeypatch.setattr(limits, "API_KEYS_PER_PERSON", 1)
    ines = await a_user(database)

    for name in (" ", "n" * (limits.API_KEY_NAME_MAX + 1)):
        with pytest.raises(Invalid):
            await made(database, ines, name)
    await made(database, ines)
    with pytest.raises(Conflict):
        await made(database, ines)
