"""One's own account by plain posts: the password, the picture beside the name, everything as a file, and the end of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pixelstudio.api.archives import zipped
from pixelstudio.api.forms import fields_of, wants_json
from pixelstudio.api.identity import address_of, clear_session_cookie, member_of, studio_of
from pixelstudio.api.problems import guarded_route, problem
from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotSignedIn
from pixelstudio.features.accounts import confirmation, passwords
from pixelstudio.features.accounts.avatars import avatar_content, set_avatar
from pixelstudio.features.accounts.closing import refuse_other_handle
from pixelstudio.features.accounts.letters import write_to
from pixelstudio.features.accounts.registration import checked_password
from pixelstudio.features.accounts.throttle import admit_act
from pixelstudio.features.belongings.erasure import erase, finish
from pixelstudio.features.belongings.export import exported
from pixelstudio.imaging.previews import preview_of

if TYPE_CHECKING:
    from pixelstudio.core.errors import PixelStudioError

_SECTIONS: Final = {"/auth/password": "password", "/auth/erase": "delete", "/api/avatar": "profile", "/api/export": "data"}
_PUBLIC: Final = {
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def back_to_settings(request: Request, error: PixelStudioError) -> Response:
    """A script gets a problem; a browser comes back to the section of the form, which knows a sentence for the code."""
    if wants_json(request) or request.method != "POST":
        return problem(error)
    section = "sign-in" if isinstance(error, NotSignedIn) else _SECTIONS.get(request.url.path, "")
    page = "/login" if isinstance(error, NotSignedIn) else "/settings"
    query = urlencode({"error": error.code, "in": section})
    return RedirectResponse(f"{page}?{query}#error-{error.code}", 303, headers={"Cache-Control": "no-store"})


router = APIRouter(route_class=guarded_route(back_to_settings))


@router.post("/auth/password")
async def post_password(request: Request) -> Response:
    """Change the password: asks for the old one and signs every other device out."""
    studio, fields = studio_of(request), await fields_of(request)
    async with studio.db.transaction() as tx:
        by = await member_of(tx, request)
        new = checked_password(fields.get("new_password", ""), "new_password")
        attempt = await confirmation.begin(tx, address_of(request), by=by)
    await confirmation.confirmed(attempt, fields.get("current_password", ""), "current_password")
    password_hash = await passwords.hashed(new)
    async with studio.db.transaction() as tx:
        ended = await confirmation.change_password(tx, attempt, password_hash, by=by)
        await write_to(tx, studio, by.id, "changed")
    others = "" if not ended else " One other device was signed out." if ended == 1 else f" {ended} other devices were signed out."
    return _done(request, "password", f"Your password is changed.{others}")


@router.post("/auth/erase")
async def post_erase(request: Request) -> Response:
    """Delete the account: asks for the password and the handle. Every tab of every device leaves."""
    studio, fields = studio_of(request), await fields_of(request)
    async with studio.db.transaction() as tx:
        by = await member_of(tx, request)
        refuse_other_handle(fields.get("typed_handle", ""), by=by)
        attempt = await confirmation.begin(tx, address_of(request), by=by)
    await confirmation.confirmed(attempt, fields.get("typed_password", ""), "typed_password")
    async with studio.db.transaction() as tx:
        await erase(tx, studio, by.id)
    await finish(studio, by.id)
    response = _onward(request, "/")
    clear_session_cookie(request, response)
    return response


@router.post("/api/avatar")
async def post_avatar(request: Request) -> Response:
    """Take a picture of anybody's making, decode it in a child and keep what was made anew from it. Nothing is read before the session is."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        by = await member_of(tx, request)
        await admit_act(tx, "avatar", by.id, limits.AVATARS_PER_HOUR)
    picture = await preview_of(studio.children, await _file_in(request))
    if picture is None:
        raise Invalid("This file is no picture we can read. Choose a PNG, JPEG, WebP or AVIF.", code="avatar_unreadable", field="picture")
    async with studio.db.transaction() as tx:
        await set_avatar(tx, picture, by=by)
    return _done(request, "profile", "Your picture is changed.", next_page="/settings")


@router.api_route("/media/avatars/{avatar_id}", methods=["GET", "HEAD"])
async def get_avatar(request: Request, avatar_id: str) -> Response:
    """The picture beside somebody's name, to everybody. Another picture has another address; one taken away is gone within minutes."""
    async with studio_of(request).db.reader() as reader:
        content = await avatar_content(reader, avatar_id)
    etag = f'"{avatar_id}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={**_PUBLIC, "ETag": etag})
    return Response(content, headers={**_PUBLIC, "ETag": etag}, media_type="image/webp")


@router.post("/api/export")
async def post_export(request: Request) -> Response:
    """Everything of one's own as a zip, made while it is sent. A post, so that no foreign page can ask for it."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        by = await member_of(tx, request)
        await admit_act(tx, "export", by.id, limits.EXPORTS_PER_HOUR)
    now = studio.clock.now()
    headers = {
        "Content-Disposition": f'attachment; filename="pixel-studio-{by.handle}-{now:%Y-%m-%d}.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(zipped(exported(studio, by), now), headers=headers, media_type="application/zip")


async def _file_in(request: Request) -> bytes:
    """The one file of the form; the edge has bounded the body."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise _no_file()
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            sent = form.get("picture")
            data = await sent.read(limits.AVATAR_MAX_BYTES + 1) if isinstance(sent, UploadFile) else b""
    except (ClientDisconnect, HTTPException) as error:
        raise _no_file() from error
    if len(data) > limits.AVATAR_MAX_BYTES:
        most = limits.AVATAR_MAX_BYTES // (1024 * 1024)
        raise Invalid(f"This file is larger than {most} MB. Choose a smaller one.", code="avatar_too_large", field="picture")
    if not data:
        raise _no_file()
    return data


def _no_file() -> Invalid:
    return Invalid("Choose a picture first.", code="avatar_missing", field="picture")


def _done(request: Request, section: str, sentence: str, *, next_page: str = "") -> Response:
    headers = {"Cache-Control": "no-store"}
    if wants_json(request):
        return JSONResponse({"ok": True, "sentence": sentence, "next": next_page}, headers=headers)
    return RedirectResponse(f"/settings?done={section}#done-{section}", 303, headers=headers)


def _onward(request: Request, path: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return (
        JSONResponse({"ok": True, "next": path}, headers=headers) if wants_json(request) else RedirectResponse(path, 303, headers=headers)
    )
