"""The adapter: each drawing is steps of one model in one child of its own, which keeps it loaded.

The child has a limit of memory, and no network where the system allows that. When it crashes, or is ended to call a drawing off, the
studio goes on, and the next drawing loads the model anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.core.errors import Invalid
from pixelstudio.core.log import get_logger
from pixelstudio.imaging.children import ChildDied, ChildLimit, TaskFailed
from pixelstudio.providers.answers import CHECK_WITHIN_S
from pixelstudio.providers.child_drawings import ChildProvider
from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import Misconfigured, Refused
from pixelstudio.providers.local.catalogue import PROVIDER
from pixelstudio.providers.local.folder import Unusable

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.providers.child_drawings import Fault
    from pixelstudio.providers.contract import DrawRequest, ImageModel
    from pixelstudio.providers.errors import ProviderError

LOOK: Final = "pixelstudio.providers.local.drawing:look"


class LocalModel(ChildProvider):
    """Draws with the model of one folder. `children` are one child, which nothing else uses."""

    name = PROVIDER
    task = "pixelstudio.providers.local.drawing:draw"

    def __init__(self, children: ChildPool, folder: Path, model: ImageModel) -> None:
        super().__init__(children)
        self._folder = folder
        self._model = model
        self.models: tuple[ImageModel, ...] = (model,)

    async def check(self) -> Health:
        """See whether the folder holds a model and what draws with it is installed; neither is loaded. While it draws it plainly is."""
        if self._is_drawing:
            return Health()
        try:
            await self._children.call(LOOK, {"folder": str(self._folder)}, wall_s=CHECK_WITHIN_S)
        except (ChildDied, ChildLimit, TaskFailed, Invalid) as error:
            raise self._failure(error) from error
        return Health()

    def _arguments(self, request: DrawRequest) -> dict[str, object]:
        usual = self._model.guidance_offered.usual if self._model.guidance_offered else None
        wish = {
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt,
            "seed": request.seed,
            "width": request.width,
            "height": request.height,
            "steps": request.steps or int(self._model.steps_offered.usual if self._model.steps_offered else 1),
            "guidance": usual if request.guidance is None else request.guidance,
        }
        return {"folder": str(self._folder), "wish": wish}

    def _failure(self, error: Fault) -> ProviderError:
        match error:
            case Unusable():
                get_logger().warning("provider.failed", provider=PROVIDER, model=self._model.id, code=error.code, **error.fields)
                return Misconfigured(f"{error.sentence} Choose another model.", code=error.code)
            case Invalid():
                return Refused(error.sentence, code=error.code)
            case ChildDied() if error.code == "child_not_started":
                return Misconfigured("The Python named for this model does not start. Choose another model.", code="local_python_unusable")
            case ChildLimit() if error.fields.get("limit") == "memory":
                return Misconfigured(
                    "This model needs more memory than it may take here. Choose another one, or ask for a smaller picture.",
                    code="local_memory_too_small",
                )
            case ChildLimit():
                return Refused(
                    "This picture takes longer than it may on this machine. Ask for fewer steps or a smaller one.",
                    code="local_model_too_slow",
                )
            case _:
                return super()._failure(error)
