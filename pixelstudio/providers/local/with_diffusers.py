"""Diffusers at work, in the child alone, with whatever torch it finds there.

Source: diffusers 0.42, DiffusionPipeline.from_pretrained and the `__call__` of the pipelines named in `catalogue`.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.local.picture import Pixels

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.providers.local.picture import Told, Wish


class DiffusersPipeline:
    """A model as diffusers keeps it. Nothing is fetched that is missing, and nothing pickled is loaded."""

    def __init__(self, folder: Path) -> None:
        diffusers: Any = importlib.import_module("diffusers")
        torch: Any = importlib.import_module("torch")
        torch.set_num_threads(os.cpu_count() or 1)  # children begin with one, for the sake of those that decode
        self._generator: Any = torch.Generator("cpu")
        self._pipeline: Any = diffusers.DiffusionPipeline.from_pretrained(str(folder), local_files_only=True, use_safetensors=True)
        self._pipeline.set_progress_bar_config(disable=True)

    def picture(self, wish: Wish, told: Told) -> Pixels:
        """Draw one picture. Raises Invalid when the model's own checker holds it back."""

        def taken(_pipeline: object, step: int, _timestep: object, kept: dict[str, Any]) -> dict[str, Any]:
            told(step + 1, wish.steps)
            return kept

        chosen: dict[str, Any] = {
            "width": wish.width,
            "height": wish.height,
            "num_inference_steps": wish.steps,
            "generator": self._generator.manual_seed(wish.seed),
            "callback_on_step_end": taken,
            "output_type": "pil",
        }
        if wish.guidance is not None:
            chosen["guidance_scale"] = wish.guidance
        if wish.negative_prompt:
            chosen["negative_prompt"] = wish.negative_prompt
        drawn = self._pipeline(wish.prompt, **chosen)
        if any(getattr(drawn, "nsfw_content_detected", None) or ()):
            raise Invalid("The model held its picture back. Change the words and try again.", code="prompt_refused")
        picture = drawn.images[0].convert("RGB")
        return Pixels(picture.width, picture.height, picture.tobytes())
