"""Having an overlay printed on a picture by a child. Apart from what an overlay is: a child reads that in recipes, and knows no pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.imaging.children import ChildDied, ChildLimit
from pixelstudio.imaging.refusal import refused

if TYPE_CHECKING:
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.imaging.overlay import Overlay

WALL_S: Final = 20.0
_TASK: Final = "pixelstudio.imaging.printing:print_over"


async def print_over(pool: ChildPool, picture: bytes, overlay: Overlay, logo: bytes | None) -> bytes:
    """A picture of ours with the overlay printed on it, as a file of the same kind; RGB or RGBA, same size.

    Raises Refused when the picture or the logo is at fault, and what the pool raises when its child cannot cope. Safe to repeat.
    """
    try:
        step = await pool.call(_TASK, overlay.to_json(), [picture] if logo is None else [picture, logo], wall_s=WALL_S)
    except ChildLimit as error:
        raise refused("picture_too_complex", limit=str(error.fields.get("limit"))) from error
    if len(step.blobs) != 1:
        raise ChildDied("The picture workshop answered in a way it should not; try again.")
    return step.blobs[0]
