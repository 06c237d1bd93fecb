"""Processes frozen, killed and torn from their children: one picture, one payment, and a late writer writes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.imaging.children import ChildPool
from pixelstudio.jobs.job import JobState
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from tests.factories import PricedSketch, a_studio, a_user
from tests.faults import painter
from tests.faults.house import eventually, the_studio_at, until_ended, url_of
from tests.leaks import canary, log_in
from tests.nursery import Forked, forked
from tests.paying import CREDITS, PRICE, a_paid_studio, asked, balance, time_passing, working
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.standin.process import StandIn

LEASE_S = 2.0
NOBODY_KNOWS = "Interrupted after the provider was asked: it may have drawn and charged for this picture."


@contextlib.asynccontextmanager
async def a_painter(url: str, folder: Path, stand_in: StandIn) -> AsyncIterator[Forked]:
    with log_in(folder.parent) as opened:
        log = Path(opened.name)
    environment = os.environ | {"PAINTER_KEY": canary("painter's key")}
    process = forked(painter.main, url, folder, stand_in.base_url, LEASE_S, environment=environment, log=log)

    async def is_ready() -> bool:
        assert process.poll() is None, "the painter ended"
        return "ready" in log.read_text().splitlines()

    try:
        await eventually(is_ready)
        yield process
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 15)
    finally:
        process.kill()
        await asyncio.to_thread(process.wait, 15)


@pytest.fixture
async def people(database_url):
    """A studio that offers priced sketches and the stand-in, and draws nothing itself."""
    database, children = await Database.open(database_url, SystemClock(), Bus()), ChildPool(0)
    openai = OpenAIImages(None, Account(provider="openai", maker="OpenAI", base_url=""), OFFERS)  # type: ignore[arg-type]  # asks nobody
    yield a_studio(database, database.clock, children, PricedSketch(children), openai)
    await database.close()


async def count(studio, question):
    async with studio.db.reader() as reader:
        return (await reader.exec(text(question))).scalar_one()


@pytest.mark.slow
async def test_a_worker_frozen_beyond_its_lease_wakes_too_late(people, tmp_path, stand_in):
    """Without `phase=0` in `rescue` the paid one is asked twice. Three walls keep the sleeper out: its beat, the fence, slots settled once."""
    stand_in.always(pause_s=1.0)
    ines = await a_user(people.db, credits=20)
    async with a_painter(people.db.url, tmp_path / "objects", stand_in) as sleeper:
        free = await asked(people, ines, model="sketch-paper", width=1024, height=1024)
        dear = await asked(people, ines)
        await asyncio.to_thread(stand_in.wait_for_request)

        async def both_run() -> bool:
            return await count(people, "SELECT count(*) FROM q_job WHERE state=3") == 2

        await eventually(both_run)
        sleeper.send_signal(signal.SIGSTOP)
        async with a_painter(people.db.url, tmp_path / "objects", stand_in):
            # A process frozen inside a transaction keeps its locks until the server ends that transaction, seconds later.
            sketch, paid = await until_ended(people, ines, free, 40), await until_ended(people, ines, dear, 40)
            sleeper.send_signal(signal.SIGCONT)
            await asyncio.sleep(LEASE_S * 1.5)

    assert [slot.state for slot in sketch.slots] == ["done"]
    assert await count(people, "SELECT min(attempt) FROM q_job WHERE lane='sketch'") == 2
    assert [slot.sentence for slot in paid.slots] == [NOBODY_KNOWS]
    assert await count(people, "SELECT count(*) FROM image") == 1
    assert await count(people, "SELECT count(*) FROM credit_entry WHERE kind='capture'") == 1
    assert await balance(people, ines) == Balance(CREDITS - 2 * PRICE, PRICE)
    assert len(stand_in.requests()) == 1


@pytest.mark.slow
async def test_a_second_signal_ends_a_server_at_once_and_in_order(tmp_path, stand_in):
    """Without `_hurry` in `cli/serve.py` it goes on waiting for the provider; were the process simply ended, the lease would have to run out."""
    stand_in.always(fault="silent")
    settings = {"OPENAI_API_KEY": "sk-of-this-test", "OPENAI_BASE_URL": stand_in.base_url, "WORKER_DRAIN_S": "60"}
    with a_server(tmp_path, **settings) as server:
        assert server.process is not None
        async with the_studio_at(url_of(server), stand_in) as studio:
            await asked(studio, await a_user(studio.db, credits=20))
            await asyncio.to_thread(stand_in.wait_for_request)
            server.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(2.0)
            assert server.process.poll() is None

            server.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(server.process.wait, 5) in {0, -signal.SIGTERM}

            assert await count(studio, "SELECT state FROM q_job") == JobState.UNKNOWN
    assert "worker.draining" in server.log
    assert "worker.stopped" in server.log


async def test_a_decoder_killed_from_outside_costs_a_second_and_no_second_payment(database, clock, children, stand_in):
    """Without the second `ingest` in `RenderJob._store` the paid picture is lost; were the job tried again it would be paid twice."""
    ines = await a_user(database, credits=20)
    stand_in.script({"partials": 0, "pause_s": 0.2})
    await children.warm()
    (decoder, *_) = [pid for pid in children.memory_mb() if is_urgent(pid)]
    os.kill(decoder, signal.SIGSTOP)  # so that the picture is in its hands when it dies
    async with a_paid_studio(database, clock, children, stand_in) as studio:
        view = await asked(studio, ines)
        async with asyncio.timeout(30), time_passing(clock), working(studio):

            async def is_charged() -> bool:
                return bool(stand_in.charges())

            await eventually(is_charged)
            await asyncio.sleep(0.8)
            os.kill(decoder, signal.SIGKILL)
            done = await until_ended(studio, ines, view)

        assert done.slots[0].state == "done"
        assert await balance(studio, ines) == Balance(CREDITS - PRICE, 0)
    assert len(stand_in.requests()) == 1


def is_urgent(pid: int) -> bool:
    """Decoders have the smaller niceness."""
    return os.getpriority(os.PRIO_PROCESS, pid) - os.getpriority(os.PRIO_PROCESS, 0) == 5


async def test_a_drawing_child_killed_from_outside_is_drawn_again(database, clock, children):
    """Were `ChildDied` a reason to give up, a killed child would cost the person the picture."""
    ines = await a_user(database, credits=20)
    studio = a_studio(database, clock, children, PricedSketch(children))
    await children.warm()
    drawers = [pid for pid in children.memory_mb() if not is_urgent(pid)]
    for pid in drawers:
        os.kill(pid, signal.SIGSTOP)
    view = await asked(studio, ines, model="sketch-paper", width=256, height=256)
    async with asyncio.timeout(30), time_passing(clock), working(studio):

        async def one_has_it() -> bool:
            return bool(children.drawing_pids())

        await eventually(one_has_it)
        (drawing,) = children.drawing_pids()
        os.kill(drawing, signal.SIGKILL)
        for pid in set(drawers) - {drawing}:  # only the one: a second one still dying could be given the second attempt
            os.kill(pid, signal.SIGCONT)
        done = await until_ended(studio, ines, view)

    assert done.slots[0].state == "done"
    assert await balance(studio, ines) == Balance(CREDITS - PRICE, 0)
    assert await count(studio, "SELECT attempt FROM q_job") == 2
