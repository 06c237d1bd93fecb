"""A studio whose only provider is the stand-in, a worker for it, and what a person sees of it: for whatever is about paid pictures."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import text

from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.generation import recalls
from pixelstudio.features.generation.events import GenerationEnded, SlotUnknown
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.standing import set_of
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from tests.factories import a_request, a_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from pixelstudio.core.clock import Clock, FrozenClock
    from pixelstudio.db.engine import Database
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.jobs.job import JobState
    from pixelstudio.providers.contract import Provider
    from pixelstudio.providers.openai.catalogue import Offer
    from pixelstudio.storage.contract import Storage
    from pixelstudio.studio import Studio
    from tests.standin.process import StandIn

MODEL = "gpt-image-2-medium"
PRICE = 2
CREDITS = 25
FULL = Balance(available=CREDITS, held=0)
HELD = Balance(available=CREDITS - PRICE, held=PRICE)


@contextlib.asynccontextmanager
async def a_paid_studio(
    database: Database,
    clock: Clock,
    children: ChildPool,
    stand_in: StandIn,
    *,
    offers: Sequence[Offer] = OFFERS,
    storage: Storage | None = None,
    beside: Sequence[Provider] = (),
) -> AsyncIterator[Studio]:
    """A studio on this database that asks the stand-in."""
    client = Client()
    account = Account(provider="openai", maker="OpenAI", base_url=stand_in.base_url, key=SecretStr("sk-test"))
    try:
        yield a_studio(database, clock, children, OpenAIImages(client, account, offers), *beside, storage=storage)
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def working(
    studio: Studio,
    *,
    concurrency: int = 4,
    backoff: Backoff | None = None,
    lease_s: float = 600.0,
    drain_s: float = 0.0,
    breaker_after: int = 0,
) -> AsyncIterator[Runner]:
    """A worker beside the block. Its lease outlasts `time_passing`: only tests about leases let them end."""
    lanes = [Lane(name, terms.concurrency, breaker_after=breaker_after) for name, terms in studio.providers.lanes.items()]
    lanes.append(recalls.LANE)
    pace = Pace(lease_s=lease_s, backoff=backoff or Backoff(base_s=0.01), poll_min_s=0.05, poll_max_s=0.1, drain_s=drain_s)
    runner = Runner(studio.db, studio.kinds, lanes, studio.progress, concurrency=concurrency + 1, pace=pace, hands=studio.hands)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        try:
            yield runner
        finally:
            runner.stop()


@contextlib.asynccontextmanager
async def time_passing(clock: FrozenClock, times: float = 5.0) -> AsyncIterator[None]:
    """The frozen clock goes on, `times` as fast as ours, so that what is put off for a moment comes up."""

    async def pass_on() -> None:
        while True:
            await asyncio.sleep(0.02)
            clock.advance(0.02 * times)

    task = asyncio.create_task(pass_on())
    try:
        yield
    finally:
        task.cancel()


async def asked(studio: Studio, by: Actor, **changes: Any) -> SetView:
    """Press Generate."""
    wanted = a_request(**{"model": MODEL, "width": 1024, "height": 1024, "seed": None, **changes})
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, wanted, by)


async def seen(studio: Studio, by: Actor, view: SetView) -> SetView:
    """The set as its owner sees it now."""
    async with studio.db.reader() as reader:
        return await set_of(reader, studio, by, view.id)


async def ended(studio: Studio, by: Actor, clock: FrozenClock, previews: list[bytes] | None = None, **changes: Any) -> SetView:
    """Press Generate and work until the set has ended, or nobody can say whether it did; the set as its owner sees it."""
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        view = await asked(studio, by, **changes)
        facts: list[object] = []
        async with asyncio.timeout(60), time_passing(clock), working(studio):
            while not any(isinstance(fact, GenerationEnded | SlotUnknown) for fact in facts):
                facts += await heard.get_batch(0.02)
                if previews is not None:
                    previews += await previews_of(studio, view)
    return await seen(studio, by, view)


async def until_settled(studio: Studio, clock: FrozenClock, *, times: float, states: Collection[JobState], within_s: float = 90.0) -> None:
    """Work until every job is in one of these states."""
    settled = ",".join(f"{state:d}" for state in states)
    async with asyncio.timeout(within_s), time_passing(clock, times), working(studio, concurrency=12):
        while True:
            async with studio.db.reader() as reader:
                found = await reader.exec(text(f"SELECT count(*) FROM q_job WHERE state NOT IN ({settled})"))
                if not found.scalar_one():
                    return
            await asyncio.sleep(0.2)  # a look costs as much as a step of somebody's job


async def previews_of(studio: Studio, view: SetView) -> list[bytes]:
    """The previews a browser could ask for at this moment."""
    async with studio.db.reader() as reader:
        ids = (await reader.exec(text("SELECT id FROM q_job WHERE batch_id=:id"), {"id": view.id})).scalars().all()
    shown = [studio.progress.get(job_id) for job_id in ids]
    return [progress.preview for progress in shown if progress and progress.preview]


async def balance(studio: Studio, by: Actor) -> Balance:
    """What is left."""
    async with studio.db.reader() as reader:
        return await balance_of(reader, by.id)
