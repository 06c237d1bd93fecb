"""The prompt service over the API: a description becomes a prompt, by the templates or by a language model; and what there is to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pixelstudio.api.callers import caller_of
from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import ApiRoute
from pixelstudio.core import limits
from pixelstudio.features.accounts.throttle import admit_act
from pixelstudio.features.prompts.briefs import Brief
from pixelstudio.features.prompts.templates import templates_of
from pixelstudio.features.prompts.writing import drafted, propose

if TYPE_CHECKING:
    from pixelstudio.features.prompts.briefs import Optimised
    from pixelstudio.features.prompts.templates import Template

router = APIRouter(prefix="/api/prompt", route_class=ApiRoute, tags=["Prompts"])

TemplateId = Annotated[str, Field(max_length=40)]


class PromptRequest(BaseModel):
    """A few facts about the thing. Everything but the description may be left out."""

    model_config = ConfigDict(extra="forbid")
    description: Annotated[str, Field(max_length=limits.BRIEF_DESCRIPTION_MAX, examples=["a red ceramic mug"])]
    category: Annotated[TemplateId, Field(description="Left out, it is found from the description.", examples=["home-decor"])] = ""
    style: Annotated[TemplateId, Field(examples=["studio"])] = "none"
    additionalContext: Annotated[str, Field(max_length=limits.CONTEXT_MAX)] = ""  # noqa: N815  # the field's name in the API
    angles: Annotated[list[TemplateId], Field(max_length=9, description="Camera angles, several at once.")] = []
    colour: Annotated[str, Field(max_length=limits.COLOUR_MAX)] = ""

    def brief(self) -> Brief:
        """As the feature knows it."""
        return Brief(self.description, self.category, self.style, tuple(self.angles), self.colour, self.additionalContext)


class SuggestedSettings(BaseModel):
    """Settings that suit the prompt, for models that take them."""

    guidance_scale: float
    num_inference_steps: int


class PromptResponse(BaseModel):
    """The words that draw it well."""

    optimizedPrompt: str  # noqa: N815  # as above
    negativePrompt: str  # noqa: N815  # as above
    suggestedSettings: SuggestedSettings  # noqa: N815  # as above


class TemplateEntry(BaseModel):
    """One style, category or angle, and what it adds."""

    id: str
    title: str
    words: str
    negative: str
    suggestedSettings: dict[str, float | None]  # noqa: N815  # as above


class TemplateList(BaseModel):
    """All there is to choose from."""

    base: str
    quality: str
    negativePrompt: str  # noqa: N815  # as above
    styles: list[TemplateEntry]
    categories: list[TemplateEntry]
    angles: list[TemplateEntry]


@router.post("/generate", response_model=PromptResponse, summary="Write a prompt")
async def post_generate(request: Request, asked: PromptRequest) -> Response:
    """Writes the prompt for a description. Where the studio has a language model it writes, otherwise the templates do, and always the same."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        by = await caller_of(tx, request)
        await admit_act(tx, "write", by.id, limits.PROMPTS_WRITTEN_PER_HOUR)
    proposal = await propose(studio, asked.brief(), by=by)
    return _told(proposal.words)


@router.post("/preview", response_model=PromptResponse, summary="Preview a prompt")
async def post_preview(request: Request, asked: PromptRequest) -> Response:
    """Shows what the templates make of a description, at once: nobody is asked and nothing is kept."""
    async with studio_of(request).db.reader() as reader:
        await caller_of(reader, request)
        words = await drafted(reader, asked.brief())
    return _told(words)


@router.get("/templates", response_model=TemplateList, summary="List styles, categories and angles")
async def get_templates(request: Request) -> Response:
    """Lists the templates as this studio has them."""
    async with studio_of(request).db.reader() as reader:
        await caller_of(reader, request)
        templates = await templates_of(reader)
    body = {
        "base": templates.base,
        "quality": templates.quality,
        "negativePrompt": templates.negative,
        "styles": [_entry(entry) for entry in templates.of("style")],
        "categories": [_entry(entry) for entry in templates.of("category")],
        "angles": [_entry(entry) for entry in templates.of("angle")],
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _entry(entry: Template) -> dict[str, Any]:
    suggested = {"guidance_scale": entry.guidance_scale, "num_inference_steps": entry.steps}
    return {"id": entry.id, "title": entry.title, "words": entry.words, "negative": entry.negative, "suggestedSettings": suggested}


def _told(words: Optimised) -> Response:
    body = {
        "optimizedPrompt": words.prompt,
        "negativePrompt": words.negative_prompt,
        "suggestedSettings": {"guidance_scale": words.guidance_scale, "num_inference_steps": words.steps},
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
