"""Who asks: the cookie of a request, the actor behind it, the address it came from; and the Studio they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fastapi import Request

from pixelstudio.core.cookies import KEPT_NAME, cookie_name, session_cookie
from pixelstudio.core.errors import NotSignedIn
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.sessions import ABSOLUTE, actor_for
from pixelstudio.studio import Studio

if TYPE_CHECKING:
    from fastapi import Response

    from pixelstudio.db.transaction import Reader


def studio_of(request: Request) -> Studio:
    """The Studio this app serves."""
    return cast("Studio", request.app.state.studio)


def cookie_of(request: Request) -> str | None:
    """The session cookie's value, or None."""
    return session_cookie("; ".join(request.headers.getlist("cookie"))) or None


async def actor_of(reader: Reader, request: Request) -> Actor | None:
    """Who came, by one indexed read: a member or a guest; None without a cookie."""
    cookie = cookie_of(request)
    return await actor_for(reader, cookie) if cookie else None


async def member_of(reader: Reader, request: Request) -> Actor:
    """Who is signed in; raises `NotSignedIn`, to a guest too."""
    actor = await somebody_of(reader, request)
    if actor.is_guest:
        raise NotSignedIn
    return actor


async def somebody_of(reader: Reader, request: Request) -> Actor:
    """Who came, a guest too; raises `NotSignedIn` for nobody."""
    actor = await actor_of(reader, request)
    if actor is None:
        raise NotSignedIn
    return actor


def address_of(request: Request) -> str:
    """The client's address as the edge settled it."""
    return request.client.host if request.client else ""


def set_session_cookie(request: Request, response: Response, value: str) -> None:
    """Hand the browser its session: no script reads it, no foreign page's post carries it."""
    is_https = _is_https(request)
    name = cookie_name(is_https=is_https)
    response.set_cookie(name, value, max_age=int(ABSOLUTE.total_seconds()), path="/", secure=is_https, httponly=True, samesite="lax")


def clear_session_cookie(request: Request, response: Response) -> None:
    """Take the session cookie away."""
    is_https = _is_https(request)
    response.delete_cookie(cookie_name(is_https=is_https), path="/", secure=is_https, httponly=True, samesite="lax")


def tell_kept(request: Request, response: Response, pictures: int) -> None:
    """Let the page they arrive on say how many pictures a guest has brought along; a minute later it would be no news."""
    if pictures:
        is_https = _is_https(request)
        response.set_cookie(KEPT_NAME, str(pictures), max_age=60, path="/", secure=is_https, httponly=True, samesite="lax")


def _is_https(request: Request) -> bool:
    return request.scope["scheme"] in {"https", "wss"}
