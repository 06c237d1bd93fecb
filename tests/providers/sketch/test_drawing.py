"""Every look: repeatable, any size, true steps, and an end that matches its last preview."""

from __future__ import annotations

import io
from itertools import pairwise

import cv2
import numpy as np
import pytest
from PIL import Image

from pixelstudio.core import limits
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.drawing import LOOKS, draw, picture, stages

looks = pytest.mark.parametrize("look", sorted(LOOKS))


def _arguments(look, prompt="quiet ocean at dusk", seed=11, width=320, height=256):
    return {"model": look, "prompt": prompt, "seed": seed, "width": width, "height": height}


def _open(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _far(one, other):
    """Mean difference of two pictures, in 8-bit levels, at 48 pixels."""
    small = [cv2.resize(image.astype(np.float32), (48, 48), interpolation=cv2.INTER_AREA) for image in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def test_every_row_of_the_catalogue_can_be_drawn_and_nothing_else():
    assert set(LOOKS) == {model.id for model in MODELS}


@looks
def test_the_same_request_gives_the_same_pixels(look):
    first, again = (picture(look, "a lemon tree", 5, 256, 320) for _ in range(2))

    assert np.array_equal(first, again)


@looks
def test_another_seed_or_another_prompt_is_another_picture(look):
    plain = picture(look, "a lemon tree", 5, 256, 256)

    assert _far(plain, picture(look, "a lemon tree", 6, 256, 256)) > 2
    assert _far(plain, picture(look, "a violet tree", 5, 256, 256)) > 2


def test_looks_do_not_resemble_each_other():
    pictures = [picture(look, "a lemon tree", 5, 256, 256) for look in sorted(LOOKS)]

    assert min(_far(one, other) for i, one in enumerate(pictures) for other in pictures[:i]) > 5


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_declared_shape_draws(model):
    for size in model.sizes:
        scale = limits.SIDE_MIN / min(size.width, size.height)
        width, height = round(size.width * scale), round(size.height * scale)

        pixels = picture(model.id, "warm hills", 3, width, height)

        assert pixels.shape == (height, width, 3)
        assert pixels.dtype == np.uint8
        assert pixels.std() > 8


@looks
@pytest.mark.parametrize(("width", "height"), [(2048, 256), (256, 2048), (257, 509)])
def test_the_most_extreme_shapes_draw_without_an_empty_part(look, width, height):
    pixels = picture(look, "warm hills", 3, width, height)

    assert pixels.shape == (height, width, 3)
    for part in np.array_split(pixels, 4, axis=0 if height > width else 1):
        assert part.std() > 2


@looks
def test_a_larger_picture_is_the_same_composition(look):
    small, large = picture(look, "red poppies", 21, 256, 320), picture(look, "red poppies", 21, 512, 640)

    assert _far(small, large) < 6


@looks
@pytest.mark.parametrize("prompt", ["", " ", "🦊🌊", "夜の海", "سماء زرقاء", "a" * 3500, "tree " * 700, "\ud800 lone", "x\0y", "'; -- <b>"])
def test_any_text_is_a_prompt(look, prompt):
    assert picture(look, prompt, 1, 256, 256).std() > 8


@looks
@pytest.mark.parametrize("seed", [0, limits.SEED_MAX])
def test_the_ends_of_the_seed_range_draw(look, seed):
    assert picture(look, "a boat", seed, 256, 256).std() > 8


@looks
def test_steps_count_up_to_the_number_they_promise_within_the_row(look):
    *steps, last = draw(_arguments(look), [])
    row = next(model for model in MODELS if model.id == look)

    assert [facts["step"] for facts, _ in steps] == list(range(1, len(steps) + 1))
    assert {facts["steps"] for facts, _ in steps} == {len(steps)}
    assert 8 <= len(steps) <= row.steps
    assert last[0] == {"final": True}


@looks
def test_every_step_changes_the_picture(look):
    previews = [stage.preview() for stage in stages(look, "warm hills at dawn", 8, 320, 400)]

    for before, after in pairwise(previews):
        assert np.abs(before.astype(int) - after.astype(int)).max() > 12


@looks
def test_previews_are_small_webp_pictures_of_the_same_shape(look):
    *steps, _ = draw(_arguments(look, width=1024, height=768), [])

    for _, (preview,) in steps:
        assert preview[8:12] == b"WEBP"
        assert len(preview) <= 12 * 1024
        assert _open(preview).shape == (288, 384, 3)


@looks
def test_the_end_is_a_png_of_the_size_asked_for_that_matches_the_last_preview(look):
    *_, (_, (preview,)), (_, (final,)) = draw(_arguments(look), [])

    assert final.startswith(b"\x89PNG\r\n\x1a\n")
    assert _open(final).shape == (256, 320, 3)
    assert _far(_open(preview), _open(final)) < 3


@looks
def test_smooth_parts_are_dithered_not_banded(look):
    pixels = picture(look, "a calm sky", 2, 512, 512)[..., 1].astype(int)
    flat = np.abs(np.diff(pixels, axis=1)) == 0

    longest = max(len(run) for row in flat[::16] for run in "".join("x" if same else " " for same in row).split())
    assert longest < 40
