"""A running server seen from the test: asked for pictures past its pages, counted, weighed."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.imaging.children import ChildPool
from tests.paying import a_paid_studio, seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.studio import Studio
    from tests.serving import Served
    from tests.standin.process import StandIn


def url_of(server: Served) -> str:
    """The address of a server's database."""
    return server.environment.get("DATABASE_URL") or f"sqlite:///{server.environment['DATA_DIR']}/pixelstudio.db"


@contextlib.asynccontextmanager
async def the_studio_at(url: str, stand_in: StandIn) -> AsyncIterator[Studio]:
    """A studio on a database others work on: for asking and looking, it draws nothing."""
    database, children = await Database.open(url, SystemClock(), Bus()), ChildPool(0)
    try:
        async with a_paid_studio(database, database.clock, children, stand_in) as studio:
            yield studio
    finally:
        await children.close()
        await database.close()


async def until_ended(studio: Studio, by: Actor, view: SetView, within_s: float = 30.0) -> SetView:
    """The set once nothing of it waits or is drawn any more."""

    async def has_ended() -> bool:
        return is_over(await seen(studio, by, view))

    await eventually(has_ended, within_s)
    return await seen(studio, by, view)


def is_over(view: SetView) -> bool:
    """Whether every slot has ended, or is one of which nobody can say whether it did."""
    return all(slot.state not in {"waiting", "drawing"} for slot in view.slots)


async def eventually(claim: Callable[[], Awaitable[Any]], within_s: float = 30.0) -> None:
    """Wait until `claim` holds; it is asked ten times a second."""
    async with asyncio.timeout(within_s):
        while not await claim():  # noqa: ASYNC110  # another process moves it
            await asyncio.sleep(0.1)


def memory_mb(pid: int) -> float:
    """What a process holds in memory now."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def files_in(folder: Path) -> set[str]:
    """Every file below, by its path."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
