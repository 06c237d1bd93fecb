"""What has come for a member since they last asked: for pages whose socket is down, and by plain requests only."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import member_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.pages import Cursor, decoded
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.generation.prompts import prompts_of
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.images.pictures import page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.generation.views import SetView
    from pixelstudio.features.images.views import ImageView

SETS_TOLD: Final = 8
PICTURES_TOLD: Final = 24
PROMPTS_TOLD: Final = 6
WORDS_MAX: Final = 120
_PRIVATE: Final = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}

router = APIRouter(prefix="/api", route_class=ProblemRoute)


@router.get("/live/changes")
async def get_changes(request: Request, since: str = "") -> Response:
    """One's own sets under way, and one's own pictures that came after the cursor `since`: three queries, and nothing but 304 when
    nothing moved.
    """
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        member = await member_of(reader, request)
        sets = await sets_of(reader, studio, member, limit=SETS_TOLD)
        pictures = (await page_of(reader, member, limit=PICTURES_TOLD)).items
    after = decoded(since)
    new = [image for image in pictures if after is None or (image.created_at, image.id) > (after.created_at, after.id)]
    cursor = Cursor(pictures[0].created_at, pictures[0].id).encoded() if pictures else ""
    return _unless_known(request, {"cursor": cursor, "jobs": [_job(view) for view in sets if not view.is_ended], "pictures": _told(new)})


@router.get("/prompts")
async def get_prompts(request: Request, q: str = "") -> Response:
    """One's own prompts that hold these words, the last used first, each once."""
    async with studio_of(request).db.reader() as reader:
        found = await prompts_of(reader, await member_of(reader, request), q[:WORDS_MAX], limit=PROMPTS_TOLD)
    return JSONResponse({"prompts": [view.prompt for view in found]}, headers={**_PRIVATE, "Cache-Control": "private, no-store"})


def _job(view: SetView) -> dict[str, Any]:
    done = sum(slot.state == "done" for slot in view.slots)
    said = next((slot.sentence for state in ("drawing", "waiting") for slot in view.slots if slot.state == state), "")
    return {"id": view.id, "prompt": _words(view.prompt), "words": f"{done} of {view.count} drawn. {said}".strip()}


def _told(images: Sequence[ImageView]) -> list[dict[str, Any]]:
    return [
        {
            "id": image.id,
            "alt": _words(image.prompt),
            "href": f"/media/{image.id}/1024",
            "src": f"/media/{image.id}/256",
            "width": image.width,
            "height": image.height,
        }
        for image in images
    ]


def _words(prompt: str) -> str:
    return clip(clean_line(prompt), WORDS_MAX)


def _unless_known(request: Request, said: dict[str, Any]) -> Response:
    answer = JSONResponse(said)
    etag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    headers = {**_PRIVATE, "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
