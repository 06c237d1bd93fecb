"""The seam between Reflex and the product: the installed Studio, and `guarded`, the only way to expose a handler.

Reflex makes states itself, so nothing can be handed to them; one module variable holds the Studio, set once by bootstrap and read
here alone. Every handler says who may call it and what it takes. The actor comes from the cookie of the connection on every event,
never from a var: a state is a cache a stranger may get hold of.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

import reflex as rx

from pixelstudio.core.cookies import kept_pictures, session_cookie
from pixelstudio.core.errors import NotAllowed, NotSignedIn, PixelStudioError
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.sessions import actor_for
from pixelstudio.ui.arguments import Arguments
from pixelstudio.ui.notices import OUR_FAULT, NoticeView

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

Role = Literal["anyone", "guest", "member", "maintainer"]

DECLARATION: Final = "_pixelstudio_declaration"
_PATH_MAX: Final = 512

_installed: list[Studio] = []


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a handler declared: who may call it, and the names it takes."""

    name: str
    role: Role
    arguments: tuple[str, ...]
    background: bool


def install(studio: Studio) -> None:
    """Make `studio` the one the handlers get. Called by bootstrap when the server starts, and by tests."""
    _installed[:] = [studio]


def uninstall() -> None:
    """Forget the Studio: handlers called from now on fail."""
    _installed.clear()


def cookie_of(state: rx.State) -> str:
    """The session cookie the connection of this state came with. It never reaches the browser's scripts."""
    return session_cookie(state.router.headers.cookie)


def kept_of(state: rx.State) -> int:
    """How many pictures who opened this page has brought along as a guest, a moment ago."""
    return kept_pictures(state.router.headers.cookie)


async def actor_of(studio: Studio, cookie: str) -> Actor | None:
    """Who is signed in with `cookie` now: one indexed read, none for a visitor without a cookie."""
    if not cookie:
        return None
    async with studio.db.reader() as reader:
        return await actor_for(reader, cookie)


async def holder_of(cookie: str) -> str | None:
    """The account whose session this cookie is, for whoever counts what one member holds; None for a visitor."""
    actor = await actor_of(_installed[0], cookie)
    return actor.id if actor else None


def safe_path(path: str) -> str:
    """`path` when it stays on this site, else "/". The browser says what path it is on, so it is not to be believed."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= _PATH_MAX
    return quote(path, safe="/-_.~") if is_local and path.isprintable() and "\\" not in path else "/"


def to_sign_in(state: rx.State) -> rx.event.EventSpec:
    """Send the browser to the sign-in page and back here afterwards. Its Back button leads past here: it would be sent on again."""
    return rx.redirect(f"/login?next={safe_path(state.router.url.path)}", replace=True)


def guarded(role: Role = "member", *, background: bool = False, **fields: Any) -> Callable[[Callable[..., Any]], Any]:
    """Expose a handler `async def h(self, studio, actor, *, <fields>)` to browsers: who may call it, and the type of each argument.

    `actor` is an `Actor`, or None when `role` is "anyone" and nobody is signed in. A guest, who tries it without an account, is let in
    by "anyone" and "guest" alone; to everything else they are a stranger. A default in the handler makes an argument optional.
    The handler may return or yield events. With `background=True` its state is read-only outside `async with self`,
    and only a page's `on_load` or another handler can start it.
    A `PixelStudioError` becomes the state's notice, anything else a sentence that says it was our fault; values are never logged.
    """

    def declare(handler: Callable[..., Any]) -> Any:
        arguments = Arguments(handler, fields)
        if not (inspect.iscoroutinefunction(handler) or inspect.isasyncgenfunction(handler)):
            msg = f"{handler.__qualname__} must be async: while a plain one runs, everybody waits"
            raise TypeError(msg)

        async def exposed(self: Any, /, **sent: Any) -> AsyncGenerator[Any, None]:
            try:
                studio = _installed[0]
                actor = _admitted(role, await actor_of(studio, cookie_of(self)))
                async with contextlib.aclosing(_events_of(handler(self, studio, actor, **arguments.validated(sent)))) as events:
                    async for event in events:
                        yield event
            except NotSignedIn:
                yield to_sign_in(self)
            except PixelStudioError as refusal:
                get_logger().debug("handler.refused", handler=handler.__qualname__, code=refusal.code, fields=refusal.fields)
                said = NoticeView("error", refusal.sentence, refusal.code, field=getattr(refusal, "field", None) or "")
                await _notify(self, said, background=background)
            except Exception:  # noqa: BLE001  # the edge of the pages: what was sent and what went wrong stay apart, the person gets a sentence
                get_logger().exception("handler.failed", handler=handler.__qualname__)
                await _notify(self, NoticeView("error", OUR_FAULT, "unexpected"), background=background)

        exposed.__name__, exposed.__qualname__, exposed.__module__ = handler.__name__, handler.__qualname__, handler.__module__
        exposed.__doc__ = handler.__doc__
        exposed.__signature__ = arguments.signature()
        exposed.__annotations__ = arguments.annotations()
        setattr(exposed, DECLARATION, Declaration(handler.__qualname__, role, arguments.names, background))
        return rx.event(exposed, background=True) if background else rx.event(exposed)

    return declare


def _admitted(role: Role, actor: Actor | None) -> Actor | None:
    if role == "anyone":
        return actor
    if actor is None or (actor.is_guest and role != "guest"):
        raise NotSignedIn
    if role == "maintainer" and not actor.is_maintainer:
        sentence = "Only the maintainer of this installation can do that."
        raise NotAllowed(sentence)
    return actor


async def _events_of(running: Any) -> AsyncGenerator[Any, None]:
    """What a handler yields, whether it is a coroutine or an async generator."""
    if inspect.isasyncgen(running):
        async with contextlib.aclosing(running):
            async for event in running:
                yield event
    elif (event := await running) is not None:
        yield event


async def _notify(state: Any, notice: NoticeView, *, background: bool) -> None:
    if background:
        async with state:
            state.notice = notice
    else:
        state.notice = notice


class Notices(rx.State, mixin=True):
    """Mixin of every page state: the one sentence the page shows about the last thing the person did."""

    notice: NoticeView | None = None

    @guarded("anyone")
    async def dismiss_notice(self, _studio: Studio, _actor: Actor | None) -> None:
        """Take the sentence away."""
        self.notice = None

    def _drop_old_notice(self) -> None:
        """Say nothing any more that was about an earlier visit."""
        if self.notice is not None and self.notice.is_old():
            self.notice = None
