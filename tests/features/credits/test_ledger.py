"""The ledger: no order of calls takes a balance below zero, and saying a thing twice changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.errors import NotEnoughCredits
from pixelstudio.core.ids import GenerationId
from pixelstudio.features.credits.ledger import Balance, balance_of, capture, grant, hold, release
from pixelstudio.features.credits.tables import CreditEntryRow
from tests.factories import a_user

_serial = itertools.count()
KEYS = st.sampled_from(["a", "b", "c"])
AMOUNTS = st.integers(0, 4)
OPERATIONS = st.one_of(
    st.tuples(st.just("grant"), KEYS, AMOUNTS),
    st.tuples(st.just("hold"), KEYS, AMOUNTS),
    st.tuples(st.just("capture"), KEYS, st.just(0)),
    st.tuples(st.just("release"), KEYS, st.just(0)),
)


async def balance(database, account_id):
    async with database.reader() as reader:
        return await balance_of(reader, account_id)


async def entries(database, account_id):
    async with database.reader() as reader:
        rows = (await reader.exec(select(CreditEntryRow).where(CreditEntryRow.account_id == account_id))).scalars()
        return [(row.kind, row.available_delta, row.held_delta) for row in rows]


async def apply(database, account_id, operation, prefix):
    kind, key, amount = operation
    key = f"{prefix}{key}"
    async with database.transaction() as tx:
        match kind:
            case "grant":
                await grant(tx, account_id, amount, key=key)
            case "hold":
                await hold(tx, account_id, amount, keys=[key])
            case "capture":
                await capture(tx, key)
            case "release":
                await release(tx, key)


async def apply_unless_poor(database, account_id, operation, prefix):
    try:
        await apply(database, account_id, operation, prefix)
    except NotEnoughCredits:
        return False
    return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=st.lists(OPERATIONS, max_size=10))
async def test_whatever_the_order_no_balance_goes_below_zero_and_replays_change_nothing(database, operations):
    prefix = f"{next(_serial)}:"
    account_id = (await a_user(database, f"u{prefix[:-1].zfill(3)}")).id

    for operation in operations:
        went = await apply_unless_poor(database, account_id, operation, prefix)
        now = await balance(database, account_id)
        assert now.available >= 0
        assert now.held >= 0
        if went:
            assert await apply_unless_poor(database, account_id, operation, prefix)
            assert await balance(database, account_id) == now

    for key in "abc":
        await apply(database, account_id, ("release", key, 0), prefix)
    settled = await balance(database, account_id)
    movements = await entries(database, account_id)
    assert settled.held == 0
    assert settled.available == sum(a for kind, a, _ in movements if kind == "grant") + sum(
        h for kind, _, h in movements if kind == "capture"
    )


async def test_capture_spends_and_release_gives_back(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 2, keys=["one", "two"])
    assert await balance(database, ines.id) == Balance(available=1, held=4)

    async with database.transaction() as tx:
        await capture(tx, "one")
        await release(tx, "two")

    assert await balance(database, ines.id) == Balance(available=3, held=0)
    assert await entries(database, ines.id) == [("grant", 5, 0), ("hold", -2, 2), ("hold", -2, 2), ("capture", 0, -2), ("release", 2, -2)]


async def test_a_settlement_shows_at_once_and_is_gone_with_what_it_was_written_in(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 2, keys=["one", "two"])

    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            await capture(tx, "one")
            await release(tx, "two")
            assert await balance_of(tx, ines.id) == Balance(available=3, held=0)
            raise ZeroDivisionError

    assert await balance(database, ines.id) == Balance(available=1, held=4)


async def test_a_settlement_stands_before_what_comes_after_it_and_tells_its_moment(database, clock):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 1, keys=["one"], generation_id=GenerationId("a set"))
    clock.advance(10_800.000007)
    async with database.transaction() as tx:
        await capture(tx, "one")
        tx.add(CreditEntryRow(account_id=ines.id, kind="grant", available_delta=1, held_delta=0, key="later", created_at=tx.now))

    async with database.reader() as reader:
        rows = (await reader.exec(select(CreditEntryRow).order_by(col(CreditEntryRow.id)))).scalars().all()
    assert [row.key for row in rows[1:]] == ["hold:one", "settle:one", "later"]
    assert (rows[2].generation_id, rows[2].created_at) == ("a set", clock.now())
    assert rows[2].created_at == rows[3].created_at


async def test_what_is_released_cannot_be_captured_and_the_other_way_round(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 1, keys=["one", "two"])
        await release(tx, "one")
        await capture(tx, "one")
        await capture(tx, "two")
        await release(tx, "two")

    assert await balance(database, ines.id) == Balance(available=4, held=0)


async def test_a_hold_is_all_or_nothing_and_says_what_to_do(database):
    ines = await a_user(database)

    with pytest.raises(NotEnoughCredits) as refusal:
        async with database.transaction() as tx:
            await hold(tx, ines.id, 2, keys=["one", "two", "three"])

    assert "costs 6 credits and you have 5" in refusal.value.sentence
    assert await entries(database, ines.id) == [("grant", 5, 0)]


async def test_free_things_leave_no_rows(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await grant(tx, ines.id, 0, key="nothing")
        await hold(tx, ines.id, 0, keys=["one"])
        await capture(tx, "one")

    assert await entries(database, ines.id) == [("grant", 5, 0)]


async def test_two_holds_at_once_never_spend_the_same_credit(database):
    ines = await a_user(database)

    async def try_hold(key):
        async with database.transaction() as tx:
            await hold(tx, ines.id, 3, keys=[key])

    outcomes = await asyncio.gather(*(try_hold(f"k{n}") for n in range(6)), return_exceptions=True)

    assert sum(o is None for o in outcomes) == 1
    assert all(o is None or isinstance(o, NotEnoughCredits) for o in outcomes)
    assert await balance(database, ines.id) == Balance(available=2, held=3)


async def test_two_settlements_at_once_count_once(database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 5, keys=["one"])

    async def settle(command):
        async with database.transaction() as tx:
            await command(tx, "one")

    await asyncio.gather(*(settle(command) for command in (capture, release) * 3))

    settled = await balance(database, ines.id)
    assert settled.held == 0
    assert settled.available in {0, 5}
    assert len(await entries(database, ines.id)) == 3
