"""The alarm for what holds up the event loop."""

from __future__ import annotations

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from pixelstudio.core.lag import LoopLag
from pixelstudio.core.limits import LOOP_LAG_ALARM_S, LOOP_LAGS_TOLD_PER_MINUTE


async def held_up(lag: LoopLag, seconds: float, *, is_watched: bool = True) -> list[int]:
    """Block the loop for real; the waits that were told of, in milliseconds."""
    with capture_logs() as lines:
        watching = asyncio.create_task(lag.watch()) if is_watched else None
        await asyncio.sleep(0.1)
        time.sleep(seconds)  # noqa: ASYNC251  # what the alarm is about
        await asyncio.sleep(0.3)
        if watching:
            watching.cancel()
    return [line["ms"] for line in lines if line["event"] == "loop.lagged"]


@pytest.mark.parametrize("is_watched", [True, False])
async def test_what_blocks_the_loop_is_told_with_its_length(is_watched):
    """At rest too, where it is looked at seldom."""
    lag = LoopLag()

    told = await held_up(lag, 0.6, is_watched=is_watched)

    assert any(300 <= ms <= 2_000 for ms in told) == is_watched
    assert (lag.worst_ms >= 300) == is_watched


@pytest.mark.parametrize(("share", "at_least", "at_most"), [(0.0, 3, 7), (0.5, 10, 24)])
async def test_a_loop_that_has_something_to_do_is_looked_at_more_often(share, at_least, at_most):
    looks = 0

    def worked() -> float:
        nonlocal looks
        looks += 1
        return share * time.monotonic()

    watching = asyncio.create_task(LoopLag(worked=worked).watch())
    await asyncio.sleep(1.0)
    watching.cancel()

    assert at_least <= looks / 2 <= at_most


def test_a_short_wait_is_nothing():
    lag = LoopLag()
    with capture_logs() as lines:
        lag.note(LOOP_LAG_ALARM_S - 0.001)

    assert (lines, lag.worst_ms) == ([], 99)


def test_a_bad_minute_is_told_of_a_few_times_and_the_rest_is_counted():
    now = 0.0
    lag = LoopLag(lambda: now)
    with capture_logs() as lines:
        for _ in range(100):
            lag.note(0.2)
        now = 60.0
        lag.note(0.3)

    assert len(lines) == LOOP_LAGS_TOLD_PER_MINUTE + 1
    assert (lines[-1]["ms"], lines[-1]["untold"]) == (300, 100 - LOOP_LAGS_TOLD_PER_MINUTE)


@pytest.mark.parametrize(("seconds", "worst"), [(30.0, 50), (65.0, 50), (119.0, 50), (121.0, 0), (500.0, 0)])
def test_the_worst_is_forgotten_after_two_minutes(seconds, worst):
    now = 0.0
    lag = LoopLag(lambda: now)
    lag.note(0.05)

    now = seconds

    assert lag.worst_ms == worst
