"""`make_api`: the FastAPI app that carries every plain HTTP route; Reflex is mounted behind it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, FastAPI, Response

from pixelstudio.api import (
    account,
    auth,
    changes,
    feeds,
    gallery,
    generate,
    health,
    library,
    live_previews,
    media,
    metrics,
    overlays,
    previews,
    prompt,
    recipes,
    reference,
    reset_links,
    tokens,
    unsubscribe,
    uploads,
    webhooks,
)
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.api.readiness import Readiness
from pixelstudio.core.errors import NotFound

_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

unknown = APIRouter(prefix="/api", route_class=ProblemRoute)


@unknown.api_route("/{path:path}", methods=_METHODS)
async def no_such_address() -> Response:
    """Whoever talks JSON is answered in JSON."""
    raise NotFound("There is no such address in this API.")


nowhere = APIRouter(route_class=ProblemRoute, include_in_schema=False)


@nowhere.api_route("/{path:path}", methods=_METHODS)
async def no_such_page() -> Response:
    """Where no pages are served, nothing is at their addresses either."""
    raise NotFound("This server has no pages. The API is described at /api/docs.")


def make_api(*, with_pages: bool = True) -> FastAPI:
    """The app, beside pages or alone. It may be made before the Studio is open: whoever opens it sets `api.state.studio` before the first request, and
    `api.state.shells` when it has built pages.
    """
    api = FastAPI(title="Pixel Studio", openapi_url=None, docs_url=None, redoc_url=None)
    api.state.readiness = Readiness()
    for router in (
        account.router,
        auth.router,
        reset_links.router,
        live_previews.router,
        uploads.router,
        media.router,
        health.router,
        metrics.router,
        library.router,
        gallery.router,
        feeds.router,
        webhooks.router,
        recipes.router,
        changes.router,
        unsubscribe.router,
        tokens.router,
        prompt.router,
        generate.router,
        overlays.router,
        reference.router,
        unknown,
        previews.router if with_pages else nowhere,
    ):
        api.include_router(router)
    return api
