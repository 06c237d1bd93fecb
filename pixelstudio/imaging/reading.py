"""Reading anybody's file: its recipe, and what it looks like. This side moves bytes, a child looks inside, and what it says is checked."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.imaging.children import ChildDied
from pixelstudio.imaging.looks import whole_look
from pixelstudio.imaging.recipe import Recipe, read
from pixelstudio.imaging.refusal import refused
from pixelstudio.imaging.structure import container_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixelstudio.imaging.children import ChildPool

WALL_S: Final = 5.0
_TASK: Final = "pixelstudio.imaging.reading:reading"
_LOOK: Final = "pixelstudio.imaging.likeness:looking"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file tells of itself: the recipe inside, the digest of what makes the picture, what it looks like, and its size."""

    recipe: Recipe | None
    content: str
    """"" for AVIF, into which we write nothing."""
    fingerprint: int
    look: bytes
    width: int
    height: int


async def look_into(pool: ChildPool, data: bytes) -> Looked:
    """A PNG, JPEG, WebP or AVIF file of anybody, decoded in a child.

    Raises Refused for what is no picture, and what the pool raises when its child cannot cope.
    """
    step = await pool.call(_LOOK, {}, [data], urgent=True, wall_s=WALL_S)
    facts = step.facts
    try:
        width, height, bits = int(facts["width"]), int(facts["height"]), int(str(facts["fingerprint"])[:16], 16)
        look = whole_look(base64.b64decode(facts["look"], validate=True))
        return Looked(_recipe(facts.get("recipe")), str(facts["content"])[:64], bits, look, width, height)
    except (KeyError, TypeError, ValueError) as error:
        raise ChildDied("The picture workshop answered in a way it should not; try again.") from error


async def recipe_in(pool: ChildPool, data: bytes) -> Recipe | None:
    """The recipe inside a PNG, JPEG or WebP file of anybody, or None when it carries none of ours. No pixel is decoded.

    Raises Refused for what is no picture, and what the pool raises when its child cannot cope.
    """
    step = await pool.call(_TASK, {}, [data], urgent=True, wall_s=WALL_S)
    return _recipe(step.facts.get("recipe"))


def _recipe(said: object) -> Recipe | None:
    if not isinstance(said, dict):
        return None
    try:
        return Recipe.from_json(cast("dict[str, Any]", said))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def reading(_arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """The child's side. One step: the recipe as JSON, or nothing. Raises Refused for bytes of no container we know."""
    if container_of(blobs[0]) is None:
        raise refused("picture_format")
    found = read(blobs[0])
    yield {"recipe": found.to_json() if found else None}, []
