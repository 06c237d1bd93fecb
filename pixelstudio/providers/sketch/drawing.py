"""What a child of the pool runs: one drawing, step by step, from plain arguments to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pixelstudio.providers.sketch import develop
from pixelstudio.providers.sketch.canvas import Canvas
from pixelstudio.providers.sketch.develop import Pixels
from pixelstudio.providers.sketch.looks import arches, bloom, currents, cut_paper, glass, horizon, orbs, poster, silk, still_life
from pixelstudio.providers.sketch.subject import Stroke, Subject, subject_of

Compose = Callable[[Canvas, Subject], list[Stroke]]

LOOKS: Final[dict[str, Compose]] = {
    "sketch-paper": cut_paper.compose,
    "sketch-bloom": bloom.compose,
    "sketch-horizon": horizon.compose,
    "sketch-arches": arches.compose,
    "sketch-silk": silk.compose,
    "sketch-orbs": orbs.compose,
    "sketch-flow": currents.compose,
    "sketch-glass": glass.compose,
    "sketch-poster": poster.compose,
    "sketch-product": still_life.compose,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The drawing after one stroke: `1 <= step <= steps`."""

    step: int
    steps: int
    canvas: Canvas
    grain: np.random.Generator

    def preview(self) -> Pixels:
        """RGB, long side at most 384."""
        return develop.previewed(self.canvas)

    def final(self) -> Pixels:
        """RGB, full size. Only once: the grain is drawn here."""
        return develop.developed(self.canvas, self.grain)


def stages(look: str, prompt: str, seed: int, width: int, height: int) -> Iterator[Stage]:
    """Paint one picture; every yield is one more layer on the same canvas. The last one is the whole picture."""
    subject = subject_of(prompt, seed, look)
    canvas = Canvas(width, height)
    strokes = LOOKS[look](canvas, subject)
    for step, stroke in enumerate(strokes, 1):
        stroke()
        yield Stage(step, len(strokes), canvas, subject.rng)


def picture(look: str, prompt: str, seed: int, width: int, height: int) -> Pixels:
    """The finished picture: RGB, the size asked for."""
    *_, last = stages(look, prompt, seed, width, height)
    return last.final()


def draw(arguments: dict[str, object], blobs: list[bytes]) -> Iterator[tuple[dict[str, object], list[bytes]]]:
    """Yields `{"step", "steps"}` with a WebP preview per layer, and at last `{"final": True}` with the PNG."""
    del blobs
    cv2.setNumThreads(1)
    look, prompt = str(arguments["model"]), str(arguments["prompt"])
    seed, width, height = (int(str(arguments[name])) for name in ("seed", "width", "height"))
    last: Stage | None = None
    for last in stages(look, prompt, seed, width, height):
        yield {"step": last.step, "steps": last.steps}, [develop.webp(last.preview())]
    if last is not None:
        yield {"final": True}, [develop.png(last.final())]
