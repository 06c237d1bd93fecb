"""Reading the recipe out of anybody's file: this side moves bytes, a child looks inside, and what it says is checked like foreign input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.imaging.recipe import Recipe, read
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import container_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixelstudio.imaging.children import ChildPool

WALL_S: Final = 5.0
_TASK: Final = "pixelstudio.imaging.reading:reading"


async def recipe_in(pool: ChildPool, data: bytes) -> Recipe | None:
    """The recipe inside a PNG, JPEG or WebP file of anybody, or None when it carries none of ours. No pixel is decoded.

    Raises Refused for what is no picture, and what the pool raises when its child cannot cope.
    """
    step = await pool.call(_TASK, {}, [data], urgent=True, wall_s=WALL_S)
    said = step.facts.get("recipe")
    if not isinstance(said, dict):
        return None
    try:
        return Recipe.from_json(cast("dict[str, Any]", said))
    except (KeyError, TypeError, ValueError):
        return None


def reading(_arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """The child's side. One step: the recipe as JSON, or nothing. Raises Refused for bytes of no container we know."""
    if container_of(blobs[0]) is None:
        raise refused("picture_format")
    found = read(blobs[0])
    yield {"recipe": found.to_json() if found else None}, []
