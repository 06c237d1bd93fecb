"""The write lane: one at a time, the queue first, nobody lost when a waiter gives up."""

from __future__ import annotations

import asyncio

from pixelstudio.db.lane import WriteLane


async def test_those_of_the_first_class_go_before_those_who_came_earlier() -> None:
    lane = WriteLane(open_to_all=False)
    order: list[str] = []

    async def visit(name: str, *, first: bool) -> None:
        async with lane.turn(first=first):
            order.append(name)
            await asyncio.sleep(0)

    async with lane.turn():
        tasks = [asyncio.create_task(visit(f"web{n}", first=False)) for n in range(3)]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(visit("pump", first=True)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)

    assert order == ["pump", "web0", "web1", "web2"]


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_passes_it_on() -> None:
    lane = WriteLane(open_to_all=False)
    entered = asyncio.Event()

    async def visit() -> None:
        async with lane.turn():
            entered.set()

    async with lane.turn():
        doomed = asyncio.create_task(visit())
        await asyncio.sleep(0)
    doomed.cancel()  # its future is set, the task has not run yet
    await asyncio.gather(doomed, return_exceptions=True)

    async with asyncio.timeout(1), lane.turn():
        assert not entered.is_set()


async def test_only_one_holds_the_lane() -> None:
    lane = WriteLane(open_to_all=False)
    inside = 0
    most = 0

    async def visit(first: bool) -> None:
        nonlocal inside, most
        async with lane.turn(first=first):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*[visit(n % 3 == 0) for n in range(60)])

    assert most == 1
