"""What each adapter adds to asking its provider: a picture by it, in turn with bare httpx that sends the same and reads the same answers."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from pixelstudio.providers.contract import DrawRequest
from pixelstudio.providers.stability import wire as stability
from pixelstudio.providers.stability.catalogue import OFFERS as OF_STABILITY
from tests.benchmarks.figures import Figure
from tests.contracts.providers import BY_NAME, wanted_at
from tests.standin.process import StandIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from pixelstudio.providers.contract import Provider

ROUNDS = 41
BOUND = 1.5


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that buys a picture, as the stand-in received it from the adapter."""

    http: httpx.AsyncClient
    base: str
    path: str
    headers: dict[str, str]
    json: Any

    async def post(self, **body: Any) -> httpx.Response:
        """The same once more."""
        answer = await self.http.post(f"{self.base}{self.path}", headers=self.headers, **(body or {"json": self.json}))
        return answer.raise_for_status()

    async def get(self, address: str) -> httpx.Response:
        """A question that follows it."""
        answer = await self.http.get(address if "://" in address else f"{self.base}{address}", headers=self.headers)
        return answer.raise_for_status()


async def measure(_folder: Path) -> list[Figure]:
    """From asking to the bytes in hand, with nothing drawn or waited for in between: the stand-in has each picture ready. Self-hosted
    servers are left out: what they tell of their steps takes its time by the clock.
    """
    stand_in = await asyncio.to_thread(StandIn.start)
    try:
        return [await _of(name, bare, stand_in) for name, bare in BARE.items()]
    finally:
        stand_in.stop()


async def _of(name: str, bare: Callable[[Asked, DrawRequest], Awaitable[bytes]], stand_in: StandIn) -> Figure:
    async with BY_NAME[name].opened(wanted_at(stand_in)) as provider, httpx.AsyncClient(trust_env=False) as http:
        model = provider.models[0]
        width, height, _ = model.sizes[0]
        request = DrawRequest(model.id, prompt="a boat", negative_prompt="", seed=4, width=width, height=height)
        await _by_adapter(provider, request)
        stand_in.clear()
        await _by_adapter(provider, request)
        asked = _asked(http, stand_in)
        rounds = [(await _timed(_by_adapter(provider, request)), await _timed(bare(asked, request))) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(times) for times in zip(*rounds, strict=True))
    return Figure(f"{name}: a picture by its adapter, of bare httpx ({theirs:.1f} ms)", round(ours / theirs, 2), "x", BOUND)


def _asked(http: httpx.AsyncClient, stand_in: StandIn) -> Asked:
    told = next(request for request in stand_in.requests("authorization", "apikey") if request["method"] == "POST")
    headers = {name: value for name, value in told["headers"].items() if name in {"authorization", "apikey", "accept", "client-agent"}}
    return Asked(http, stand_in.base, told["path"], headers, told.get("json"))


async def _timed(doing: Awaitable[bytes]) -> float:
    begun = time.perf_counter()
    assert await doing
    return 1_000 * (time.perf_counter() - begun)


async def _by_adapter(provider: Provider, request: DrawRequest) -> bytes:
    handle = await provider.submit(request)
    async for _ in provider.progress(handle):
        pass
    (picture,) = await provider.fetch(handle)
    return picture


async def _one_call(asked: Asked, _request: DrawRequest) -> bytes:
    return (await asked.post()).content


async def _stability(asked: Asked, request: DrawRequest) -> bytes:
    parts = stability.form_of(OF_STABILITY[0], request)
    files = [(part.name, (part.filename or None, part.content, part.media_type or None)) for part in parts]
    return (await asked.post(files=files)).content


async def _replicate(asked: Asked, _request: DrawRequest) -> bytes:
    begun = (await asked.post()).json()
    told = (await asked.get(begun["urls"]["get"])).json()
    return (await asked.get(told["output"][0])).content


async def _fal(asked: Asked, _request: DrawRequest) -> bytes:
    begun = (await asked.post()).json()
    await asked.get(begun["status_url"])
    told = (await asked.get(begun["response_url"])).json()
    return (await asked.get(told["images"][0]["url"])).content


async def _horde(asked: Asked, _request: DrawRequest) -> bytes:
    name = (await asked.post()).json()["id"]
    await asked.get(f"/horde/generate/check/{name}")
    return (await asked.get(f"/horde/generate/status/{name}")).content


BARE: dict[str, Callable[[Asked, DrawRequest], Awaitable[bytes]]] = {
    "openai": _one_call,
    "stability": _stability,
    "huggingface": _one_call,
    "replicate": _replicate,
    "fal": _fal,
    "horde": _horde,
}
