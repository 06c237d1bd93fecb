"""A coroutine driven step by step does what it would have done, and every wait of it is seen from both sides."""

from __future__ import annotations

import asyncio

import pytest

from tests.chaos.waits import watched


async def _asked(answer: str, seen: list[str]) -> str:
    await asyncio.sleep(0)
    try:
        await asyncio.sleep(60 if answer == "late" else 0)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
    if answer == "wrong":
        raise LookupError(answer)
    return answer


async def test_every_wait_is_seen_from_both_sides() -> None:
    seen: list[str] = []

    assert await watched(_asked("right", seen), seen.append) == "right"

    assert seen == ["in _asked", "after _asked"] * 2


async def test_an_error_of_the_work_comes_through() -> None:
    with pytest.raises(LookupError):
        await watched(_asked("wrong", []), lambda _: None)


async def test_a_cancellation_reaches_the_work() -> None:
    seen: list[str] = []
    task = asyncio.create_task(_with(seen))
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled"]


async def _with(seen: list[str]) -> str:
    return await watched(_asked("late", seen), lambda _: None)


async def test_who_strikes_ends_the_work_at_that_wait() -> None:
    def strike(place: str) -> None:
        if place.startswith("after"):
            raise SystemError(place)

    work = _asked("right", [])
    with pytest.raises(SystemError, match="after _asked"):
        await watched(work, strike)
    work.close()
