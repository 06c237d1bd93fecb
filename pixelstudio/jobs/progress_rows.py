"""Progress between processes: one overwritten row a job, written by the worker's process, read by the serving one while people look."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlalchemy.exc import DBAPIError

from pixelstudio.core.log import get_logger
from pixelstudio.jobs.claim import Script
from pixelstudio.jobs.endings import epoch
from pixelstudio.jobs.rings import JOBS_CHANNEL, JOBS_TOPIC
from pixelstudio.jobs.statements import RUNNING, STATEMENTS

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.progress import ProgressBoard

WRITE_EVERY_S = 0.25
READ_EVERY_S = 0.25
GLANCE_EVERY_S = 5.0

_WRITE = """INSERT INTO q_progress(job_id,step,steps,preview,updated) VALUES(:id,:step,:steps,:preview,:now)
ON CONFLICT(job_id) DO UPDATE SET step=excluded.step,steps=excluded.steps,preview=excluded.preview,updated=excluded.updated"""
_FORGET = f"DELETE FROM q_progress WHERE job_id=:id AND NOT EXISTS (SELECT 1 FROM q_job WHERE id=:id AND {RUNNING})"  # noqa: S608  # constants
_NEWS = f"SELECT p.job_id,p.updated,q_job.batch_id,q_job.user_id FROM q_progress p JOIN q_job ON q_job.id=p.job_id AND {RUNNING}"  # noqa: S608  # constants
_STEPS = "SELECT job_id,step,steps,preview FROM q_progress WHERE job_id IN :wanted"


async def write_progress(db: Database, board: ProgressBoard) -> None:
    """In a worker's own process: write what changed, at most four times a second, until cancelled."""
    board.collect_changes()
    while True:
        await asyncio.sleep(WRITE_EVERY_S)
        changed = sorted(board.take_changes())
        if not changed:
            continue
        try:
            await db.script(_write(board, changed, db.clock.epoch()), first=False)
        except DBAPIError as error:  # only the latest step counts, and the next one is written again
            get_logger().warning("progress.not_written", error=type(error).__name__)


def _write(board: ProgressBoard, changed: Sequence[int], now: float) -> Script[None]:
    for job_id in changed:
        progress = board.get(job_id)
        if progress is not None:
            yield _WRITE, {"id": job_id, "step": progress.step, "steps": progress.steps, "preview": progress.preview, "now": now}
        yield _FORGET, {"id": job_id}


class ProgressReader:
    """In a serving process without a worker: bring the progress of jobs whose owners are looking onto the board."""

    def __init__(self, db: Database, board: ProgressBoard) -> None:
        self._db = db
        self._board = board
        self._seen: dict[int, float] = {}
        self._rung = asyncio.Event()
        db.doorbell.on(JOBS_CHANNEL, self._rung.set)

    async def run(self) -> None:
        """Read four times a second while jobs are open, otherwise glance when rung or every few seconds; until cancelled."""
        with self._db.bus.subscribe(JOBS_TOPIC, capacity=1) as bell:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hear(bell))
                while True:
                    await self._rest(READ_EVERY_S if await self.read_once() else GLANCE_EVERY_S)

    async def _hear(self, bell: Any) -> None:
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

    async def read_once(self) -> bool:
        """Put what is new on the board; whether there are jobs for which to come back soon."""
        async with self._db.reader() as reader:
            waiting, held = (await reader.exec(text(STATEMENTS[reader.dialect].open_jobs), {"now": epoch(reader)})).one()
            if not held:
                self._leave(set())
                return bool(waiting)
            rows = (await reader.exec(text(_NEWS))).all()
            watched = [row for row in rows if self._seen.get(row[0]) != row[1] and self._db.bus.has_listeners(f"user:{row[3]}")]
            steps = text(_STEPS).bindparams(bindparam("wanted", expanding=True))
            found = (await reader.exec(steps, {"wanted": [row[0] for row in watched]})).all() if watched else []
        self._leave({row[0] for row in rows})
        for job_id, updated, batch_id, user_id in watched:
            if job_id not in self._seen:
                self._board.begin(job_id, batch_id, user_id)
            self._seen[job_id] = updated
        for job_id, step, steps_, preview in found:
            self._board.update(job_id, step, steps_, preview)
        return True

    def _leave(self, running: set[int]) -> None:
        for job_id in self._seen.keys() - running:
            del self._seen[job_id]
            self._board.end(job_id)
