"""Progress between processes: written gently by the worker's, read by the serving one for those who look."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.jobs.progress_rows import ProgressReader, write_progress
from pixelstudio.jobs.rings import JobProgressed
from tests.jobs.floor import Chore, a_runner, eventually, put, running, select

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.jobs.kind import JobContext


@pytest.fixture
async def serving(database_url: str) -> AsyncIterator[Database]:
    """The serving process's own view of the same database."""
    opened = await Database.open(database_url, SystemClock(), Bus())
    yield opened
    await opened.close()


@contextlib.asynccontextmanager
async def _beside(work) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_preview_reaches_the_process_its_owner_looks_at(db: Database, serving: Database):
    go_on = asyncio.Event()

    async def draw(context: JobContext) -> None:
        await context.progress(1, 4, b"first")
        await go_on.wait()

    runner = a_runner(db, Chore(draw))
    board, here = runner._desk.progress, ProgressBoard(serving.bus)
    async with _beside(write_progress(db, board)), _beside(ProgressReader(serving, here).run()), running(runner):
        with serving.bus.subscribe("user:ines") as ines:
            job_id = await put(db, user_id="ines", batch_id="set")
            stranger = await put(db, user_id="ole")
            await eventually(lambda: here.get(job_id), within_s=8)
            heard = await ines.get_batch()

        latest = here.get(job_id)
        assert latest is not None
        assert (latest.step, latest.steps, latest.preview) == (1, 4, b"first")
        assert JobProgressed(job_id=job_id, batch_id="set", audience="ines") in heard
        assert here.get(stranger) is None
        assert len(await select(db, "SELECT job_id FROM q_progress")) == 2

        go_on.set()

        async def swept() -> bool:
            return await select(db, "SELECT job_id FROM q_progress") == []

        await eventually(swept)


async def test_an_ended_job_leaves_the_reader_s_board(db: Database, serving: Database):
    here = ProgressBoard(serving.bus)
    reader = ProgressReader(serving, here)

    assert await reader.read_once() is False
    await put(db)
    assert await reader.read_once() is True
