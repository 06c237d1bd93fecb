"""The library as its page reads it: own pictures by filter, page by page, the sets they form, and a zip of many.

The page asks here and not through its state, because a state sends a whole list again for every picture that is added to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from pixelstudio.api.forms import fields_of
from pixelstudio.api.identity import member_of, studio_of
from pixelstudio.api.keeping import kept_by_browser
from pixelstudio.api.media import file_name
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.api.zips import Zipped, size_of, zipped
from pixelstudio.core.errors import Invalid, NotFound, TooMany
from pixelstudio.core.limits import PAGE_SIZE_MAX, ZIP_BYTES_MAX, ZIP_PICTURES_MAX, ZIPS_AT_ONCE
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.generation.standing import counts_of
from pixelstudio.features.images.filters import filter_of
from pixelstudio.features.images.library import are_wanted, count_in, count_sets_in, files_of, ids_in, models_in, pictures_in, sets_in
from pixelstudio.imaging.placeholder import placeholder_data_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView, PictureSetView
    from pixelstudio.studio import Studio

router = APIRouter(prefix="/api/library", route_class=ProblemRoute)

PAGE: Final = 40
ALT_MAX: Final = 180
_NEVER_KEPT: Final = {"Cache-Control": "private, no-store"}


@router.get("")
async def get_library(request: Request, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """A page of own pictures; the first one with how many there are and what may be asked for. `only` names pictures to look at again."""
    studio = studio_of(request)
    wanted = filter_of(request.query_params, studio.providers.titles())
    async with studio.db.reader() as reader:
        by = await member_of(reader, request)
        if only:
            found = await are_wanted(reader, by, wanted, only.split(",")[:PAGE_SIZE_MAX])
            return kept_by_browser(request, {"pictures": await _cards(reader, by, found)})
        page = await pictures_in(reader, by, wanted, before=before, limit=limit)
        told = {} if before else await _facts(reader, studio, by, await count_in(reader, by, wanted))
        cards = await _cards(reader, by, page.items)
    return kept_by_browser(request, {"pictures": cards, "next": page.next_cursor, **told})


@router.get("/sets")
async def get_sets(request: Request, before: str = "") -> Response:
    """A page of the sets that own pictures form; the first one with how many sets there are."""
    studio = studio_of(request)
    titles = studio.providers.titles()
    wanted = filter_of(request.query_params, titles)
    async with studio.db.reader() as reader:
        by = await member_of(reader, request)
        page = await sets_in(reader, by, wanted, before=before)
        told = {} if before else await _facts(reader, studio, by, await count_sets_in(reader, by, wanted))
    return kept_by_browser(request, {"sets": [_set_card(one, titles) for one in page.items], "next": page.next_cursor, **told})


@router.post("/zip")
async def post_zip(request: Request) -> Response:
    """The originals of many own pictures, recipes inside, as one file: those named by `ids`, or with `all` those the filter finds.

    With `check` only whether it can be had: a browser that posts a form shows whatever comes back.
    """
    studio, fields = studio_of(request), await fields_of(request)
    named = None if fields.get("all") == "1" else fields.get("ids", "").split(",")[: ZIP_PICTURES_MAX + 1]
    async with studio.db.reader() as reader:
        by = await member_of(reader, request)
        chosen = await ids_in(reader, by, filter_of(fields, studio.providers.titles()), ZIP_PICTURES_MAX + 1) if named is None else named
        if len(chosen) > ZIP_PICTURES_MAX:
            raise Invalid(f"One file holds at most {ZIP_PICTURES_MAX} pictures. Choose fewer.", code="zip_too_many", field="ids")
        found = await files_of(reader, by, chosen)
    if not found:
        raise NotFound
    files = [Zipped(f"{n:03d}-{file_name(f.title, f.media_type)}", f.digest, f.size_bytes) for n, f in enumerate(found, 1)]
    if size_of(files) > ZIP_BYTES_MAX:
        raise Invalid(f"One file holds at most {ZIP_BYTES_MAX >> 20} MB. Choose fewer pictures.", code="zip_too_large", field="ids")
    if fields.get("check") == "1":
        return JSONResponse({"pictures": len(files), "bytes": size_of(files)}, headers=_NEVER_KEPT)
    headers = {
        **_NEVER_KEPT,
        "Content-Disposition": f'attachment; filename="pixel-studio-{studio.clock.now():%Y-%m-%d}-{len(files)}-pictures.zip"',
        "Content-Length": str(size_of(files)),
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_within_bounds(request, zipped(studio.storage, files, studio.clock.now())), 200, headers, "application/zip")


def _within_bounds(request: Request, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Let so many files be sent at once: each holds one picture in memory. Refused before the first byte."""
    state: Any = request.app.state
    if getattr(state, "zips_sent", 0) >= ZIPS_AT_ONCE:
        raise TooMany("Others are downloading right now. Try again in a moment.", retry_after_s=10, code="zips_busy")

    async def counted() -> AsyncIterator[bytes]:
        state.zips_sent = getattr(state, "zips_sent", 0) + 1  # here, for one who has gone before the first byte never comes here
        try:
            async for part in parts:
                yield part
        finally:
            state.zips_sent -= 1

    return counted()


async def _facts(reader: Reader, studio: Studio, by: Actor, total: int) -> dict[str, Any]:
    titles = studio.providers.titles()
    models = [{"id": model, "title": titles.get(model, model)} for model in await models_in(reader, by)]
    return {"total": total, "models": models, "keepDays": studio.settings.deleted_pictures_keep_days}


async def _cards(reader: Reader, by: Actor, images: Sequence[ImageView]) -> list[dict[str, Any]]:
    """What a wall needs of these own pictures; where several share the words of their set, also which of them each is."""
    counts = await counts_of(reader, by, {image.generation_id for image in images})
    several = {image.id for image in images if counts.get(image.generation_id, 1) > 1}
    return [
        {
            **_card(image),
            **({"title": image.title} if image.title else {}),
            **({"nth": f"{image.slot + 1} of {counts[image.generation_id]}"} if image.id in several else {}),
        }
        for image in images
    ]


def _card(image: ImageView) -> dict[str, Any]:
    """What a wall needs of one picture; the names are short because walls of these are sent."""
    moment = image.deleted_at or image.stands_at
    return {
        "id": image.id,
        "alt": clip(clean_line(image.prompt), ALT_MAX),
        "width": image.width,
        "height": image.height,
        "blur": placeholder_data_url(image.thumbhash),
        "spill": image.spill,
        "favourite": image.is_favourite,
        "public": image.visibility == "public",
        "at": moment.isoformat(),
        "set": image.generation_id,
        **({"thrown": True} if image.deleted_at else {}),
    }


def _set_card(one: PictureSetView, model_titles: Mapping[str, str]) -> dict[str, Any]:
    """With what tells it from another of the same words: by which model, and when."""
    model = one.cover[0].model
    return {
        "id": one.generation_id,
        "words": clip(clean_line(one.prompt), ALT_MAX),
        "count": one.count,
        "model": model_titles.get(model, model),
        "at": one.newest_at.isoformat(),
        "cover": [_card(image) for image in one.cover],
    }
