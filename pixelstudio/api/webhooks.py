"""What providers bring: `/api/webhook/<provider>`, answered fast, and proved by its signature alone. The edge lets it in without an Origin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.features.webhooks.intake import receive

PROVIDERS: Final = ("fal", "huggingface", "replicate", "stability")
"""An address each; it is there for those who are configured."""

router = APIRouter(prefix="/api/webhook", route_class=ProblemRoute)


def _door(provider: str) -> Callable[[Request, str], Awaitable[Response]]:
    async def take_in(request: Request, call: str = "") -> Response:
        outcome = await receive(studio_of(request), provider, request.headers, await request.body(), call)
        return JSONResponse({"outcome": outcome}, headers={"Cache-Control": "no-store"})

    return take_in


for _provider in PROVIDERS:
    router.add_api_route(f"/{_provider}", _door(_provider), methods=["POST"], name=f"take_in_{_provider}")
