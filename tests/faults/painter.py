"""A worker's process that draws priced sketches and asks the stand-in."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from pydantic import SecretStr

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.log import set_up_logging
from pixelstudio.db.engine import Database
from pixelstudio.imaging.children import ChildPool
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from pixelstudio.storage.local import LocalStorage
from pixelstudio.worker.process import stopped_by_signals
from tests.factories import PricedSketch, a_studio


def main(url: str, folder: Path, base_url: str, lease_s: float) -> None:
    """Work until told to stop; says `ready`."""
    asyncio.run(work(url, folder, base_url, lease_s))


async def work(url: str, folder: Path, base_url: str, lease_s: float) -> None:
    set_up_logging("debug")
    database, children, client = await Database.open(url, SystemClock(), Bus()), ChildPool(1), Client()
    openai = OpenAIImages(
        client, Account(provider="openai", maker="OpenAI", base_url=base_url, key=SecretStr(os.environ["PAINTER_KEY"])), OFFERS
    )
    storage = LocalStorage(folder)
    studio = a_studio(database, database.clock, children, PricedSketch(children), openai, storage=storage)
    await children.warm()
    lanes = [Lane(name, terms.concurrency) for name, terms in studio.providers.lanes.items()]
    pace = Pace(lease_s=lease_s, beat_s=lease_s * 0.3, poll_min_s=0.2, poll_max_s=0.4)
    runner = Runner(database, studio.kinds, lanes, studio.progress, pace=pace)
    with stopped_by_signals(runner):
        print("ready", flush=True)
        await runner.run()
    await client.close()
    await children.close()
    await database.close()
