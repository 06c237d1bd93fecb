"""The API on an open studio: beside the pages, or alone for an installation that only programs use. Alone it loads no page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from pixelstudio.api.app import make_api
from pixelstudio.api.previews import Shells
from pixelstudio.bootstrap.tasks import beside
from pixelstudio.edge.door import Edge

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from pixelstudio.bootstrap.plan import Serving
    from pixelstudio.bootstrap.serving import Seam


def build_api(plan: Serving) -> ASGIApp:
    """The API and its door without any page. Opens nothing before it is served."""
    api = make_api(with_pages=False)

    @contextlib.asynccontextmanager
    async def opened(_app: object) -> AsyncGenerator[None]:
        async with answering(api, plan):
            yield

    api.router.lifespan_context = opened
    return Edge(api, plan.rules)


@contextlib.asynccontextmanager
async def answering(api: FastAPI, plan: Serving, seam: Seam = contextlib.nullcontext) -> AsyncGenerator[None]:
    """Serve a studio by this API while the block runs."""
    from pixelstudio.bootstrap.serving import serve_studio  # all that it runs on, which a build does not

    async with serve_studio(plan, seam) as studio:
        api.state.studio = studio
        api.state.shells = Shells(plan.pages.drawn, plan.pages.empty) if plan.pages else None
        api.state.readiness.draining = plan.draining
        async with beside(api.state.readiness.lag.watch()):
            yield
