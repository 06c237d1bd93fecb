"""Replicate and fal are offered once they are configured, call back only where they can, and say in their rows what a picture costs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pixelstudio.core.settings import Settings
from pixelstudio.net.client import Client
from pixelstudio.net.fetch import Fetcher
from pixelstudio.providers.contract import DrawRequest
from pixelstudio.providers.fal import catalogue as fal
from pixelstudio.providers.fal.accounts import fal_provider
from pixelstudio.providers.prices import credits_for
from pixelstudio.providers.replicate import catalogue as replicate
from pixelstudio.providers.replicate.accounts import replicate_provider

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEYS = {"replicate_api_token": "r8_canary", "fal_key": "canary:key"}


def settings(**changes) -> Settings:
    return Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself


@pytest.fixture
async def tools():
    client, fetcher = Client(), Fetcher()
    yield client, fetcher
    await fetcher.close()
    await client.close()


async def test_without_a_key_nothing_is_offered(tools):
    assert replicate_provider(settings(), *tools) is None
    assert fal_provider(settings(), *tools) is None


@pytest.mark.parametrize(
    ("changes", "delivery"),
    [
        ({}, "poll"),
        ({"public_url": "https://studio.example"}, "webhook"),
        ({"public_url": "http://192.168.1.5:3000"}, "poll"),
        ({"public_url": "http://localhost:3000"}, "poll"),
        ({"public_url": "http://localhost:3000", "results_from_loopback": True}, "webhook"),
    ],
)
async def test_they_call_back_only_where_they_can(tools, changes, delivery):
    configured = settings(**KEYS, **changes)

    for provider in (replicate_provider(configured, *tools), fal_provider(configured, *tools)):
        assert provider is not None
        assert len(provider.models) >= 5
        assert {model.delivery for model in provider.models} == {delivery}


def test_a_price_is_the_dearest_picture_in_whole_credits():
    for offer in replicate.OFFERS:
        assert offer.image_model(delivery="poll", lane_concurrency=1, lane_per_minute=None).price_credits == credits_for(offer.usd)
    prices = {offer.id: credits_for(offer.dearest_usd) for offer in fal.OFFERS}
    assert prices == {
        "fal-flux-schnell": 1,  # two megapixels of $0.003
        "fal-flux-dev": 2,
        "fal-flux-2-pro": 2,
        "fal-flux-pro-v1.1": 3,
        "fal-recraft-v3-text-to-image": 1,
    }


def test_what_is_chosen_is_sent_and_what_is_not_is_left_to_the_model():
    plain = DrawRequest("x", "a boat", "", 2**31 + 5, 1024, 1024)
    chosen = DrawRequest("x", "a boat", "", 5, 1024, 1024, guidance=4.5, steps=12, reference=b"\x89PNG")
    of_replicate, of_fal = replicate.OFFERS[1], fal.OFFERS[1]

    assert of_replicate.input_of(plain, None) == {
        "prompt": "a boat",
        "aspect_ratio": "1:1",
        "seed": 5,
        "num_outputs": 1,
        "output_format": "png",
    }
    assert of_replicate.input_of(chosen, "data:x").items() >= {"guidance": 4.5, "num_inference_steps": 12, "image": "data:x"}.items()
    assert "guidance_scale" not in of_fal.input_of(plain, None)
    assert of_fal.input_of(chosen, "data:x").items() >= {"guidance_scale": 4.5, "num_inference_steps": 12, "image_url": "data:x"}.items()
    assert (of_fal.asked_for(plain), of_fal.asked_for(chosen)) == ("fal-ai/flux/dev", "fal-ai/flux/dev/image-to-image")


@pytest.mark.parametrize("name", ["webhook_secret", "replicate_webhook_secret"])
def test_two_secrets_count_while_one_is_changed_and_what_is_none_stops_the_start(name):
    assert settings(**{name: f"{SECRET}, {SECRET}"}).secrets_of(name) == [SECRET, SECRET]
    assert settings().secrets_of(name) == []
    for wrong in ("secret", "whsec_", "whsec_short", f"{SECRET},{SECRET},{SECRET}"):
        with pytest.raises(ValidationError):
            settings(**{name: wrong})


@pytest.mark.parametrize("name", ["replicate_base_url", "fal_queue_url", "fal_platform_url", "fal_keys_url"])
def test_a_key_does_not_leave_over_plain_http(name):
    with pytest.raises(ValidationError, match="https"):
        settings(**{name: "http://gateway.example.org/v1"})
