"""Pictures on their way: small, made anew from foreign bytes, and done without when they are not what they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.core.errors import Invalid
from pixelstudio.core.log import get_logger
from pixelstudio.imaging.children import ChildDied, ChildLimit, TaskFailed

if TYPE_CHECKING:
    from pixelstudio.imaging.children import ChildPool

WALL_S: Final = 3.0
PREVIEW_MAX_BYTES: Final = 1024 * 1024
_TASK: Final = "pixelstudio.imaging.darkroom:proof"


async def preview_of(pool: ChildPool, data: bytes) -> bytes | None:
    """PNG, JPEG, WebP or AVIF bytes of anybody -> a WebP of at most 512 pixels, or None; never raises for the bytes' sake."""
    try:
        step = await pool.call(_TASK, {}, [data], urgent=True, wall_s=WALL_S)
    except (Invalid, ChildDied, ChildLimit, TaskFailed) as error:
        get_logger().warning("preview.refused", code=error.code)
        return None
    # The child has held hostile bytes: what it says is checked like theirs.
    is_webp = len(step.blobs) == 1 and step.blobs[0][:4] == b"RIFF" and step.blobs[0][8:12] == b"WEBP"
    return step.blobs[0] if is_webp and len(step.blobs[0]) <= PREVIEW_MAX_BYTES else None
