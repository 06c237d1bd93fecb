"""Clocks that are an hour off, as on a machine that slept or was never set: on Postgres, leases and pauses follow the server's own."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.jobs.errors import RetryLater
from tests.jobs.floor import Chore, a_runner, eventually, put, running, select

PAUSE_S = 1.0
LONGER_THAN_A_LEASE_S = 2.5


class WrongClock(SystemClock):
    """The machine's clock, moved."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by

    def epoch(self) -> float:
        return super().epoch() + self._by.total_seconds()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_workers_two_hours_apart_neither_steal_jobs_nor_hurry_pauses(database_url):
    """Hand Postgres `:now` as SQLite is, and the fast worker takes up what the slow one holds, again and again."""
    runs = []

    async def fails_once_then_takes_long(context):
        runs.append((context.job.attempt, asyncio.get_running_loop().time()))
        if context.job.attempt == 1:
            raise RetryLater("Not yet.", after_s=PAUSE_S)
        await asyncio.sleep(LONGER_THAN_A_LEASE_S)

    async with contextlib.AsyncExitStack() as stack:
        databases = []
        for hours in (-1, 0, 1):
            databases.append(await Database.open(database_url, WrongClock(timedelta(hours=hours)), Bus()))
            stack.push_async_callback(databases[-1].close)
        async with running(*(a_runner(db, Chore(fails_once_then_takes_long)) for db in databases)):
            await put(databases[0])

            async def is_over() -> bool:
                return await select(databases[1], "SELECT state, attempt FROM q_job") == [(5, 2)]

            await eventually(is_over, within_s=20)

    (first, began), (second, again) = runs
    assert (first, second) == (1, 2)
    assert PAUSE_S * 0.9 < again - began < PAUSE_S + 3
