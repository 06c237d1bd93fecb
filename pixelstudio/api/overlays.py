"""Laying text or a logo over a picture over the API: the same feature as the page's, answered like a generation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pixelstudio.api.callers import caller_who_asks
from pixelstudio.api.generate import Generation, told
from pixelstudio.api.identity import address_of, studio_of
from pixelstudio.api.problems import ApiRoute
from pixelstudio.core import limits
from pixelstudio.features.accounts.throttle import admit_generation
from pixelstudio.features.generation.overlays import lay_over
from pixelstudio.imaging.overlay import Overlay, Place

router = APIRouter(prefix="/api/overlays", route_class=ApiRoute, tags=["Pictures"])

_USUAL = Overlay()


class OverlayAsked(BaseModel):
    """What is to be laid over which picture: text, or a logo where there is none."""

    model_config = ConfigDict(extra="forbid")
    picture: Annotated[str, Field(max_length=80, description="The id of a picture of yours. It stays as it is.")]
    text: Annotated[str, Field(max_length=limits.OVERLAY_TEXT_MAX, examples=["Harbour Nights"])] = ""
    logo: Annotated[str, Field(max_length=80, description="The id of a picture or a logo of yours.")] = ""
    place: Place = _USUAL.place
    size: Annotated[
        float, Field(ge=limits.OVERLAY_SIZE_MIN, le=100, allow_inf_nan=False, description="How wide, in per cent of the picture.")
    ] = _USUAL.size
    opacity: Annotated[float, Field(ge=limits.OVERLAY_OPACITY_MIN, le=100, allow_inf_nan=False, description="In per cent.")] = (
        _USUAL.opacity
    )
    rotation: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="In degrees clockwise.")] = _USUAL.rotation
    colour: Annotated[str, Field(pattern="^#[0-9a-f]{6}$", description="Of text.")] = _USUAL.colour


@router.post("", response_model=Generation, status_code=202, summary="Lay text or a logo over a picture")
async def post_overlay(request: Request, asked: OverlayAsked) -> Response:
    """A new picture comes of it, free of charge: look at `/api/generate/{id}` until it is there."""
    studio = studio_of(request)
    overlay = Overlay(asked.text, asked.place, asked.size, asked.opacity, asked.rotation, asked.colour, asked.logo)
    async with studio.db.transaction() as tx:
        by = await caller_who_asks(tx, request)
        await admit_generation(tx, address_of(request), studio.settings.rate_limit_requests_per_minute)
        view = await lay_over(tx, studio, asked.picture, overlay, by=by)
    return JSONResponse(told(request, view), 202, headers={"Cache-Control": "no-store", "Location": f"/api/generate/{view.id}"})
