"""Health: `/healthz` says the process answers, `/readyz` says it can do its work."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import Unavailable

router = APIRouter(route_class=ProblemRoute)
_PATIENCE_S: Final = 3.0


@router.get("/healthz")
async def get_health() -> JSONResponse:
    """The process is alive; asks nobody."""
    return JSONResponse({"ok": True}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
async def get_readiness(request: Request) -> JSONResponse:
    """The database answers; 503 when it does not."""
    try:
        async with asyncio.timeout(_PATIENCE_S), studio_of(request).db.reader() as reader:
            await reader.exec(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise Unavailable("The database does not answer.", code="database_unavailable") from error
    return JSONResponse({"ok": True, "database": studio_of(request).db.dialect}, headers={"Cache-Control": "no-store"})
