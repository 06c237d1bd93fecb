"""Sessions: who a cookie stands for, for how long, and what ends them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pixelstudio.core.ids import secret_digest
from pixelstudio.features.accounts.events import SignedOut
from pixelstudio.features.accounts.sessions import actor_for, forget_expired_sessions, mark_seen, open_session, sign_out
from pixelstudio.features.accounts.tables import SignInSessionRow
from tests.factories import a_cookie, a_user, an_actor

DAY_S = 24 * 60 * 60


async def who(database, cookie):
    async with database.reader() as reader:
        return await actor_for(reader, cookie)


async def sessions_of(database):
    async with database.reader() as reader:
        return list((await reader.exec(select(SignInSessionRow))).scalars())


async def test_a_cookie_stands_for_its_person(database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")

    found = await an_actor(database, await a_cookie(database, omar.id))

    assert (found.id, found.handle, found.is_maintainer) == (omar.id, "omar", False)
    assert found.id != ines.id


@pytest.mark.parametrize("cookie", [None, "", "x", "A" * 43, "' OR 1=1 --", "\x00" * 43])
async def test_any_other_cookie_stands_for_nobody(database, cookie):
    await a_user(database)

    assert await who(database, cookie) is None


async def test_the_cookie_value_is_stored_nowhere(database):
    ines = await a_user(database)
    cookie = await a_cookie(database, ines.id)

    assert all(cookie not in str(row.model_dump()) for row in await sessions_of(database))
    assert secret_digest(cookie) in {row.digest for row in await sessions_of(database)}


async def test_signing_in_ends_the_session_of_the_presented_cookie(database, bus):
    ines = await a_user(database)
    planted = await a_cookie(database, ines.id)

    with bus.subscribe(f"session:{secret_digest(planted)}") as heard:
        async with database.transaction() as tx:
            fresh = await open_session(tx, ines.id, replacing=planted)
        facts = await heard.get_batch()

    assert fresh != planted
    assert await who(database, planted) is None
    assert (await an_actor(database, fresh)).id == ines.id
    assert facts == [SignedOut(session_digest=secret_digest(planted), account_id=ines.id)]


async def test_signing_out_ends_this_session_only_and_tells_its_tabs_once(database, bus):
    ines = await a_user(database)
    here, there = await a_cookie(database, ines.id), await a_cookie(database, ines.id)

    with bus.subscribe(f"session:{secret_digest(here)}") as heard:
        for _ in range(2):
            async with database.transaction() as tx:
                await sign_out(tx, secret_digest(here))
        facts = await heard.get_batch()

    assert await who(database, here) is None
    assert await who(database, there) is not None
    assert facts == [SignedOut(session_digest=secret_digest(here), account_id=ines.id)]


async def test_a_session_idles_out_after_fourteen_days(database, clock):
    cookie = await a_cookie(database, (await a_user(database)).id)

    clock.advance(14 * DAY_S - 1)
    assert await who(database, cookie) is not None
    clock.advance(1)
    assert await who(database, cookie) is None


async def test_a_used_session_ends_after_ninety_days_all_the_same(database, clock):
    cookie = await a_cookie(database, (await a_user(database)).id)

    for _ in range(89):
        clock.advance(DAY_S)
        async with database.transaction() as tx:
            await mark_seen(tx, secret_digest(cookie))
    assert await who(database, cookie) is not None
    clock.advance(DAY_S)
    assert await who(database, cookie) is None


async def test_the_sign_of_life_is_written_at_most_once_an_hour(database, clock):
    await a_user(database)
    (before,) = await sessions_of(database)

    clock.advance(3599)
    async with database.transaction() as tx:
        await mark_seen(tx, before.digest)
    (within,) = await sessions_of(database)
    clock.advance(1)
    async with database.transaction() as tx:
        await mark_seen(tx, before.digest)
    (after,) = await sessions_of(database)

    assert within.seen_at == before.seen_at
    assert after.seen_at == clock.now()


async def test_upkeep_drops_ended_sessions_and_keeps_the_living(database, clock):
    ines = await a_user(database)
    clock.advance(14 * DAY_S)
    living = await a_cookie(database, ines.id)

    async with database.transaction() as tx:
        await forget_expired_sessions(tx)

    assert [row.digest for row in await sessions_of(database)] == [secret_digest(living)]
