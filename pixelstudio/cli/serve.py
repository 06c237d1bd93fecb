"""`serve`: build the pages when they changed, migrate while loading, then serve pages, API and sockets from this one process.

With `--no-ui` it serves the API alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
from types import FrameType
from typing import TYPE_CHECKING, Final

import uvicorn

from pixelstudio.cli.build import IS_INSTALLED, PAGES, WEB, front_end_in_hand
from pixelstudio.cli.main import say
from pixelstudio.cli.migrate import migrating_apart
from pixelstudio.core.collection import keep_what_is_loaded
from pixelstudio.core.errors import Unavailable
from pixelstudio.core.limits import SOCKET_MESSAGE_MAX_BYTES
from pixelstudio.core.settings import Settings, set_process_environment
from pixelstudio.db.engine import check_sqlite_version
from pixelstudio.edge.connections import prepared_connections
from pixelstudio.edge.front_end import FrontEnd

if TYPE_CHECKING:
    from pixelstudio.bootstrap.plan import Serving

GRACE_S: Final = 5
TICK_S: Final = 1.0


class PortTaken(Unavailable):
    """Something else listens there, or this user may not."""

    default_code = "port_taken"


class Server(uvicorn.Server):
    """Says where to open the studio, once that is true; and, told to stop, says for a while that it is going."""

    def __init__(self, config: uvicorn.Config, plan: Serving) -> None:
        super().__init__(config)
        self._plan = plan
        self._is_hurried = False
        self._is_ending = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, *args: object, **options: object) -> None:
        """Open the studio and the port, then say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(*args, **options)  # pyright: ignore[reportArgumentType]
        if self.started:
            keep_what_is_loaded()
            say(f"Pixel Studio is open: http://localhost:{self.config.port}")

    async def main_loop(self) -> None:
        """As uvicorn's, but woken once a second, for the date in the answers, and by whoever ends it; not ten times to look for that."""
        while not await self.on_tick(0):  # the count of a tick at which the date is renewed
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._is_ending.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A first SIGTERM starts the drain; whatever comes next ends it, and the wait for pictures that are being paid for."""
        is_first = not self._plan.draining.is_set()
        self._plan.draining.set()
        drain_s = self._plan.settings.drain_s
        if is_first and drain_s and sig == signal.SIGTERM and self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, drain_s, self._end, sig, frame)
            return
        self._end(sig, frame)
        if not is_first:
            self._hurry()

    def _end(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._is_ending.set)

    def _hurry(self) -> None:
        """Close at once, but in order: only a third signal leaves unwritten what had been sent."""
        self.force_exit = self.force_exit and self._is_hurried
        self._is_hurried = True
        for hurry in self._plan.hurrying:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(hurry)


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    if settings.effective_database_url.startswith("sqlite"):
        check_sqlite_version()
    listening = _listen(settings)
    application, plan = _api_alone(settings, options) if options.no_ui else _with_pages(settings, options)
    server = Server(_configuration(application, settings), plan)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _with_pages(settings: Settings, options: argparse.Namespace) -> tuple[object, Serving]:
    front_end = _built()
    with migrating_apart(settings):
        _prepare_reflex()
        from pixelstudio.bootstrap.plan import Serving
        from pixelstudio.pixelstudio import app

    plan = Serving(settings, with_worker=not options.no_worker, pages=front_end, announce=say)
    app.serving = plan
    return app(), plan


def _api_alone(settings: Settings, options: argparse.Namespace) -> tuple[object, Serving]:
    """Nothing is built, and no Node is needed."""
    with migrating_apart(settings):
        from pixelstudio.bootstrap.api import build_api
        from pixelstudio.bootstrap.plan import Serving

    plan = Serving(settings, with_worker=not options.no_worker, announce=say)
    return build_api(plan), plan


def _built() -> FrontEnd:
    """The pages, built first when the code has moved on; read while nobody else builds, so that all of it is of one build."""
    if IS_INSTALLED:
        return FrontEnd(PAGES)
    with front_end_in_hand() as folder:
        return FrontEnd(folder)


def _listen(settings: Settings) -> socket.socket:
    """Take the port first: what else may go wrong takes longer. Early visitors wait until the studio is open."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2_048)
    except OSError as error:
        raise PortTaken(f"Port {settings.port} cannot be used: {error.strerror}. Set PORT to another one.") from error


def _configuration(application: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application,  # pyright: ignore[reportArgumentType]  # uvicorn wants its own names for the same shapes
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=prepared_connections(sockets_per_address=settings.sockets_per_address, proxy_hops=settings.trusted_proxy_hops),
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_MAX_BYTES,
        # The socket pings by itself, and what it carries is short.
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="on",
        # The edge knows which proxies to believe.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
    )


def _prepare_reflex() -> None:
    """Tell Reflex that the pages are built: no compiler, no npm, two seconds.

    There is no public way: `reflex run` builds anew and starts a server of its own. These are the names its own production server
    sets for its children (reflex.utils.exec and reflex.app, 0.10.1; the version is pinned), read when Reflex is imported.
    """
    set_process_environment(
        REFLEX_ENV_MODE="prod",
        __REFLEX_SKIP_COMPILE="true",
        REFLEX_WEB_WORKDIR=str(WEB),
        REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE=str(SOCKET_MESSAGE_MAX_BYTES),
        REFLEX_CHECK_LATEST_VERSION="false",
    )
    from pixelstudio.ui.framework import configure

    configure()
