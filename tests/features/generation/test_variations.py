"""Variations: what each keeps and what it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.requests import checked
from pixelstudio.features.generation.styles import composed, style_of
from pixelstudio.features.generation.variations import variations
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images.pictures import image_for
from tests.factories import a_user, an_image

TUNING = Tuning(28, 4.5, "a-picture", 0.35, "a-mask")


@pytest.fixture
async def image(studio):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, prompt="a quiet house")
    async with studio.db.reader() as reader:
        return await image_for(reader, ines, image_id)


def test_subtle_keeps_words_look_and_size_and_takes_seeds_that_its_set_has_not(studio, image):
    [request] = variations(image, TUNING, "subtle", studio.providers)

    assert (request.prompt, request.model, request.width, request.count, request.seed) == ("a quiet house", image.model, 256, 4, None)
    assert (request.tuning, variations(image, TUNING, "strong", studio.providers)[0].tuning) == (TUNING, TUNING)


def test_one_more_is_a_single_picture_that_is_otherwise_as_subtle(studio, image):
    [one], [subtle] = (variations(image, TUNING, kind, studio.providers) for kind in ("one", "subtle"))

    assert one == replace(subtle, count=1)


def test_strong_keeps_the_words_and_changes_their_light(studio, image):
    had = style_of("pastel")
    pale = replace(image, prompt=composed("a quiet house", had))

    [request] = variations(pale, Tuning(), "strong", studio.providers)
    clean, _ = checked(request, studio.providers)

    assert clean.prompt.startswith("a quiet house, ")
    assert had.words not in clean.prompt
    assert (request.model, request.seed) == (image.model, None)


def test_other_looks_keep_words_size_and_seed(studio, image):
    requests = variations(image, TUNING, "looks", studio.providers)

    assert len({request.model for request in requests} - {image.model}) == len(requests) == 3
    assert {(r.prompt, r.width, r.height, r.seed, r.count) for r in requests} == {("a quiet house", 256, 256, 7, 1)}


def test_all_of_them_can_be_drawn(studio, image):
    for kind in ("one", "subtle", "strong", "looks"):
        for request in variations(image, Tuning(), kind, studio.providers):
            checked(request, studio.providers)


def test_a_model_that_is_gone_is_said(studio, image):
    with pytest.raises(Invalid):
        variations(replace(image, model="no-such-model"), TUNING, "subtle", studio.providers)
