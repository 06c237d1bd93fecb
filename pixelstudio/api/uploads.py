"""What people bring for making pictures: a logo, or a mask painted on the page. Made anew by us, and handed back to whoever brought it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import member_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.features.accounts.throttle import admit_act
from pixelstudio.features.images.pictures import ensure_own
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.features.images.sources import files_to_go_by
from pixelstudio.features.images.uploads import UploadKind, keep_upload, upload_for
from pixelstudio.imaging.stencils import logo_of, mask_of

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.imaging.ingest import Encoded

router = APIRouter(route_class=ProblemRoute)

_INERT = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.post("/api/uploads/logo")
async def post_logo(request: Request) -> Response:
    """Keep the picture in the body as a logo. Nothing is read before the session is; the edge has bounded the body."""
    by = await _admitted(request)
    logo = await logo_of(studio_of(request).children, await _body(request))
    return await _kept(request, "logo", logo, by)


@router.post("/api/uploads/mask")
async def post_mask(request: Request, picture: str = "") -> Response:
    """Keep the PNG in the body as a mask of one of one's own pictures: grey, as large as that picture is when it is gone by."""
    by = await _admitted(request)
    async with studio_of(request).db.reader() as reader:
        await ensure_own(reader, picture, by)
        files = await files_to_go_by(reader, picture, by.id)
    if not files:
        raise NotFound
    mask = await mask_of(studio_of(request).children, await _body(request), files[0].width, files[0].height)
    return await _kept(request, "mask", mask, by, picture)


@router.api_route("/media/uploads/{upload_id}", methods=["GET", "HEAD"])
async def get_upload(request: Request, upload_id: str) -> Response:
    """The bytes of one's own."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        stored = await upload_for(reader, await member_of(reader, request), upload_id)
    etag = f'"{stored.digest}"'
    headers = {**_INERT, "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(await studio.storage.get(stored.digest), headers=headers, media_type=stored.media_type)


async def _admitted(request: Request) -> Actor:
    async with studio_of(request).db.transaction() as tx:
        by = await member_of(tx, request)
        await admit_act(tx, "upload", by.id, limits.UPLOADS_PER_HOUR)
    return by


async def _body(request: Request) -> bytes:
    data = await request.body()
    if not data:
        raise Invalid("No file arrived. Choose a picture.", code="file_missing", field="file")
    return data


async def _kept(request: Request, kind: UploadKind, made: Encoded, by: Actor, image_id: str = "") -> Response:
    studio = studio_of(request)
    digest = await studio.storage.put(made.data)
    file = StoredFile.of(made, digest)
    async with studio.db.transaction() as tx:
        upload_id = await keep_upload(tx, kind, file, by=by, image_id=image_id)
    return JSONResponse({"id": upload_id, "width": made.width, "height": made.height}, headers={"Cache-Control": "no-store"})
