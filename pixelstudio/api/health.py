"""Health: `/healthz` says the process answers, `/readyz` says it can do its work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import guarded_route, problem
from pixelstudio.core.errors import Unavailable
from pixelstudio.features.accounts.claiming import has_maintainer

if TYPE_CHECKING:
    from pixelstudio.core.errors import PixelStudioError

_PATIENCE_S: Final = 3.0
_HEADERS: Final = {"Cache-Control": "no-store"}


def not_ready(_request: Request, _error: PixelStudioError) -> Response:
    """Whatever went wrong while looking: no traffic, please."""
    return problem(Unavailable("The database does not answer.", code="not_ready"))


router = APIRouter(route_class=guarded_route(not_ready))


@router.get("/healthz")
async def get_health() -> Response:
    """The process is alive; asks nobody."""
    return JSONResponse({"ok": True}, headers=_HEADERS)


@router.get("/readyz")
async def get_readiness(request: Request) -> Response:
    """The migrated database answers; 503 when it does not."""
    db = studio_of(request).db
    async with asyncio.timeout(_PATIENCE_S), db.reader() as reader:
        await has_maintainer(reader)
    return JSONResponse({"ok": True, "database": db.dialect}, headers=_HEADERS)
