"""The recipe inside a file that somebody drops on the composer, and the whole story of one dropped on /verify. Nothing of either is stored."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import actor_of, address_of, member_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.accounts.throttle import admit_file
from pixelstudio.features.images.stories import story_of
from pixelstudio.imaging.placeholder import placeholder_data_url
from pixelstudio.imaging.reading import recipe_in

if TYPE_CHECKING:
    from pixelstudio.features.images.stories import Story
    from pixelstudio.imaging.recipe import Recipe

router = APIRouter(prefix="/api/recipes", route_class=ProblemRoute)

NO_FILE = "No file arrived. Drop the picture again."
NO_PICTURE = "No file arrived. Choose a picture."
ALT_MAX: Final = 200
NO_RECIPE = "This file carries no recipe of Pixel Studio. Pictures downloaded as “Original” keep theirs."


@router.post("/read")
async def post_read_recipe(request: Request) -> Response:
    """The recipe of the picture in the body, for members. The edge has bounded the body."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        await member_of(reader, request)
    data = await request.body()
    if not data:
        raise Invalid(NO_FILE, code="file_missing", field="file")
    recipe = await recipe_in(studio.children, data)
    if recipe is None:
        raise Invalid(NO_RECIPE, code="recipe_missing", field="file")
    return JSONResponse(_shown(recipe), headers={"Cache-Control": "no-store"})


@router.post("/story")
async def post_story(request: Request) -> Response:
    """The story of the file in the body, for anybody. The edge has bounded the body; an address asks for so many an hour."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        viewer = await actor_of(tx, request)
        await admit_file(tx, address_of(request))
    data = await request.body()
    if not data:
        raise Invalid(NO_PICTURE, code="file_missing", field="file")
    story = await story_of(studio, data, viewer)
    return JSONResponse(_told(story), headers={"Cache-Control": "no-store"})


def _told(story: Story) -> dict[str, Any]:
    recipe, credentials = story.recipe, story.credentials
    return {
        "origin": story.origin,
        "unchanged": story.is_unchanged,
        "width": story.width,
        "height": story.height,
        "recipe": None if recipe is None else {**_shown(recipe), **_besides(recipe)},
        "credentials": None if credentials is None else asdict(credentials),
        "alike": [
            {
                "id": one.image.id,
                "alt": clip(clean_line(one.image.prompt), ALT_MAX),
                "width": one.image.width,
                "height": one.image.height,
                "blur": placeholder_data_url(one.image.thumbhash),
                "distance": one.distance,
                "mine": one.image.is_mine,
            }
            for one in story.alike
        ],
    }


def _besides(recipe: Recipe) -> dict[str, str]:
    """What only the story tells."""
    over = recipe.overlay.words if recipe.overlay else ""
    return {"provider": recipe.provider, "made_at": recipe.created_at.isoformat(), "over": over}


def _shown(recipe: Recipe) -> dict[str, str]:
    """What the composer takes, as the texts of its fields."""
    return {
        "prompt": recipe.prompt,
        "negative_prompt": recipe.negative_prompt,
        "model": recipe.model,
        "size": f"{recipe.width}x{recipe.height}",
        "seed": "" if recipe.seed is None else str(recipe.seed),
        "steps": "" if recipe.steps is None else str(recipe.steps),
        "guidance": "" if recipe.guidance is None else f"{recipe.guidance:g}",
    }
