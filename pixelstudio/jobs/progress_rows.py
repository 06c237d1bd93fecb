"""Progress between processes: one overwritten row a job, written by the worker's process, read by the serving one while people look."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.log import get_logger
from pixelstudio.db.outages import DatabaseAway
from pixelstudio.jobs.claim import Script
from pixelstudio.jobs.progress import Progress
from pixelstudio.jobs.rings import JOBS_CHANNEL, JOBS_TOPIC
from pixelstudio.jobs.statements import STATEMENTS, Statements

if TYPE_CHECKING:
    from pixelstudio.core.events import Subscription
    from pixelstudio.db.engine import Database
    from pixelstudio.db.transaction import Reader
    from pixelstudio.jobs.progress import ProgressBoard

WRITE_EVERY_S = 0.25
READ_EVERY_S = 0.25
GLANCE_EVERY_S = 5.0
NOTHING_YET = Progress(0, 0, None, 0)
"""The row of a job that has begun and has no step to show."""


async def write_progress(db: Database, board: ProgressBoard) -> None:
    """In a worker's own process: write what changed, at most four times a second, until cancelled."""
    board.collect_changes()
    while True:
        await asyncio.sleep(WRITE_EVERY_S)
        changed = sorted(board.take_changes())
        if not changed:
            continue
        try:
            await db.script(_write(STATEMENTS[db.dialect], board, changed, db.clock.epoch()), first=False)
        except DatabaseAway as error:  # only the latest step counts, and the next one is written again
            get_logger().warning("progress.not_written", code=error.code)


def _write(sql: Statements, board: ProgressBoard, changed: Sequence[int], now: float) -> Script[None]:
    for job_id in changed:
        progress = board.get(job_id) or NOTHING_YET
        row = {"id": job_id, "step": progress.step, "steps": progress.steps, "preview": progress.preview, "now": now}
        yield sql.write_progress, row
        yield sql.forget_progress, {"id": job_id}


class ProgressReader:
    """In a serving process without a worker: bring the progress of jobs whose owners are looking onto the board."""

    def __init__(self, db: Database, board: ProgressBoard) -> None:
        self._db = db
        self._board = board
        self._seen: dict[int, float] = {}
        self._rung = asyncio.Event()
        db.doorbell.on(JOBS_CHANNEL, lambda _: self._rung.set())

    async def run(self) -> None:
        """Read four times a second while jobs are open, otherwise glance when rung or every few seconds; until cancelled."""
        with self._db.bus.subscribe(JOBS_TOPIC, capacity=1) as bell:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hear(bell))
                while True:
                    await self._rest(READ_EVERY_S if await self._read_steadily() else GLANCE_EVERY_S)

    async def _hear(self, bell: Subscription) -> None:
        while True:
            await bell.get_batch(interval_s=READ_EVERY_S)
            self._rung.set()

    async def _rest(self, seconds: float) -> None:
        if seconds <= READ_EVERY_S:
            await asyncio.sleep(seconds)
            return
        self._rung.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()

    async def _read_steadily(self) -> bool:
        try:
            return await self.read_once()
        except DatabaseAway as error:
            get_logger().warning("progress.not_read", code=error.code)
            return False

    async def read_once(self) -> bool:
        """Put what is new on the board; whether there are jobs for which to come back soon."""
        sql = STATEMENTS[self._db.dialect]
        async with self._db.reader() as reader:
            [(waiting, held)] = await _rows(reader, sql.open_jobs)
            running = await _rows(reader, sql.progress_running) if held else []
            watched = [row for row in running if self._seen.get(row[0]) != row[1] and self._db.bus.has_listeners(f"user:{row[3]}")]
            steps = await _rows(reader, sql.progress_steps, {"ids": json.dumps([row[0] for row in watched])}) if watched else []
        self._leave({row[0] for row in running})
        for job_id, updated, batch_id, user_id in watched:
            if job_id not in self._seen:
                self._board.begin(job_id, batch_id, user_id)
            self._seen[job_id] = updated
        for job_id, step, of_steps, preview in steps:
            if of_steps:
                self._board.update(job_id, step, of_steps, preview)
        return bool(waiting or held)

    def _leave(self, running: set[int]) -> None:
        for job_id in self._seen.keys() - running:
            del self._seen[job_id]
            self._board.end(job_id)


async def _rows(reader: Reader, sql: str, parameters: dict[str, object] | None = None) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await reader.exec(text(sql), parameters)]
