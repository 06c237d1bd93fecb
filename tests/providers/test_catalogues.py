"""The catalogues together: enough models of enough makers, and every row says all that a form, a price and a doubt may ask."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import SKETCHES, DrawRequest
from pixelstudio.providers.fal import catalogue as fal
from pixelstudio.providers.horde import catalogue as horde
from pixelstudio.providers.huggingface import catalogue as huggingface
from pixelstudio.providers.local.catalogue import FAMILIES, row_of
from pixelstudio.providers.openai import catalogue as openai
from pixelstudio.providers.replicate import catalogue as replicate
from pixelstudio.providers.sketch import catalogue as sketch
from pixelstudio.providers.stability import catalogue as stability

_TERMS = {"lane_concurrency": 1, "lane_per_minute": None}
HOSTED = (
    *(offer.image_model(provider="openai", maker="OpenAI", note="", **_TERMS) for offer in openai.OFFERS),
    *(offer.image_model(delivery="poll", **_TERMS) for offer in (*replicate.OFFERS, *fal.OFFERS)),
    *(offer.image_model for offer in (*stability.OFFERS, *huggingface.OFFERS, *horde.OFFERS)),
)
LOCAL = tuple(row_of(family, slug=name.lower(), title=name, price_credits=0, timeout_s=60.0) for name, family in FAMILIES.items())
WISHES = {
    "supports_negative_prompt": {"negative_prompt": "fog"},
    "supports_reference": {"reference": b"picture"},
    "supports_mask": {"reference": b"picture", "mask": b"mask"},
    "guidance_offered": {"guidance": 5.0},
    "steps_offered": {"steps": 4},
    "draws_transparency": {"is_transparent": True},
}


def test_there_are_twenty_hosted_models_and_no_two_have_one_name():
    assert len(HOSTED) >= 20
    assert len({model.id for model in (*HOSTED, *LOCAL)}) == len(HOSTED) + len(LOCAL)
    assert len({model.maker for model in HOSTED}) >= 6


def test_a_sketch_is_known_by_its_id_alone():
    assert all(model.id.startswith(SKETCHES) for model in sketch.MODELS)
    assert not any(model.id.startswith(SKETCHES) for model in (*HOSTED, *LOCAL))


@pytest.mark.parametrize("model", HOSTED, ids=lambda model: model.id)
def test_every_row_says_who_says_its_price_and_when_somebody_looked(model):
    assert len(model.price_source) > 10
    assert re.fullmatch(r"2026-\d\d-\d\d", model.price_checked)
    assert model.sizes
    assert 1 <= model.images_per_call <= model.max_images


@pytest.mark.parametrize("model", [*HOSTED, *LOCAL], ids=lambda model: model.id)
def test_whatever_a_model_cannot_do_is_refused_with_what_to_do_instead(model):
    width, height, _ = model.sizes[0]
    plain = DrawRequest(model.id, "a boat", "", 0, width, height)
    ensure_drawable(model, plain)

    for ability, wish in WISHES.items():
        if not getattr(model, ability):
            with pytest.raises(Invalid) as refusal:
                ensure_drawable(model, replace(plain, **wish))
            assert re.search(r"(?:Leave|Say|Choose|Ask) .*\.$", refusal.value.sentence), ability
