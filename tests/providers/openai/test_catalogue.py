"""Rows: a model is added by one, its price covers what it costs, and what it cannot do has its reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.requests import GenerationRequest, checked, quote_for
from pixelstudio.providers.contract import DrawRequest, Size
from pixelstudio.providers.openai.catalogue import OFFERS, USD_PER_PARTIAL_IMAGE, Offer
from pixelstudio.providers.openai.provider import OpenAIImages
from pixelstudio.providers.prices import credits_for
from pixelstudio.providers.registry import Registry

NEW = Offer(
    model="gpt-image-1.5",
    quality="high",
    title="Brand new",
    price_credits=9,
    usd=Decimal("0.2"),
    sizes=(Size(1024, 1536, "Poster"),),
    partial_images=1,
    price_source="a test",
)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_the_price_covers_what_the_provider_takes_and_not_much_more(offer: Offer) -> None:
    assert offer.usd is not None
    cost = offer.usd + offer.partial_images * USD_PER_PARTIAL_IMAGE

    assert offer.price_credits == credits_for(cost)
    assert offer.price_source
    assert offer.price_checked >= "2026"


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_sizes_are_ones_the_model_draws(offer: Offer) -> None:
    for width, height, _ in offer.sizes:
        assert width % 16 == height % 16 == 0
        assert max(width, height) <= 3 * min(width, height)


def test_names_are_unique_and_fit_their_column() -> None:
    ids = [offer.id for offer in OFFERS]

    assert len(set(ids)) == len(ids)
    assert all(len(name) <= 80 for name in ids)


async def test_a_model_is_added_by_one_row(client, account, stand_in) -> None:
    provider = OpenAIImages(client, account, [*OFFERS, NEW])
    registry = Registry([provider])
    wish = GenerationRequest("a lighthouse", "gpt-image-1.5-high", 1024, 1536, count=3)

    clean, model = checked(wish, registry)
    handle = await provider.submit(DrawRequest(model.id, clean.prompt, "", 0, clean.width, clean.height))
    pictures = await provider.fetch(handle)

    assert model.title == "Brand new"  # the form
    assert quote_for(clean, model).total == 27  # the price
    with pytest.raises(Invalid, match="1024 x 1536"):  # the validator
        checked(GenerationRequest("a lighthouse", model.id, 1024, 1024), registry)
    body = stand_in.requests()[0]["json"]  # the request
    assert (body["model"], body["quality"], body["size"], body["partial_images"]) == ("gpt-image-1.5", "high", "1024x1536", 1)
    assert len(pictures) == 1


def test_seed_and_negative_prompt_are_refused_with_their_reason(provider) -> None:
    registry = Registry([provider])
    wish = {"prompt": "a lighthouse", "model": "gpt-image-2-medium", "width": 1024, "height": 1024}

    with pytest.raises(Invalid, match="takes no seed") as seed:
        checked(GenerationRequest(**wish, seed=4), registry)
    with pytest.raises(Invalid, match="what to leave out") as negative:
        checked(GenerationRequest(**wish, negative_prompt="fog"), registry)

    assert (seed.value.field, negative.value.field) == ("seed", "negative_prompt")
