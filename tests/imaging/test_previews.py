"""Previews of foreign bytes: made anew and small, or none; the drawing they belong to never suffers."""

from __future__ import annotations

import io

import psutil
import pytest
from PIL import Image

from pixelstudio.imaging.previews import preview_of
from tests.children import SparingPool
from tests.standin.pictures import HOSTILE, drawn


@pytest.fixture
async def pool():
    opened = SparingPool(size=1, urgent_size=1)
    yield opened
    await opened.close()


@pytest.mark.parametrize("container", ["png", "jpeg", "webp"])
async def test_a_preview_is_a_small_webp_of_the_same_picture(pool, container):
    data = drawn("a lighthouse", 1024, 1536, 0.5, container)

    made = await preview_of(pool, data)

    assert made is not None
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.height, picture.width in {341, 342}) == ("WEBP", 512, True)
    assert len(made) < 100_000


async def test_nothing_of_the_foreign_file_but_its_pixels_is_in_it(pool):
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "JPEG", comment=b"<?php canary", exif=b"Exif\0\0canary")

    made = await preview_of(pool, out.getvalue() + b"<script>canary</script>")

    assert made is not None
    assert b"canary" not in made


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_bytes_give_no_preview_and_cost_the_server_nothing(pool, name):
    before = psutil.Process().memory_info().rss

    assert await preview_of(pool, HOSTILE[name]()) is None

    assert psutil.Process().memory_info().rss - before < 50_000_000
    assert await preview_of(pool, drawn("a lighthouse", 256, 256, 0.5, "png")) is not None
