"""How soon the installed wheel answers: from its command to ready, its database made on the way, its files warm."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure
from tests.dist.installed import an_installed_server, bare_work_s, installed_in
from tools.dist import build

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 5


async def measure(folder: Path) -> list[Figure]:
    """Seconds from its command to a ready answer, and its work beside that of a Python that only loads what it stands on."""
    return await asyncio.to_thread(_measured, folder)


def _measured(folder: Path) -> list[Figure]:
    installed = installed_in(folder / "env", build(folder / "dist"))
    with an_installed_server(installed, folder / "first"):
        pass
    ready: list[float] = []
    ratio: list[float] = []
    for turn in range(ROUNDS):
        bare = bare_work_s(installed)
        began = time.monotonic()
        with an_installed_server(installed, folder / str(turn)) as server:
            ready.append(time.monotonic() - began)
            ratio.append(server.work_s() / bare)
    return [
        Figure("installed wheel, command to ready", round(statistics.median(ready), 2), "s", 3),
        Figure("its work beside a bare load", round(statistics.median(ratio), 2), "x", 4),
    ]
