"""OpenVINO GenAI at work, in the child alone.

Source: openvino-genai 2026.4, py_openvino_genai.pyi, Text2ImagePipeline.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pixelstudio.providers.local.picture import Pixels

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.providers.local.picture import Told, Wish


class OpenVINOPipeline:
    """A model exported for OpenVINO, compiled for this processor."""

    def __init__(self, folder: Path) -> None:
        genai: Any = importlib.import_module("openvino_genai")
        self._pipeline: Any = genai.Text2ImagePipeline(str(folder), "CPU")

    def picture(self, wish: Wish, told: Told) -> Pixels:
        """Draw one picture; the thread that draws gives up the lock between its steps."""

        def taken(step: int, steps: int, _latent: object) -> bool:
            told(step + 1, steps)
            return False  # True would end it

        chosen: dict[str, Any] = {
            "width": wish.width,
            "height": wish.height,
            "num_inference_steps": wish.steps,
            "rng_seed": wish.seed,
            "callback": taken,
        }
        if wish.guidance is not None:
            chosen["guidance_scale"] = wish.guidance
        if wish.negative_prompt:
            chosen["negative_prompt"] = wish.negative_prompt
        tensor = self._pipeline.generate(wish.prompt, **chosen)
        _, height, width, _ = tensor.shape
        return Pixels(int(width), int(height), tensor.data[0].tobytes())
