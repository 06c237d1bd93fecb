"""Taking pictures in: what comes out of good ones, what is left of their metadata, and that hostile ones are refused in words."""

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from pixelstudio.core.limits import UPLOAD_MAX_BYTES
from pixelstudio.imaging import png
from pixelstudio.imaging.children import ChildDied, ChildPool
from pixelstudio.imaging.ingest import VARIANTS, ingest
from pixelstudio.imaging.recipe import read
from pixelstudio.imaging.refusal import Refused
from pixelstudio.storage.keys import digest_of
from tests.imaging import pictures
from tests.imaging.pictures import RECIPE, a_picture, encoded

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool():
    pool = ChildPool(1)
    yield pool
    await pool.close()


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def colour_at(picture: Image.Image, point: tuple[int, int]) -> tuple[int, ...]:
    colour = picture.getpixel(point)
    assert isinstance(colour, tuple)
    return colour


@pytest.mark.parametrize("container", ["PNG", "JPEG", "WEBP"])
async def test_the_original_keeps_its_pixels_and_carries_the_recipe(pool, container):
    data = encoded(a_picture(300, 200), container)

    taken = await ingest(pool, data, RECIPE)

    assert opened(taken.original.data).tobytes() == opened(data).tobytes()
    assert read(taken.original.data) == RECIPE
    assert taken.original.media_type == f"image/{container.lower()}"
    assert taken.original.digest == digest_of(taken.original.data)
    assert (taken.width, taken.height) == (300, 200)


@pytest.mark.parametrize(("mode", "media_type"), [("RGB", "image/jpeg"), ("RGBA", "image/webp")])
async def test_an_avif_becomes_a_file_that_can_carry_the_recipe(pool, mode, media_type):
    data = encoded(a_picture(300, 200, mode), "AVIF")

    taken = await ingest(pool, data, RECIPE)

    assert taken.original.media_type == media_type
    assert read(taken.original.data) == RECIPE
    assert opened(taken.original.data).mode == mode
    assert mean_difference(opened(taken.original.data), opened(data)) < 3


def mean_difference(one, other):
    return np.abs(np.asarray(one.convert("RGB")).astype(int) - np.asarray(other.convert("RGB"))).mean()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2000, 1000), {"256": (256, 128), "512": (512, 256), "1024": (1024, 512)}),
        ((1024, 1024), {"256": (256, 256), "512": (512, 512), "1024": (1024, 1024)}),
        ((512, 512), {"256": (256, 256), "512": (512, 512), "1024": (512, 512)}),
        ((333, 1025), {"256": (83, 256), "512": (166, 512), "1024": (333, 1024)}),
        ((100, 40), {"256": (100, 40), "512": (100, 40), "1024": (100, 40)}),
        ((1, 1), {"256": (1, 1), "512": (1, 1), "1024": (1, 1)}),
        ((3000, 30), {"256": (256, 3), "512": (512, 6), "1024": (1024, 10)}),
    ],
)
async def test_renditions_have_the_long_side_of_their_name_and_never_grow(pool, size, expected):
    picture = a_picture(*size)

    taken = await ingest(pool, encoded(picture, "PNG"), RECIPE)

    assert tuple(taken.renditions) == VARIANTS
    for variant, rendition in taken.renditions.items():
        shown = opened(rendition.data)
        assert shown.size == (rendition.width, rendition.height)
        assert np.abs(np.subtract(shown.size, expected[variant])).max() <= 1
        assert max(shown.size) <= int(variant)
        assert (shown.format, rendition.media_type) == ("WEBP", "image/webp")
        assert not {"exif", "xmp", "icc_profile"} & set(shown.info)


async def test_a_rendition_looks_like_its_picture(pool):
    picture = a_picture(800, 600)

    taken = await ingest(pool, encoded(picture, "PNG"), RECIPE)

    small = opened(taken.renditions["256"].data)
    assert mean_difference(small, picture.resize(small.size, Image.Resampling.BOX)) < 4


async def test_a_large_jpeg_is_decoded_small_but_kept_whole(pool):
    data = encoded(a_picture(4096, 3072), "JPEG")

    taken = await ingest(pool, data, RECIPE)

    assert (taken.width, taken.height) == (4096, 3072)
    assert (taken.renditions["1024"].width, taken.renditions["1024"].height) == (1024, 768)


async def test_the_same_bytes_give_the_same_digests(pool):
    data = encoded(a_picture(700, 500), "PNG")

    first, second = await ingest(pool, data, RECIPE), await ingest(pool, data, RECIPE)

    assert first == second


@pytest.mark.parametrize("container", ["JPEG", "WEBP", "PNG", "AVIF"])
async def test_a_picture_on_its_side_is_turned_and_nothing_tells_where_it_was_taken(pool, container):
    data = encoded(a_picture(64, 48), container, exif=pictures.exif(6, with_place=True))

    taken = await ingest(pool, data, RECIPE)

    upright = opened(taken.original.data).convert("RGB")
    assert upright.size == (taken.width, taken.height) == (48, 64)
    assert colour_at(upright, (44, 4))[0] > 180 > colour_at(upright, (4, 4))[0]
    assert not upright.getexif()
    assert all(opened(rendition.data).size == (48, 64) for rendition in taken.renditions.values())
    for trace in (b"alert(1)", b"Jane", b"Exif\0\0", b"2026:01:02"):
        assert trace not in taken.original.data


KEPT_OUT = {
    "jpeg comment": (pictures.jpeg_with_segment(0xFE, b"<?php system('id') ?>"), b"<?php"),
    "jpeg maker note": (pictures.jpeg_with_segment(0xE5, b"maker" * 12_000), b"maker"),
    "jpeg foreign xmp": (pictures.jpeg_with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<!ENTITY lol>"), b"ENTITY"),
    "jpeg thumbnail": (pictures.jpeg_with_segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1sec"), b"sec"),
    "jpeg and zip": (encoded(a_picture(), "JPEG") + b"PK\3\4evil.exe" * 9, b"PK\3\4"),
    "jpeg exif": (encoded(a_picture(), "JPEG", exif=pictures.exif(1, with_place=True)), b"Jane"),
    "png and html": (encoded(a_picture(), "PNG") + b"<html><script>", b"<script>"),
    "png text": (pictures.png_with_chunks((b"tEXt", b"Comment\0secret")), b"secret"),
    "png exif": (encoded(a_picture(), "PNG", exif=pictures.exif(1, with_place=True)), b"Jane"),
    "png unknown chunk": (pictures.png_with_chunks((b"prVt", b"secret")), b"secret"),
    "png packed text": (pictures.png_with_chunks((b"zTXt", b"bomb\0\0" + b"secret" * 9)), b"secret"),
    "webp exif": (encoded(a_picture(), "WEBP", exif=pictures.exif(1, with_place=True)), b"Jane"),
    "webp xmp": (encoded(a_picture(), "WEBP", xmp=b"<x:xmpmeta>secret"), b"secret"),
    "webp tail": (encoded(a_picture(), "WEBP") + b"tail" * 100, b"tailtail"),
}


@pytest.mark.parametrize("name", KEPT_OUT)
async def test_nothing_foreign_but_the_pixels_is_kept(pool, name):
    data, trace = KEPT_OUT[name]
    assert trace in data

    taken = await ingest(pool, data, RECIPE)

    assert trace not in taken.original.data
    assert read(taken.original.data) == RECIPE
    assert opened(taken.original.data).tobytes() == opened(data).tobytes()


REFUSED = {
    "webp of few bytes that unfolds to 676 MB": (pictures.webp_bomb(), "picture_too_large"),
    "jpeg with another size in its header": (pictures.jpeg_with_size_patched(13_000, 13_000), "picture_too_large"),
    "png of 30,000 squared": (pictures.png_of_size(30_000, 30_000), "picture_too_large"),
    "png of 2 to the 31": (pictures.png_of_size(2**31 - 1, 2**31 - 1), "picture_too_large"),
    "png 5 million wide": (pictures.png_of_size(5_000_000, 1), "picture_too_large"),
    "png 5 million high": (pictures.png_of_size(1, 5_000_000), "picture_too_large"),
    "png too thin": (pictures.png_of_size(1_010, 10), "picture_too_large"),
    "png of no width": (pictures.png_of_size(0, 10), "picture_unreadable"),
    "avif of 12,000 squared": (pictures.avif_with_size_patched(12_000, 12_000), "picture_too_large"),
    "jpeg of many scans": (pictures.jpeg_with_scans(500), "picture_too_complex"),
    "png of many chunks": (pictures.png_with_chunks(*[(b"tEXt", b"a\0b")] * 1_100), "picture_too_complex"),
    "png that moves": (pictures.animated("PNG"), "picture_animated"),
    "webp that moves": (pictures.animated("WEBP"), "picture_animated"),
    "avif that moves": (pictures.animated("AVIF"), "picture_animated"),
    "gif": (encoded(a_picture(), "GIF"), "picture_format"),
    "bmp": (encoded(a_picture(), "BMP"), "picture_format"),
    "ico with a png inside": (encoded(a_picture(), "ICO"), "picture_format"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(id) run", "picture_format"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture_format"),
    "html": (b"<!doctype html><img src=x onerror=alert(1)>", "picture_format"),
    "nothing": (b"", "picture_format"),
    "one byte": (b"\x89", "picture_format"),
    "png magic alone": (b"\x89PNG\r\n\x1a\n", "picture_unreadable"),
    "jpeg magic alone": (b"\xff\xd8\xff", "picture_unreadable"),
    "webp magic alone": (b"RIFF\x04\0\0\0WEBP", "picture_unreadable"),
    "avif magic alone": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "picture_unreadable"),
    "half a png": (encoded(a_picture(300, 200), "PNG")[:400], "picture_unreadable"),
    "half a jpeg": (encoded(a_picture(300, 200), "JPEG")[:2_000], "picture_unreadable"),
    "half a webp": (encoded(a_picture(300, 200), "WEBP")[:500], "picture_unreadable"),
    "half an avif": (encoded(a_picture(300, 200), "AVIF")[:700], "picture_unreadable"),
    "png with a wrong checksum": (encoded(a_picture(), "PNG")[:-13] + b"\0" + encoded(a_picture(), "PNG")[-12:], "picture_unreadable"),
    "png with too few pixels": (pictures.png_of_size(1_000, 1_000), "picture_unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_hostile_picture_is_refused_in_words(pool, name):
    data, code = REFUSED[name]

    with pytest.raises(Refused) as caught:
        await ingest(pool, data, RECIPE)

    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")


async def test_too_many_bytes_are_refused_before_any_child_sees_them(pool):
    before = pool.memory_mb()

    with pytest.raises(Refused) as caught:
        await ingest(pool, b"\x89PNG\r\n\x1a\n" + bytes(UPLOAD_MAX_BYTES), RECIPE)

    assert caught.value.code == "picture_too_many_bytes"
    assert pool.memory_mb().keys() == before.keys()


async def test_broken_colour_profiles_are_dropped_and_good_ones_kept(pool):
    broken = await ingest(pool, encoded(a_picture(), "PNG", icc_profile=b"no profile" * 200_000), RECIPE)
    good = await ingest(pool, encoded(a_picture(), "JPEG", icc_profile=pictures.srgb_profile()), RECIPE)

    assert "icc_profile" not in opened(broken.original.data).info
    assert opened(good.original.data).info["icc_profile"] == pictures.srgb_profile()


@pytest.mark.parametrize("container", ["PNG", "JPEG", "WEBP", "AVIF"])
async def test_renditions_are_in_srgb_whatever_the_profile_says(pool, container):
    data = encoded(Image.new("RGB", (64, 64), (255, 0, 0)), container, icc_profile=pictures.swapped_profile())

    taken = await ingest(pool, data, RECIPE)

    red, _, blue = colour_at(opened(taken.renditions["256"].data).convert("RGB"), (32, 32))
    assert blue > 200
    assert red < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
async def test_every_png_mode_is_taken_in(pool, mode):
    picture = a_picture(mode="L").convert("I").convert("I;16") if mode == "I;16" else a_picture(mode=mode)

    taken = await ingest(pool, encoded(picture, "PNG"), RECIPE)

    assert opened(taken.original.data).tobytes() == opened(encoded(picture, "PNG")).tobytes()
    assert opened(taken.renditions["256"].data).mode == ("RGBA" if mode == "RGBA" else "RGB")


async def test_sixteen_bits_are_scaled_not_clipped(pool):
    data = encoded(Image.fromarray(np.full((64, 64), 40_000, np.uint16)), "PNG")

    taken = await ingest(pool, data, RECIPE)

    assert abs(colour_at(opened(taken.renditions["256"].data), (32, 32))[0] - 40_000 / 257) < 3


async def test_a_cmyk_jpeg_keeps_its_inks_and_shows_its_colours(pool):
    data = encoded(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG", quality=95)

    taken = await ingest(pool, data, RECIPE)

    assert opened(taken.original.data).mode == "CMYK"
    red, green, blue = colour_at(opened(taken.renditions["256"].data), (32, 32))
    assert red > 200
    assert max(green, blue) < 60


async def test_see_through_stays_see_through_and_hidden_colour_does_not_bleed(pool):
    picture = Image.new("RGBA", (512, 512), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 255, 512))

    taken = await ingest(pool, encoded(picture, "PNG"), RECIPE)

    small = opened(taken.renditions["256"].data)
    assert colour_at(small, (200, 100))[3] < 10
    edge = colour_at(small, (127, 128))
    assert edge[0] < 60 < edge[2]


async def test_a_palette_with_a_see_through_colour_is_understood(pool):
    picture = Image.new("P", (64, 64), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (0, 0, 32, 64))

    taken = await ingest(pool, encoded(picture, "PNG", transparency=0), RECIPE)

    small = opened(taken.renditions["256"].data)
    assert (colour_at(small, (60, 30))[3], colour_at(small, (5, 30))[3]) == (0, 255)


async def test_placeholder_and_spill_are_those_of_the_picture(pool):
    taken = await ingest(pool, encoded(Image.new("RGB", (900, 600), (200, 100, 50)), "PNG"), RECIPE)

    red, green, blue = (int(taken.spill[at : at + 2], 16) for at in (1, 3, 5))
    assert 5 <= len(taken.thumbhash) <= 25
    assert np.abs(np.subtract((red, green, blue), (200, 100, 50))).max() < 8


@pytest.mark.parametrize("container", ["PNG", "JPEG", "WEBP", "AVIF"])
async def test_flipped_bits_end_in_a_picture_or_in_words(pool, container):
    sound = encoded(a_picture(), container)
    luck = random.Random(container)
    refused = 0

    for _ in range(100):
        mutant = bytearray(sound)
        for _ in range(luck.randint(1, 12)):
            mutant[luck.randrange(len(mutant))] ^= 1 << luck.randrange(8)
        try:
            taken = await ingest(pool, bytes(mutant), RECIPE)
        except Refused:
            refused += 1
        else:
            assert taken.width > 0

    assert refused > 0


async def test_an_answer_that_is_none_is_not_believed(monkeypatch):
    pool = ChildPool(1, urgent_size=0, preload=(), prefixes=("tests.",))
    monkeypatch.setattr("pixelstudio.imaging.ingest._TASK", "tests.imaging.tasks:echo")

    with pytest.raises(ChildDied):
        await ingest(pool, b"bytes", RECIPE)

    await pool.close()


SERVER = """
import asyncio, resource, sys
from pathlib import Path
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe
from pixelstudio.imaging.refusal import Refused
from datetime import UTC, datetime

async def main():
    pool = ChildPool(1)
    recipe = Recipe("p", "", "m", "s", 1, 1, 1, datetime(2026, 1, 1, tzinfo=UTC))
    await pool.warm()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in sys.argv[1:]:
        try:
            await ingest(pool, Path(name).read_bytes(), recipe)
        except Refused:
            pass
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    await pool.close()
    print(grown // 1024, *{"PIL", "numpy", "cv2"} & set(sys.modules))

asyncio.run(main())
"""


async def test_the_serving_process_decodes_nothing_and_stays_small(tmp_path):
    names = []
    samples = (encoded(a_picture(4000, 3000), "PNG"), encoded(a_picture(4000, 3000), "WEBP", method=0), pictures.webp_bomb())
    for index, data in enumerate(samples):
        (tmp_path / str(index)).write_bytes(data)
        names.append(str(tmp_path / str(index)))

    root = Path(__file__).parents[2]
    done = subprocess.run(  # noqa: ASYNC221  nothing else runs on this loop
        [sys.executable, "-c", SERVER, *names], cwd=root, env={**os.environ}, capture_output=True, text=True, timeout=60, check=True
    )

    grown_mb, *loaded = done.stdout.split()
    assert int(grown_mb) < 30
    assert loaded == []


async def test_the_profile_of_a_png_is_bounded_when_unpacked():
    import zlib

    bomb = pictures.png_with_chunks((b"iCCP", b"x\0\0" + zlib.compress(bytes(30_000_000))))

    assert png.structure_of(bomb).icc == b""
