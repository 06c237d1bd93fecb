"""`build_api`: the FastAPI app that carries every plain HTTP route; Reflex is mounted behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, FastAPI, Response

from pixelstudio.api import auth, health, live_previews, media
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import NotFound
from pixelstudio.studio import Studio

_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

unknown = APIRouter(prefix="/api", route_class=ProblemRoute)


@unknown.api_route("/{path:path}", methods=_METHODS)
async def no_such_address() -> Response:
    """Whoever talks JSON is answered in JSON."""
    raise NotFound("There is no such address in this API.")


def build_api(get_studio: Callable[[], Studio]) -> FastAPI:
    """The app; `get_studio` is called per request, so it may be built before the Studio is open."""
    app = FastAPI(title="Pixel Studio", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.get_studio = get_studio
    for router in (auth.router, live_previews.router, media.router, health.router, unknown):
        app.include_router(router)
    return app
