"""Lane, flow, job, and what hangs on it: everybody locks in this order, so nobody waits in a circle."""

from __future__ import annotations

import asyncio
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import AsyncConnection, AsyncCursor

from pixelstudio.db.wires import Wire
from pixelstudio.jobs import lanes
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.errors import Away, RetryLater, SlowDown
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.queue import NewJob, cancel, enqueue_many
from pixelstudio.jobs.runner import Runner
from tests.jobs.floor import LANE, QUICK, Chore, eventually, running, select

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import JobContext

LANES = [Lane(LANE, 4, rate=400.0, burst=20.0, breaker_after=5), Lane("other", 3)]
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname=current_database()"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_whatever_is_done_at_once_all_lock_in_one_order_and_postgres_finds_no_deadlock(db: Database, locked: set[tuple[str, ...]]):
    """With `lock_flows` behind `lock_for_cancel` the order is another one."""
    dice = random.Random(11)

    async def work(_context: JobContext) -> None:
        await asyncio.sleep(dice.random() * 0.01)
        if (chance := dice.random()) < 0.2:
            raise dice.choice([SlowDown("Busy.", after_s=0.0), Away("Nobody."), RetryLater("Later.", after_s=0.0)])
        if chance < 0.25:
            raise ValueError

    async def somebody(hands: Hands, name: str) -> None:
        for _ in range(25):
            async with db.transaction() as tx:
                jobs = [NewJob(kind="chore", lane=dice.choice(LANES).id, user_id=name) for _ in range(dice.randint(1, 4))]
                ids = await enqueue_many(tx, jobs, hands)
            await asyncio.sleep(dice.random() * 0.02)
            async with db.transaction() as tx:
                await cancel(tx, dice.sample(range(1, max(ids) + 1), min(6, max(ids))), {"chore": chore})
            if dice.random() < 0.1:
                async with db.transaction() as tx:
                    await lanes.resume(tx, LANE)

    chore = Chore(work)
    before = await select(db, DEADLOCKS)
    hands = [Hands(), Hands()]
    runners = [Runner(db, {"chore": chore}, LANES, ProgressBoard(db.bus), pace=QUICK, hands=own) for own in hands]
    async with running(*runners):
        await eventually(lambda: runners[0]._pump.is_idle("other"))
        async with db.transaction() as tx:  # some of these are begun at once, the others wait
            await enqueue_many(tx, [NewJob(kind="chore", lane="other") for _ in range(6)], hands[0])
        await asyncio.gather(*[somebody(dice.choice(hands), f"u{n % 3}") for n in range(6)])

    await asyncio.sleep(1.1)  # statistics are handed in once a second
    assert await select(db, DEADLOCKS) == before
    assert chore.started
    assert locked >= {("q_lane", "q_flow", "q_job"), ("q_flow", "q_job"), ("q_lane", "q_job", "q_class")}
    assert [order for order in locked if list(order) != sorted(order, key=RANKS.index)] == []


RANKS = ("q_lane", "q_flow", "q_job", "q_class", "q_attempt")
_LOCKS = re.compile(
    r"WITH flows AS \(INSERT INTO (q_flow)\(.*,jobs AS \(INSERT INTO (q_job)\("
    r"|UPDATE (\w+)|INSERT INTO (\w+).* ON CONFLICT|(?:WITH RECURSIVE .*\) )?SELECT .*? FROM (\w+) .*FOR UPDATE"
)


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, ...]]:
    """In which order each transaction first locked rows of each table, by what the driver itself is asked: sessions and scripts alike."""
    seen: set[tuple[str, ...]] = set()
    under_way: dict[AsyncConnection[Any], dict[str, None]] = {}
    execute, send = AsyncCursor.execute, Wire.send

    def note(connection: AsyncConnection[Any], asked: str) -> None:
        if asked in {"COMMIT", "ROLLBACK"}:  # on a wire
            seen.add(tuple(under_way.pop(connection, ())))
        if found := _LOCKS.match(asked):
            under_way.setdefault(connection, {}).update(dict.fromkeys(filter(None, found.groups())))

    async def executed(cursor: AsyncCursor[Any], statement: Any, *rest: Any, **options: Any) -> Any:
        note(cursor.connection, statement.decode() if isinstance(statement, bytes) else statement)
        return await execute(cursor, statement, *rest, **options)

    def sent(wire: Wire, asked: str, *rest: Any, **options: Any) -> Any:
        note(wire.connection, asked)
        return send(wire, asked, *rest, **options)

    def ending(how: Callable[[AsyncConnection[Any]], Awaitable[None]]) -> Callable[[AsyncConnection[Any]], Awaitable[None]]:
        async def over(connection: AsyncConnection[Any]) -> None:
            seen.add(tuple(under_way.pop(connection, ())))
            await how(connection)

        return over

    monkeypatch.setattr(AsyncCursor, "execute", executed)
    monkeypatch.setattr(Wire, "send", sent)
    for name in ("commit", "rollback", "close"):
        monkeypatch.setattr(AsyncConnection, name, ending(getattr(AsyncConnection, name)))
    return seen
