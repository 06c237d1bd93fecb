"""Every look: repeatable, any size, true steps, and an end that matches its last preview.

Each look is drawn once in full (`drawn`); whatever needs a drawing of its own is drawn small.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from pixelstudio.core import limits
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.develop import PREVIEW_BYTES_MAX
from pixelstudio.providers.sketch.drawing import LOOKS, draw, picture, stages

# Ten pictures as 8 x 6 mean colours. When a look changes on purpose: `python -m tests.providers.sketch.test_drawing`.
GOLDEN = Path(__file__).parents[2] / "golden" / "sketches.json"
WIDTH, HEIGHT = 512, 384
# A 1024 px picture has 5.3 times the pixels and may take 1.5 s of one core; the first step is what a person waits for.
CPU_MAX_S, FIRST_STEP_MAX_S = 0.6, 0.15

looks = pytest.mark.parametrize("look", sorted(LOOKS))


@dataclass(frozen=True)
class Drawn:
    """One whole drawing as a child makes it."""

    facts: list[dict]
    previews: list[bytes]
    png: bytes
    cpu_s: float
    first_step_s: float

    @property
    def pixels(self):
        return _open(self.png)


@cache
def drawn(look):
    picture(look, "warming up", 1, 32, 32)
    began = time.process_time()
    steps = draw(_arguments(look), [])
    first = next(steps)
    first_step_s = time.process_time() - began
    *others, (last, (png,)) = steps
    facts = [facts for facts, _ in (first, *others)] + [last]
    return Drawn(facts, [preview for _, (preview,) in (first, *others)], png, time.process_time() - began, first_step_s)


def _arguments(look, prompt="quiet ocean at dusk", seed=11, width=WIDTH, height=HEIGHT):
    return {"model": look, "prompt": prompt, "seed": seed, "width": width, "height": height}


def _open(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _far(one, other):
    """Mean difference of two pictures, in 8-bit levels, at 48 pixels."""
    small = [cv2.resize(image.astype(np.float32), (48, 48), interpolation=cv2.INTER_AREA) for image in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def _in_brief(pixels):
    return cv2.resize(pixels.astype(np.float32), (8, 6), interpolation=cv2.INTER_AREA).round().astype(int)


def test_every_row_of_the_catalogue_can_be_drawn_and_nothing_else():
    assert set(LOOKS) == {model.id for model in MODELS}
    assert len(LOOKS) == 10


@looks
def test_a_look_draws_what_it_always_drew(look):
    expected = np.array(json.loads(GOLDEN.read_text())[look]).reshape(6, 8, 3)

    assert np.abs(_in_brief(drawn(look).pixels) - expected).max() <= 4


@looks
def test_the_same_request_gives_the_same_pixels(look):
    first, again = (picture(look, "a lemon tree", 5, 96, 120) for _ in range(2))

    assert np.array_equal(first, again)


@looks
def test_another_seed_or_another_prompt_is_another_picture(look):
    plain = picture(look, "a lemon tree", 5, 96, 96)

    assert _far(plain, picture(look, "a lemon tree", 6, 96, 96)) > 2
    assert _far(plain, picture(look, "a violet tree", 5, 96, 96)) > 2


def test_looks_do_not_resemble_each_other():
    pictures = [drawn(look).pixels for look in sorted(LOOKS)]

    assert min(_far(one, other) for i, one in enumerate(pictures) for other in pictures[:i]) > 5


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_declared_shape_draws(model):
    assert len(model.sizes) == 7
    ratios = {size.width / size.height for size in model.sizes}
    for ratio in ratios:
        width, height = round(max(ratio, 1) * 48), round(max(1 / ratio, 1) * 48)

        pixels = picture(model.id, "warm hills", 3, width, height)

        assert pixels.shape == (height, width, 3)
        assert pixels.dtype == np.uint8
        assert pixels.std() > 8


@looks
@pytest.mark.parametrize(("width", "height"), [(640, 80), (80, 640)])
def test_the_most_extreme_shapes_draw_without_an_empty_part(look, width, height):
    pixels = picture(look, "warm hills", 0, width, height)

    assert pixels.shape == (height, width, 3)
    for part in np.array_split(pixels, 4, axis=0 if height > width else 1):
        assert part.std() > 2


@looks
def test_a_larger_picture_is_the_same_composition(look):
    small, large = picture(look, "red poppies", 21, 128, 160), picture(look, "red poppies", 21, 256, 320)

    assert _far(small, large) < (10 if look == "sketch-flow" else 6)  # a small one has no room for the finest brush


STRANGE = ["", "🦊🌊", "夜の海", "سماء زرقاء", "a" * 3500, "tree " * 700, "\ud800 lone", "x\0y", "'; -- <b>", "Été à l’Île-d’Oléron"]


@pytest.mark.parametrize(
    ("look", "prompt"),
    [(look, " ".join(STRANGE)[:3500]) for look in sorted(LOOKS)]
    + [(look, prompt) for look in ("sketch-poster", "sketch-product") for prompt in STRANGE],
)
def test_any_text_is_a_prompt(look, prompt):
    assert picture(look, prompt, limits.SEED_MAX, 48, 48).std() > 6


@looks
def test_steps_count_up_to_the_number_they_promise_within_the_row(look):
    *steps, last = drawn(look).facts
    row = next(model for model in MODELS if model.id == look)

    assert [facts["step"] for facts in steps] == list(range(1, len(steps) + 1))
    assert {facts["steps"] for facts in steps} == {len(steps)}
    assert 8 <= len(steps) <= row.steps
    assert last == {"final": True}


@looks
def test_every_step_changes_the_picture(look):
    previews = [stage.preview() for stage in stages(look, "warm hills at dawn", 8, 160, 200)]

    for before, after in pairwise(previews):
        assert np.abs(before.astype(int) - after.astype(int)).max() > 8


@looks
def test_previews_come_ever_closer_to_the_picture(look):
    previews, pixels = drawn(look).previews, drawn(look).pixels
    away = [_far(_open(preview), pixels) for preview in previews]

    assert away[-1] < 3
    assert away[-1] == min(away)
    assert away[len(away) // 2] < away[0]


@looks
def test_previews_are_small_webp_pictures_of_the_same_shape(look):
    for preview in drawn(look).previews:
        assert preview[8:12] == b"WEBP"
        assert len(preview) <= PREVIEW_BYTES_MAX
        assert _open(preview).shape == (288, 384, 3)


@looks
def test_the_end_is_a_png_of_the_size_asked_for(look):
    assert drawn(look).png.startswith(b"\x89PNG\r\n\x1a\n")
    assert drawn(look).pixels.shape == (HEIGHT, WIDTH, 3)


@looks
def test_no_look_takes_longer_than_a_person_likes_to_wait(look):
    assert drawn(look).cpu_s < CPU_MAX_S
    assert drawn(look).first_step_s < FIRST_STEP_MAX_S


@looks
def test_smooth_parts_are_dithered_not_banded(look):
    flat = np.abs(np.diff(drawn(look).pixels[..., 1].astype(int), axis=1)) == 0

    longest = max(len(run) for row in flat[::16] for run in "".join("x" if same else " " for same in row).split())
    assert longest < 40


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({look: _in_brief(drawn(look).pixels).ravel().tolist() for look in sorted(LOOKS)}) + "\n")
