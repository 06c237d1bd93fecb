"""The latest preview of a drawing under way, to its owner alone; never stored anywhere."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from pixelstudio.api.identity import somebody_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import NotFound
from pixelstudio.features.generation.generations import job_of_slot

router = APIRouter(prefix="/media/live", route_class=ProblemRoute)

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.get("/{generation_id}/{slot}")
async def get_live_preview(request: Request, generation_id: str, slot: int) -> Response:
    """The preview of one slot as it is now. To everybody else, and before the first step, there is none."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        job_id = await job_of_slot(reader, await somebody_of(reader, request), generation_id, slot)
    progress = studio.progress.get(job_id)
    if progress is None or progress.preview is None:
        raise NotFound
    return Response(progress.preview, headers=_HEADERS, media_type=media_type_of(progress.preview))


def media_type_of(preview: bytes) -> str:
    """What a preview is, by its first bytes; providers send WebP, PNG or JPEG."""
    if preview.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if preview.startswith(b"\xff\xd8") else "image/webp"
