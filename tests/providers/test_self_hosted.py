"""Servers in the house: what they have is asked, remembered while they are off, and their drawings are found again or stopped."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from pixelstudio.core.settings import load_settings
from pixelstudio.net.client import Client
from pixelstudio.providers.a1111.accounts import a1111_providers
from pixelstudio.providers.comfyui.accounts import comfyui_providers
from pixelstudio.providers.contract import DrawRequest, Handle
from pixelstudio.providers.errors import Misconfigured
from pixelstudio.providers.registry import Registry
from pixelstudio.providers.self_hosted import House, slug_of
from tests.contracts.providers import BY_NAME, wanted_at


@pytest.fixture
async def client():
    opened = Client()
    yield opened
    await opened.close()


def _settings(tmp_path, base: str, **changes):
    addresses = {"a1111_base_url": f"{base}/a1111", "comfyui_base_url": f"{base}/comfyui"}
    return load_settings(data_dir=tmp_path, **{**addresses, **changes})


async def _both(settings, client):
    return [*await a1111_providers(settings, client), *await comfyui_providers(settings, client)]


async def test_nothing_is_offered_without_an_address(tmp_path, client):
    assert await _both(_settings(tmp_path, "", a1111_base_url="", comfyui_base_url=""), client) == []


async def test_what_is_installed_is_what_is_offered(tmp_path, client, stand_in):
    at_web_ui, at_comfyui = await _both(_settings(tmp_path, stand_in.base, comfyui_price_credits=3), client)

    assert [model.title for model in at_web_ui.models] == ["dreamshaper 8", "juggernautXL v9"]
    assert [model.title for model in at_comfyui.models] == ["flux1-schnell-fp8", "sd xl base 1.0"]
    assert {model.price_credits for model in at_comfyui.models} == {3}
    assert set(Registry([at_web_ui, at_comfyui]).lanes) == {"a1111", "comfyui"}


async def test_a_server_that_is_off_keeps_what_it_told_last(tmp_path, client, stand_in):
    before = await _both(_settings(tmp_path, stand_in.base), client)

    off = await _both(_settings(tmp_path, "http://127.0.0.1:9"), client)

    assert [provider.models for provider in off] == [provider.models for provider in before]


@pytest.mark.parametrize("kept", ["", "{", "[1, null]", '{"a": 1}'])
async def test_a_server_that_never_told_offers_nothing_whatever_the_file_holds(tmp_path, client, kept):
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "a1111.json").write_text(kept)

    assert await a1111_providers(_settings(tmp_path, "http://127.0.0.1:9"), client) == []


def test_names_are_safe_in_an_address_and_differ_for_different_files():
    names = [
        slug_of(name) for name in ("a/b.safetensors", "c\\b.safetensors", "b.ckpt", "модель.safetensors", "../../etc/passwd", "x" * 300)
    ]

    assert len(set(names)) == len(names)
    assert all(name.isascii() and len(name) <= 70 and "/" not in name for name in names)


async def test_a_graph_asked_for_is_found_again_by_its_key_and_drawn_once(stand_in):
    async with BY_NAME["comfyui"].opened(wanted_at(stand_in)) as first, BY_NAME["comfyui"].opened(wanted_at(stand_in)) as second:
        model = first.models[0]
        request = DrawRequest(model.id, "a quay", "", 7, 512, 512, key="01HQ8ZK3T9W3T5Y3F8M9N0P1Q2")
        steps = first.progress(await first.submit(request))
        await anext(steps)
        await cast("Any", steps).aclose()  # as if this process had died

        handle = Handle("comfyui", model.id, request.key)
        standing = await second.poll(handle)
        pictures = await second.fetch(handle)

    assert standing in {"drawing", "done"}
    assert len(pictures) == len(stand_in.charges()) == 1


async def test_a_graph_whose_checkpoint_is_gone_says_who_has_to_act(stand_in):
    house = House(provider="comfyui", maker="ComfyUI", price_credits=0, timeout_s=60.0, idempotency="query")
    async with BY_NAME["comfyui"].opened(wanted_at(stand_in)) as opened:
        provider = cast("Any", opened)
        provider._offers = house.offers(["thrown-away.safetensors"])  # as a server changes behind our back
        (model_id,) = provider._offers
        with pytest.raises(Misconfigured) as failure:
            await provider.fetch(await provider.submit(DrawRequest(model_id, "a quay", "", 7, 512, 512)))

    assert failure.value.code == "model_not_installed"


@pytest.mark.parametrize("name", ["a1111", "comfyui"])
async def test_calling_off_stops_the_server(name, stand_in):
    stand_in.script({"pause_s": 60})
    async with BY_NAME[name].opened(wanted_at(stand_in)) as provider:
        handle = await provider.submit(DrawRequest(provider.models[0].id, "a quay", "", 7, 512, 512))
        async with asyncio.timeout(30):
            drawing = asyncio.create_task(_ended(provider, handle))
            while not stand_in.charges():  # noqa: ASYNC110  # another process is watched
                await asyncio.sleep(0.02)
            await provider.cancel(handle)
            await drawing
        standing = await provider.poll(handle)

    assert standing == "cancelled"
    assert [request for request in stand_in.requests() if request["path"].endswith("/interrupt")]


async def _ended(provider, handle) -> None:
    async for _ in provider.progress(handle):
        pass


async def test_a_login_is_sent_the_way_a_web_ui_wants_it(tmp_path, client, stand_in):
    (provider,) = await a1111_providers(_settings(tmp_path, stand_in.base, a1111_login="studio:secret"), client)

    await provider.check()

    assert stand_in.requests("authorization")[-1]["headers"]["authorization"] == "Basic c3R1ZGlvOnNlY3JldA=="
