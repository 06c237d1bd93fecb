"""The doors: try it, register, sign in, sign out, claim, come back in. Plain posts that work without a script; the edge has checked their origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from pixelstudio.api.forms import HOME, fields_of, safe_next, wants_json
from pixelstudio.api.identity import (
    actor_of,
    address_of,
    clear_session_cookie,
    cookie_of,
    member_of,
    set_session_cookie,
    studio_of,
    tell_kept,
)
from pixelstudio.api.problems import guarded_route, problem
from pixelstudio.core.errors import Conflict, NotSignedIn
from pixelstudio.core.ids import UserId, secret_digest
from pixelstudio.features.accounts import passwords, registration, resets, sessions, sign_in
from pixelstudio.features.accounts.claiming import claim
from pixelstudio.features.accounts.errors import ResetRefused
from pixelstudio.features.accounts.guests import open_guest
from pixelstudio.features.accounts.throttle import admit_registration
from pixelstudio.features.belongings.handover import carry_over
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.trial import first_try, remember_model
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.library import count_in

if TYPE_CHECKING:
    from pixelstudio.core.errors import PixelStudioError

_TRIED: Final = "/#tried"
"""Where what a stranger tries is drawn."""
_PAGES: Final = {
    "/auth/register": "/register",
    "/auth/sign-in": "/login",
    "/auth/sign-out": "/",
    "/auth/claim": "/claim",
    "/auth/guest": "/",
    "/auth/forgot": "/forgot",
    "/auth/reset": "/reset",
}


def back_to_page(request: Request, error: PixelStudioError) -> Response:
    """A script gets a problem; a browser comes back to the page of the form, which knows a sentence for the code."""
    if wants_json(request):
        return problem(error)
    page = _PAGES.get(request.url.path, "/")
    if isinstance(error, NotSignedIn) and page == "/claim":
        page = "/login"
    # The fragment shows the sentence where no script reads the query: the page has one for every code.
    return RedirectResponse(f"{page}?{urlencode({'error': error.code})}#error-{error.code}", 303, headers={"Cache-Control": "no-store"})


router = APIRouter(prefix="/auth", route_class=guarded_route(back_to_page))


@router.post("/guest")
async def post_guest(request: Request) -> Response:
    """Let a stranger in as a guest and draw their first sentence, in one commit: no guest without a picture."""
    studio, fields = studio_of(request), await fields_of(request)
    wish = first_try(studio.providers, fields.get("prompt", ""), fields.get("model", ""))
    generations.quote(studio, wish)  # a sentence that cannot be drawn makes no guest
    async with studio.db.transaction() as tx:
        known = await actor_of(tx, request)
        if known is not None and not known.is_guest:
            raise Conflict("You are signed in already. Draw on your own page.", code="signed_in_already", field="prompt")
        value = None
        if known is None:
            guest_id = await open_guest(tx, address_of(request))
            value = await sessions.open_session(tx, guest_id, user_agent=_user_agent(request), replacing=cookie_of(request))
            known = await sessions.actor_for(tx, value)
        if known is not None:
            await generations.submit(tx, studio, wish, known)
            await remember_model(tx, studio.providers, fields.get("model", ""), by=known)
    return _onward(request, _TRIED) if value is None else _signed_in(request, value, _TRIED)


@router.post("/register")
async def post_register(request: Request) -> Response:
    """Open an account and sign in. A guest's pictures come along: the guest becomes the account."""
    studio, fields = studio_of(request), await fields_of(request)
    form = registration.checked(fields.get("email", ""), fields.get("handle", ""), fields.get("password", ""))
    async with studio.db.transaction() as tx:
        await admit_registration(tx, address_of(request))
    password_hash = await passwords.hashed(form.password)
    async with studio.db.transaction() as tx:
        guest = await actor_of(tx, request)
        account = await registration.register(tx, form, password_hash, guest=guest)
        kept = await count_in(tx, guest, PictureFilter()) if guest and guest.id == account.id else 0
        value = await sessions.open_session(tx, account.id, user_agent=_user_agent(request), replacing=cookie_of(request))
    return _signed_in(request, value, fields.get("next", ""), kept)


@router.post("/sign-in")
async def post_sign_in(request: Request) -> Response:
    """Sign in; whatever session the browser had before ends. A guest's pictures become the account's."""
    studio, fields = studio_of(request), await fields_of(request)
    async with studio.db.transaction() as tx:
        attempt = await sign_in.begin(tx, fields.get("email", ""), address_of(request))
    account_id: UserId = await sign_in.prove(attempt, fields.get("password", ""))
    async with studio.db.transaction() as tx:
        before = await actor_of(tx, request)
        kept = await carry_over(tx, before, account_id) if before is not None and before.is_guest else 0
        value = await sign_in.complete(tx, attempt, account_id, user_agent=_user_agent(request), replacing=cookie_of(request))
    return _signed_in(request, value, fields.get("next", ""), kept)


@router.post("/sign-out")
async def post_sign_out(request: Request) -> Response:
    """End this session; its open tabs leave by themselves. Without a session nothing happens."""
    cookie = cookie_of(request)
    if cookie is not None:
        async with studio_of(request).db.transaction() as tx:
            await sessions.sign_out(tx, secret_digest(cookie))
    response = _onward(request, "/")
    clear_session_cookie(request, response)
    return response


@router.post("/claim")
async def post_claim(request: Request) -> Response:
    """Make the signed-in person the maintainer, by the token printed at start."""
    fields = await fields_of(request)
    async with studio_of(request).db.transaction() as tx:
        by = await member_of(tx, request)
        await claim(tx, fields.get("token", ""), by=by)
    return _onward(request, safe_next(fields.get("next", HOME)))


@router.post("/forgot")
async def post_forgot(request: Request) -> Response:
    """Have a link sent to whoever has this address; the answer is the same when nobody has."""
    studio, fields = studio_of(request), await fields_of(request)
    async with studio.db.transaction() as tx:
        await resets.ask_for_link(tx, studio, fields.get("email", ""), address_of(request))
    return _onward(request, "/forgot?done=asked#done-asked", sentence=resets.ASKED)


@router.post("/reset")
async def post_reset(request: Request) -> Response:
    """Choose another password by a link. It is signed in with at the door, so that it is known to work; a member's session here ends too."""
    studio, fields = studio_of(request), await fields_of(request)
    new = registration.checked_password(fields.get("password", ""))
    async with studio.db.transaction() as tx:
        reset = await resets.begin(tx, fields.get("token", "").rpartition("#")[2].strip(), address_of(request))
    if reset is None:
        raise ResetRefused
    password_hash = await passwords.hashed(new)
    async with studio.db.transaction() as tx:
        await resets.complete(tx, studio, reset, password_hash, address_of(request))
        before = await actor_of(tx, request)
        if before is not None and not before.is_guest:
            await sessions.sign_out(tx, before.session_digest)
    response = _onward(request, "/login?done=reset#done-reset")
    if before is None or not before.is_guest:
        clear_session_cookie(request, response)
    return response


def _signed_in(request: Request, value: str, wanted: str, kept: int = 0) -> Response:
    response = _onward(request, safe_next(wanted))
    set_session_cookie(request, response, value)
    tell_kept(request, response, kept)
    return response


def _onward(request: Request, path: str, **said: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if wants_json(request):
        return JSONResponse({"ok": True, "next": path, **said}, headers=headers)
    return RedirectResponse(path, 303, headers=headers)


def _user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
