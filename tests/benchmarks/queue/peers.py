"""The queues of others in the contest, as their own documents say to use them: `python -m tests.benchmarks.queue.peers <name> <verb> <url>`.

Runs in build/bench, not in our environment.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false, reportFunctionMemberAccess=false

from __future__ import annotations

import asyncio
import json
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks.queue.station import CALLERS, CONCURRENCY, main

if TYPE_CHECKING:
    from collections.abc import Callable


class Procrastinate:
    async def open(self, url: str) -> None:
        import procrastinate

        connector = procrastinate.PsycopgConnector(conninfo=url, min_size=4, max_size=20)
        self._app = procrastinate.App(connector=connector)
        self._started: Callable[[float], None] = lambda _: None

        @self._app.task(name="note")
        async def note(moment: float) -> None:
            self._started(moment)

        self._note = note
        await self._app.open_async()
        if not await self._app.check_connection_async():
            await self._app.schema_manager.apply_schema_async()

    async def put(self, moment: float) -> None:
        await self._note.defer_async(moment=moment)

    async def fill(self, jobs: int) -> None:
        for first in range(0, jobs, 1_000):
            await self._note.batch_defer_async(*({"moment": 0.0} for _ in range(first, min(first + 1_000, jobs))))

    async def work(self, started: Callable[[float], None]) -> None:
        self._started = started
        await self._app.run_worker_async(concurrency=CONCURRENCY, install_signal_handlers=False)


class PgQueuer:
    """With a bound on how many run at a time, like everybody; see docs/decisions/0028-a-fair-contest.md."""

    AT_A_TIME: int | None = 2 * CONCURRENCY  # the least it takes for batches of `CONCURRENCY`

    async def open(self, url: str) -> None:
        import asyncpg
        from pgqueuer import PgQueuer as App
        from pgqueuer.db import AsyncpgPoolDriver
        from pgqueuer.queries import Queries

        pool = await asyncpg.create_pool(url, min_size=4, max_size=20)
        self._queries = Queries(AsyncpgPoolDriver(pool))
        if not await pool.fetchval("SELECT to_regclass('pgqueuer')"):
            await self._queries.install()
        self._app = App(AsyncpgPoolDriver(pool))

    async def put(self, moment: float) -> None:
        await self._queries.enqueue("note", json.dumps({"moment": moment}).encode())

    async def fill(self, jobs: int) -> None:
        for first in range(0, jobs, 1_000):
            many = min(1_000, jobs - first)
            await self._queries.enqueue(["note"] * many, [b'{"moment": 0}'] * many, [0] * many)

    async def work(self, started: Callable[[float], None]) -> None:
        @self._app.entrypoint("note")
        async def note(job: object) -> None:
            started(json.loads(job.payload)["moment"])

        await self._app.run(batch_size=CONCURRENCY, dequeue_timeout=timedelta(seconds=2), max_concurrent_tasks=self.AT_A_TIME)


class PgQueuerUnbounded(PgQueuer):
    """As its documents begin: it takes whatever is ready."""

    AT_A_TIME = None


class Saq:
    async def open(self, url: str) -> None:
        from saq import Queue

        self._queue = Queue.from_url(url)
        await self._queue.connect()

    async def put(self, moment: float) -> None:
        await self._queue.enqueue("note", moment=moment)

    async def fill(self, jobs: int) -> None:
        for first in range(0, jobs, CALLERS):
            await asyncio.gather(*(self.put(0.0) for _ in range(first, min(first + CALLERS, jobs))))

    async def work(self, started: Callable[[float], None]) -> None:
        from saq import Worker

        async def note(_context: object, *, moment: float) -> None:
            started(moment)

        await Worker(self._queue, functions=[("note", note)], concurrency=CONCURRENCY).start()


class Huey:
    """On a SQLite file, synchronous FULL like ours; threads, because it knows no coroutines."""

    WORKERS = 8

    async def open(self, url: str) -> None:
        from huey import SqliteHuey

        self._huey = SqliteHuey(filename=url.removeprefix("sqlite:///"), fsync=True)
        self._started: Callable[[float], None] = lambda _: None
        self._lock = threading.Lock()

        @self._huey.task()
        def note(moment: float) -> None:
            with self._lock:
                self._started(moment)

        self._note = note

    async def put(self, moment: float) -> None:
        await asyncio.to_thread(self._note, moment)

    async def fill(self, jobs: int) -> None:
        def put_all() -> None:
            for _ in range(jobs):
                self._note(0.0)

        await asyncio.to_thread(put_all)

    async def work(self, started: Callable[[float], None]) -> None:
        self._started = started
        consumer = self._huey.create_consumer(workers=self.WORKERS, periodic=False, check_worker_health=False)
        consumer.start()
        try:
            await asyncio.Event().wait()
        finally:
            consumer.stop()


QUEUES = {"procrastinate": Procrastinate, "pgqueuer": PgQueuer, "pgqueuer-unbounded": PgQueuerUnbounded, "saq": Saq, "huey": Huey}

if __name__ == "__main__":
    main(QUEUES[sys.argv[1]](), *sys.argv[2:])
