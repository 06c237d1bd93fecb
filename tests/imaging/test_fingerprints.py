"""Fingerprints: copies stay near, other pictures stay far."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pixelstudio.imaging.fingerprints import FLAT, NEAR, as_column, bands_near, bands_of, distance, from_column
from pixelstudio.imaging.likeness import fingerprint


def a_scene(seed):
    picture = Image.new("RGB", (640, 480), (40 + seed * 20, 90, 160))
    pen = ImageDraw.Draw(picture)
    for n in range(6):
        x, y = (seed * 97 + n * 131) % 560, (seed * 53 + n * 89) % 400
        pen.ellipse((x, y, x + 60 + 20 * n, y + 80), fill=((n * 50) % 255, (seed * 40) % 255, 200 - n * 20))
        pen.rectangle((y, x % 400, y + 90, x % 400 + 50), fill=(seed * 25 % 255, n * 30, 60))
    return picture


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return Image.open(io.BytesIO(out.getvalue()))


COPIES = {
    "poor JPEG": lambda p: saved(p, "JPEG", quality=25),
    "small WebP": lambda p: saved(p.resize((200, 150)), "WEBP", quality=60),
    "grey": lambda p: p.convert("L"),
    "larger": lambda p: p.resize((1400, 1050)),
    "see-through": lambda p: p.convert("RGBA"),
    "brighter": lambda p: p.point(lambda value: min(255, int(value * 1.15))),
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_near(copy):
    for seed in range(5):
        picture = a_scene(seed)
        assert distance(fingerprint(picture), fingerprint(COPIES[copy](picture))) <= NEAR


def test_other_pictures_are_far():
    prints = [fingerprint(a_scene(seed)) for seed in range(8)]

    assert min(distance(one, other) for one, other in itertools.combinations(prints, 2)) > NEAR


def test_a_picture_with_nothing_on_it_has_none():
    assert fingerprint(Image.new("RGB", (300, 200), "white")) == FLAT


@pytest.mark.parametrize("bits", [0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_a_database_keeps_every_bit(bits):
    assert -(1 << 63) <= as_column(bits) < 1 << 63
    assert from_column(as_column(bits)) == bits


@given(bits=st.integers(0, 2**64 - 1), places=st.sets(st.integers(0, 63), max_size=NEAR))
def test_whatever_is_near_shares_a_band_that_is_looked_up(bits, places):
    other = bits ^ sum(1 << place for place in places)

    assert any(band in bands_near(mine) for mine, band in zip(bands_of(bits), bands_of(other), strict=True))
