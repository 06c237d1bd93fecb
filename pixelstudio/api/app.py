"""`make_api`: the FastAPI app that carries every plain HTTP route; Reflex is mounted behind it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, FastAPI, Response

from pixelstudio.api import account, auth, changes, health, library, live_previews, media, metrics, previews, recipes, webhooks
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.api.readiness import Readiness
from pixelstudio.core.errors import NotFound

_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

unknown = APIRouter(prefix="/api", route_class=ProblemRoute)


@unknown.api_route("/{path:path}", methods=_METHODS)
async def no_such_address() -> Response:
    """Whoever talks JSON is answered in JSON."""
    raise NotFound("There is no such address in this API.")


def make_api() -> FastAPI:
    """The app. It may be made before the Studio is open: whoever opens it sets `api.state.studio` before the first request, and
    `api.state.shells` when it has built pages.
    """
    api = FastAPI(title="Pixel Studio", openapi_url=None, docs_url=None, redoc_url=None)
    api.state.readiness = Readiness()
    for router in (
        account.router,
        auth.router,
        live_previews.router,
        media.router,
        health.router,
        metrics.router,
        library.router,
        previews.router,
        recipes.router,
        changes.router,
        webhooks.router,
        unknown,
    ):
        api.include_router(router)
    return api
