"""Ids taken ahead: ascending, never the same for two, and not kept for long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pixelstudio.db.engine import Database
from pixelstudio.db.numbers import AHEAD, KEPT_S
from tests.connections import engine_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.clock import FrozenClock


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process at the same database."""
    opened = Database(engine_at(database.url), database.url, database.clock, database.bus)
    yield opened
    await opened.close()


async def _put_in(database: Database, count: int, *, are_last: bool = False) -> list[int]:
    """Jobs with ids asked for first."""
    async with database.transaction() as tx:
        ids = await tx.ids_for("q_job", count, are_last=are_last)
        for job_id in ids:
            await tx.write(
                "INSERT INTO q_job(id,kind,lane,prio,vft,cost,state,phase,run_at,fence,attempt,max_attempts,cancel_req,created)"
                " VALUES(:id,'chore','lane',1,0,1,5,0,0,0,0,1,FALSE,0)",
                {"id": job_id},
            )
    return ids


async def test_two_processes_that_put_in_at_once_are_never_given_the_same(database: Database, other: Database) -> None:
    given = await asyncio.gather(*(_put_in((database, other)[n % 2], 1 + n) for n in range(8)))

    assert all(ids == sorted(ids) and len(ids) == 1 + n for n, ids in enumerate(given))
    assert len({job_id for ids in given for job_id in ids}) == sum(range(9))


async def test_those_that_must_be_the_last_are_above_what_others_have_taken_ahead(database: Database, other: Database) -> None:
    await _put_in(database, 1)
    (latest,) = await _put_in(other, 1)

    assert await _put_in(database, 1) < [latest] or database.dialect == "sqlite"
    (last,) = await _put_in(database, 1, are_last=True)

    assert last > latest


async def test_what_was_taken_ahead_is_given_out_for_a_second_only(database: Database, other: Database, clock: FrozenClock) -> None:
    await _put_in(database, 1)
    (latest,) = await _put_in(other, 1)
    clock.advance(KEPT_S + 0.1)

    assert await _put_in(database, 1) > [latest]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_more_than_are_at_hand_are_asked_for(database: Database) -> None:
    given = [*(await _put_in(database, 1)), *(await _put_in(database, AHEAD)), *(await _put_in(database, AHEAD + 1))]

    assert given == sorted(set(given))


async def test_what_was_rolled_back_is_in_nobodys_way(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await tx.ids_for("q_job", 3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert len(await _put_in(database, 2)) == 2
