"""What an idle server weighs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.figures import Figure
from tests.serving import a_client, a_server, register

if TYPE_CHECKING:
    from pathlib import Path

IDLE_S = 60
MIB = 1024 * 1024


async def measure(folder: Path) -> list[Figure]:
    """Resident memory of the serving process after a minute at rest, with one member signed in; its children apart."""
    with a_server(folder, module="pixelstudio") as server, a_client(server) as client:
        register(client, "ines")
        await asyncio.sleep(IDLE_S)
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        own = process.memory_info().rss / MIB
        children = sum(child.memory_info().rss for child in process.children(recursive=True)) / MIB
    return [Figure("idle server, resident", round(own, 1), "MiB", 200), Figure("its children", round(children, 1), "MiB")]
