"""A real server on loopback, and browsers of sorts that talk to it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import State

from pixelstudio.api.app import make_api
from pixelstudio.api.readiness import Readiness
from tests.serving import TRUST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.api.previews import Shells
    from pixelstudio.studio import Studio

JSON = {"Accept": "application/json"}
_spare: list[FastAPI] = []
"""Apps that serve nobody now: a new one lays out its routes at its first requests, 20 ms of a core each time."""


@contextlib.asynccontextmanager
async def served(studio: Studio, shells: Shells | None = None) -> AsyncIterator[str]:
    """Serve the API over a socket, with built pages when there are any; yields its address."""
    api = _spare.pop() if _spare else make_api()
    api.state = State({"readiness": Readiness(), "studio": studio, "shells": shells})
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
        _spare.append(api)


def a_browser(address: str, cookie: str = "") -> httpx.AsyncClient:
    """A client with a cookie jar of its own, which follows no redirect."""
    return httpx.AsyncClient(base_url=address, cookies={"sid": cookie} if cookie else None, trust_env=False, verify=TRUST, timeout=10)
