"""Logos and masks: made anew from anybody's bytes, and refused where they are not what they should be."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from pixelstudio.core.errors import Invalid
from pixelstudio.imaging import tracing
from pixelstudio.imaging.children import ChildDied, ChildPool, ChildStep
from pixelstudio.imaging.refusal import Refused
from pixelstudio.imaging.stencils import logo_of, mask_in_form, mask_of
from tests.imaging.test_overlay import file_of


def a_mask(width=60, height=40, mode="RGB"):
    """White on the right half, black on the left."""
    mask = Image.new("L", (width, height))
    mask.paste(255, (width // 2, 0, width, height))
    return mask.convert(mode)


def traced(what, picture, kind="PNG", **arguments):
    ((facts, (data,)),) = getattr(tracing, what)(arguments, [file_of(picture, kind)])
    return facts, Image.open(io.BytesIO(data))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "1"])
def test_a_mask_becomes_a_png_of_one_channel(mode):
    facts, mask = traced("mask", a_mask(mode=mode), width=60, height=40)

    assert (facts, mask.mode, mask.format) == ({"width": 60, "height": 40}, "L", "PNG")
    assert np.asarray(mask)[:, :30].max() == 0
    assert np.asarray(mask)[:, 30:].min() == 255


@pytest.mark.parametrize(
    ("picture", "kind", "code"),
    [
        (a_mask(61), "PNG", "mask_size"),
        (a_mask(), "JPEG", "mask_size"),
        (Image.new("RGB", (60, 40), (255, 0, 0)), "PNG", "mask_colours"),
        (Image.new("RGBA", (60, 40), (255, 255, 255, 128)), "PNG", "mask_colours"),
        (Image.new("L", (60, 40)), "PNG", "mask_empty"),
    ],
)
def test_what_is_no_mask_of_this_picture_says_so(picture, kind, code):
    with pytest.raises(Invalid) as refusal:
        traced("mask", picture, kind, width=60, height=40)

    assert (refusal.value.code, refusal.value.field) == (code, "mask")


def test_a_mask_is_told_in_both_forms_and_at_the_size_of_its_picture():
    _, white = traced("fitted", a_mask(mode="L"), form="white", width=30, height=20)
    _, clear = traced("fitted", a_mask(mode="L"), form="clear", width=60, height=40)

    assert (white.mode, white.size) == ("L", (30, 20))
    assert np.asarray(white)[:, 20:].min() == 255
    assert clear.mode == "RGBA"
    assert np.asarray(clear)[:, :30, 3].min() == 255
    assert np.asarray(clear)[:, 30:, 3].max() == 0


def test_a_logo_keeps_its_clear_ground_and_becomes_no_larger_than_it_may():
    logo = Image.new("RGBA", (2_000, 500), (10, 20, 30, 0))
    logo.paste((200, 100, 50, 255), (0, 0, 1_000, 500))

    facts, made = traced("logo", logo, side=1_024)

    assert (facts, made.mode) == ({"width": 1_024, "height": 256}, "RGBA")
    pixels = np.asarray(made)
    assert pixels[100, 100].tolist() == [200, 100, 50, 255]
    assert pixels[100, 1_000, 3] == 0


async def test_children_trace_and_refuse(children):
    logo = await logo_of(children, file_of(a_mask(), "JPEG"))
    mask = await mask_of(children, file_of(a_mask()), 60, 40)
    clear = await mask_in_form(children, mask.data, "clear", 60, 40)

    assert (logo.media_type, logo.width, mask.height) == ("image/png", 60, 40)
    assert Image.open(io.BytesIO(clear)).mode == "RGBA"
    with pytest.raises(Refused):
        await logo_of(children, b"<svg/>")
    with pytest.raises(Invalid, match="60 x 40"):
        await mask_of(children, file_of(a_mask(10, 10)), 60, 40)


@pytest.mark.parametrize(
    "step",
    [
        ChildStep({}, []),
        ChildStep({"width": 1, "height": 1}, [b"GIF89a"]),
        ChildStep({"width": 10**6, "height": 1}, [b"\x89PNG\r\n\x1a\n"]),
    ],
)
async def test_a_child_that_says_what_it_should_not_is_not_believed(step):
    class Turned(ChildPool):
        async def call(self, *_arguments, **_options):
            return step

    with pytest.raises(ChildDied):
        await logo_of(Turned(), b"")
