"""Bytes of pictures, to those who may see them: validators, ranges, and caching that outlives no right by more than five minutes."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import TYPE_CHECKING, Final, cast

from fastapi import APIRouter, Request, Response

from pixelstudio.api.callers import bearer_of, caller_of
from pixelstudio.api.identity import actor_of, member_of, studio_of
from pixelstudio.api.media_cache import MediaCache
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.api.ranges import Unsatisfiable, matches, wanted_range
from pixelstudio.core.log import get_logger
from pixelstudio.features.gallery.admission import rendition_there
from pixelstudio.features.gallery.links import rendition_shared
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.imaging.credentials import CredentialsUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.features.images.views import StoredBytes
    from pixelstudio.imaging.credentials import Credentials
    from pixelstudio.studio import Studio

router = APIRouter(prefix="/media", route_class=ProblemRoute)

_PUBLIC: Final = "public, max-age=300"
"""No stale copy meanwhile: a cache in front would show for as long what its owner, or a maintainer, has taken away."""
_PRIVATE: Final = "private, no-cache"
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_INERT: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.api_route("/{image_id}/{variant}", methods=["GET", "HEAD"])
async def get_media(request: Request, image_id: str, variant: str, download: str = "") -> Response:
    """One variant of a picture: 256, 512, 1024, original, or the film of its making where there is one."""
    studio, cache = studio_of(request), _cache_of(request)
    stored = await _stored(request, studio, cache, image_id, variant)
    etag = f'"{stored.digest}"'
    headers = _headers(stored, etag)
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{file_name(stored.title, stored.media_type)}"'
        if studio.credentials is not None and variant == "original":
            return await _credited(request, studio.credentials, await _bytes_of(studio, cache, stored.digest), stored.media_type, headers)
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    try:
        part = wanted_range(request.headers.get("range"), request.headers.get("if-range"), etag, stored.size_bytes)
    except Unsatisfiable:
        refused = {name: value for name, value in headers.items() if name != "Cache-Control"}
        return Response(status_code=416, headers={**refused, "Content-Range": f"bytes */{stored.size_bytes}"})
    return await _bytes_response(request, studio, cache, stored, part, headers)


@router.api_route("/trash/{image_id}/{variant}", methods=["GET", "HEAD"])
async def get_media_in_trash(request: Request, image_id: str, variant: str) -> Response:
    """One variant of a picture in one's own trash. Nobody else has it, and nothing remembers it."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        stored = await rendition_for(reader, await member_of(reader, request), image_id, variant, in_trash=True)
    return await _unkept(request, studio, stored)


@router.api_route("/collections/{collection_id}/{image_id}/{variant}", methods=["GET", "HEAD"])
async def get_media_in_collection(request: Request, collection_id: str, image_id: str, variant: str) -> Response:
    """One variant of a picture as a collection shows it to whoever asks: also a private one whose owner lets its people see it."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        stored = await rendition_there(reader, await actor_of(reader, request), collection_id, image_id, variant)
    return await _unkept(request, studio, stored)


@router.api_route("/shared/{secret}/{image_id}/{variant}", methods=["GET", "HEAD"])
async def get_media_by_link(request: Request, secret: str, image_id: str, variant: str) -> Response:
    """One variant of a picture that a link to a collection shows."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        stored = await rendition_shared(reader, secret, image_id, variant)
    return await _unkept(request, studio, stored)


def file_name(title: str, media_type: str) -> str:
    """A name any file system takes, from a title or the first words of a prompt."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{slug or 'picture'}.{_ENDINGS.get(media_type, 'bin')}"


async def _stored(request: Request, studio: Studio, cache: MediaCache, image_id: str, variant: str) -> StoredBytes:
    """Who asks is looked up every time; what they may see is remembered until a fact says otherwise."""
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request) if bearer_of(request) is None else await caller_of(reader, request)
        viewer_id = viewer.id if viewer else None
        stored = cache.known(viewer_id, image_id, variant)
        if stored is None:
            stored = await rendition_for(reader, viewer, image_id, variant)
            cache.remember(viewer_id, image_id, variant, stored, since=reader.heard)
    return stored


async def _bytes_response(
    request: Request, studio: Studio, cache: MediaCache, stored: StoredBytes, part: range | None, headers: dict[str, str]
) -> Response:
    wanted = part if part is not None else range(stored.size_bytes)
    status = 200 if part is None else 206
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{stored.size_bytes}"
    if request.method == "HEAD":
        return Response(status_code=status, headers={**headers, "Content-Length": str(len(wanted))}, media_type=stored.media_type)
    data = await _bytes_of(studio, cache, stored.digest)
    return Response(data[wanted.start : wanted.stop], status, headers, stored.media_type)


async def _bytes_of(studio: Studio, cache: MediaCache, digest: str) -> bytes:
    data = cache.bytes_of(digest)
    if data is None:
        data = await studio.storage.get(digest)
        cache.keep_bytes(digest, data)
    return data


async def _credited(request: Request, credentials: Credentials, data: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The file with Content Credentials, which no two downloads have alike: so without a validator and whole. Without them when they fail."""
    try:
        data = await asyncio.to_thread(credentials.signed, data)
    except CredentialsUnusable as error:
        get_logger().warning("credentials.not_written", code=error.code, media_type=media_type)
    plain = {name: value for name, value in headers.items() if name not in {"ETag", "Accept-Ranges"}}
    whole = {**plain, "Cache-Control": "private, no-store", "Content-Length": str(len(data))}
    return Response(b"" if request.method == "HEAD" else data, 200, whole, media_type)


async def _unkept(request: Request, studio: Studio, stored: StoredBytes) -> Response:
    """Bytes that nobody may keep: the right to see them can end at any moment, and nobody else's cache would hear of it."""
    headers = {**_headers(stored, f'"{stored.digest}"'), "Cache-Control": "private, no-store"}
    return await _bytes_response(request, studio, _cache_of(request), stored, None, headers)


def _headers(stored: StoredBytes, etag: str) -> dict[str, str]:
    return {**_INERT, "ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": _PUBLIC if stored.is_public else _PRIVATE}


def _cache_of(request: Request) -> MediaCache:
    """Made on first use, when the Studio is open, and remade for another Studio's bus."""
    state = request.app.state
    bus = studio_of(request).bus
    known = cast("tuple[object, MediaCache] | None", getattr(state, "media_cache", None))
    if known is None or known[0] is not bus:
        if known is not None:
            known[1].close()
        known = state.media_cache = (bus, MediaCache(bus))
    return known[1]
