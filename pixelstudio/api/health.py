"""Health: `/healthz` says the process answers, `/readyz` says it can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import guarded_route, problem
from pixelstudio.core.errors import PixelStudioError, Unavailable

if TYPE_CHECKING:
    from pixelstudio.api.readiness import Readiness

_HEADERS: Final = {"Cache-Control": "no-store"}


def not_ready(_request: Request, error: PixelStudioError) -> Response:
    """Whatever went wrong while looking: no traffic, please."""
    return problem(error if isinstance(error, Unavailable) else Unavailable("This server cannot do its work.", code="not_ready"))


router = APIRouter(route_class=guarded_route(not_ready))


@router.get("/healthz")
async def get_health() -> Response:
    """The process is alive; asks nobody."""
    return JSONResponse({"ok": True}, headers=_HEADERS)


@router.get("/readyz")
async def get_readiness(request: Request) -> Response:
    """The migrated database answers, pictures can be stored, and nobody has told this server to stop; 503 otherwise.

    It says too how long, at worst, somebody waited for another in the last minute or two.
    """
    studio, readiness = studio_of(request), cast("Readiness", request.app.state.readiness)
    await readiness.ensure(studio)
    return JSONResponse({"ok": True, "database": studio.db.dialect, "loop_lag_ms": readiness.lag.worst_ms}, headers=_HEADERS)
