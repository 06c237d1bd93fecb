"""`build_app`: pages, API and door as one application, which Reflex builds and a server serves."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from pixelstudio.api.app import make_api
from pixelstudio.bootstrap.api import answering
from pixelstudio.bootstrap.plan import Serving
from pixelstudio.core.settings import load_settings
from pixelstudio.edge.door import Edge
from pixelstudio.ui import session
from pixelstudio.ui.app import StudioApp, make_app
from pixelstudio.ui.framework import ensure_production

if TYPE_CHECKING:
    from pixelstudio.studio import Studio


def build_app() -> StudioApp:
    """The application. Opens nothing; the studio is opened when a server starts it."""
    api = make_api()
    app = make_app(beside=[api])

    def outermost(inside: ASGIApp) -> ASGIApp:
        plan = _plan_of(app)
        return Edge(inside, plan.rules, plan.pages)

    def pages(draws_itself: Callable[[str], bool]) -> ASGIApp | None:
        front_end = _plan_of(app).pages
        return front_end.serving(draws_itself) if front_end else None

    @contextlib.asynccontextmanager
    async def open_doors() -> AsyncGenerator[None]:
        ensure_production()
        async with answering(api, _plan_of(app), _installed):
            yield

    app.opened_by(open_doors, outermost, pages)
    return app


@contextlib.contextmanager
def _installed(studio: Studio) -> Generator[None]:
    """The handlers of the pages get this studio while the block runs."""
    session.install(studio)
    try:
        yield
    finally:
        session.uninstall()


def _plan_of(app: StudioApp) -> Serving:
    return app.serving or Serving(load_settings())
