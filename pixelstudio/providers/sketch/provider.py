"""The sketch provider: each drawing is layers on a canvas, drawn in a child of the pool that decodes pictures too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.providers.child_drawings import ChildProvider
from pixelstudio.providers.contract import Health
from pixelstudio.providers.sketch.catalogue import MODELS, PROVIDER

if TYPE_CHECKING:
    from pixelstudio.providers.contract import DrawRequest, ImageModel


class SketchProvider(ChildProvider):
    """Shows each layer as it comes, with its preview."""

    name = PROVIDER
    models: tuple[ImageModel, ...] = MODELS
    task = "pixelstudio.providers.sketch.drawing:draw"

    async def check(self) -> Health:
        """Well: nobody outside this machine is asked."""
        return Health()

    def _arguments(self, request: DrawRequest) -> dict[str, object]:
        return {"model": request.model, "prompt": request.prompt, "seed": request.seed, "width": request.width, "height": request.height}
