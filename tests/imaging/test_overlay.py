"""Text and logos over a picture: where they lie, that the page reckons the same, and what is printed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pixelstudio.core.errors import Invalid
from pixelstudio.core.text import clean_text
from pixelstudio.imaging import lettering, printing
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.overlay import BASE, LETTERS, LINE, MARGIN, PLACES, Overlay, box_of, checked
from pixelstudio.imaging.overprint import print_over
from pixelstudio.imaging.refusal import Refused
from tests.imaging.pictures import a_picture

GREY = (90, 90, 90)
BOX_JS = Path(__file__).parents[2] / "assets" / "overlay" / "box.js"


def file_of(picture, kind="PNG"):
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95} if kind != "PNG" else {}))
    return out.getvalue()


def printed(picture, overlay, logo=None, kind="PNG"):
    """The picture with the overlay as numbers, and the container it came in."""
    blobs = [file_of(picture, kind)] + ([file_of(logo)] if logo else [])
    ((_, (data,)),) = printing.print_over(overlay.to_json(), blobs)
    result = Image.open(io.BytesIO(data))
    return np.asarray(result).astype(int), result.format


def changed(pixels):
    """Rows and columns in which anything differs from the grey wall: top, bottom, left, right."""
    differs = np.abs(pixels[..., :3] - 90).max(-1) > 8
    rows, columns = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
    return rows[0], rows[-1], columns[0], columns[-1]


def wall(width=400, height=300):
    return Image.new("RGB", (width, height), GREY)


@pytest.mark.parametrize("place", PLACES)
def test_each_place_keeps_to_its_side_and_within_the_margin(place):
    at, margin = PLACES.index(place), MARGIN * 300
    box = box_of(Overlay("x", place, size=20), 400, 300, 0.5)

    expected_x = (margin + 40, 200, 400 - margin - 40)[at % 3]
    expected_y = (margin + 20, 150, 300 - margin - 20)[at // 3]
    assert (box.x, box.y, box.width, box.height) == pytest.approx((expected_x, expected_y, 80, 40))


def test_what_is_turned_stays_in_and_what_is_too_long_lies_in_the_middle():
    upright = box_of(Overlay("x", "bottom-right", size=40, rotation=90), 400, 300, 0.25)
    long = box_of(Overlay("x", "right", size=100), 400, 300, 0.1)
    high = box_of(Overlay("x", "middle", size=100), 400, 300, 4.0)

    assert (upright.x + 20, upright.y + 80) == pytest.approx((400 - 12, 300 - 12))
    assert (long.x, long.width) == pytest.approx((200, 400))
    assert (high.width, high.height) == pytest.approx((75, 300))


def test_the_page_reckons_as_the_press_does():
    cases = [
        (Overlay("x", place, size=size, rotation=rotation), width, height, ratio)
        for place, size, rotation, (width, height), ratio in product(
            PLACES, (5, 62), (-135, 0, 20), ((1024, 1280), (300, 200)), (0.07, 2.5)
        )
    ]
    asked = [[{**overlay.to_json()}, width, height, ratio] for overlay, width, height, ratio in cases]
    script = f"""
      import {{ boxOf, PLACES, MARGIN, LINE, BASE }} from {json.dumps(BOX_JS.as_uri())};
      const asked = JSON.parse(await new Response(process.stdin).text());
      const boxes = asked.map((one) => boxOf(...one)).map(({{ x, y, width, height }}) => [x, y, width, height]);
      process.stdout.write(JSON.stringify({{ boxes, places: PLACES, numbers: [MARGIN, LINE, BASE] }}));
    """
    node = shutil.which("node", path=str(Path(__file__).parents[2] / ".venv" / "bin")) or "node"
    answer = subprocess.run(
        [node, "--input-type=module", "-e", script], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    told = json.loads(answer.stdout)

    assert (tuple(told["places"]), told["numbers"]) == (PLACES, [MARGIN, LINE, BASE])
    boxes = [(box.x, box.y, box.width, box.height) for box in (box_of(*case) for case in cases)]
    np.testing.assert_allclose(told["boxes"], boxes, rtol=1e-9)


def test_every_letter_that_may_be_asked_for_is_in_the_typeface_and_no_other():
    latin = {chr(code) for code in range(0x21, 0x2300)} - {"\x85", "\u2028", "\u2029"}

    drawn = {letter for letter in latin if clean_text(letter) == letter and lettering.printable(letter)}

    assert LETTERS - {" "} == drawn


def test_text_is_as_wide_as_asked_and_stands_in_its_corner():
    pixels, kind = printed(wall(), Overlay("HEHE", "top-left", size=50, colour="#ff0000"))
    top, bottom, left, right = changed(pixels)

    assert kind == "PNG"
    assert right - left == pytest.approx(200, abs=14)  # letters have a little room at their sides
    assert left == pytest.approx(12 + 4, abs=6)
    assert 12 <= top < bottom < 90
    assert tuple(pixels[(top + bottom) // 2, left + 3]) == pytest.approx((255, 0, 0), abs=4)


def test_lines_keep_to_their_side():
    pixels, _ = printed(wall(), Overlay("wide line\ni", "bottom-right", size=60))
    differs = np.abs(pixels - 90).max(-1) > 60
    rows = np.flatnonzero(differs.any(1))
    last = differs[rows[-1] - 8 : rows[-1]]

    assert np.flatnonzero(last.any(0))[0] > 350


def test_half_of_it_shows_half_of_what_is_behind():
    solid = Image.new("RGBA", (40, 40), (255, 255, 255, 255))

    pixels, _ = printed(wall(), Overlay(logo="one", place="middle", size=20, opacity=50), solid)

    assert tuple(pixels[150, 200]) == pytest.approx((172, 172, 172), abs=1)
    assert tuple(pixels[150, 245]) == GREY


def test_a_logo_is_turned_clockwise_and_its_clear_ground_stays_clear():
    arrow = Image.new("RGBA", (100, 40), (0, 0, 0, 0))
    arrow.paste((0, 255, 0, 255), (80, 0, 100, 40))  # its right end

    pixels, _ = printed(wall(), Overlay(logo="one", place="middle", size=25, rotation=90), arrow)
    top, bottom, left, right = changed(pixels)

    assert (top, bottom, left, right) == pytest.approx((150 + 30, 150 + 50, 200 - 20, 200 + 20), abs=2)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGB")])
def test_a_picture_keeps_its_kind_and_what_is_not_covered(kind, mode):
    before = a_picture(320, 240).convert(mode)
    if mode == "RGBA":
        before.putpixel((0, 0), (0, 0, 0, 0))

    pixels, came = printed(before, Overlay("Sale", "bottom-right"), kind=kind)

    assert came == kind
    assert pixels.shape == np.asarray(before).shape
    kept = np.abs(pixels[:120].astype(int) - np.asarray(before)[:120].astype(int))
    assert kept.mean() < (0.01 if kind == "PNG" else 4)


async def test_a_child_prints_and_says_what_is_wrong_with_a_logo(children):
    picture, overlay = file_of(wall()), Overlay(logo="one")

    data = await print_over(children, picture, Overlay("Hello"), None)
    with pytest.raises(Refused):
        await print_over(children, picture, overlay, b"no picture")

    top, bottom, *_ = changed(np.asarray(Image.open(io.BytesIO(data))).astype(int))
    assert 200 < top < bottom < 300


async def test_a_child_that_reads_overlays_in_recipes_loads_nothing_to_have_one_printed():
    """With the pool imported by `overlay` again, every start of a child loads an event loop that nobody there runs: an eighth of it."""
    pool = ChildPool(0, prefixes=("tests.",))
    loaded = set((await pool.call("tests.imaging.tasks:about", {}, urgent=True)).facts["modules"])
    await pool.close()

    assert "PIL" in loaded
    assert not {"asyncio", "ssl"} & loaded


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": ""}, "overlay_empty"),
        ({"text": "夜"}, "overlay_letter"),
        ({"text": "a" * 121}, "overlay_too_long"),
        ({"text": "a\nb\nc\nd\ne"}, "overlay_too_long"),
        ({"place": "outside"}, "overlay_place"),
        ({"size": 4.9}, "overlay_size"),
        ({"size": float("nan")}, "overlay_size"),
        ({"size": True}, "overlay_size"),
        ({"opacity": 0}, "overlay_opacity"),
        ({"rotation": 181}, "overlay_rotation"),
        ({"colour": "red"}, "overlay_colour"),
    ],
)
def test_what_cannot_be_laid_over_says_what_to_change(changes, code):
    with pytest.raises(Invalid) as refusal:
        checked(replace(Overlay("Sale"), **changes))

    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_text_is_cleaned_and_comes_back_from_what_is_kept():
    clean = checked(Overlay("  Big\tsale \r\n now ", logo="not with text"))

    assert (clean.text, clean.logo) == ("Big sale\nnow", "")
    assert Overlay.from_json(json.loads(json.dumps(clean.to_json()))) == clean
    assert "logo" not in clean.told()
