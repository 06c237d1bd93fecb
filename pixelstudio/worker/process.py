"""A worker's process: open the studio, work until SIGTERM or SIGINT, give back what is in hand.

A serving process runs the same worker inside itself (`bootstrap.working`); only what differs is here: signals, and the progress that
must travel to the process people are connected to.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
from collections.abc import Generator

import uvloop
from prometheus_client import start_http_server

from pixelstudio.api.exposition import Work, registry_of
from pixelstudio.bootstrap.counting import counting
from pixelstudio.bootstrap.hearing import hearing_others
from pixelstudio.bootstrap.keeping import keeping
from pixelstudio.bootstrap.opening import open_studio
from pixelstudio.bootstrap.working import filming, make_runner
from pixelstudio.core.settings import Settings
from pixelstudio.jobs.meter import Meter
from pixelstudio.jobs.progress_rows import write_progress
from pixelstudio.jobs.runner import Runner


def run(settings: Settings) -> int:
    """Work on a migrated database until told to stop; the exit status."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(work(settings))
    return 0


async def work(settings: Settings) -> None:
    """The same within a running loop."""
    async with contextlib.AsyncExitStack() as stack:
        studio = await stack.enter_async_context(open_studio(settings))
        for beside in (hearing_others, counting, keeping, filming):
            await stack.enter_async_context(beside(studio))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        runner = make_runner(studio)
        writing = group.create_task(write_progress(studio.db, studio.progress))
        with stopped_by_signals(runner), telling_metrics(settings.worker_metrics_port, studio.meter):
            await runner.run()
        writing.cancel()


@contextlib.contextmanager
def telling_metrics(port: int, meter: Meter) -> Generator[None]:
    """While the block runs, whoever asks on this machine is told what this worker has done; nobody with port 0."""
    if not port:
        yield
        return
    server, thread = start_http_server(port, addr="127.0.0.1", registry=registry_of(Work(meter)))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def stopped_by_signals(runner: Runner) -> Generator[None]:
    """While the block runs, SIGTERM or SIGINT stops the runner, a second one ends its wait for what is paid, a third the process."""
    loop = asyncio.get_running_loop()
    told = itertools.count(1)

    def let_go() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    def stop() -> None:
        if next(told) == 1:
            runner.stop()
        else:
            let_go()
            runner.hurry()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        let_go()
