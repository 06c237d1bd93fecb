"""The server's own loop: it sleeps while nobody wants anything of it, and ends the moment it is told to."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest
import uvicorn

from pixelstudio.bootstrap.plan import Serving
from pixelstudio.cli.serve import Server
from pixelstudio.core.settings import Settings


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Not yet open: `startup` only learns of the loop."""

    async def nothing(*_arguments: object, **_options: object) -> None:
        return None

    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself
    made = Server(uvicorn.Config(lambda: None, lifespan="off"), Serving(settings))
    monkeypatch.setattr(uvicorn.Server, "startup", nothing)
    await made.startup()
    return made


async def test_it_is_woken_once_a_second_and_ends_at_once_when_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = 0
    tick = server.on_tick

    async def counted(counter: int) -> bool:
        nonlocal ticks
        ticks += 1
        return await tick(counter)

    monkeypatch.setattr(server, "on_tick", counted)
    serving = asyncio.create_task(server.main_loop())
    await asyncio.sleep(0.5)
    seldom, told = ticks, time.monotonic()
    server.handle_exit(signal.SIGINT, None)
    async with asyncio.timeout(10):
        await serving

    assert seldom == 1
    assert time.monotonic() - told < 0.9
    assert server.should_exit


async def test_its_answers_bear_the_date(server: Server) -> None:
    server.should_exit = True

    await server.main_loop()

    assert [name for name, _ in server.server_state.default_headers][:1] == [b"date"]
