"""A hundred drawings that come to their end together: what the worker that waits for them weighs at most. Run by itself it is that worker."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.log import set_up_logging
from pixelstudio.db.engine import Database
from pixelstudio.imaging.children import ChildPool
from pixelstudio.jobs.job import FINAL
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from pixelstudio.storage.local import LocalStorage
from tests.benchmarks.figures import Figure
from tests.factories import a_studio, a_user
from tests.paying import PRICE, asked, working
from tests.serving import ROOT
from tests.standin.process import StandIn
from tests.templates import migrated_sqlite

if TYPE_CHECKING:
    from pixelstudio.studio import Studio

CALLS = 100
HELD_BACK_S = 15.0
"""Long enough for all of them to be asked for before the first is answered."""
BOUND_MIB = 300
WITHIN_S = 400


async def measure(folder: Path) -> list[Figure]:
    """OpenAI's protocol by the stand-in: pictures of three megabytes, four in base64; asked for, taken in and stored by one process."""
    stand_in = await asyncio.to_thread(StandIn.start)
    stand_in.always(delay_s=HELD_BACK_S, picture="noise")
    command = [sys.executable, "-m", "tests.benchmarks.bodies", str(folder), stand_in.base_url]
    try:
        run = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=WITHIN_S, check=True)
        in_flight = len(stand_in.charges())
    finally:
        stand_in.stop()
    told = json.loads(run.stdout.splitlines()[-1])
    assert (told["pictures"], in_flight) == (CALLS, CALLS), told
    return [
        Figure(f"{CALLS} calls in flight: in memory at most, while all came", told["most"], "MiB", BOUND_MIB),
        Figure("the same before the first came", told["before"], "MiB"),
        Figure("from the first to the last of them stored", told["seconds"], "s"),
    ]


async def work(folder: Path, base_url: str) -> dict[str, float]:
    """Ask for all at once and wait for all."""
    (folder / "bench.db").write_bytes(migrated_sqlite())
    database, client, children = await Database.open(f"sqlite:///{folder / 'bench.db'}", SystemClock(), Bus()), Client(), ChildPool(2)
    account = Account(provider="openai", maker="OpenAI", base_url=base_url, key=SecretStr("sk-bench"), lane_concurrency=CALLS)
    openai = OpenAIImages(client, account, OFFERS)
    studio = a_studio(database, database.clock, children, openai, storage=LocalStorage(folder / "objects"))
    by = await a_user(database, credits=CALLS * PRICE)
    for _ in range(CALLS // 4):
        await asked(studio, by, count=4)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with working(studio, concurrency=CALLS):
        await asyncio.sleep(HELD_BACK_S - 1)
        before = _most_mib()
        while await _open(studio):  # noqa: ASYNC110  # rows are looked at: nothing sets an event for them
            await asyncio.sleep(0.2)
        seconds = loop.time() - begun - HELD_BACK_S
    async with database.reader() as reader:
        pictures = (await reader.exec(text("SELECT count(*) FROM image"))).scalar_one()
    await children.close()
    await client.close()
    await database.close()
    return {"before": before, "most": _most_mib(), "pictures": pictures, "seconds": round(seconds, 1)}


async def _open(studio: Studio) -> int:
    async with studio.db.reader() as reader:
        states = ",".join(f"{state:d}" for state in FINAL)
        return (await reader.exec(text(f"SELECT count(*) FROM q_job WHERE state NOT IN ({states})"))).scalar_one()


def _most_mib() -> float:
    """The most this process has had in memory so far."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return round(int(line.split()[1]) / 1024, 1)


if __name__ == "__main__":
    set_up_logging("error")
    print(json.dumps(asyncio.run(work(Path(sys.argv[1]), sys.argv[2]))))
