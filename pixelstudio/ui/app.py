"""The Reflex application: its pages, our door in front of its socket, our handling of what goes wrong, and the check before it starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import reflex as rx
from reflex.app import default_error_boundary
from reflex_base import constants
from starlette.types import ASGIApp

from pixelstudio.core.log import get_logger
from pixelstudio.ui import routes, theme
from pixelstudio.ui.everywhere import everywhere
from pixelstudio.ui.handlers import check_handlers
from pixelstudio.ui.sockets import Sockets, bound_engine_log


class StudioApp(rx.App):
    """A Reflex app that answers through `outermost`, whoever starts it: Reflex itself puts its CORS layer around any other."""

    outermost: Callable[[ASGIApp], ASGIApp] | None = None
    pages: Callable[[Callable[[str], bool]], ASGIApp | None] | None = None
    serving: Any = None
    """What bootstrap is told by whoever starts a server; its own business."""

    def opened_by(
        self,
        lifespan: Callable[[], AbstractAsyncContextManager[None]],
        outermost: Callable[[ASGIApp], ASGIApp],
        pages: Callable[[Callable[[str], bool]], ASGIApp | None],
    ) -> None:
        """Say what a server opens before the first request and closes after the last, what stands around everything, and what serves
        the built pages when it is told which addresses their scripts draw.
        """
        self.register_lifespan_task(lifespan)
        self.outermost, self.pages = outermost, pages

    def __call__(self) -> ASGIApp:
        """The ASGI application to serve."""
        pages = self.pages(self._draws_itself) if self.pages else None
        if pages is not None and self._api is not None:
            self._api.mount("", pages)  # last: whatever nothing else answers
        inside = super().__call__()
        return self.outermost(inside) if self.outermost else inside

    def _draws_itself(self, path: str) -> bool:
        """Whether a page has this address, though no file of the build does. Reflex knows the missing page and the first one by more names."""
        route = self.router(path)
        return route is not None and route != constants.Page404.SLUG and not (route == constants.PageNames.INDEX_ROUTE and path.strip("/"))


def make_app(*, beside: Sequence[ASGIApp] = ()) -> StudioApp:
    """Assemble the pages. `beside` are web applications on the same port, asked before the pages; nothing is opened here.

    Raises `StrayHandler` when a method is open to browsers that nobody declared.
    """
    app = StudioApp(
        api_transformer=list(cast("Sequence[Any]", beside)) or None,
        backend_exception_handler=_handler_failed,
        frontend_exception_handler=_browser_failed,
        html_lang=theme.LANGUAGE,
        stylesheets=list(theme.STYLESHEETS),
        reset_style=False,  # the sheets begin with their own
        head_components=theme.head_components(),
        # Reflex's own toasts and banner send script to be evaluated and show addresses; the shell draws ours.
        toaster=None,
        app_wraps={
            (55, "ErrorBoundary"): lambda _stateful: default_error_boundary(),
            (10, "Everywhere"): lambda _stateful: everywhere(),
        },
    )
    routes.add_pages(app)
    _put_door_before_socket(app, check_handlers())
    return app


def _put_door_before_socket(app: StudioApp, callable_names: frozenset[str]) -> None:
    """Replace the namespace Reflex registered. There is no option for it; the version is pinned."""
    server, reflexs_own = app.sio, app.event_namespace
    if server is None or reflexs_own is None:
        msg = "Reflex opened no socket: no page has a state."
        raise RuntimeError(msg)
    door = Sockets(reflexs_own.namespace, app, callable_names)
    server.register_namespace(door)
    app._event_namespace = door  # noqa: SLF001
    bound_engine_log()


def _handler_failed(exception: Exception) -> None:
    # Guarded handlers answer for themselves; what arrives here is Reflex's own. Its default would send script to evaluate.
    get_logger().error("reflex.failed", exc_info=exception)


def _browser_failed(exception: Exception) -> None:
    # Whoever opens a socket can write this text: short, and counted by Reflex before it gets here.
    get_logger().warning("browser.failed", report=str(exception)[:300])
