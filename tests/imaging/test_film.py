"""Films: the steps of a drawing as one small animated picture that ends on the picture itself."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from pixelstudio.imaging import cutting
from pixelstudio.imaging.children import ChildStep
from pixelstudio.imaging.film import FILM_MAX_BYTES, FRAMES_MAX, SIDE_PX, _chosen, _film, film_of
from tests.children import SparingPool
from tests.imaging.pictures import a_picture, frames_of

CUT = {"side": SIDE_PX, "bytes_max": FILM_MAX_BYTES}


def webp(picture):
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80)
    return out.getvalue()


def cut(*pictures, **changes):
    return list(cutting.cut({**CUT, **changes}, [webp(picture) for picture in pictures]))


def test_a_film_shows_every_step_and_ends_on_the_picture_for_a_while():
    steps = [Image.new("RGB", (96, 72), (shade, 0, 0)) for shade in (0, 90, 180)]

    ((facts, (film,)),) = cut(*steps, a_picture(640, 480))

    shown = Image.open(io.BytesIO(film))
    assert (facts, shown.size, frames_of(shown)) == ({"width": 512, "height": 384}, (512, 384), 4)
    reds = []
    for frame in range(3):
        shown.seek(frame)
        reds.append(np.asarray(shown.convert("RGB"))[..., 0].mean())
    assert reds == pytest.approx([0, 90, 180], abs=8)
    shown.seek(3)
    shown.load()
    assert shown.info["duration"] > 1_500
    expected = np.asarray(a_picture(640, 480).convert("RGB").resize((512, 384))).astype(int)
    assert np.abs(np.asarray(shown.convert("RGB")) - expected).mean() < 12


def test_a_small_picture_has_a_small_film():
    ((facts, _),) = cut(a_picture(256, 320), a_picture(256, 320))

    assert facts == {"width": 256, "height": 320}


def test_quality_gives_way_to_the_bound_and_what_never_fits_is_no_film():
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (256, 256, 3), np.uint8))
    ((_, (best,)),) = cut(noise, noise)

    ((_, (less,)),) = cut(noise, noise, bytes_max=len(best) // 2)

    assert len(less) <= len(best) // 2
    assert cut(noise, noise, bytes_max=1_000) == []


@pytest.mark.parametrize("count", [1, 2, 11, 12, 40])
def test_of_many_previews_the_first_the_last_and_some_between_are_shown(count):
    previews = [bytes([number]) for number in range(count)]

    chosen = _chosen(previews)

    assert len(chosen) == min(count, FRAMES_MAX - 1)
    assert (chosen[0], chosen[-1]) == (previews[0], previews[-1])
    assert chosen == sorted(set(chosen))


async def test_no_previews_or_none_that_can_be_opened_give_no_film():
    pool = SparingPool(size=1, urgent_size=0)

    assert await film_of(pool, [], webp(a_picture(64, 64))) is None
    assert await film_of(pool, [b"no picture"], webp(a_picture(64, 64))) is None
    film = await film_of(pool, [webp(a_picture(64, 64))], webp(a_picture(64, 64)))

    assert film is not None
    assert (film.media_type, film.width, film.height) == ("image/webp", 64, 64)
    await pool.close()


@pytest.mark.parametrize(
    ("facts", "blobs"),
    [
        ({}, []),
        ({"width": 4, "height": 4}, [b"<svg>"]),
        ({"width": 4, "height": 9_999}, [b"RIFF\0\0\0\0WEBP"]),
        ({"width": "4", "height": 4}, [b"RIFF\0\0\0\0WEBP"]),
        ({"width": 4, "height": 4}, [b"RIFF\0\0\0\0WEBP" + bytes(FILM_MAX_BYTES)]),
    ],
)
def test_what_a_child_says_is_not_believed_unseen(facts, blobs):
    assert _film(ChildStep(facts, blobs)) is None
