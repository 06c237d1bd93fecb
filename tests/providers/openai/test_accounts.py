"""Which providers there are: none without settings, OpenAI with a key, another endpoint with its address."""

from __future__ import annotations

import pytest

from pixelstudio.core.settings import load_settings
from pixelstudio.providers.contract import DrawRequest
from pixelstudio.providers.openai.accounts import openai_providers
from pixelstudio.providers.registry import Registry


@pytest.fixture(autouse=True)
def _bare_folder(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_is_offered_without_a_key_or_an_address(client) -> None:
    assert openai_providers(load_settings(), client) == []


def test_a_key_brings_openai(client) -> None:
    (provider,) = openai_providers(load_settings(openai_api_key="sk-x"), client)

    assert provider.name == "openai"
    assert {model.maker for model in provider.models} == {"OpenAI"}
    assert all(not model.is_drawn_here for model in provider.models)


async def test_another_endpoint_is_asked_for_bytes_without_stream_and_without_key(client, stand_in) -> None:
    settings = load_settings(
        openai_compatible_base_url=stand_in.base_url,
        openai_compatible_api_key="any",
        openai_compatible_models="local-diffusion=Local diffusion",
        openai_compatible_price_credits=0,
        openai_compatible_sizes="512x768,1024x1024",
    )

    (provider,) = openai_providers(settings, client)
    handle = await provider.submit(DrawRequest("local-diffusion", "a lighthouse", "", 0, 512, 768))

    assert len(await provider.fetch(handle)) == 1
    assert stand_in.requests()[0]["json"] == {
        "model": "local-diffusion",
        "prompt": "a lighthouse",
        "n": 1,
        "size": "512x768",
        "response_format": "b64_json",
    }
    (model,) = provider.models
    assert (model.title, model.price_credits, model.steps) == ("Local diffusion", 0, 0)


def test_both_fit_into_one_registry(client) -> None:
    settings = load_settings(
        openai_api_key="sk-x", openai_compatible_base_url="http://localhost:8080/v1", openai_compatible_models="flux,sd-turbo"
    )

    registry = Registry(openai_providers(settings, client))

    assert registry.model("flux").provider == "openai-compatible"
    assert set(registry.lanes) == {"openai", "openai-compatible"}


def test_what_an_account_allows_a_minute_is_told_to_its_lane(client) -> None:
    named = {"openai_compatible_base_url": "http://localhost:8080/v1", "openai_compatible_models": "flux"}
    settings = load_settings(openai_api_key="sk-x", openai_calls_per_minute=5, **named)

    registry = Registry(openai_providers(settings, client))

    assert {lane: terms.per_minute for lane, terms in registry.lanes.items()} == {"openai": 5, "openai-compatible": None}
    assert all(terms.is_remote for terms in registry.lanes.values())
