"""The recipe inside a file that somebody drops on the composer. The file is read and forgotten; nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import member_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import Invalid
from pixelstudio.imaging.reading import recipe_in

if TYPE_CHECKING:
    from pixelstudio.imaging.recipe import Recipe

router = APIRouter(prefix="/api/recipes", route_class=ProblemRoute)

NO_FILE = "No file arrived. Drop a picture on the composer."
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


def _shown(recipe: Recipe) -> dict[str, str]:
    """What the composer takes, as the texts of its fields."""
    return {
        "prompt": recipe.prompt,
        "negative_prompt": recipe.negative_prompt,
        "model": recipe.model,
        "size": f"{recipe.width}x{recipe.height}",
        "seed": "" if recipe.seed is None else str(recipe.seed),
    }
