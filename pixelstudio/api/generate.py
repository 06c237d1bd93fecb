"""Generating over the API: ask, look, wait, listen, call off. The same features as the pages, under the names of the product brief."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from pixelstudio.api.callers import caller_of, caller_who_asks
from pixelstudio.api.identity import address_of, studio_of
from pixelstudio.api.problems import ApiRoute
from pixelstudio.api.prompt import TemplateId
from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, PixelStudioError, TooMany
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.accounts.throttle import admit_generation
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.prompts.briefs import Brief
from pixelstudio.features.prompts.writing import drafted
from pixelstudio.jobs.fairness import Priority

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from pixelstudio.core.events import Subscription
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.requests import Quote
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

router = APIRouter(prefix="/api/generate", route_class=ApiRoute, tags=["Pictures"])

Status = Literal["processing", "completed", "failed"]
PRIORITIES: Final = {"low": Priority.BATCH, "normal": Priority.NORMAL, "high": Priority.INTERACTIVE}
STREAMS_PER_PERSON: Final = 10
COALESCE_S: Final = 0.25
QUIET_S: Final = 15.0
_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*(?:=\s*(\d{1,4}))?\s*(?:$|[,;])")
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


class GenerationSettings(BaseModel):
    """How it is drawn."""

    model_config = ConfigDict(extra="forbid")
    style: Annotated[TemplateId | None, Field(description="The same as `style` beside it; either place will do.")] = None
    num_images: Annotated[int, Field(strict=True, ge=1, le=limits.API_IMAGES_MAX)] = 1
    resolution: Literal["512x512", "768x768", "1024x1024"] = "1024x1024"
    guidance_scale: Annotated[float | None, Field(ge=limits.GUIDANCE_MIN, le=limits.GUIDANCE_MAX, allow_inf_nan=False)] = None
    seed: Annotated[int | None, Field(strict=True, ge=0, le=limits.SEED_MAX, description="Left out, any.")] = None


class GenerationAsked(BaseModel):
    """What is to be drawn. The words are made from it as `/api/prompt/preview` shows."""

    model_config = ConfigDict(extra="forbid")
    description: Annotated[str, Field(max_length=limits.BRIEF_DESCRIPTION_MAX, examples=["a red ceramic mug"])]
    category: TemplateId = ""
    style: TemplateId | None = None
    settings: GenerationSettings = GenerationSettings()
    additionalContext: Annotated[str, Field(max_length=limits.CONTEXT_MAX)] = ""  # noqa: N815  # the field's name in the API
    angles: Annotated[list[TemplateId], Field(max_length=9)] = []
    colour: Annotated[str, Field(max_length=limits.COLOUR_MAX)] = ""
    model: Annotated[str | None, Field(max_length=80, description="Left out, the one of your settings, or the studio's first.")] = None
    priority: Literal["low", "normal", "high"] = "normal"
    dry_run: Annotated[bool, Field(description="Only say what it would cost.")] = False
    anew: Annotated[
        bool,
        Field(
            strict=True,
            description="Draw and charge it even if you have the very same picture, or it is under way; left out, that one is yours.",
        ),
    ] = False

    def brief(self) -> Brief:
        """The part of it that becomes words. Raises `Invalid` for two styles at once."""
        other = self.settings.style
        if self.style and other and self.style != other:
            raise Invalid("Two different styles were given. Give one.", code="style_twice", field="style")
        style = self.style or other or "none"
        return Brief(self.description, self.category, style, tuple(self.angles), self.colour, self.additionalContext)


class Generation(BaseModel):
    """How a generation stands."""

    id: str
    status: Status
    images: Annotated[list[str], Field(description="Addresses of the pictures that came; ask for them with the same token.")]
    error: str | None
    processingTime: Annotated[int | None, Field(description="Milliseconds from asking to the last picture.")]  # noqa: N815  # as above


class GenerationTaken(Generation):
    """The answer to having asked."""

    price: Annotated[int, Field(description="Credits held; what does not come is given back.")]
    position: Annotated[int | None, Field(description="The place in line of the first of its pictures; 1 is next.")]
    notes: Annotated[list[str], Field(description="What was asked for and is not done by this model, each in a sentence.")]


class GenerationCalledOff(Generation):
    """The answer to having called it off."""

    notes: Annotated[list[str], Field(description="What becomes of pictures that are drawn already, each in a sentence.")]


class Price(BaseModel):
    """The answer to a dry run."""

    price: int
    each: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Wish:
    request: GenerationRequest
    quote: Quote
    notes: tuple[str, ...]


@router.post(
    "",
    response_model=GenerationTaken,
    status_code=202,
    responses={200: {"model": GenerationTaken, "description": "It ended within the wait"}},
    summary="Ask for pictures",
)
async def post_generation(
    request: Request, asked: GenerationAsked, dry_run: Annotated[bool, Query(description="Only say what it would cost.")] = False
) -> Response:
    """Asks for one to four pictures. Answers at once with 202; with `Prefer: wait` or `wait=20` it answers when they are there, after a
    minute at the latest. `dry_run` answers with the price alone.
    """
    studio, wait_s = studio_of(request), wait_of(request.headers.getlist("prefer"))
    async with studio.db.transaction() as tx:
        by = await caller_who_asks(tx, request)
        wish = await _wish(tx, studio, asked, by)
        if asked.dry_run or dry_run:
            body: dict[str, Any] = {"price": wish.quote.total, "each": wish.quote.each, "notes": list(wish.notes)}
            return JSONResponse(body, headers=_NOT_KEPT)
    with studio.bus.subscribe(f"user:{by.id}") as subscription:
        async with studio.db.transaction() as tx:
            await admit_generation(tx, address_of(request), studio.settings.rate_limit_requests_per_minute)
            taken = await generations.submit(tx, studio, wish.request, by, wish.quote.total, priority=PRIORITIES[asked.priority])
        view = await _after(studio, by, taken.id, subscription, wait_s)
    answer = {**told(request, view), "price": taken.price_credits, "position": _position(view), "notes": list(wish.notes)}
    headers = {**_NOT_KEPT, "Location": f"/api/generate/{view.id}", **({"Preference-Applied": "wait"} if wait_s else {})}
    return JSONResponse(answer, 200 if view.is_ended else 202, headers=headers)


@router.get("/{generation_id}", response_model=Generation, summary="See how it stands")
async def get_generation(request: Request, generation_id: str) -> Response:
    """Tells how one of your own generations stands. Anybody else's is answered as if there were none."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        view = await set_of(reader, studio, await caller_of(reader, request), generation_id)
    return JSONResponse(told(request, view), headers=_NOT_KEPT)


@router.post("/{generation_id}/cancel", response_model=GenerationCalledOff, summary="Call it off")
async def post_cancel(request: Request, generation_id: str) -> Response:
    """Calls off what has not been drawn; its credits come back. What a provider draws already is asked to stop where it can be: `notes` says
    what to expect, and looking again or listening tells how it ended. Safe to repeat.
    """
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        by = await caller_of(tx, request)
        await generations.cancel(tx, studio, generation_id, by)
    async with studio.db.reader() as reader:
        view = await set_of(reader, studio, by, generation_id)
    notes = list(dict.fromkeys(slot.sentence for slot in view.slots if slot.is_called_off))
    return JSONResponse({**told(request, view), "notes": notes}, headers=_NOT_KEPT)


@router.get("/{generation_id}/events", summary="Listen to it", response_class=StreamingResponse)
async def get_events(request: Request, generation_id: str) -> Response:
    """Server-sent events: `update` with how it stands and its `progress` from 0 to 1 whenever that changes, `end` with the last one. A
    stream is open for a quarter of an hour at most; connect again and it goes on.
    """
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        by = await caller_of(reader, request)
        await set_of(reader, studio, by, generation_id)
    streams = _streams_of(request)
    if streams[by.id] >= STREAMS_PER_PERSON:
        raise TooMany(f"You listen to {STREAMS_PER_PERSON} generations already. Close one.", retry_after_s=QUIET_S, code="too_many_streams")
    headers = {**_NOT_KEPT, "X-Accel-Buffering": "no"}
    return StreamingResponse(_listening(request, studio, by, generation_id), headers=headers, media_type="text/event-stream")


def wait_of(preferences: Sequence[str]) -> float:
    """The seconds `Prefer` asks to wait (RFC 7240): as many as it says, all there are when it says none, 0 when it does not ask."""
    found = _WAIT.search(",".join(preferences).lower())
    if found is None:
        return 0.0
    return min(float(found[1]), limits.API_WAIT_MAX_S) if found[1] else limits.API_WAIT_MAX_S


def told(request: Request, view: SetView) -> dict[str, Any]:
    """A set as programs are told of it, see `Generation`."""
    pictures = [slot.image for slot in view.slots if slot.image is not None]
    status: Status = "processing" if not view.is_ended else "completed" if pictures else "failed"
    origin = studio_of(request).settings.public_url or str(request.base_url).rstrip("/")
    reasons = [slot.sentence for slot in view.slots if slot.state in {"failed", "cancelled", "unknown"} and slot.sentence]
    took = (view.ended_at - view.created_at).total_seconds() if view.ended_at else None
    return {
        "id": view.id,
        "status": status,
        "images": [f"{origin}/media/{picture.id}/original" for picture in pictures],
        "error": reasons[0] if reasons else None,
        "processingTime": None if took is None else max(0, round(took * 1000)),
    }


async def _wish(reader: Reader, studio: Studio, asked: GenerationAsked, by: Actor) -> _Wish:
    """What is asked for in the studio's own terms, with its price; what the model cannot do is said, never dropped silently."""
    words = await drafted(reader, asked.brief())
    side = int(asked.settings.resolution.partition("x")[0])
    model = _model(studio, asked.model or (await preferences_of(reader, by.id)).model, side)
    notes: list[str] = []
    if not model.supports_negative_prompt:
        notes.append(model.why_no_negative_prompt or f"{model.title} takes no negative prompt; it was left out.")
    guidance = asked.settings.guidance_scale
    if guidance is not None and model.guidance_offered is None:
        notes.append(f"{model.title} takes no guidance; guidance_scale was left out.")
        guidance = None
    request = GenerationRequest(
        prompt=words.prompt,
        negative_prompt=words.negative_prompt if model.supports_negative_prompt else "",
        model=model.id,
        width=side,
        height=side,
        count=asked.settings.num_images,
        seed=asked.settings.seed,
        guidance=guidance,
        anew=asked.anew,
    )
    return _Wish(request, generations.quote(studio, request), tuple(notes))


def _model(studio: Studio, chosen: str, side: int) -> ImageModel:
    """The chosen model; without a choice the first that draws this size. Raises `Invalid` for one that is not offered."""
    if chosen:
        return studio.providers.model(chosen)
    models = studio.providers.models()
    return next((model for model in models if model.draws(side, side)), models[0])


async def _after(studio: Studio, by: Actor, generation_id: str, subscription: Subscription, wait_s: float) -> SetView:
    """The set when it has ended, or as it stands when the wait is over."""
    ends_at = asyncio.get_running_loop().time() + wait_s
    while True:
        async with studio.db.reader() as reader:
            view = await set_of(reader, studio, by, generation_id)
        left_s = ends_at - asyncio.get_running_loop().time()
        if view.is_ended or left_s <= 0:
            return view
        await _something_happened(subscription, min(left_s, QUIET_S))


async def _listening(request: Request, studio: Studio, by: Actor, generation_id: str) -> AsyncIterator[str]:
    """The stream: whether who listens still may is asked before everything that is told."""
    streams, ends_at = _streams_of(request), asyncio.get_running_loop().time() + limits.API_EVENTS_MAX_S
    streams[by.id] += 1
    last = ""
    try:
        with studio.bus.subscribe(f"user:{by.id}") as subscription:
            while asyncio.get_running_loop().time() < ends_at:
                try:
                    async with studio.db.reader() as reader:
                        view = await set_of(reader, studio, await caller_of(reader, request), generation_id)
                except PixelStudioError:
                    return
                now = json.dumps({**told(request, view), "progress": _progress(view), "position": _position(view)})
                if view.is_ended:
                    yield f"event: end\ndata: {now}\n\n"
                    return
                yield f"event: update\ndata: {now}\n\n" if now != last else ": still here\n\n"
                last = now
                await _something_happened(subscription, QUIET_S)
    finally:
        streams[by.id] -= 1
        if not streams[by.id]:
            del streams[by.id]


async def _something_happened(subscription: Subscription, at_most_s: float) -> None:
    try:
        async with asyncio.timeout(at_most_s):
            await subscription.get_batch(COALESCE_S)
    except TimeoutError:
        return


def _streams_of(request: Request) -> Counter[str]:
    """How many streams everybody has open in this process."""
    state = request.app.state
    if not hasattr(state, "streams"):
        state.streams = Counter[str]()
    found: Counter[str] = state.streams
    return found


def _position(view: SetView) -> int | None:
    return min((slot.position for slot in view.slots if slot.position is not None), default=None)


def _progress(view: SetView) -> float:
    """How far it is: slots that ended count whole, one that is drawn counts by its steps."""
    done = sum(
        slot.step / slot.steps if slot.state == "drawing" and slot.steps else float(slot.state not in {"waiting", "drawing"})
        for slot in view.slots
    )
    return round(done / len(view.slots), 3) if view.slots else 1.0
